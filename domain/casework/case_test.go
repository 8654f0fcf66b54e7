package casework_test

import (
	"testing"
	"time"

	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/domain/risk"
	"accord/domain/sharing"
)

var (
	now   = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)
	today = calendar.DateIn(now)
)

func draft() casework.Case {
	return casework.Case{
		ID: "case_1", Reference: "R-1", Type: casework.StalkingNotDomestic, Area: "area_1",
		PartyAgencies: []string{"agency_police"},
		Parties: []casework.Party{
			{ID: "party_v", Role: casework.Victim, Identity: casework.Identity{Name: "Vera Sample"}},
			{ID: "party_p", Role: casework.Perpetrator},
		},
	}
}

func opened(t *testing.T) casework.Case {
	t.Helper()
	c, err := casework.Open(draft(), today)
	if err != nil {
		t.Fatal(err)
	}
	return c
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

func TestACaseOpensTodayWithItsParties(t *testing.T) {
	c := opened(t)
	if c.Status != casework.CaseOpen || c.OpenedOn != today || len(c.Parties) != 2 {
		t.Errorf("opened as %+v", c)
	}
	if err := c.CheckReferable(); err != nil {
		t.Errorf("one victim and a perpetrator nobody has identified is referable: %v", err)
	}
}

func TestACaseNeedsItsTypeAreaAndAgencyToOpen(t *testing.T) {
	for path, broken := range map[string]func(c *casework.Case){
		"input.type":     func(c *casework.Case) { c.Type = "" },
		"input.area":     func(c *casework.Case) { c.Area = "" },
		"input.agencies": func(c *casework.Case) { c.PartyAgencies = nil },
		"input.openedOn": func(c *casework.Case) { c.OpenedOn = today + 1 },
		"input.name":     func(c *casework.Case) { c.Parties[0].Identity.Name = " " },
	} {
		c := draft()
		broken(&c)
		_, err := casework.Open(c, today)
		wantInput(t, path, err, path)
	}
}

func TestACaseHasOneVictim(t *testing.T) {
	second := casework.Party{ID: "party_w", Role: casework.Victim, Identity: casework.Identity{Name: "Wanda Sample"}}
	_, err := opened(t).AddParty(second, today)
	wantRule(t, "a second victim", err, "CASE_ONE_VICTIM")
}

func TestACaseWithoutVictimOrPerpetratorIsNotReferable(t *testing.T) {
	c := opened(t)
	victim, perpetrator := c.Parties[:1], c.Parties[1:]
	c.Parties = victim
	wantRule(t, "no perpetrator", c.CheckReferable(), "CASE_PERPETRATOR")
	c.Parties = perpetrator
	wantRule(t, "no victim", c.CheckReferable(), "CASE_ONE_VICTIM")
}

func TestAPartyIsRecordedAsTheFieldRecordsIt(t *testing.T) {
	child := casework.Party{ID: "party_c", Role: casework.Child}
	for path, broken := range map[string]func(p *casework.Party){
		"input.role":         func(p *casework.Party) { p.Role = "" },
		"input.dateOfBirth":  func(p *casework.Party) { p.Identity.DateOfBirth = today + 1 },
		"input.party":        func(p *casework.Party) { p.ID = "party_v" },
		"input.relationship": func(p *casework.Party) { p.Role, p.Relationship = casework.Perpetrator, "?" },
		"input.typology":     func(p *casework.Party) { p.Role, p.Typology = casework.Perpetrator, "?" },
		"input.allegation":   func(p *casework.Party) { p.Role, p.Allegation = casework.Perpetrator, "?" },
	} {
		p := child
		broken(&p)
		_, err := opened(t).AddParty(p, today)
		wantInput(t, path, err, path)
	}
	child.Allegation = casework.Suspect
	_, err := opened(t).AddParty(child, today)
	wantInput(t, "an allegation against a child at risk", err, "input.role")
}

func TestTheAddressOfARefugeIsNeverRecorded(t *testing.T) {
	for name, address := range map[string]casework.Address{
		"lines":    {Lines: []string{"", "1 Example Street"}},
		"postcode": {Postcode: "ZZ99 3WZ"},
	} {
		p := casework.Party{ID: "party_o", Role: casework.OtherAtRisk, Contact: casework.SafeContact{Refuge: true, Address: address}}
		_, err := opened(t).AddParty(p, today)
		wantRule(t, name, err, "SAFE_CONTACT_REFUGE")
	}
	inRefuge := casework.SafeContact{Refuge: true, Phone: "0000", Address: casework.Address{Lines: []string{" "}}}
	if err := inRefuge.Check(); err != nil {
		t.Errorf("a refuge without its address is refused: %v", err)
	}
}

func TestOnlyPractitionersOfPartyAgenciesAreAssigned(t *testing.T) {
	c := opened(t)
	idva := sharing.Practitioner{ID: "prac_idva", Agency: "agency_idva", Team: "team_idva"}
	_, err := c.Assign(idva, now)
	wantRule(t, "an agency that takes no part", err, "CASE_PARTY_AGENCY")

	c, err = c.AddAgency("agency_idva").AddAgency("agency_idva").Assign(idva, now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Assign(idva, now.Add(time.Hour))
	want := casework.Assignment{Practitioner: "prac_idva", Agency: "agency_idva", Team: "team_idva", From: now}
	if err != nil || len(again.Assignments) != 1 || again.Assignments[0] != want || len(again.PartyAgencies) != 2 {
		t.Errorf("assigned as %+v, %v", again, err)
	}
	if !again.AssignedTo("prac_idva") || again.AssignedTo("prac_other") {
		t.Error("the assignment is not that of the practitioner")
	}
}

func TestAChangeLeavesTheCaseItWasMadeFromAsItWas(t *testing.T) {
	c := opened(t)
	c.Parties = append(make([]casework.Party, 0, 9), c.Parties...)
	one, err := c.AddParty(casework.Party{ID: "party_1", Role: casework.Child}, today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = c.AddParty(casework.Party{ID: "party_2", Role: casework.Witness}, today); err != nil {
		t.Fatal(err)
	}
	if len(c.Children()) != 0 || len(one.Children()) != 1 {
		t.Error("two changes of one case share their parties")
	}
}

func TestHarassmentNeedsTheReasonWhyItIsNotStalking(t *testing.T) {
	c := opened(t)
	if c.Classification() != casework.ConductUndecided {
		t.Errorf("conduct nobody has classified is %s", c.Classification())
	}
	_, err := c.Classify(casework.ConductDecision{Classification: casework.ConductHarassment}, today)
	wantRule(t, "harassment without a reason", err, "CONDUCT_WHY_NOT_STALKING")
	_, err = c.Classify(casework.ConductDecision{Classification: casework.ConductStalking}, today)
	wantInput(t, "stalking without a reason", err, "input.reason")
	_, err = c.Classify(casework.ConductDecision{}, today)
	wantInput(t, "no classification", err, "input.classification")
	_, err = c.Classify(casework.ConductDecision{Classification: casework.ConductStalking, Reason: "fixated", DecidedOn: today + 1}, today)
	wantInput(t, "tomorrow's decision", err, "input.decidedOn")
}

func TestTheLatestClassificationHolds(t *testing.T) {
	c := opened(t)
	for _, decision := range []casework.ConductDecision{
		{Classification: casework.ConductHarassment, Reason: "one act, and no fixation seen", DecidedOn: today - 5},
		{Classification: casework.ConductStalking, Reason: "fixated, unwanted, repeated"},
		{Classification: casework.ConductNeither, Reason: "first view", DecidedOn: today - 9},
	} {
		var err error
		if c, err = c.Classify(decision, today); err != nil {
			t.Fatal(err)
		}
	}
	if c.Classification() != casework.ConductStalking || len(c.Conduct) != 3 {
		t.Errorf("the conduct is %s of %d decisions", c.Classification(), len(c.Conduct))
	}
}

func TestOfOneDayTheClassificationRecordedLastHolds(t *testing.T) {
	c := opened(t)
	c.Conduct = []casework.ConductDecision{
		{Classification: casework.ConductNeither, DecidedOn: today},
		{Classification: casework.ConductStalking, DecidedOn: today},
	}
	if c.Classification() != casework.ConductStalking {
		t.Errorf("the conduct is %s", c.Classification())
	}
}

func TestNoCaseClosesWithoutAPlan(t *testing.T) {
	c := opened(t)
	_, err := c.Close(risk.Plan{Case: "case_1"}, today)
	wantRule(t, "an empty plan", err, "R6")
	_, err = c.Close(risk.Plan{Case: "case_2", Items: []risk.PlanItem{{ID: "i"}}}, today)
	wantRule(t, "another case's plan", err, "R6")

	closed, err := c.Close(risk.Plan{Case: "case_1", Items: []risk.PlanItem{{ID: "i"}}}, today)
	if err != nil || closed.Status != casework.CaseClosed || closed.ClosedOn != today {
		t.Fatalf("closed as %+v, %v", closed, err)
	}
	_, err = closed.AddParty(casework.Party{ID: "x", Role: casework.Child}, today)
	wantRule(t, "a party to a closed case", err, "CASE_STATUS")
	_, err = closed.Close(risk.Plan{Case: "case_1", Items: []risk.PlanItem{{ID: "i"}}}, today)
	wantRule(t, "closing a closed case", err, "CASE_STATUS")
	_, err = closed.Assign(sharing.Practitioner{ID: "p", Agency: "agency_police"}, now)
	wantRule(t, "an assignment to a closed case", err, "CASE_STATUS")

	reopened, err := closed.Reopen()
	if err != nil || reopened.Status != casework.CaseOpen || !reopened.ClosedOn.IsZero() {
		t.Errorf("reopened as %+v, %v", reopened, err)
	}
	_, err = reopened.Reopen()
	wantRule(t, "reopening an open case", err, "CASE_STATUS")
}
