package marac

import (
	"cmp"
	"slices"
	"time"

	"accord/domain/fault"
)

// ListItem is a case on the list of a meeting, as the case keeps it.
type ListItem struct {
	ID       string
	Case     string // case id
	Meeting  string // meeting id
	Referral string // referral id
	Children bool   // children in the household: heard first
	Repeat   bool
	PlacedAt time.Time
}

// ListRef is a case on the list of a meeting, as the meeting keeps it.
type ListRef struct {
	Item        string // list item id
	Case        string // case id
	HasChildren bool
	Repeat      bool
	PlacedAt    time.Time
}

// Place puts a case on the list of a meeting that has not issued it yet. Later
// ones go to the next meeting or an emergency meeting. Once referrals are closed
// only what was accepted until then is still placed, which is the coordinator's
// to know.
func (m Meeting) Place(item ListItem) (Meeting, error) {
	if m.Status != MeetingPlanned && m.Status != MeetingReferralsClosed {
		return Meeting{}, fault.Rule("MEETING_LIST", meetingSource,
			"The list is issued. Place the case on the next meeting's list, or convene an emergency meeting.")
	}
	if item.Meeting != m.ID {
		return Meeting{}, fault.Input("input.meeting", "sameMeeting", "Place a list item on the list of its own meeting.")
	}
	if slices.ContainsFunc(m.Refs, func(ref ListRef) bool { return ref.Case == item.Case }) {
		return Meeting{}, fault.Rule("MEETING_LIST", meetingSource, "The case is on the list already.")
	}
	m.Refs = Order(slices.Concat(m.Refs, []ListRef{{
		Item: item.ID, Case: item.Case, HasChildren: item.Children, Repeat: item.Repeat, PlacedAt: item.PlacedAt,
	}}))
	return m, nil
}

// Remove takes a case off a list that is not issued yet. An item that is not on
// the list is not found.
func (m Meeting) Remove(item string) (Meeting, error) {
	if m.Status != MeetingPlanned && m.Status != MeetingReferralsClosed {
		return Meeting{}, fault.Rule("MEETING_LIST", meetingSource,
			"The list is issued. Hear the case, and minute why it was not discussed.")
	}
	kept := slices.DeleteFunc(slices.Clone(m.Refs), func(ref ListRef) bool { return ref.Item == item })
	if len(kept) == len(m.Refs) {
		return Meeting{}, fault.Missing()
	}
	m.Refs = kept
	return m, nil
}

// Order returns the list in the order it is heard: cases with children first, so
// that the children's agencies may then leave (SafeLives agenda), then the
// others; within each, as they were placed, of one instant by item id.
func Order(refs []ListRef) []ListRef {
	ordered := slices.Clone(refs)
	slices.SortStableFunc(ordered, func(a, b ListRef) int {
		if a.HasChildren != b.HasChildren {
			if a.HasChildren {
				return -1
			}
			return 1
		}
		return cmp.Or(a.PlacedAt.Compare(b.PlacedAt), cmp.Compare(a.Item, b.Item))
	})
	return ordered
}
