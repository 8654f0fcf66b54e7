package program_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/procedures"
)

const (
	takeEmergency = `mutation($input: TakeEmergencyAccessInput!) { takeEmergencyAccess(input: $input) { access { id reason until reviewDueOn reviewedAt } } }`
	reviewAccess  = `mutation($input: ReviewEmergencyAccessInput!) { reviewEmergencyAccess(input: $input) { access { justified review version } } }`
	lifeAtRisk    = "He has a knife and is on his way to her door."
)

func emergency(reference string) map[string]any {
	return map[string]any{"input": map[string]any{"reference": reference, "reason": lifeAtRisk, "minutes": 60}}
}

// takes has somebody take access, and returns its id.
func takes(t *testing.T, s *stage.Stage, login string, of listed) string {
	t.Helper()
	var read struct {
		Data struct {
			TakeEmergencyAccess struct{ Access struct{ ID string } }
		}
	}
	answer := askedFor(t, s, login, "", takeEmergency, emergency(of.reference))
	if err := json.Unmarshal([]byte(answer), &read); err != nil || read.Data.TakeEmergencyAccess.Access.ID == "" {
		t.Fatalf("%v: %s", err, answer)
	}
	return read.Data.TakeEmergencyAccess.Access.ID
}

func TestEmergencyAccessOpensACaseAtOnceAndEndsByTheClock(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	const look = `query($reference: String!) { case(reference: $reference) { id victim { name } courseOfConduct { incidents { id } } } }`
	mustNotBeThere(t, s, "pc.ward", of)
	never := askedFor(t, s, "pc.ward", "", look, map[string]any{"reference": "ACC-0000-0000"})
	var answer string
	entries := written(t, s, func() { answer = askedFor(t, s, "pc.ward", "", takeEmergency, emergency(of.reference)) })
	body := answer
	if !strings.Contains(body, `"reason":"`+lifeAtRisk+`"`) || !strings.Contains(body, `"until":"2026-03-02T10:30:00Z"`) || !strings.Contains(body, `"reviewDueOn":"2026-03-03"`) {
		t.Errorf("answered %s", body)
	}
	if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
		return e.Action == "takeEmergencyAccess" && e.Operation == audit.Collection && e.Outcome == audit.Done &&
			slices.ContainsFunc(e.Records, func(r audit.RecordSeen) bool { return r.Kind == "emergency" })
	}) {
		t.Errorf("entered %+v", entries)
	}
	// Whoever answers for the case, and oversight, are told at once; nobody else is.
	for _, login := range []string{"pc.ahmed", "insp.cole", "idva.byrne", "ds.reid", "po.singh", "hv.osei", "sw.duffy"} {
		mustBeTold(t, s, login, "EMERGENCY_ACCESS")
	}
	mustBeTold(t, s, "dpo.grant", "EMERGENCY_ACCESS", "EMERGENCY_REVIEW_DUE")
	mustBeTold(t, s, "spoc.hart")
	mustBeTold(t, s, "pc.ward")

	entries = written(t, s, func() { answer = askedFor(t, s, "pc.ward", "", look, map[string]any{"reference": of.reference}) })
	if !strings.Contains(answer, "Marianne Aldous") {
		t.Errorf("under the access she reads %s", answer)
	}
	if len(entries) != 1 || entries[0].Purpose != authz.Emergency {
		t.Errorf("a look under emergency access is entered as %+v", entries)
	}
	s.Clock.Set(stage.Start.Add(time.Hour - time.Second))
	mustReach(t, s, "pc.ward", of)
	s.Clock.Set(stage.Start.Add(time.Hour))
	if answer := askedFor(t, s, "pc.ward", "", look, map[string]any{"reference": of.reference}); answer != never {
		t.Errorf("when it has ended she reads %s", answer)
	}
	mustNotBeThere(t, s, "pc.ward", of)
}

// Those who reach the case by their work look at it for their work, whoever else has
// taken access to it.
func TestALookByAnotherRelationIsNoEmergency(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	takes(t, s, "pc.ward", of)
	entries := written(t, s, func() { mustReach(t, s, "pc.ahmed", of) })
	if len(entries) != 1 || entries[0].Purpose != authz.Investigation {
		t.Errorf("entered %+v", entries)
	}
}

func TestEmergencyAccessOpensNoAdvocatesNote(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	note, err := procedures.RecordItem(t.Context(), s.As(t, "idva.byrne"), procedures.ItemRecording{
		Case: of.id, Kind: sharing.AdvocateNote, Basis: sharing.Fact, Text: "She has told nobody else of it.",
	})
	must(t, err)
	takes(t, s, "pc.ward", of)
	mustNotBeThere(t, s, "pc.ward", listed{reference: "ACC-0000-0000", family: []string{note.ID}})
}

func TestEmergencyAccessNeverCrossesAnExclusion(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	never := askedFor(t, s, "pc.ahmed", "", takeEmergency, emergency("ACC-0000-0000"))
	must(t, procedures.DeclareConflict(t.Context(), s.As(t, "pc.ahmed"), of.id, sharing.BecauseFriend))
	if answer := askedFor(t, s, "pc.ahmed", "", takeEmergency, emergency(of.reference)); answer != never {
		t.Errorf("who is excluded asks for access and reads %s", answer)
	}
	// Nor does access that is taken already.
	takes(t, s, "pc.ward", of)
	_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: of.id, Person: s.Capacity(t, "pc.ward").Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseRelative,
	})
	must(t, err)
	mustNotBeThere(t, s, "pc.ward", of)
}

func TestEmergencyAccessThatIsRefused(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	for name, c := range map[string]struct {
		login, reason string
		minutes       int
		code, rule    string
	}{
		"without a reason":          {"pc.ward", "", 60, "RULE_VIOLATION", "REASON_OF_SUBSTANCE"},
		"with a reason of nothing":  {"pc.ward", strings.Repeat("aaaa ", 5), 60, "RULE_VIOLATION", "REASON_OF_SUBSTANCE"},
		"with a book":               {"pc.ward", strings.Repeat(planted+" ", 4000/len(planted)), 60, "BAD_USER_INPUT", "maxLength"},
		"for five hours":            {"pc.ward", lifeAtRisk, 300, "RULE_VIOLATION", "EMERGENCY_LENGTH"},
		"for no time":               {"pc.ward", lifeAtRisk, 0, "BAD_USER_INPUT", "min"},
		"for less":                  {"pc.ward", lifeAtRisk, -60, "BAD_USER_INPUT", "min"},
		"for longer than time":      {"pc.ward", lifeAtRisk, 1<<31 - 1, "RULE_VIOLATION", "EMERGENCY_LENGTH"},
		"to a case reached already": {"pc.ahmed", lifeAtRisk, 60, "RULE_VIOLATION", "EMERGENCY_REACHED"},
		"by a prosecutor":           {"spoc.vale", lifeAtRisk, 60, "NOT_FOUND", ""},
		"by the administrator":      {"sys.kerr", lifeAtRisk, 60, "NOT_FOUND", ""},
	} {
		refused := refusedChange{of: of, name: name, login: c.login, query: takeEmergency, code: c.code, rule: c.rule}
		for _, reference := range []string{of.reference, "ACC-0000-0000"} {
			refused.input = map[string]any{"reference": reference, "reason": c.reason, "minutes": c.minutes}
			if c.rule != "EMERGENCY_REACHED" || reference == of.reference {
				mustRefuse(t, s, refused)
			}
		}
		if c.rule != "EMERGENCY_REACHED" {
			there := map[string]any{"input": map[string]any{"reference": of.reference, "reason": c.reason, "minutes": c.minutes}}
			absent := map[string]any{"input": map[string]any{"reference": "ACC-0000-0000", "reason": c.reason, "minutes": c.minutes}}
			if a, b := askedFor(t, s, c.login, "", takeEmergency, there), askedFor(t, s, c.login, "", takeEmergency, absent); a != b {
				t.Errorf("%s: a refusal tells whether there is such a case: %s, %s", name, a, b)
			}
		}
	}
	mustBeTold(t, s, "dpo.grant")
	mustBeTold(t, s, "pc.ahmed")
}

// What an area allows is its policy of the day: less is given as less, none as if there
// were no case.
func TestAnAreaAllowsLessOrNone(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	administrator := s.As(t, "sys.kerr")
	area := s.Capacity(t, "coord.ellis").Areas[0]
	first, known := s.Program.Records().Directory().PolicyOn(area, administrator.Today())
	if !known {
		t.Fatal("the area has no policy")
	}
	less, none := first, first
	less.Version, less.From, less.EmergencyMinutes = 2, administrator.Today().AddDays(1), 15
	none.Version, none.From, none.EmergencyMinutes = 3, administrator.Today().AddDays(2), 0
	must(t, procedures.SetAreaPolicy(t.Context(), administrator, sharing.Area{ID: area, Reference: "northmoor", Name: "Northmoor"}, first, less, none))
	s.Clock.Set(stage.Start.AddDate(0, 0, 1))
	if answer := askedFor(t, s, "pc.ward", "", takeEmergency, emergency(of.reference)); !strings.Contains(answer, `"until":"2026-03-03T09:45:00Z"`) {
		t.Errorf("answered %s", answer)
	}
	s.Clock.Set(stage.Start.AddDate(0, 0, 2))
	never := askedFor(t, s, "pc.ward", "", takeEmergency, emergency("ACC-0000-0000"))
	if answer := askedFor(t, s, "pc.ward", "", takeEmergency, emergency(of.reference)); answer != never {
		t.Errorf("an area that allows none answers %s", answer)
	}
}

func TestNobodyHoldsEmergencyAccessToMoreThanEightCases(t *testing.T) {
	s := stage.New(t, stage.Options{})
	var references []string
	officer := s.As(t, "pc.ahmed")
	for n := range 9 {
		opened, err := procedures.OpenCase(t.Context(), officer, openingOf(officer, fmt.Sprintf("Nobody Number%d", n)))
		must(t, err)
		references = append(references, opened.Reference)
	}
	for n, reference := range references {
		_, err := procedures.TakeEmergencyAccess(t.Context(), s.As(t, "pc.ward"), procedures.EmergencyRequest{Reference: reference, Reason: lifeAtRisk, Lasting: time.Hour})
		if n < 8 {
			must(t, err)
		} else if fault.Of(err) == nil || fault.Of(err).Rule != "EMERGENCY_COUNT" {
			t.Errorf("the ninth: %v", err)
		}
	}
	s.Clock.Set(stage.Start.Add(time.Hour))
	_, err := procedures.TakeEmergencyAccess(t.Context(), s.As(t, "pc.ward"), procedures.EmergencyRequest{Reference: references[8], Reason: lifeAtRisk, Lasting: time.Hour})
	must(t, err)
}

func TestTheAuditorReviewsEmergencyAccessAndNobodyElseDoes(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	access := takes(t, s, "pc.ward", of)
	review := func(version int, words string) map[string]any {
		return map[string]any{"accessId": access, "justified": true, "review": words, "expectedVersion": version}
	}
	const words = "A neighbour had called about the knife."
	for name, refused := range map[string]refusedChange{
		"by who took it":       {login: "pc.ward", input: review(1, words), code: "FORBIDDEN"},
		"by the coordinator":   {login: "coord.ellis", input: review(1, words), code: "FORBIDDEN"},
		"by an officer":        {login: "pc.ahmed", input: review(1, words), code: "NOT_FOUND"},
		"of a wrong version":   {login: "dpo.grant", input: review(2, words), code: "CONFLICT"},
		"without a word to it": {login: "dpo.grant", input: review(1, "Fine."), code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
	} {
		refused.of, refused.name, refused.query = of, name, reviewAccess
		mustRefuse(t, s, refused)
	}
	if answer := askedFor(t, s, "dpo.grant", "", reviewAccess, map[string]any{"input": review(1, words)}); answer != `{"data":{"reviewEmergencyAccess":{"access":{"justified":true,"review":"`+words+`","version":2}}}}` {
		t.Errorf("answered %s", answer)
	}
	mustRefuse(t, s, refusedChange{of: of, name: "twice", login: "dpo.grant", query: reviewAccess, input: review(2, words), code: "RULE_VIOLATION", rule: "EMERGENCY_REVIEW"})
}

// A review that is late is told once, on the day after it was due, and what was said
// when the access was taken is still there.
func TestAReviewThatIsLateIsToldToTheAuditorsOnce(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	access := takes(t, s, "pc.ward", of)
	chase := func() {
		t.Helper()
		must(t, procedures.ChaseEmergencyReviews(t.Context(), s.Program.Records()))
	}
	first := []string{"EMERGENCY_ACCESS", "EMERGENCY_REVIEW_DUE"}
	for days := range 2 {
		s.Clock.Set(stage.Start.AddDate(0, 0, days))
		chase()
		mustBeTold(t, s, "dpo.grant", first...)
	}
	s.Clock.Set(stage.Start.AddDate(0, 0, 2))
	entries := written(t, s, func() { chase(); chase() })
	mustBeTold(t, s, "dpo.grant", append(slices.Clone(first), "EMERGENCY_REVIEW_OVERDUE")...)
	if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
		return e.Action == "chaseEmergencyReview" && e.System == "emergency chase" && e.Person == ""
	}) {
		t.Errorf("entered %+v", entries)
	}
	answer := askedFor(t, s, "dpo.grant", "", `query($id: ID!) { node(id: $id) { ... on EmergencyAccess { reason version } } }`, map[string]any{"id": access})
	if !strings.Contains(answer, lifeAtRisk) || !strings.Contains(answer, `"version":2`) {
		t.Errorf("the auditor reads %s", answer)
	}
	_, err := procedures.ReviewEmergencyAccess(t.Context(), s.As(t, "dpo.grant"), procedures.EmergencyReview{
		Access: access, Review: "Nobody can say what the danger was.", ExpectedVersion: 2,
	})
	must(t, err)
	s.Clock.Set(stage.Start.AddDate(0, 0, 9))
	chase()
	mustBeTold(t, s, "dpo.grant", append(slices.Clone(first), "EMERGENCY_REVIEW_OVERDUE")...)
}
