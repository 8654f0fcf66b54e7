package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"accord/cmd/accord/program"
	"accord/internal/store"
	"accord/internal/store/mongo"
)

type copyCommand struct {
	From    string `required:"true" env:"ACCORD_COPY_FROM" help:"What is copied: a data folder, or the address of a MongoDB cluster. No program may be running on it." placeholder:"DIR|URI"`
	To      string `required:"true" env:"ACCORD_COPY_TO" help:"Where it is copied to: a folder or a cluster's database (accord, when the address names none), empty or with a copy that was broken off." placeholder:"DIR|URI"`
	Origin  string `help:"Where --from is a cluster: the data folder the program ran with, which says whose audit log it is." placeholder:"DIR"`
	Restart bool   `help:"Begin anew: remove what a copy that was broken off has left. A finished store is never removed."`
}

// Help says what the flags cannot.
func (c *copyCommand) Help() string {
	return "No keys are needed: everything is copied sealed, attested and signed as it is. Broken off, the same command goes on where it was. " +
		"When all is copied, both places are read to their ends and held against each other, and the audit log of the copy is walked; " +
		"only then does the copy become a store that a program starts on. The exit status is 0 only if all agrees. " +
		"An address with a password is better given in ACCORD_COPY_FROM or ACCORD_COPY_TO, where no list of processes shows it."
}

// Run copies, proves, and prints what was found in both places.
func (c *copyCommand) Run(s *surroundings) error {
	report, err := program.Copy(s.ctx, program.CopyRequest{
		From: c.From, To: c.To, Origin: c.Origin, Restart: c.Restart, Clock: time.Now, Tell: progressOn(s.stderr),
	})
	if err != nil {
		return err //nolint:wrapcheck // said as it is
	}
	if err = s.print(tableOf(report)); err != nil {
		return err
	}
	if !report.Sound() {
		return errNotTheSame
	}
	told, err := c.startOn()
	if err != nil {
		return err
	}
	return s.print(told)
}

// errNotTheSame comes behind the table, which says where.
var errNotTheSame = errors.New("the copy is not what its source is, and was not finished: run accord copy again with --restart")

// startOn says how to go on.
func (c *copyCommand) startOn() (string, error) {
	if !program.IsCluster(c.To) {
		return fmt.Sprintf("The copy is finished. Start Accord without ACCORD_MONGODB_URI on the data folder %s, with the same keys; do not start it on the source again.\n", c.To), nil
	}
	database, err := mongo.DatabaseIn(c.To)
	if err != nil {
		return "", err //nolint:wrapcheck // it is one sentence for the operator
	}
	return fmt.Sprintf("The copy is finished, in database %s. Start Accord with the address of --to in ACCORD_MONGODB_URI, the same keys, and a data folder that holds the same audit.origin; do not start it on the source again.\n", database), nil
}

// tableOf is what both places hold, and the log of the copy.
func tableOf(report program.CopyReport) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "source\tcopy\tdiffer\t ") // into memory
	for _, line := range report.Compared.Lines {
		what := line.Part.String()
		if line.Part == store.DocumentPart {
			what += " " + string(line.Kind)
		}
		_, _ = fmt.Fprintf(table, "%d\t%d\t%d\t %s\n", line.Source, line.Target, line.Different, what)
	}
	_ = table.Flush()
	if report.Compared.Agrees() {
		text.WriteString("Every row agrees: documents in id, version and SHA-256 of what is stored, messages in their order, entries in their number.\n")
	} else {
		fmt.Fprintf(&text, "The first that differs: %s.\n", report.Compared.First)
	}
	return text.String() + "\n" + report.Log.String() + "\n"
}

// tellEvery is how often somebody who looks on is told how far it has come.
const tellEvery = 3 * time.Second

// progressOn tells how far a copy has come, if somebody looks on.
func progressOn(w io.Writer) func(doing string, part store.Part, rows int64) {
	if file, ok := w.(*os.File); !ok || !isTerminal(file) {
		return func(string, store.Part, int64) {}
	}
	return progress(w, time.Now)
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func progress(w io.Writer, clock func() time.Time) func(doing string, part store.Part, rows int64) {
	next := clock().Add(tellEvery)
	return func(doing string, part store.Part, rows int64) {
		if now := clock(); !now.Before(next) {
			next = now.Add(tellEvery)
			_, _ = fmt.Fprintf(w, "%s: %d %s\n", doing, rows, part) // only for who looks on
		}
	}
}
