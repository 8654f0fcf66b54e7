package procedures

import (
	"context"

	"accord/domain/risk"
	"accord/internal/records"
	"accord/internal/views"
)

// AddPlanMeasure adds a measure to the safeguarding plan of a case and begins the
// plan with the first.
func AddPlanMeasure(ctx context.Context, s *records.Session, caseID string, measure risk.PlanItem) error {
	const procedure = "addPlanMeasure"
	if _, err := s.LoadCase(ctx, caseID); err != nil {
		return err
	}
	measure.ID = s.Records().NewIdentifier("measure")
	held, begun, err := s.LoadPlan(ctx, caseID)
	if err != nil {
		return err
	}
	if !begun {
		held.Value.Plan = risk.Plan{ID: s.Records().Identifier(views.PlanKind), Case: caseID}
	}
	plan, err := held.Value.Add(measure, s.Today())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Plan = plan
	change := s.Change(caseID)
	if begun {
		records.Update(change, held)
	} else if err := records.Create(change, held.Value); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}
