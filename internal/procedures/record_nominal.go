package procedures

import (
	"context"
	"slices"

	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/mappa"
	"accord/internal/records"
	"accord/internal/views"
)

// RecordNominal records that a perpetrator of a case is managed under MAPPA. From
// then on the case is there for the MAPPA coordinators of its area (access matrix,
// note 19), whether or not whoever records it may write the case.
func RecordNominal(ctx context.Context, s *records.Session, caseID string, nominal mappa.Nominal) error {
	const procedure = "recordNominal"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	nominal.ID, nominal.Case = s.Records().Identifier(views.NominalKind), caseID
	if err := nominal.Check(s.Today()); err != nil {
		return refused(ctx, s, procedure, err)
	}
	if !slices.ContainsFunc(held.Value.Perpetrators(), func(p casework.Party) bool { return p.ID == nominal.Party }) {
		return refused(ctx, s, procedure, fault.Input("input.party", "perpetrator", "Name a perpetrator of the case."))
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Nominal{Nominal: nominal}); err != nil {
		return err
	}
	if nominal.ManagedOn(s.Today()) && !held.Value.HasNominal {
		held.Value.HasNominal = true
		records.UpdateByRule(change, held)
	}
	return s.Apply(ctx, procedure, change)
}
