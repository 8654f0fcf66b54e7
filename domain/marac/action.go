package marac

import (
	"slices"
	"time"

	"accord/domain/calendar"
)

// ActionStatus is how far an action has come. What was not done is kept apart
// from what could no longer be done (SafeLives).
type ActionStatus string

// The statuses.
const (
	ActionProposed    ActionStatus = "PROPOSED"
	ActionAgreed      ActionStatus = "AGREED"
	ActionInProgress  ActionStatus = "IN_PROGRESS"
	ActionCompleted   ActionStatus = "COMPLETED"
	ActionNotPossible ActionStatus = "NOT_POSSIBLE_CIRCUMSTANCES" // circumstances changed
	ActionNotDone     ActionStatus = "NOT_DONE_AGENCY"            // the agency did not do it
	ActionCancelled   ActionStatus = "CANCELLED"
)

// ActionStatuses lists every status.
func ActionStatuses() []ActionStatus {
	return []ActionStatus{
		ActionProposed, ActionAgreed, ActionInProgress, ActionCompleted, ActionNotPossible,
		ActionNotDone, ActionCancelled,
	}
}

// Valid reports whether the status is one of ActionStatuses.
func (s ActionStatus) Valid() bool { return slices.Contains(ActionStatuses(), s) }

// Action is what one agency volunteered to do about a case, by one named person,
// by a day.
type Action struct {
	ID           string
	Case         string // case id
	Description  string
	Owner        string // agency id
	Assignee     string // practitioner id, of the owner
	DueOn        calendar.Date
	Status       ActionStatus
	AgreedAt     time.Time // zero: not agreed
	AgreedAtItem string    // list item id; empty: agreed outside a meeting
	StatusNote   string    // what the owner said when the status last changed
	StatusBy     string    // practitioner id of who reported last; empty: nothing reported since it was agreed
	StatusAt     time.Time // when that was
	ClosedAt     time.Time // zero: open
}
