package procedures

import (
	"context"

	"accord/domain/marac"
	"accord/internal/records"
	"accord/internal/views"
)

// SubmitReferral refers a case to the MARAC of its area, for the agency of
// whoever refers it. The criteria that the record shows are added to those that
// the referrer names.
func SubmitReferral(ctx context.Context, s *records.Session, caseID string, referral marac.Referral) (string, error) {
	const procedure = "submitReferral"
	grounds, err := groundsOf(ctx, s, caseID)
	if err != nil {
		return "", err
	}
	referral.ID, referral.Case = s.Records().Identifier(views.ReferralKind), caseID
	referral.ReferringAgency, referral.Referrer = s.Capacity().Agency, s.Capacity().Person
	submitted, err := referral.Submit(grounds, s.Today())
	if err != nil {
		return "", refused(ctx, s, procedure, err)
	}
	change := s.Change(caseID)
	if err := records.Create(change, records.Referral{Referral: submitted}); err != nil {
		return "", err
	}
	return submitted.ID, s.Apply(ctx, procedure, change)
}

// groundsOf gathers what the capacity may know of a case when its referral is
// weighed.
func groundsOf(ctx context.Context, s *records.Session, caseID string) (marac.Grounds, error) {
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return marac.Grounds{}, err
	}
	policy, known := s.Records().Directory().PolicyOn(held.Value.Area, s.Today())
	if !known {
		return marac.Grounds{}, areaWithoutPolicy()
	}
	grounds := marac.Grounds{Case: held.Value.Case, Policy: policy}
	assessments, err := s.LoadAssessments(ctx, caseID)
	if err != nil {
		return marac.Grounds{}, err
	}
	for _, assessment := range assessments {
		grounds.Assessments = append(grounds.Assessments, assessment.Value.Assessment)
	}
	incidents, err := s.LoadIncidents(ctx, caseID)
	if err != nil {
		return marac.Grounds{}, err
	}
	for _, incident := range incidents {
		grounds.Incidents = append(grounds.Incidents, incident.Value.Incident)
	}
	referrals, err := s.LoadReferrals(ctx, caseID)
	if err != nil {
		return marac.Grounds{}, err
	}
	for _, referral := range referrals {
		grounds.Previous = append(grounds.Previous, referral.Value.Referral)
	}
	return grounds, nil
}
