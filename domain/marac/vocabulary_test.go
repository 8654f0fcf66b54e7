package marac_test

import (
	"strings"
	"testing"
	"time"

	"accord/domain/calendar"
	"accord/domain/fault"
	"accord/domain/marac"
)

// now is a Monday.
var (
	now   = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)
	today = calendar.DateIn(now)
)

func words[T ~string](values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, string(v))
	}
	return strings.Join(all, " ")
}

func wantRule(t *testing.T, what string, err error, rule string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != fault.RuleViolation || f.Rule != rule || f.Source == "" || f.Message == "" {
		t.Errorf("%s: want rule %s, got %v", what, rule, err)
	}
}

func wantInput(t *testing.T, what string, err error, path string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != fault.BadInput || f.Path != path || f.Constraint == "" || f.Message == "" {
		t.Errorf("%s: want %s refused, got %v", what, path, err)
	}
}

func wantMissing(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("%s: want not found, got %v", what, err)
	}
}

func TestTheVocabularyIsThatOfTheField(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"reasons":           {words(marac.ReferralReasons()), "VISIBLE_HIGH_RISK PROFESSIONAL_JUDGEMENT POTENTIAL_ESCALATION MARAC_REPEAT HIGH_GRADE_AUTOMATIC HBA_AUTOMATIC TRANSFER_IN"},
		"referral statuses": {words(marac.ReferralStatuses()), "DRAFT SUBMITTED RETURNED ACCEPTED REJECTED LISTED HEARD TRANSFERRED WITHDRAWN"},
		"meeting kinds":     {words(marac.MeetingKinds()), "MARAC_SCHEDULED MARAC_EMERGENCY MARAC_DAILY MAPPA_L2 MAPPA_L3 STALKING_CLINIC"},
		"meeting statuses":  {words(marac.MeetingStatuses()), "PLANNED REFERRALS_CLOSED LISTED IN_SESSION MINUTES_DRAFT MINUTES_ISSUED CLOSED"},
		"attendance":        {words(marac.AttendanceStatuses()), "PRESENT DEPUTY APOLOGIES_INFO_SENT APOLOGIES ABSENT OBSERVER"},
		"parts":             {words(marac.AttendanceParts()), "CHAIR REPRESENTATIVE COORDINATOR OBSERVER INVITED"},
		"research":          {words(marac.ResearchStatuses()), "REQUESTED NIL_RETURN SUBMITTED"},
		"research kinds":    {words(marac.ResearchKinds()), "FACT OPINION"},
		"release":           {words(marac.ReleaseStates()), "WITHHELD RELEASED_AT_MEETING RELEASED_RECORD"},
		"actions":           {words(marac.ActionStatuses()), "PROPOSED AGREED IN_PROGRESS COMPLETED NOT_POSSIBLE_CIRCUMSTANCES NOT_DONE_AGENCY CANCELLED"},
		"anchors":           {words(marac.RepeatAnchors()), "REFERRAL_DATE MEETING_DATE"},
		"escalation":        {words(marac.EscalationUnits()), "INCIDENTS CRIMES"},
	} {
		if c.got != c.want {
			t.Errorf("%s\n got %s\nwant %s", name, c.got, c.want)
		}
	}
	for name, c := range map[string]struct{ known, unknown bool }{
		"reason":            {marac.TransferIn.Valid(), marac.ReferralReason("").Valid()},
		"referral status":   {marac.ReferralHeard.Valid(), marac.ReferralStatus("").Valid()},
		"meeting kind":      {marac.StalkingClinic.Valid(), marac.MeetingKind("MARAC").Valid()},
		"meeting status":    {marac.MeetingClosed.Valid(), marac.MeetingStatus("").Valid()},
		"attendance status": {marac.Observer.Valid(), marac.AttendanceStatus("").Valid()},
		"part":              {marac.PartInvited.Valid(), marac.AttendancePart("").Valid()},
		"research status":   {marac.ResearchNilReturn.Valid(), marac.ResearchStatus("NIL").Valid()},
		"research kind":     {marac.Opinion.Valid(), marac.ResearchKind("").Valid()},
		"release state":     {marac.ReleasedRecord.Valid(), marac.ReleaseState("RELEASED").Valid()},
		"action status":     {marac.ActionNotDone.Valid(), marac.ActionStatus("OVERDUE").Valid()},
		"anchor":            {marac.FromMeetingDate.Valid(), marac.RepeatAnchor("").Valid()},
		"unit":              {marac.CountCrimes.Valid(), marac.EscalationUnit("").Valid()},
	} {
		if !c.known || c.unknown {
			t.Errorf("%s: a value of the field is %v, another %v", name, c.known, c.unknown)
		}
	}
}
