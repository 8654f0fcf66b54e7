package marac_test

import (
	"slices"
	"testing"
	"time"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/marac"
	"accord/domain/risk"
	"accord/domain/sharing"
)

func policy() marac.AreaPolicy {
	return marac.DefaultPolicy("area_1", calendar.NewDate(2020, time.January, 1))
}

func grounds() marac.Grounds {
	return marac.Grounds{
		Case: casework.Case{
			ID: "case_1", Type: casework.DomesticAbuseIntimate, Status: casework.CaseOpen,
			Parties: []casework.Party{{ID: "v", Role: casework.Victim}, {ID: "p", Role: casework.Perpetrator}},
		},
		Policy: policy(),
	}
}

func dash(t *testing.T, yes int, judgement risk.ProfessionalJudgement) risk.Assessment {
	t.Helper()
	a := risk.Assessment{ID: "risk_1", Tool: risk.SafeLivesDash24, Judgement: judgement}
	for n, item := range risk.SafeLivesDash24.Items() {
		answer := risk.No
		if n < yes {
			answer = risk.Yes
		}
		a.Answers = append(a.Answers, risk.AnswerGiven{Code: item.Code, Answer: answer})
	}
	a, err := a.Submit(policy().Bands(), now)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func referral(reasons ...marac.ReferralReason) marac.Referral {
	return marac.Referral{
		ID: "ref_1", Case: "case_1", Status: marac.ReferralDraft, Reasons: reasons, Rationale: "He knows where she works",
		Consent: sharing.ConsentGiven, Awareness: sharing.VictimAware,
	}
}

func incidents(days ...calendar.Date) []casework.Incident {
	var all []casework.Incident
	for _, d := range days {
		all = append(all, casework.Incident{OccurredOn: d, Qualifies: casework.ViolenceOrThreat})
	}
	return all
}

func TestEveryCriterionTheRecordShowsIsFound(t *testing.T) {
	notice := risk.Assessment{Tool: risk.Ppn, Status: risk.Submitted, Level: risk.High}
	form := risk.Assessment{Tool: risk.Form270, Status: risk.Submitted, Level: risk.High}
	raised := risk.ProfessionalJudgement{Raises: true, Rationale: "He has a key"}
	yearAgo := today.AddMonths(-12)
	heard := []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: today - 30}}
	for name, c := range map[string]struct {
		change func(g *marac.Grounds)
		want   []marac.ReferralReason
	}{
		"nothing":       {func(*marac.Grounds) {}, nil},
		"13 YES":        {func(g *marac.Grounds) { g.Assessments = []risk.Assessment{dash(t, 13, risk.ProfessionalJudgement{})} }, nil},
		"14 YES":        {func(g *marac.Grounds) { g.Assessments = []risk.Assessment{dash(t, 14, risk.ProfessionalJudgement{})} }, []marac.ReferralReason{marac.VisibleHighRisk}},
		"judged higher": {func(g *marac.Grounds) { g.Assessments = []risk.Assessment{dash(t, 2, raised)} }, []marac.ReferralReason{marac.ProfessionalConcern}},
		"13 YES where the area says 12": {func(g *marac.Grounds) {
			g.Policy.Threshold = 12
			g.Assessments = []risk.Assessment{dash(t, 13, risk.ProfessionalJudgement{})}
		}, []marac.ReferralReason{marac.VisibleHighRisk}},
		"three incidents in a year": {func(g *marac.Grounds) { g.Incidents = incidents(yearAgo, today, today-9) }, []marac.ReferralReason{marac.PotentialEscalation}},
		"one of three is older":     {func(g *marac.Grounds) { g.Incidents = incidents(yearAgo-1, today, today-9) }, nil},
		"three, none a crime, where crimes count": {func(g *marac.Grounds) {
			g.Incidents, g.Policy.Escalation.Unit = incidents(today, today-1, today-2), marac.CountCrimes
		}, nil},
		"an incident after the last referral": {func(g *marac.Grounds) { g.Previous, g.Incidents = heard, incidents(today) }, []marac.ReferralReason{marac.MaracRepeat}},
		"a notice graded HIGH":                {func(g *marac.Grounds) { g.Assessments = []risk.Assessment{notice} }, []marac.ReferralReason{marac.HighGradeAutomatic}},
		"a Form 270 graded HIGH":              {func(g *marac.Grounds) { g.Assessments = []risk.Assessment{form} }, nil},
		"honour-based abuse":                  {func(g *marac.Grounds) { g.Case.Type = casework.HonourBasedAbuse }, []marac.ReferralReason{marac.HonourBasedAutomatic}},
		"honour-based abuse elsewhere": {func(g *marac.Grounds) {
			g.Case.Type, g.Policy.HBAAutomatic = casework.HonourBasedAbuse, false
		}, nil},
		"all at once": {func(g *marac.Grounds) {
			g.Assessments = []risk.Assessment{dash(t, 20, raised), notice}
			g.Previous, g.Incidents = heard, incidents(today, today-1, today-2)
			g.Case.Type = casework.HonourBasedAbuse
		}, []marac.ReferralReason{
			marac.VisibleHighRisk, marac.PotentialEscalation, marac.MaracRepeat, marac.HighGradeAutomatic, marac.HonourBasedAutomatic,
		}},
	} {
		g := grounds()
		c.change(&g)
		got := g.Criteria(today)
		if name == "all at once" { // which of two assessments of one instant stands decides on judgement
			got = slices.DeleteFunc(got, func(r marac.ReferralReason) bool { return r == marac.ProfessionalConcern })
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAnyOneCriterionSufficesAndAllThatApplyAreKept(t *testing.T) {
	g := grounds()
	g.Assessments = []risk.Assessment{dash(t, 15, risk.ProfessionalJudgement{})}
	submitted, err := referral(marac.ProfessionalConcern).Submit(g, today)
	if err != nil {
		t.Fatal(err)
	}
	want := []marac.ReferralReason{marac.VisibleHighRisk, marac.ProfessionalConcern}
	if !slices.Equal(submitted.Reasons, want) || submitted.SubmittedOn != today || submitted.Status != marac.ReferralSubmitted {
		t.Errorf("submitted as %+v", submitted)
	}
	if _, err := referral().Submit(g, today); err != nil {
		t.Errorf("a criterion the record shows does not suffice: %v", err)
	}
}

func TestACriterionIsShownOrExplained(t *testing.T) {
	_, err := referral().Submit(grounds(), today)
	wantRule(t, "no criterion", err, "REFERRAL_CRITERION")
	for _, c := range []struct {
		reason    marac.ReferralReason
		rule      string
		explained bool // words are enough
	}{
		{marac.VisibleHighRisk, "R1", false},
		{marac.ProfessionalConcern, "R2", true},
		{marac.PotentialEscalation, "REFERRAL_ESCALATION", true},
		{marac.MaracRepeat, "R3", false},
		{marac.HighGradeAutomatic, "REFERRAL_HIGH_GRADE", false},
		{marac.HonourBasedAutomatic, "REFERRAL_HBA", false},
	} {
		r := referral(c.reason)
		_, err := r.Submit(grounds(), today)
		if c.explained && err != nil {
			t.Errorf("%s, explained: %v", c.reason, err)
		}
		if !c.explained {
			wantRule(t, string(c.reason)+", explained", err, c.rule)
		}
		r.Rationale = " "
		_, err = r.Submit(grounds(), today)
		wantRule(t, string(c.reason), err, c.rule)
	}
	_, err = referral(marac.TransferIn).Submit(grounds(), today)
	wantInput(t, "a transfer from nowhere", err, "input.transferredFrom")
	_, err = referral("OTHER").Submit(grounds(), today)
	wantInput(t, "a reason of no list", err, "input.reasons")
	moved := referral(marac.TransferIn)
	moved.TransferredFrom = "Southvale MARAC"
	if _, err := moved.Submit(grounds(), today); err != nil {
		t.Errorf("a transfer in: %v", err)
	}
}

func TestConsentIsNoGateButItsAbsenceIsExplained(t *testing.T) {
	for _, consent := range sharing.ConsentStates() {
		r := referral(marac.ProfessionalConcern)
		r.Consent, r.Awareness = consent, sharing.VictimNotAwareUnsafe
		_, err := r.Submit(grounds(), today)
		if consent == sharing.ConsentGiven && err != nil {
			t.Errorf("with consent: %v", err)
		}
		if consent != sharing.ConsentGiven {
			wantRule(t, string(consent), err, "REFERRAL_PROPORTIONALITY")
		}
		r.ConsentReason = "Risk to life"
		if _, err := r.Submit(grounds(), today); err != nil {
			t.Errorf("%s, explained: %v", consent, err)
		}
	}
	r := referral(marac.ProfessionalConcern)
	r.Consent = ""
	_, err := r.Submit(grounds(), today)
	wantInput(t, "consent not said", err, "input.consent")
	r = referral(marac.ProfessionalConcern)
	r.Awareness = ""
	_, err = r.Submit(grounds(), today)
	wantInput(t, "awareness not said", err, "input.awareness")
}

func TestACaseWithoutAPerpetratorIsNotReferred(t *testing.T) {
	g := grounds()
	g.Case.Parties = g.Case.Parties[:1]
	_, err := referral(marac.ProfessionalConcern).Submit(g, today)
	wantRule(t, "no perpetrator", err, "CASE_PERPETRATOR")
}

func TestTheCoordinatorDecidesOnWhatWasSubmitted(t *testing.T) {
	s, err := referral(marac.ProfessionalConcern).Submit(grounds(), today)
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := s.Accept("coord", today)
	if err != nil || accepted.Status != marac.ReferralAccepted || accepted.DecidedBy != "coord" || accepted.DecidedOn != today {
		t.Errorf("accepted as %+v, %v", accepted, err)
	}
	returned, err := s.Return("coord", "The victim's safe number is missing", today)
	if err != nil || returned.Status != marac.ReferralReturned || returned.DecisionReason == "" {
		t.Errorf("returned as %+v, %v", returned, err)
	}
	again, err := returned.Submit(grounds(), today+3)
	if err != nil || again.SubmittedOn != today {
		t.Errorf("submitted again for %v, %v", again.SubmittedOn, err)
	}
	_, err = s.Return("coord", " ", today)
	wantInput(t, "a return without a reason", err, "input.reason")
	_, err = s.Reject("coord", "", today)
	wantInput(t, "a rejection without a reason", err, "input.reason")
	if rejected, err := s.Reject("coord", "Below every criterion", today); err != nil || rejected.Status != marac.ReferralRejected {
		t.Errorf("rejected as %+v, %v", rejected, err)
	}
}

func TestARepeatIsNeverRejected(t *testing.T) {
	g := grounds()
	g.Previous, g.Incidents = []marac.Referral{{Status: marac.ReferralHeard, SubmittedOn: today - 30}}, incidents(today)
	s, err := referral().Submit(g, today)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Reject("coord", "Score is low", today)
	wantRule(t, "a repeat rejected", err, "R3")
}

func TestAReferralTakesNoStepButItsNext(t *testing.T) {
	steps := map[string]func(r marac.Referral) (marac.Referral, error){
		"submit":   func(r marac.Referral) (marac.Referral, error) { return r.Submit(grounds(), today) },
		"accept":   func(r marac.Referral) (marac.Referral, error) { return r.Accept("coord", today) },
		"reject":   func(r marac.Referral) (marac.Referral, error) { return r.Reject("coord", "why", today) },
		"return":   func(r marac.Referral) (marac.Referral, error) { return r.Return("coord", "why", today) },
		"transfer": func(r marac.Referral) (marac.Referral, error) { return r.Transfer("coord", "moved", today) },
		"withdraw": func(r marac.Referral) (marac.Referral, error) { return r.Withdraw("ref", "why", today) },
		"list":     func(r marac.Referral) (marac.Referral, error) { return r.List("meeting_1") },
		"unlist":   func(r marac.Referral) (marac.Referral, error) { return r.Unlist() },
		"hear":     func(r marac.Referral) (marac.Referral, error) { return r.Hear(today) },
	}
	allowed := map[marac.ReferralStatus][]string{
		marac.ReferralDraft:     {"submit", "withdraw"},
		marac.ReferralSubmitted: {"accept", "reject", "return", "transfer", "withdraw"},
		marac.ReferralReturned:  {"submit", "withdraw"},
		marac.ReferralAccepted:  {"list", "transfer", "withdraw"},
		marac.ReferralListed:    {"hear", "transfer", "unlist", "withdraw"},
		marac.ReferralHeard:     {"transfer"},

		marac.ReferralRejected:    nil,
		marac.ReferralTransferred: nil,
		marac.ReferralWithdrawn:   nil,
	}
	for _, status := range marac.ReferralStatuses() {
		for name, step := range steps {
			r := referral(marac.ProfessionalConcern)
			r.Status = status
			_, err := step(r)
			if slices.Contains(allowed[status], name) {
				if err != nil {
					t.Errorf("%s from %s: %v", name, status, err)
				}
				continue
			}
			wantRule(t, name+" from "+string(status), err, "REFERRAL_STATUS")
		}
	}
}

func TestAListedReferralKnowsItsMeetingAndItsDay(t *testing.T) {
	r := referral()
	r.Status = marac.ReferralAccepted
	listed, err := r.List("meeting_1")
	if err != nil || listed.Meeting != "meeting_1" {
		t.Fatalf("listed as %+v, %v", listed, err)
	}
	heard, err := listed.Hear(today)
	if err != nil || heard.HeardOn != today {
		t.Errorf("heard as %+v, %v", heard, err)
	}
	waiting, err := listed.Unlist()
	if err != nil || waiting.Status != marac.ReferralAccepted || waiting.Meeting != "" {
		t.Errorf("off the list as %+v, %v", waiting, err)
	}
}
