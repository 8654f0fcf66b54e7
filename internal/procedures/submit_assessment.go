package procedures

import (
	"context"

	"accord/domain/fault"
	"accord/domain/risk"
	"accord/internal/records"
	"accord/internal/views"
)

// SubmitAssessment submits an assessment of the risk to the victim of a case,
// for the agency of whoever submits it, graded by the thresholds of the area.
func SubmitAssessment(ctx context.Context, s *records.Session, caseID string, assessment risk.Assessment) error {
	const procedure = "submitAssessment"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	policy, known := s.Records().Directory().PolicyOn(held.Value.Area, s.Today())
	if !known {
		return refused(ctx, s, procedure, areaWithoutPolicy())
	}
	assessment.ID, assessment.Case = s.Records().Identifier(views.AssessmentKind), caseID
	assessment.Agency, assessment.Assessor = s.Capacity().Agency, s.Capacity().Person
	submitted, err := assessment.Submit(policy.Bands(), s.Now())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Assessment{Assessment: submitted}); err != nil {
		return err
	}
	return s.Apply(ctx, procedure, change)
}

// areaWithoutPolicy refuses what the area's policy decides when it has none.
func areaWithoutPolicy() error {
	return fault.Rule("AREA_POLICY", "Accord", "The area has no policy in force today. Set one first.")
}
