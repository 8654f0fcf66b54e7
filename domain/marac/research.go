package marac

import (
	"slices"
	"strings"
	"time"

	"accord/domain/fault"
)

// ResearchStatus is how far an agency's research has come.
type ResearchStatus string

// The statuses.
const (
	ResearchRequested ResearchStatus = "REQUESTED"
	ResearchNilReturn ResearchStatus = "NIL_RETURN" // searched, and nothing is held
	ResearchSubmitted ResearchStatus = "SUBMITTED"
)

// ResearchStatuses lists every status.
func ResearchStatuses() []ResearchStatus {
	return []ResearchStatus{ResearchRequested, ResearchNilReturn, ResearchSubmitted}
}

// Valid reports whether the status is one of ResearchStatuses.
func (s ResearchStatus) Valid() bool { return slices.Contains(ResearchStatuses(), s) }

// ResearchKind keeps facts apart from opinions (Data Protection Act 2018
// s.38(2)).
type ResearchKind string

// The kinds.
const (
	Fact    ResearchKind = "FACT"
	Opinion ResearchKind = "OPINION"
)

// ResearchKinds lists both kinds.
func ResearchKinds() []ResearchKind { return []ResearchKind{Fact, Opinion} }

// Valid reports whether the kind is one of ResearchKinds.
func (k ResearchKind) Valid() bool { return slices.Contains(ResearchKinds(), k) }

// ReleaseState is how far the owner has let an item go.
type ReleaseState string

// The states, narrowest first.
const (
	Withheld          ReleaseState = "WITHHELD"
	ReleasedAtMeeting ReleaseState = "RELEASED_AT_MEETING" // spoken in the meeting, for who signed
	ReleasedRecord    ReleaseState = "RELEASED_RECORD"     // on the record of the case
)

// ReleaseStates lists every state, narrowest first.
func ReleaseStates() []ReleaseState {
	return []ReleaseState{Withheld, ReleasedAtMeeting, ReleasedRecord}
}

// Valid reports whether the state is one of ReleaseStates.
func (s ReleaseState) Valid() bool { return slices.Contains(ReleaseStates(), s) }

// Research is what one agency holds about the people of a listed case. It is the
// agency's own until released, item by item.
type Research struct {
	ID           string
	Case         string // case id
	Item         string // list item id
	Meeting      string // meeting id
	Agency       string // agency id, the owner
	Status       ResearchStatus
	Items        []ResearchItem
	WithheldNote string    // what is held back and why; empty: nothing said
	RequestedAt  time.Time // zero: not known
	ReturnedBy   string    // practitioner id; empty: not returned
	ReturnedAt   time.Time // zero: not returned
}

// ResearchItem is one thing an agency knows.
type ResearchItem struct {
	ID    string
	Text  string
	Kind  ResearchKind
	State ReleaseState
}

// Submit returns the research at the instant now. Facts and opinions are kept
// apart, and every item is withheld until the owner releases it. An agency that
// returned nothing may still find something.
func (r Research) Submit(by string, now time.Time) (Research, error) {
	if r.Status == ResearchSubmitted {
		return Research{}, researchReturned()
	}
	if len(r.Items) == 0 {
		return Research{}, fault.Rule("RESEARCH_NIL_RETURN", meetingSource,
			"Record what the agency holds, or make a nil return to say that it holds nothing.")
	}
	r.Items = slices.Clone(r.Items)
	for n := range r.Items {
		item := &r.Items[n]
		switch {
		case strings.TrimSpace(item.Text) == "":
			return Research{}, fault.Input("input.items.text", "required", "Say what the agency knows.")
		case !item.Kind.Valid():
			return Research{}, fault.Rule("RESEARCH_FACT_OR_OPINION", "Data Protection Act 2018 s.38(2)",
				"Say of each item whether it is a fact or an opinion.")
		}
		item.State = Withheld
	}
	r.Status, r.ReturnedBy, r.ReturnedAt = ResearchSubmitted, by, now
	return r, nil
}

// NilReturn says at the instant now that the agency searched and holds nothing.
// Silence is not a nil return.
func (r Research) NilReturn(by string, now time.Time) (Research, error) {
	if r.Status != ResearchRequested {
		return Research{}, researchReturned()
	}
	if len(r.Items) > 0 {
		return Research{}, fault.Rule("RESEARCH_NIL_RETURN", meetingSource,
			"A nil return says that nothing is held. Submit what the agency recorded.")
	}
	r.Status, r.ReturnedBy, r.ReturnedAt = ResearchNilReturn, by, now
	return r, nil
}

// Release lets one item go further than before: to the meeting, or onto the
// record of the case. What was released is not taken back by this. An item that
// is not part of the research is not found.
func (r Research) Release(item string, to ReleaseState) (Research, error) {
	at := slices.IndexFunc(r.Items, func(i ResearchItem) bool { return i.ID == item })
	switch {
	case at < 0:
		return Research{}, fault.Missing()
	case r.Status != ResearchSubmitted:
		return Research{}, fault.Rule("RESEARCH_STATUS", meetingSource, "Submit the research before any of it is released.")
	case !to.Valid():
		return Research{}, fault.Input("input.state", "oneOf", "Say whether the item is released at the meeting or on the record.")
	case slices.Index(ReleaseStates(), to) <= slices.Index(ReleaseStates(), r.Items[at].State):
		return Research{}, fault.Rule("RESEARCH_RELEASE", meetingSource, "The item is released as far as that already.")
	}
	r.Items = slices.Clone(r.Items)
	r.Items[at].State = to
	return r, nil
}

func researchReturned() error {
	return fault.Rule("RESEARCH_STATUS", meetingSource, "The agency has returned its research already.")
}
