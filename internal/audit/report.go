package audit

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrBroken is for a log that is not what it was.
var ErrBroken = errors.New("the audit log is broken")

// Report is what Verify found.
type Report struct {
	Origin  string
	Entries int64     // entries that were walked
	First   time.Time // earliest time in an entry; zero when none could be read
	Last    time.Time // latest time in an entry
	Signed  tlog.Tree // what the newest checkpoint signs; zero for an empty log
	Break   *Break    // nil when the log is whole
}

// Break is the first place at which the log is not what it was.
type Break struct {
	First int64 // number of the first entry that may be concerned; -1 for the checkpoint
	Last  int64 // equal to First when the place is exact
	What  string
}

func (b Break) String() string {
	switch {
	case b.First < 0:
		return "in its checkpoint: " + b.What
	case b.First == b.Last:
		return fmt.Sprintf("at entry %d: %s", b.First, b.What)
	default:
		return fmt.Sprintf("between entries %d and %d: %s", b.First, b.Last, b.What)
	}
}

// String tells the report in plain words.
func (r Report) String() string {
	var text strings.Builder
	if r.Break == nil {
		fmt.Fprintln(&text, "The audit log is whole.")
	} else {
		fmt.Fprintf(&text, "The audit log is BROKEN %s.\n", r.Break)
	}
	fmt.Fprintf(&text, "Origin:  %s\n", r.Origin)
	if r.Entries == 0 {
		fmt.Fprintln(&text, "Entries: none")
	} else {
		fmt.Fprintf(&text, "Entries: %d, numbered 0 to %d\n", r.Entries, r.Entries-1)
	}
	if !r.First.IsZero() {
		fmt.Fprintf(&text, "Times:   %s to %s\n", r.First.UTC().Format(timeForm), r.Last.UTC().Format(timeForm))
	}
	if r.Signed.N > 0 {
		fmt.Fprintf(&text, "Root:    %s over %d entries\n", r.Signed.Hash, r.Signed.N)
	}
	if r.Break == nil && r.Entries > 0 {
		fmt.Fprintln(&text, "Proved:  every entry is the one that was entered, in its order and without a gap; the stored hashes agree with them; the root over all of them is signed with the key of this log.")
		fmt.Fprintln(&text, "Not proved by this folder alone: that its newest entries were not cut off together with their checkpoint. A root noted elsewhere shows that.")
	}
	return text.String()
}
