package authz

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Finding is one thing that is wrong with a policy.
type Finding struct {
	Line int    // the line it is about, 1 for the first; 0: the text as a whole
	Code string // which kind of fault, such as "unknown-role": it repeats nothing of the text, so that a log may hold it
	Says string // one sentence
}

// String tells it in one line.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.Says
	}
	return fmt.Sprintf("policy line %d: %s", f.Line, f.Says)
}

// The codes of findings. Those of what no policy may allow stand beside the
// invariants.
const (
	codeByteOrderMark   = "byte-order-mark"
	codeColumns         = "columns"
	codeContained       = "contained"
	codeEffect          = "effect"
	codeEmpty           = "empty"
	codeNeverMasked     = "never-masked"
	codeNeverRevealed   = "never-revealed"
	codeNoRecord        = "no-record"
	codeNotRead         = "not-read"
	codeTwice           = "twice"
	codeUnknownAct      = "unknown-act"
	codeUnknownClass    = "unknown-class"
	codeUnknownLevel    = "unknown-level"
	codeUnknownRelation = "unknown-relation"
	codeUnknownRole     = "unknown-role"
	codeUnreachable     = "unreachable"
	codeUnreadable      = "unreadable"
	codeWithholds       = "withholds"
)

// inOrder puts findings into the order of the lines; those of one line keep theirs.
func inOrder(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return findings
}

// refusal is all findings as one error; nil for none.
func refusal(findings []Finding) error {
	faults := make([]error, len(findings))
	for i, finding := range findings {
		faults[i] = errors.New(finding.String())
	}
	return errors.Join(faults...)
}
