package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// ActionStatusReport is what the owner reports of an action.
type ActionStatusReport struct {
	Action          string
	Status          marac.ActionStatus
	Note            string
	ExpectedVersion int64
	IdempotencyKey  string // empty: none
}

// noteLimit bounds a note; longer words belong into the minutes.
const noteLimit = 4000

// UpdateActionStatus records where an action stands. The owner reports before
// the next meeting (SafeLives); what was not possible and what was not done are
// told apart.
func UpdateActionStatus(ctx context.Context, s *records.Session, report ActionStatusReport) (views.Action, error) {
	const procedure = "updateActionStatus"
	if len(report.Note) > noteLimit {
		return views.Action{}, refused(ctx, s, procedure, fault.Input("input.note", "maxLength", "Say it in at most 4,000 characters."))
	}
	receipt, done, err := s.Retried(ctx, procedure, report.IdempotencyKey, report)
	if err != nil {
		return views.Action{}, err
	}
	if done {
		return s.Action(ctx, report.Action)
	}
	held, err := s.LoadAction(ctx, report.Action)
	if err != nil {
		return views.Action{}, err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return views.Action{}, err
	}
	if held.Version() != report.ExpectedVersion {
		return views.Action{}, refused(ctx, s, procedure, fault.Stale())
	}
	updated, err := held.Value.UpdateStatus(report.Status, report.Note, s.Capacity().Person, s.Now())
	if err != nil {
		return views.Action{}, refused(ctx, s, procedure, err)
	}
	held.Value.Action = updated
	change := s.Change(updated.Case)
	records.Update(change, held)
	change.Remember(receipt, updated.ID)
	if err := s.Apply(ctx, procedure, change); err != nil {
		// The same retry may have been applied at the same moment: then it is done.
		if _, done, again := s.Retried(ctx, procedure, report.IdempotencyKey, report); again == nil && done {
			return s.Action(ctx, updated.ID)
		}
		return views.Action{}, err
	}
	return s.Action(ctx, updated.ID)
}
