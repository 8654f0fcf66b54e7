package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"accord/authz"
	"accord/cmd/accord/program"
)

type policyCommand struct {
	Matrix  matrixCommand      `cmd:"" help:"Print what each role sees of each class of content, by which relation."`
	Check   checkPolicyCommand `cmd:"" help:"Read policies and list everything that is wrong with them, by line."`
	Explain explainCommand     `cmd:"" help:"Say by what somebody sees a field of a case, or why not. It prints no value, and is entered in the audit log."`
}

type matrixCommand struct {
	Format string `enum:"text,markdown,csv" default:"text" help:"As text, or as a table to be pasted into a document or opened in a spreadsheet: text, markdown or csv."`
	Policy string `help:"The file of the policy; without it the policy that Accord ships." type:"existingfile" placeholder:"FILE"`
}

// Run prints the compiled policy.
func (c *matrixCommand) Run(s *surroundings) error {
	table, err := program.CompilePolicy(c.Policy)
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	write := map[string]func(io.Writer) error{"text": table.WriteMatrix, "markdown": table.WriteMarkdown, "csv": table.WriteCSV}
	return write[c.Format](s.stdout)
}

type checkPolicyCommand struct {
	Files []string `arg:"" name:"file" help:"The files, each a whole policy." type:"existingfile"`
}

// Run prints, for each file, what is wrong with it, and what it adds to the policy
// that Accord ships and takes from it.
func (c *checkPolicyCommand) Run(s *surroundings) error {
	faults := 0
	for i, file := range c.Files {
		text, err := program.ReadPolicyFile(file)
		if err != nil {
			return err //nolint:wrapcheck // said as it is
		}
		policy, findings := authz.CheckPolicy(text)
		faults += len(findings)
		if i > 0 {
			if err := s.print("\n"); err != nil {
				return err
			}
		}
		if err := s.print(checked(file, text, policy, findings)); err != nil {
			return err
		}
	}
	switch faults {
	case 0:
		return nil
	case 1:
		return errors.New("1 fault was found")
	default:
		return fmt.Errorf("%d faults were found", faults)
	}
}

// checked tells what there is to say of a policy.
func checked(file string, text []byte, policy authz.Policy, findings []authz.Finding) string {
	var told strings.Builder
	for _, finding := range findings {
		if finding.Line == 0 {
			fmt.Fprintf(&told, "%s: %s [%s]\n", file, finding.Says, finding.Code)
			continue
		}
		fmt.Fprintf(&told, "%s:%d: %s [%s]\n", file, finding.Line, finding.Says, finding.Code)
	}
	if len(findings) == 0 {
		fmt.Fprintf(&told, "%s: sound, %d rules, %s\n", file, policy.Rules(), policy.Hash())
	}
	removed, added := authz.AgainstShipped(text)
	if len(removed) > 0 {
		told.WriteString("Removed against the built-in policy (line there):\n")
		list(&told, removed)
	}
	if len(added) > 0 {
		told.WriteString("Added to the built-in policy (line here):\n")
		list(&told, added)
	}
	return told.String()
}

func list(told *strings.Builder, differences []authz.Difference) {
	for _, difference := range differences {
		fmt.Fprintf(told, "  %4d  %s\n", difference.Line, difference.Rule)
	}
}

type explainCommand struct {
	As      string `required:"true" help:"How the practitioner signs in, such as pc.ward or southvale-police/pc.ward, or the practitioner's id." placeholder:"USER"`
	Case    string `required:"true" help:"Reference of the case." placeholder:"REF"`
	Field   string `required:"true" help:"Type and field of the schema, such as Person.address." placeholder:"TYPE.FIELD"`
	Purpose string `help:"The purpose that would be declared; without it a routine read." placeholder:"PURPOSE"`
	Data    string `required:"true" help:"The data folder, or the folder of a demo that holds it; no program may be running on it." placeholder:"DIR"`
	Keys    string `required:"true" help:"The key folder, or the folder of a demo that holds it; no program may be using it." placeholder:"DIR"`
	Policy  string `help:"The file of the policy to explain by; without it the policy that Accord ships." type:"existingfile" placeholder:"FILE"`
	clusterFlag
}

// Run prints the explanation.
func (c *explainCommand) Run(s *surroundings) error {
	cluster, err := c.address()
	if err != nil {
		return err
	}
	told, err := program.Explain(s.ctx, program.ExplainRequest{
		Data: c.Data, Keys: c.Keys, MongoDB: cluster, Policy: c.Policy, As: c.As, Case: c.Case, Field: c.Field, Purpose: c.Purpose,
		Clock: time.Now, Entropy: rand.Reader,
	})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	return s.print(told.String())
}
