package procedures

import (
	"context"

	"accord/domain/casework"
	"accord/domain/fault"
	"accord/internal/records"
	"accord/internal/views"
)

// TakePersonalStatement records the victim personal statement of a case, which has
// one. Advocates read it with the victim's consent alone (access matrix, note 16).
func TakePersonalStatement(ctx context.Context, s *records.Session, caseID string, statement casework.PersonalStatement) error {
	const procedure = "takePersonalStatement"
	if _, err := s.LoadCase(ctx, caseID); err != nil {
		return err
	}
	statement.ID, statement.Case, statement.Agency = s.Records().Identifier(views.VpsKind), caseID, s.Capacity().Agency
	if err := statement.Check(s.Today()); err != nil {
		return refused(ctx, s, procedure, err)
	}
	directory := s.Records().Directory()
	for _, advocate := range statement.ConsentedTo {
		practitioner, _ := directory.Practitioner(advocate)
		if agency, known := directory.Agency(practitioner.Agency); !known || !agency.Type.IsAdvocacy() {
			return refused(ctx, s, procedure, fault.Input("input.consentedTo", "advocate", "The victim consents to an advocate of an advocacy service reading it."))
		}
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.PersonalStatement{PersonalStatement: statement}); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}
