package views

import (
	"time"

	"accord/domain/marac"
)

// Meeting is the header of a meeting.
type Meeting struct {
	Record
	Reference string
	Kind      marac.MeetingKind
	Status    marac.MeetingStatus
	StartsAt  time.Time
	AreaID    string
}

// MeetingContent is the sealed section of a meeting: its list.
type MeetingContent struct {
	Venue string
	Refs  []marac.ListRef
}

// IsNode marks a meeting as a record with an id of its own.
func (Meeting) IsNode() {}

// GetID returns the meeting's id.
func (m Meeting) GetID() string { return m.ID }

// Area is the area that convenes it.
func (m Meeting) Area() Area { return m.Names.Area(m.AreaID) }

// ListItem is a case on the list of a meeting.
type ListItem struct {
	Record
	Position  int // among the items this viewer sees, from 1
	CaseID    string
	MeetingID string
	StartsAt  time.Time // of the meeting, for the actions still open then
}

// IsNode marks a list item as a record with an id of its own.
func (ListItem) IsNode() {}

// GetID returns the list item's id.
func (i ListItem) GetID() string { return i.ID }
