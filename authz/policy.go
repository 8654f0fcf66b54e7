package authz

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
)

//go:embed policy.csv
var defaultPolicy []byte

//go:embed model.conf
var model string

// rule is one allow line of the policy.
type rule struct {
	role     Role
	relation Relation
	class    DataClass
	act      Act
	level    Level
}

func (r rule) String() string { return strings.Join(r.columns(), ", ") }

// columns are the columns of the line, as casbin takes them.
func (r rule) columns() []string {
	return []string{r.role.String(), r.relation.String(), r.class.String(), r.act.String(), r.level.String()}
}

// Policy is a policy that was read and found sound, not yet compiled.
type Policy struct {
	rules []rule
	hash  string
}

// Rules is how many rules it has; 0 for one that was not sound.
func (p Policy) Rules() int { return len(p.rules) }

// Hash names its text; empty for one that was not sound.
func (p Policy) Hash() string { return p.hash }

// DefaultPolicy is the policy Accord ships.
func DefaultPolicy() (Policy, error) { return ParsePolicy(defaultPolicy) }

// ParsePolicy reads a policy strictly: with any finding of CheckPolicy it is refused
// whole, and the error tells all of them by their lines. Lines end in LF or CRLF.
func ParsePolicy(text []byte) (Policy, error) {
	policy, findings := CheckPolicy(text)
	return policy, refusal(findings)
}

// CheckPolicy reads a policy and returns everything that is wrong with it, in the
// order of its lines: what cannot be read, rules that do nothing, and what no policy
// may allow. The policy is empty when anything is.
func CheckPolicy(text []byte) (Policy, []Finding) {
	drafted, findings := readDraft(text)
	findings = append(findings, drafted.check()...)
	if len(drafted.rules) == 0 && len(findings) == 0 {
		findings = append(findings, Finding{0, codeEmpty, "the policy has no rule"})
	}
	if len(findings) > 0 {
		return Policy{}, inOrder(findings)
	}
	sum := sha256.Sum256(text)
	return Policy{rules: drafted.rules, hash: hex.EncodeToString(sum[:])}, nil
}

// draft is the rules of a text that could be read, each with the line it stands on.
type draft struct {
	rules []rule
	lines map[rule]int
}

func readDraft(text []byte) (draft, []Finding) {
	drafted := draft{lines: map[rule]int{}}
	if bytes.HasPrefix(text, []byte("\ufeff")) { // it hides in front of the first line
		return drafted, []Finding{{1, codeByteOrderMark, "the file begins with a byte order mark; save it as UTF-8 without one"}}
	}
	var findings []Finding
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		read, faults := readRule(number, line)
		if first, twice := drafted.lines[read]; len(faults) == 0 && twice {
			faults = []Finding{{number, codeTwice, fmt.Sprintf("the rule stands on line %d already", first)}}
		}
		if len(faults) > 0 {
			findings = append(findings, faults...)
			continue
		}
		drafted.lines[read] = number
		drafted.rules = append(drafted.rules, read)
	}
	if err := lines.Err(); err != nil {
		findings = append(findings, Finding{0, codeUnreadable, fmt.Sprintf("reading the policy: %v", err)})
	}
	return drafted, findings
}

// columnsOfRule is how many columns a line has: "p" and those of a rule.
const columnsOfRule = 6

// readRule reads one line.
func readRule(number int, line string) (rule, []Finding) {
	columns := strings.Split(line, ",")
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	if len(columns) == columnsOfRule+1 && columns[0] == "p" && (columns[columnsOfRule] == "deny" || columns[columnsOfRule] == "allow") {
		return rule{}, []Finding{{number, codeEffect, "a rule names no effect: every rule allows, and what no rule allows is withheld"}}
	}
	if len(columns) != columnsOfRule || columns[0] != "p" {
		return rule{}, []Finding{{number, codeColumns, `a rule is "p, role, relation, data class, act, level" and nothing else`}}
	}
	var findings []Finding
	read := rule{
		role:     column[Role](&findings, Finding{number, codeUnknownRole, "role"}, columns[1], roleNames[:]),
		relation: column[Relation](&findings, Finding{number, codeUnknownRelation, "relation"}, columns[2], relationNames[:]),
		class:    column[DataClass](&findings, Finding{number, codeUnknownClass, "data class"}, columns[3], classNames[:]),
		act:      column[Act](&findings, Finding{number, codeUnknownAct, "act"}, columns[4], actNames[:]),
		level:    column[Level](&findings, Finding{number, codeUnknownLevel, "level"}, columns[5], levelNames[:]),
	}
	if len(findings) == 0 && read.level == Withheld {
		findings = append(findings, Finding{number, codeWithholds, "a rule only allows: the level is full or masked"})
	}
	return read, findings
}

// column reads the name in one column. An unknown one is added to the findings, with
// the known one that is nearest.
func column[T ~uint8](findings *[]Finding, of Finding, name string, names []string) T {
	known, err := named[T](of.Says, name, names)
	if err == nil {
		return known
	}
	of.Says = err.Error()
	if meant := nearest(name, names); meant != "" {
		of.Says += fmt.Sprintf("; did you mean %s?", meant)
	}
	*findings = append(*findings, of)
	return known
}
