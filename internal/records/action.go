package records

import (
	"time"

	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/marac"
	"accord/internal/store"
	"accord/internal/views"
)

// Action is an action as it is written. It belongs to the agency that undertook
// it.
type Action struct{ marac.Action }

type actionHead struct {
	Case         string
	Owner        string
	Assignee     string
	DueOn        calendar.Date
	Status       marac.ActionStatus
	AgreedAt     time.Time
	AgreedAtItem string
	StatusBy     string
	StatusAt     time.Time
	ClosedAt     time.Time
}

func (a Action) kind() store.Kind    { return kindOf(views.ActionKind) }
func (a Action) id() string          { return a.ID }
func (a Action) family() string      { return a.Case }
func (a Action) row() authz.ClassSet { return views.ActionKind.Row() }

func (a Action) head() any {
	return actionHead{a.Case, a.Owner, a.Assignee, a.DueOn, a.Status, a.AgreedAt, a.AgreedAtItem, a.StatusBy, a.StatusAt, a.ClosedAt}
}

func (a Action) fields() []store.Field {
	return []store.Field{
		{Name: "assignee", Value: store.Text(a.Assignee)},
		{Name: "due", Value: store.Number(int64(a.DueOn))},
		{Name: "status", Value: store.Text(string(a.Status))},
	}
}

func (a Action) parts() []part {
	return []part{full(authz.Actions, views.ActionContent{Description: a.Description, StatusNote: a.StatusNote})}
}

// tokens lets in the owner and the assignee, who work on the case, and the
// meetings that hear it.
func (a Action) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addOwner(tokens, a.Owner)
	root.addConvenors(tokens)
	if a.Assignee != "" {
		tokens.add(ownedByPerson(a.Assignee))
	}
	for _, listing := range root.Listings {
		tokens.add(chairedAt(listing.Meeting))
		// Who is invited to one item sees what belongs to it, not all of the case.
		if a.AgreedAtItem == listing.Item || a.Status.Open() {
			tokens.add(invitedTo(listing.Item))
		}
	}
	return tokens
}

func (h actionHead) facts(id string) marac.Action {
	return marac.Action{
		ID: id, Case: h.Case, Owner: h.Owner, Assignee: h.Assignee, DueOn: h.DueOn, Status: h.Status, AgreedAt: h.AgreedAt,
		AgreedAtItem: h.AgreedAtItem, StatusBy: h.StatusBy, StatusAt: h.StatusAt, ClosedAt: h.ClosedAt,
	}
}

func decodeAction(doc store.Document, open opener) (Action, error) {
	var head actionHead
	if err := decode(doc.Head, &head); err != nil {
		return Action{}, err
	}
	var content views.ActionContent
	if err := open(authz.Actions, authz.Full, &content); err != nil {
		return Action{}, err
	}
	action := Action{head.facts(doc.ID)}
	action.Description, action.StatusNote = content.Description, content.StatusNote
	return action, nil
}

func viewAction(record views.Record, doc store.Document) (views.Action, error) {
	var head actionHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Action{}, err
	}
	return views.Action{Record: record, Facts: head.facts(doc.ID), RecordVersion: revision(doc)}, nil
}
