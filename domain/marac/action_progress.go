package marac

import (
	"slices"
	"strings"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/sharing"
)

const actionSource = "SafeLives, the MARAC action plan"

// actionSteps are the changes of status an owner may report. What is completed
// or cancelled stays so; what was not done, or could not be, may be taken up
// again. Proposed actions are agreed, not reported on.
var actionSteps = map[ActionStatus][]ActionStatus{
	ActionProposed:    {ActionCancelled},
	ActionAgreed:      {ActionInProgress, ActionCompleted, ActionNotPossible, ActionNotDone, ActionCancelled},
	ActionInProgress:  {ActionInProgress, ActionCompleted, ActionNotPossible, ActionNotDone, ActionCancelled},
	ActionNotPossible: {ActionInProgress, ActionCompleted},
	ActionNotDone:     {ActionInProgress, ActionCompleted, ActionNotPossible},
	ActionCompleted:   nil,
	ActionCancelled:   nil,
}

// Agree makes an action of what an agency volunteered at the instant now: a
// description, one owner, one named person of that agency, a day (SafeLives:
// actions are specific and have one owner). AgreedAtItem is empty when it was
// agreed outside a meeting.
func (a Action) Agree(assignee sharing.Practitioner, now time.Time) (Action, error) {
	switch {
	case a.Status != "" && a.Status != ActionProposed:
		return Action{}, fault.Rule("ACTION_STATUS", actionSource, "The action is agreed already.")
	case strings.TrimSpace(a.Description) == "":
		return Action{}, fault.Input("input.description", "required", "Describe what will be done.")
	case a.Owner == "":
		return Action{}, fault.Input("input.owner", "required", "Name the one agency that owns the action.")
	case assignee.ID == "":
		return Action{}, fault.Input("input.assignee", "required", "Name the one person who will do it.")
	case assignee.Agency != a.Owner:
		return Action{}, fault.Rule("ACTION_ASSIGNEE", actionSource, "The assignee works for the agency that owns the action.")
	case a.DueOn.IsZero():
		return Action{}, fault.Input("input.dueOn", "required", "Say by which day it will be done.")
	case a.DueOn < calendar.DateIn(now):
		return Action{}, fault.Input("input.dueOn", "notInPast", "An action is due on the day it is agreed or later.")
	}
	a.Assignee, a.Status = assignee.ID, ActionAgreed
	a.AgreedAt, a.ClosedAt = now, time.Time{}
	a.StatusNote, a.StatusBy, a.StatusAt = "", "", now
	return a, nil
}

// UpdateStatus records what the owner reports at the instant now. What could no
// longer be done, and what the agency did not do, is reported with why: the
// first is a change of circumstances, the second a matter for the steering group
// (SafeLives).
func (a Action) UpdateStatus(to ActionStatus, note, by string, now time.Time) (Action, error) {
	switch {
	case !to.Valid():
		return Action{}, fault.Input("input.status", "oneOf", "Say how far the action has come.")
	case a.Status == ActionCompleted:
		return Action{}, fault.Rule("ACTION_STATUS", actionSource, "The action is completed, and that is final. Agree a new one if more is needed.")
	case a.Status == ActionCancelled:
		return Action{}, fault.Rule("ACTION_STATUS", actionSource, "The action is cancelled, and that is final. Agree a new one if it is needed after all.")
	case !slices.Contains(actionSteps[a.Status], to):
		return Action{}, fault.Rule("ACTION_STATUS", actionSource, "The action cannot take this status from the one it has. Read it again to see how far it has come.")
	case (to == ActionNotPossible || to == ActionNotDone) && strings.TrimSpace(note) == "":
		return Action{}, fault.Rule("ACTION_NOTE", actionSource, "Say why the action was not done.")
	}
	a.Status, a.StatusNote, a.StatusBy, a.StatusAt = to, note, by, now
	a.ClosedAt = time.Time{}
	if !to.Open() {
		a.ClosedAt = now
	}
	return a, nil
}

// Open reports whether an action of the status is still to be done.
func (s ActionStatus) Open() bool {
	switch s {
	case ActionProposed, ActionAgreed, ActionInProgress:
		return true
	case ActionCompleted, ActionNotPossible, ActionNotDone, ActionCancelled:
		return false
	}
	return false
}

// Overdue reports whether an agreed action should have been done before today.
// It is derived and never stored; the day it is due is not yet overdue.
func Overdue(a Action, today calendar.Date) bool {
	agreed := a.Status == ActionAgreed || a.Status == ActionInProgress
	return agreed && !a.DueOn.IsZero() && a.DueOn < today
}

// BelongsAt reports whether the action belongs to its case's item on a meeting's
// list: it was agreed at the item, or is still open when the meeting starts. Of a
// meeting that has not started, what is open now.
func (a Action) BelongsAt(item string, meetingStartsAt, now time.Time) bool {
	at := meetingStartsAt
	if now.Before(at) {
		at = now
	}
	agreedHere := item != "" && a.AgreedAtItem == item && !a.AgreedAt.IsZero()
	return agreedHere || a.openAt(at)
}

// openAt reports whether the action was agreed and not yet closed at the instant.
func (a Action) openAt(at time.Time) bool {
	return !a.AgreedAt.IsZero() && !a.AgreedAt.After(at) &&
		(a.ClosedAt.IsZero() || a.ClosedAt.After(at))
}
