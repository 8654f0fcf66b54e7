package procedures

import (
	"context"
	"slices"
	"time"

	"accord/authz"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// EmergencyRequest is who needs which case now, and why.
type EmergencyRequest struct {
	Reference string
	Reason    string
	Lasting   time.Duration
}

const emergencySource = "Accord, emergency access"

// TakeEmergencyAccess gives access to a case because life is at risk: from the next
// request on, until the clock ends it. Whoever answers for the case, the auditors of
// its area and the supervisors of who took it are told in the same change. What is
// wrong with a request is said before the case is looked for, so that nobody learns
// from a refusal that there is such a case.
func TakeEmergencyAccess(ctx context.Context, s *records.Session, request EmergencyRequest) (views.EmergencyAccess, error) {
	const procedure = "takeEmergencyAccess"
	if !s.Table().Opens(s.Capacity().Roles, authz.BreakGlass, views.CaseKind.Row()) {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, fault.Missing()) // whether there is such a case or not
	}
	access := sharing.EmergencyAccess{
		ID: s.Records().Identifier(views.EmergencyKind), Person: s.Capacity().Person, Agency: s.Capacity().Agency, Reason: request.Reason,
	}
	if err := checkEmergency(ctx, s, access, request.Lasting); err != nil {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, err)
	}
	needed, err := s.CaseInEmergency(ctx, request.Reference)
	if err != nil {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, err)
	}
	_, err = s.LoadCaseHead(ctx, needed.ID)
	switch {
	case err == nil:
		return views.EmergencyAccess{}, refused(ctx, s, procedure,
			fault.Rule("EMERGENCY_REACHED", emergencySource, "You reach this case already. Open it as you do any other."))
	case !fault.Is(err, fault.NotFound):
		return views.EmergencyAccess{}, err
	}
	policy, _ := s.Records().Directory().PolicyOn(needed.Area, s.Today())
	access.Case = needed.ID
	access, err = sharing.TakeEmergencyAccess(access, request.Lasting, time.Duration(policy.EmergencyMinutes)*time.Minute, s.Now())
	if err != nil {
		return views.EmergencyAccess{}, refused(ctx, s, procedure, err)
	}
	if err := grantEmergency(ctx, s, procedure, needed, access); err != nil {
		return views.EmergencyAccess{}, err
	}
	s.ReachAnew(ctx)
	return s.EmergencyAccess(ctx, access.ID)
}

// checkEmergency refuses what no case would make right.
func checkEmergency(ctx context.Context, s *records.Session, access sharing.EmergencyAccess, lasting time.Duration) error {
	if err := access.Check(lasting); err != nil {
		return err
	}
	count, err := s.EmergenciesHeld(ctx)
	if err == nil && count >= records.EmergenciesAtOnce {
		return fault.Rule("EMERGENCY_COUNT", emergencySource, "You hold emergency access to eight cases at once. Wait until one of them ends, or ask your supervisor.")
	}
	return err
}

// grantEmergency writes the access and tells everybody who is to know, at once.
func grantEmergency(ctx context.Context, s *records.Session, procedure string, of records.Case, access sharing.EmergencyAccess) error {
	directory := s.Records().Directory()
	auditors := directory.Holding(authz.Auditor, of.Area)
	change := s.Change(of.ID)
	if err := records.CreateByRule(change, records.EmergencyAccess{EmergencyAccess: access}); err != nil {
		return err
	}
	told := slices.Concat(s.Responsible(of, ""), auditors, directory.SupervisorsOf(access.Person))
	if err := s.Tell(change, sharing.AlertEmergencyAccess, of, told...); err != nil {
		return err
	}
	if err := s.Tell(change, sharing.AlertEmergencyReview, of, auditors...); err != nil {
		return err
	}
	if err := s.Apply(ctx, procedure, change); err != nil {
		return err
	}
	deliverNow(ctx, s.Records())
	return nil
}
