package casework

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// NoticeKind is a kind of notice or warning the police once gave.
type NoticeKind string

// The kinds of notice.
const (
	PoliceInformationNotice NoticeKind = "PIN"
	HarassmentWarning       NoticeKind = "HARASSMENT_WARNING"
	Caution                 NoticeKind = "CAUTION"
)

// NoticeKinds lists every kind of notice.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{PoliceInformationNotice, HarassmentWarning, Caution}
}

// Valid reports whether the kind is one of NoticeKinds.
func (k NoticeKind) Valid() bool { return slices.Contains(NoticeKinds(), k) }

// Notice is a notice that was issued in the past, by any force. It stands as
// history and possible bad character (NPCC/CPS protocol 4.6). A decision to
// issue one for stalking is another thing, and not made here (protocol 3.11).
type Notice struct {
	ID       string
	Case     string // case id
	Agency   string // id of the agency that recorded it
	Kind     NoticeKind
	IssuedOn calendar.Date
	Force    string // name of the force that issued it
	Words    string // what it was about; empty: not known
}

// RecordNotice records a notice already issued, always: whoever issued it, and
// whatever the conduct is classified as.
func (c Case) RecordNotice(n Notice, today calendar.Date) (Notice, error) {
	switch {
	case !n.Kind.Valid():
		return Notice{}, fault.Input("input.kind", "oneOf", "Say which kind of notice it was.")
	case n.IssuedOn.IsZero() || n.IssuedOn > today:
		return Notice{}, fault.Input("input.issuedOn", "notInFuture", "Give the day the notice was issued; only a past one is recorded.")
	case blank(n.Force):
		return Notice{}, fault.Input("input.force", "required", "Name the force that issued it.")
	}
	n.Case = c.ID
	return n, nil
}
