package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// AgreeAction records what an agency undertakes for a case: by one named person
// of that agency, by a day. AgreedAtItem names the list item it was agreed at.
func AgreeAction(ctx context.Context, s *records.Session, action marac.Action) (string, error) {
	const procedure = "agreeAction"
	if _, err := s.LoadCase(ctx, action.Case); err != nil {
		return "", err
	}
	assignee, known := s.Records().Directory().Practitioner(action.Assignee)
	if !known {
		return "", refused(ctx, s, procedure, fault.Input("input.assignee", "known", "Name a practitioner of the directory."))
	}
	action.ID = s.Records().Identifier(views.ActionKind)
	agreed, err := action.Agree(assignee, s.Now())
	if err != nil {
		return "", refused(ctx, s, procedure, err)
	}
	change := s.Change(agreed.Case)
	if err := records.Create(change, records.Action{Action: agreed}); err != nil {
		return "", err
	}
	return agreed.ID, s.Apply(ctx, procedure, change)
}
