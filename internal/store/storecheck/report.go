package storecheck

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// Result is what a line of the table says.
type Result string

// The results. What was asked for and not run has not passed.
const (
	OK       Result = "ok"
	Failed   Result = "FAILED"
	NotRun   Result = "not run"
	NotAsked Result = "not asked"
)

// Line is one line of the table.
type Line struct {
	Group    string // what it is about
	Contract string // what was promised
	Result   Result
	Took     time.Duration
	Detail   string // why, or what was measured; may be empty
}

// Report is what a check found.
type Report struct {
	Cluster  string // its hosts; empty when it was refused
	Version  string // of MongoDB, as the cluster says; empty when it does not
	Database string // the scratch database
	Began    time.Time
	Took     time.Duration
	Lines    []Line
}

func (r Report) count(result Result) int {
	n := 0
	for _, line := range r.Lines {
		if line.Result == result {
			n++
		}
	}
	return n
}

// Passed reports whether everything that was asked for was run and held.
func (r Report) Passed() bool {
	return r.count(OK) > 0 && r.count(Failed) == 0 && r.count(NotRun) == 0
}

// Sum is the last line of the table.
func (r Report) Sum() string {
	verdict := "This cluster is not to be trusted with records."
	if r.Passed() {
		verdict = "Everything asked for holds."
	}
	return fmt.Sprintf("%d ok, %d failed, %d not run, %d not asked for, in %s. %s",
		r.count(OK), r.count(Failed), r.count(NotRun), r.count(NotAsked), r.Took.Round(time.Second), verdict)
}

// Head is the first line of the table.
func Head() string { return fmt.Sprintf("%-9s  %9s  %s", "RESULT", "TIME", "CONTRACT") }

// String is the line as the table has it, with what is to be said below.
func (l Line) String() string {
	took := ""
	if l.Result == OK || l.Result == Failed {
		took = l.Took.Round(time.Millisecond).String()
	}
	text := fmt.Sprintf("%-9s  %9s  %s: %s", l.Result, took, l.Group, l.Contract)
	if l.Detail != "" {
		text += " (" + l.Detail + ")"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

// WriteJSON writes the report for a record.
func (r Report) WriteJSON(w io.Writer) error {
	type line struct {
		Group        string `json:"group"`
		Contract     string `json:"contract"`
		Result       Result `json:"result"`
		Milliseconds int64  `json:"milliseconds"`
		Detail       string `json:"detail,omitempty"`
	}
	lines := make([]line, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = line{l.Group, l.Contract, l.Result, l.Took.Milliseconds(), l.Detail}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		Passed       bool      `json:"passed"`
		Cluster      string    `json:"cluster,omitempty"`
		Version      string    `json:"version,omitempty"`
		Database     string    `json:"database"`
		Began        time.Time `json:"began"`
		Milliseconds int64     `json:"milliseconds"`
		Lines        []line    `json:"lines"`
	}{r.Passed(), r.Cluster, r.Version, r.Database, r.Began, r.Took.Milliseconds(), lines})
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
