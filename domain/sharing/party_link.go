package sharing

import (
	"time"

	"accord/domain/fault"
)

// PartyLink says that parties of two cases are the same person. It is made by
// two people, never automatically on name and date of birth, and can be undone:
// the two parties stay as they are (ICO reprimand of West Midlands Police, 2024).
type PartyLink struct {
	ID          string
	First       LinkedParty
	Second      LinkedParty
	Reason      string
	ProposedBy  string
	ProposedAt  time.Time
	ConfirmedBy string
	ConfirmedAt time.Time // zero: not confirmed
	UndoneBy    string
	UndoneAt    time.Time // zero: stands
	UndoneWhy   string
}

// LinkedParty is one end of a link.
type LinkedParty struct{ Case, Party string }

// LinkStatus is where a link stands.
type LinkStatus string

// The states of a link.
const (
	LinkProposed  LinkStatus = "PROPOSED"
	LinkConfirmed LinkStatus = "CONFIRMED"
	LinkUndone    LinkStatus = "UNDONE"
)

// LinkStatuses lists every state.
func LinkStatuses() []LinkStatus { return []LinkStatus{LinkProposed, LinkConfirmed, LinkUndone} }

// Valid reports whether the status is one of LinkStatuses.
func (s LinkStatus) Valid() bool {
	return s == LinkProposed || s == LinkConfirmed || s == LinkUndone
}

// Status is where the link stands.
func (l PartyLink) Status() LinkStatus {
	switch {
	case !l.UndoneAt.IsZero():
		return LinkUndone
	case !l.ConfirmedAt.IsZero():
		return LinkConfirmed
	default:
		return LinkProposed
	}
}

// Check refuses a link that links nothing.
func (l PartyLink) Check() error {
	if l.First.Case == l.Second.Case {
		return fault.Rule("LINK_TWO_CASES", "Accord, linking people", "A link is between parties of two cases. Correct the parties of one case instead.")
	}
	return CheckReason("input.reason", l.Reason)
}

// Confirm is the second person's word.
func (l PartyLink) Confirm(by string, now time.Time) (PartyLink, error) {
	switch {
	case l.Status() != LinkProposed:
		return PartyLink{}, fault.Rule("LINK_STATUS", "Accord, linking people", "Only a link that was proposed can be confirmed.")
	case by == l.ProposedBy:
		return PartyLink{}, fault.Rule("LINK_TWO_PEOPLE", "domain: identity (ICO reprimand, March 2024)", "Somebody else confirms the link you proposed.")
	}
	l.ConfirmedBy, l.ConfirmedAt = by, now
	return l, nil
}

// Undo takes the link away; it stays on the record that it was there.
func (l PartyLink) Undo(by, why string, now time.Time) (PartyLink, error) {
	if l.Status() == LinkUndone {
		return PartyLink{}, fault.Rule("LINK_STATUS", "Accord, linking people", "The link is undone already.")
	}
	if err := CheckReason("input.reason", why); err != nil {
		return PartyLink{}, err
	}
	l.UndoneBy, l.UndoneAt, l.UndoneWhy = by, now, why
	return l, nil
}
