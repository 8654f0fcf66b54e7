package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
)

// Action is what an agency undertook for a case. The clear facts stand in Facts
// (its Description and StatusNote are sealed and empty there).
type Action struct {
	Record
	Facts         marac.Action
	RecordVersion int64
}

// ActionContent is the sealed section of an action.
type ActionContent struct {
	Description string
	StatusNote  string
}

// IsNode marks an action as a record with an id of its own.
func (Action) IsNode() {}

// GetID returns the action's id.
func (a Action) GetID() string { return a.ID }

// Description is what is to be done.
func (a Action) Description() (*string, error) {
	content, err := a.content()
	if content == nil {
		return nil, err
	}
	return &content.Description, nil
}

// StatusNote is what was said with the last status.
func (a Action) StatusNote() (*string, error) {
	content, err := a.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.StatusNote), nil
}

// Owner is the agency that undertook it.
func (a Action) Owner() *Agency { return when(a.held(), a.Names.Agency(a.Facts.Owner)) }

// Assignee is the person who does it; null while nobody does, because who did was kept
// from the case.
func (a Action) Assignee() *Practitioner {
	return when(a.held() && a.Facts.Assignee != "", a.Names.Practitioner(a.Facts.Assignee))
}

// DueOn is the day by which it is due.
func (a Action) DueOn() *calendar.Date { return known(a.held(), a.Facts.DueOn) }

// Status is how far it is.
func (a Action) Status() *marac.ActionStatus { return when(a.held(), a.Facts.Status) }

// Overdue is agreed or in progress, and due before today in London.
func (a Action) Overdue() *bool { return when(a.held(), marac.Overdue(a.Facts, a.Today)) }

// Version is what a change must name.
func (a Action) Version() *int { return when(a.held(), int(a.RecordVersion)) }

func (a Action) held() bool { return a.full(authz.Actions) }

func (a Action) content() (*ActionContent, error) {
	if !a.held() {
		return nil, nil
	}
	return section[ActionContent](a.Record, authz.Actions, authz.Full)
}
