package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/internal/records"
)

// AssignPractitioner gives a case to a practitioner and makes their agency party
// to it. Whatever of the case the practitioner's role may read is theirs to read
// from then on, on the lists of its meetings too.
func AssignPractitioner(ctx context.Context, s *records.Session, caseID, practitionerID string) error {
	const procedure = "assignPractitioner"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	directory := s.Records().Directory()
	practitioner, known := directory.Practitioner(practitionerID)
	if !known {
		return refused(ctx, s, procedure, fault.Input("input.practitioner", "known", "Name a practitioner of the directory."))
	}
	agency, _ := directory.Agency(practitioner.Agency)
	assigned, err := held.Value.AddAgency(agency.ID).Assign(practitioner, s.Now())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Case = assigned
	held.Value = held.Value.WithAgency(agency)
	change := s.Change(caseID)
	records.Update(change, held)
	if err := s.Heard(change, held.Value); err != nil {
		return err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}
