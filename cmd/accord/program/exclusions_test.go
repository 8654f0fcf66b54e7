package program_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/domain/marac"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/demo"
	"accord/internal/procedures"
)

// listed is a case of the next meeting, as its coordinator reads it: an officer whose
// team is supervised, an advocate and four others work on it.
type listed struct {
	id, reference, victim string
	family                []string // ids of everything of it
}

func listedCase(t *testing.T, s *stage.Stage) listed {
	t.Helper()
	id, coordinator := firstListed(t, s)
	read, err := coordinator.CaseByID(t.Context(), id)
	must(t, err)
	answer := askedFor(t, s, "coord.ellis", "", `query($id: ID!) { node(id: $id) { ... on Case { actions { id } plan { id } currentAssessment { id } courseOfConduct { incidents { id } } referrals { id } } } }`,
		map[string]any{"id": id})
	return listed{id, read.Reference, read.Victim().ID, append(idOf.FindAllString(answer, -1), id)}
}

var idOf = regexp.MustCompile(`[a-z]+_[0-9a-z]{26}`)

// askedFor asks with a purpose declared; empty: with none.
func askedFor(t *testing.T, s *stage.Stage, login, purpose, query string, variables map[string]any) string {
	t.Helper()
	header := map[string]string{}
	if purpose != "" {
		header["Accord-Purpose"] = purpose
	}
	// A token of the stage is good for an hour from its start, whatever its clock shows.
	now := s.Clock.Now().Unix()
	token, err := s.SignIn().Provider.Mint(demo.AgencyOf(login), func(_, claims map[string]any) {
		claims["sub"], claims["iat"], claims["nbf"], claims["exp"] = login, now-60, now-60, now+600
	})
	must(t, err)
	return string(post(t, s, letter{token: token, header: header, body: question(t, query, variables)}).Body)
}

// told are the kinds of the alerts that somebody has not yet acknowledged, sorted, with
// whether they reach the case that each is about.
func told(t *testing.T, s *stage.Stage, login string) []string {
	t.Helper()
	var read struct {
		Data struct {
			Alerts struct {
				Edges []struct {
					Node struct {
						Kind string
						Case *struct{ ID string }
					}
				}
			}
		}
	}
	answer := askedFor(t, s, login, "", `{ alerts(open: true, first: 100) { edges { node { kind case { id } } } } }`, nil)
	if err := json.Unmarshal([]byte(answer), &read); err != nil || strings.Contains(answer, `"errors"`) {
		t.Fatalf("%v: %s", err, answer)
	}
	kinds := []string{}
	for _, edge := range read.Data.Alerts.Edges {
		kind := edge.Node.Kind
		if edge.Node.Case == nil {
			kind += " of no case that is there"
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

func mustBeTold(t *testing.T, s *stage.Stage, login string, want ...string) {
	t.Helper()
	if got := told(t, s, login); !slices.Equal(got, want) {
		t.Errorf("%s is told %q, want %q", login, got, want)
	}
}

// mustNotBeThere asks for everything of a case by every way there is: it answers as
// what never was.
func mustNotBeThere(t *testing.T, s *stage.Stage, login string, of listed) {
	t.Helper()
	const node, byReference = `query($x: ID!) { node(id: $x) { id } }`, `query($x: String!) { case(reference: $x) { id victim { name } } }`
	never := askedFor(t, s, login, "", node, map[string]any{"x": "case_" + strings.Repeat("0", 26)})
	for _, id := range of.family {
		if answer := askedFor(t, s, login, "", node, map[string]any{"x": id}); answer != never {
			t.Errorf("%s asks for %s and reads %s", login, id, answer)
		}
	}
	never = askedFor(t, s, login, "", byReference, map[string]any{"x": "ACC-0000-0000"})
	if answer := askedFor(t, s, login, "", byReference, map[string]any{"x": of.reference}); answer != never {
		t.Errorf("%s asks by reference and reads %s", login, answer)
	}
	for _, list := range []string{
		`{ cases(first: 100) { totalCount edges { node { id actions { id } } } } }`, `{ actions(first: 100) { totalCount edges { node { id case { id } } } } }`,
		`{ meetings(first: 100) { edges { node { list { id case { id } } } } } }`, `{ alerts(first: 100) { edges { node { kind case { id } } } } }`,
	} {
		body := askedFor(t, s, login, "", list, nil)
		for _, id := range of.family {
			if strings.Contains(body, id) {
				t.Errorf("%s finds %s in %s", login, id, list)
			}
		}
		if strings.Contains(body, `"errors"`) {
			t.Errorf("%s asks %s and reads %s", login, list, body)
		}
	}
}

func mustReach(t *testing.T, s *stage.Stage, login string, of listed) {
	t.Helper()
	if answer := askedFor(t, s, login, "", `query($x: ID!) { node(id: $x) { id } }`, map[string]any{"x": of.id}); !strings.Contains(answer, `"id":"`+of.id) {
		t.Errorf("%s does not reach the case: %s", login, answer)
	}
}

// mustRefuse asks for a change that a rule refuses: the answer names code and rule, the
// attempt is entered with it, and nothing of what the observer reads has changed.
func mustRefuse(t *testing.T, s *stage.Stage, refused refusedChange) {
	t.Helper()
	observe := `query($id: ID!) { node(id: $id) { ... on Case { version exclusions { id version details { kind liftedAt } } emergencyAccess { id version reviewedAt } reveals { id } actions { id version assignee { id } } victim { outwardPostcode contactMethod previousOutwardPostcodes } } } }`
	before := askedFor(t, s, "coord.ellis", "", observe, map[string]any{"id": refused.of.id})
	if !strings.Contains(before, `"version"`) {
		t.Fatalf("the observer reads nothing: %s", before)
	}
	var answer string
	entries := written(t, s, func() {
		answer = askedFor(t, s, refused.login, refused.purpose, refused.query, map[string]any{"input": refused.input})
	})
	if !strings.Contains(answer, `"code":"`+refused.code+`"`) || !strings.Contains(answer, refused.rule) || strings.Contains(answer, planted) {
		t.Errorf("%s: answered %s", refused.name, answer)
	}
	rule := refused.rule
	if rule == "" || refused.code == "BAD_USER_INPUT" {
		rule = refused.code
	}
	if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
		return string(e.Person) == s.Capacity(t, refused.login).Person && (e.Outcome == audit.Refused && string(e.Rule) == rule || refused.code == "NOT_FOUND" && e.Outcome == audit.NotFound)
	}) {
		t.Errorf("%s: entered %+v", refused.name, entries)
	}
	if after := askedFor(t, s, "coord.ellis", "", observe, map[string]any{"id": refused.of.id}); after != before {
		t.Errorf("%s changed %s\nto %s", refused.name, before, after)
	}
}

type refusedChange struct {
	of                          listed
	name, login, purpose, query string
	input                       map[string]any
	code, rule                  string // rule of a RULE_VIOLATION, constraint of bad input
}

const (
	declareConflict = `mutation($input: DeclareConflictInput!) { declareConflict(input: $input) { viewer { id } } }`
	setExclusion    = `mutation($input: SetExclusionInput!) { setExclusion(input: $input) { exclusion { id version details { kind } } } }`
	liftExclusion   = `mutation($input: LiftExclusionInput!) { liftExclusion(input: $input) { exclusion { version details { liftedBy { name } } } } }`
)

// undertakes has an officer undertake something for the case.
func undertakes(t *testing.T, s *stage.Stage, of listed, login string) string {
	t.Helper()
	coordinator := s.As(t, "coord.ellis")
	action, err := procedures.AgreeAction(t.Context(), coordinator, marac.Action{
		Case: of.id, Description: "Ask the neighbours", Owner: s.Capacity(t, login).Agency, Assignee: s.Capacity(t, login).Person,
		DueOn: coordinator.Today().AddDays(3),
	})
	must(t, err)
	return action
}

func assigneeOf(t *testing.T, s *stage.Stage, action string) string {
	t.Helper()
	held, err := s.As(t, "coord.ellis").LoadAction(t.Context(), action)
	must(t, err)
	return held.Value.Assignee
}

func TestWhoDeclaresAConflictHasNeverSeenTheCaseAndTheirDutiesPass(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	action := undertakes(t, s, of, "pc.ahmed")
	of.family = append(of.family, action)
	mustReach(t, s, "pc.ahmed", of)
	var answer string
	entries := written(t, s, func() {
		answer = askedFor(t, s, "pc.ahmed", "", declareConflict, map[string]any{"input": map[string]any{"caseId": of.id, "reason": "RELATIVE"}})
	})
	if want := `{"data":{"declareConflict":{"viewer":{"id":"` + s.Capacity(t, "pc.ahmed").Person + `"}}}}`; answer != want {
		t.Errorf("answered %s", answer)
	}
	changed := slices.IndexFunc(entries, func(e audit.Entry) bool { return e.Action == "declareConflict" && e.Operation == audit.Alteration })
	if changed < 0 || entries[changed].Outcome != audit.Done {
		t.Fatalf("entered %+v", entries)
	}
	written := map[string]bool{}
	for _, seen := range entries[changed].Records {
		written[string(seen.Kind)] = true
	}
	for _, kind := range []string{"case", "exclusion", "action"} {
		if !written[kind] {
			t.Errorf("the one change does not write the %s: %q", kind, slices.Sorted(maps.Keys(written)))
		}
	}
	for _, e := range entries {
		for _, seen := range e.Records {
			if e.Person == audit.ID(s.Capacity(t, "pc.ahmed").Person) && string(seen.Record) == of.id && seen.Full != 0 {
				t.Errorf("to declare a conflict is to look: %+v", e)
			}
		}
	}
	mustNotBeThere(t, s, "pc.ahmed", of)
	if heir := assigneeOf(t, s, action); heir != s.Capacity(t, "insp.cole").Person {
		t.Errorf("the duty passed to %q", heir)
	}
	mustReach(t, s, "insp.cole", of)
	mustBeTold(t, s, "insp.cole", "CONFLICT_DECLARED", "DUTIES_PASSED")
	mustBeTold(t, s, "coord.ellis")
	mustBeTold(t, s, "pc.ahmed")
	for _, login := range []string{"coord.ellis", "idva.byrne", "ds.reid", "dpo.grant"} {
		mustReach(t, s, login, of)
	}
}

func TestAnybodyWhoReachesACaseDeclaresAConflict(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	for _, login := range []string{"dpo.grant", "chair.novak", "isac.moss", "insp.cole", "coord.ellis"} {
		must(t, procedures.DeclareConflict(t.Context(), s.As(t, login), of.id, sharing.BecauseFriend))
		mustNotBeThere(t, s, login, of)
	}
	for name, login := range map[string]string{"who never reached it": "pc.ward", "who declared it already": "chair.novak"} {
		if err := procedures.DeclareConflict(t.Context(), s.As(t, login), of.id, sharing.BecauseFriend); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Two changes of one operation: the second does not reach what the first gave up.
func TestAConflictHoldsWithinTheOperationThatDeclaresIt(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	answer := askedFor(t, s, "ds.reid", "", `mutation($one: DeclareConflictInput!, $two: RecordItemInput!) {
		declareConflict(input: $one) { viewer { id } } recordItem(input: $two) { item { id } } }`, map[string]any{
		"one": map[string]any{"caseId": of.id, "reason": "HOUSEHOLD"},
		"two": map[string]any{"caseId": of.id, "kind": "INTELLIGENCE", "basis": "FACT", "text": "Seen near the school."},
	})
	if !strings.Contains(answer, `"code":"NOT_FOUND"`) || !strings.Contains(answer, `"recordItem":null`) {
		t.Errorf("answered %s", answer)
	}
}

// Where nobody supervises, a colleague on the case takes over; where there is none, the
// duty is nobody's and the coordinator is told.
func TestADutyThatNobodyInheritsIsTheCoordinatorsToSeeTo(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	action := undertakes(t, s, of, "idva.byrne")
	must(t, procedures.DeclareConflict(t.Context(), s.As(t, "idva.byrne"), of.id, sharing.BecauseFriend))
	if heir := assigneeOf(t, s, action); heir != "" {
		t.Errorf("the duty passed to %q", heir)
	}
	answer := askedFor(t, s, "coord.ellis", "", `query($id: ID!) { node(id: $id) { ... on Action { assignee { id } } } }`, map[string]any{"id": action})
	if !strings.Contains(answer, `"assignee":null`) {
		t.Errorf("the coordinator reads %s", answer)
	}
	mustBeTold(t, s, "coord.ellis", "CONFLICT_DECLARED", "DUTIES_PASSED")
	colleague := undertakes(t, s, of, "ds.reid")
	_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: of.id, Person: s.Capacity(t, "ds.reid").Person, Kind: sharing.ExcludedFrom, Reason: sharing.BecauseColleague,
	})
	must(t, err)
	if heir := assigneeOf(t, s, colleague); heir != s.Capacity(t, "pc.ahmed").Person {
		t.Errorf("the duty of the colleague passed to %q", heir)
	}
	mustBeTold(t, s, "pc.ahmed", "DUTIES_PASSED")
}

func TestTheCoordinatorSetsAnExclusionAndLiftsIt(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	officer := s.Capacity(t, "pc.ahmed").Person
	set := askedFor(t, s, "coord.ellis", "", setExclusion, map[string]any{"input": map[string]any{
		"caseId": of.id, "practitionerId": officer, "kind": "EXCLUDED_FROM", "reason": "FRIEND",
	}})
	exclusion := strings.Trim(regexp.MustCompile(`"exclusion_[0-9a-z]{26}"`).FindString(set), `"`)
	if exclusion == "" {
		t.Fatalf("answered %s", set)
	}
	of.family = append(of.family, exclusion)
	mustNotBeThere(t, s, "pc.ahmed", of)
	mustBeTold(t, s, "insp.cole", "EXCLUSION_SET")
	for name, refused := range map[string]refusedChange{
		"set twice":           {login: "coord.ellis", query: setExclusion, input: map[string]any{"caseId": of.id, "practitionerId": officer, "kind": "EXCLUDED_FROM", "reason": "FRIEND"}, code: "CONFLICT"},
		"of a wrong version":  {login: "coord.ellis", query: liftExclusion, input: map[string]any{"exclusionId": exclusion, "reason": "They have never met each other.", "expectedVersion": 9}, code: "CONFLICT"},
		"without a reason":    {login: "coord.ellis", query: liftExclusion, input: map[string]any{"exclusionId": exclusion, "reason": strings.Repeat("aaaa ", 4), "expectedVersion": 1}, code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
		"by the auditor":      {login: "dpo.grant", query: liftExclusion, input: map[string]any{"exclusionId": exclusion, "reason": "They have never met each other.", "expectedVersion": 1}, code: "FORBIDDEN"},
		"by whom it is about": {login: "pc.ahmed", query: liftExclusion, input: map[string]any{"exclusionId": exclusion, "reason": "They have never met each other.", "expectedVersion": 1}, code: "NOT_FOUND"},
		"by a colleague":      {login: "ds.reid", query: liftExclusion, input: map[string]any{"exclusionId": exclusion, "reason": "They have never met each other.", "expectedVersion": 1}, code: "NOT_FOUND"},
	} {
		refused.of, refused.name = of, name
		mustRefuse(t, s, refused)
	}
	lift := map[string]any{"input": map[string]any{"exclusionId": exclusion, "reason": "They have never met each other.", "expectedVersion": 1}}
	if answer := askedFor(t, s, "coord.ellis", "", liftExclusion, lift); answer != `{"data":{"liftExclusion":{"exclusion":{"version":2,"details":{"liftedBy":{"name":"Gwen Ellis"}}}}}}` {
		t.Errorf("answered %s", answer)
	}
	mustNotBeThere(t, s, "pc.ahmed", listed{of.id, of.reference, of.victim, nil}) // not excluded, and no longer assigned
	must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "coord.ellis"), of.id, officer))
	mustReach(t, s, "pc.ahmed", of)
}

func TestASupervisorKeepsSomebodyOfTheTeamOutAndDoesNotReadTheRecord(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	input := map[string]any{"caseId": of.id, "practitionerId": s.Capacity(t, "pc.ahmed").Person, "kind": "EXCLUDED_FROM", "reason": "RELATIVE"}
	if answer := askedFor(t, s, "insp.cole", "", setExclusion, map[string]any{"input": input}); answer != `{"data":{"setExclusion":{"exclusion":null}}}` {
		t.Errorf("answered %s", answer)
	}
	mustNotBeThere(t, s, "pc.ahmed", of)
	mustReach(t, s, "insp.cole", of)
	mustBeTold(t, s, "insp.cole")
}

func TestWhomAnExclusionCannotBeAbout(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	person := func(login string) string { return s.Capacity(t, login).Person }
	for name, c := range map[string]struct{ login, person, kind, code, rule string }{
		"herself":                                  {"coord.ellis", person("coord.ellis"), "EXCLUDED_FROM", "RULE_VIOLATION", "EXCLUSION_OWN"},
		"an officer himself":                       {"pc.ahmed", person("pc.ahmed"), "EXCLUDED_FROM", "RULE_VIOLATION", "EXCLUSION_OWN"},
		"the case kept to herself":                 {"coord.ellis", person("coord.ellis"), "RESTRICTED_TO", "RULE_VIOLATION", "EXCLUSION_OWN"},
		"an officer hides the case":                {"pc.ahmed", person("pc.ahmed"), "RESTRICTED_TO", "FORBIDDEN", ""},
		"an officer shuts a colleague out":         {"pc.ahmed", person("ds.reid"), "EXCLUDED_FROM", "FORBIDDEN", ""},
		"a supervisor, of another team":            {"insp.cole", person("ds.reid"), "EXCLUDED_FROM", "FORBIDDEN", ""},
		"a supervisor keeps the case to the team":  {"insp.cole", person("pc.ahmed"), "RESTRICTED_TO", "FORBIDDEN", ""},
		"the auditor":                              {"coord.ellis", person("dpo.grant"), "EXCLUDED_FROM", "RULE_VIOLATION", "EXCLUSION_OVERSIGHT"},
		"kept to the auditor, who is not assigned": {"coord.ellis", person("dpo.grant"), "RESTRICTED_TO", "RULE_VIOLATION", "RESTRICTED_TO_ASSIGNED"},
		"kept to a stranger":                       {"coord.ellis", person("pc.ward"), "RESTRICTED_TO", "RULE_VIOLATION", "RESTRICTED_TO_ASSIGNED"},
		"nobody":                                   {"coord.ellis", planted, "EXCLUDED_FROM", "BAD_USER_INPUT", "known"},
		"who never reached it":                     {"pc.ward", person("pc.ahmed"), "EXCLUDED_FROM", "NOT_FOUND", ""},
	} {
		mustRefuse(t, s, refusedChange{of: of, name: name, login: c.login, query: setExclusion, input: map[string]any{
			"caseId": of.id, "practitionerId": c.person, "kind": c.kind, "reason": "COLLEAGUE",
		}, code: c.code, rule: c.rule})
	}
}

// A party works for a member agency: the case is kept to who works on it, and every
// colleague of theirs, the chair, the table and oversight reach nothing of it.
func TestAnEmployeeCaseIsThereForWhoIsNamedAlone(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	set := askedFor(t, s, "coord.ellis", "", setExclusion, map[string]any{"input": map[string]any{
		"caseId": of.id, "practitionerId": s.Capacity(t, "idva.byrne").Person, "kind": "RESTRICTED_TO", "reason": "EMPLOYEE_CASE",
	}})
	exclusion := strings.Trim(regexp.MustCompile(`"exclusion_[0-9a-z]{26}"`).FindString(set), `"`)
	if exclusion == "" {
		t.Fatalf("answered %s", set)
	}
	// How the case is used is the auditor's to look at still, and nothing that it says.
	if told := askedFor(t, s, "dpo.grant", "", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": exclusion}); !strings.Contains(told, exclusion) {
		t.Errorf("the auditor is answered %s", told)
	}
	mustNotBeThere(t, s, "dpo.grant", of)
	hidden := of
	hidden.family = append(slices.Clone(of.family), exclusion)
	for _, login := range []string{
		"pc.ahmed", "ds.reid", "insp.cole", "spoc.hart", "po.singh", "mappa.okoro", "hv.osei", "sw.duffy", "isac.moss", "pros.lane",
		"spoc.vale", "chair.novak", "pc.ward", "sys.kerr",
	} {
		mustNotBeThere(t, s, login, hidden)
	}
	mustReach(t, s, "idva.byrne", of)
	mustReach(t, s, "coord.ellis", of)
	if _, err := procedures.TakeEmergencyAccess(t.Context(), s.As(t, "pc.ward"), procedures.EmergencyRequest{
		Reference: of.reference, Reason: "He has a knife and is on his way to her door.", Lasting: 3600e9,
	}); !fault.Is(err, fault.NotFound) {
		t.Errorf("emergency access crosses a restriction: %v", err)
	}
	mustBeTold(t, s, "dpo.grant", "EXCLUSION_SET of no case that is there")
	mustBeTold(t, s, "idva.byrne") // nothing was taken
	if answer := askedFor(t, s, "coord.ellis", "", liftExclusion, map[string]any{"input": map[string]any{
		"exclusionId": exclusion, "reason": "She has left the agency for good.", "expectedVersion": 1,
	}}); !strings.Contains(answer, `"version":2`) {
		t.Errorf("answered %s", answer)
	}
	for _, login := range []string{"pc.ahmed", "insp.cole", "po.singh", "chair.novak", "dpo.grant"} {
		mustReach(t, s, login, of)
	}
}

// Two restrictions: lifting one keeps the case to the other's, lifting both opens it.
func TestARestrictionLastsUntilTheLastIsLifted(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	restrict := func(login string) string {
		set, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
			Case: of.id, Person: s.Capacity(t, login).Person, Kind: sharing.RestrictedTo, Reason: sharing.BecauseEmployeeCase,
		})
		must(t, err)
		return set.ID
	}
	lift := func(exclusion string) {
		held, err := s.As(t, "coord.ellis").LoadExclusion(t.Context(), exclusion)
		must(t, err)
		_, err = procedures.LiftExclusion(t.Context(), s.As(t, "coord.ellis"), procedures.ExclusionLifting{
			Exclusion: exclusion, Reason: "She has left the agency for good.", ExpectedVersion: held.Version(),
		})
		must(t, err)
	}
	first, second := restrict("idva.byrne"), restrict("sw.duffy")
	lift(first)
	mustNotBeThere(t, s, "idva.byrne", of)
	mustReach(t, s, "sw.duffy", of)
	mustReach(t, s, "coord.ellis", of)
	lift(second)
	mustReach(t, s, "idva.byrne", of)
}

// The last coordinator who is named does not leave a case behind that nobody lifts.
func TestARestrictedCaseIsNeverLeftToNobody(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	_, err := procedures.SetExclusion(t.Context(), s.As(t, "coord.ellis"), sharing.Exclusion{
		Case: of.id, Person: s.Capacity(t, "idva.byrne").Person, Kind: sharing.RestrictedTo, Reason: sharing.BecauseEmployeeCase,
	})
	must(t, err)
	must(t, procedures.DeclareConflict(t.Context(), s.As(t, "idva.byrne"), of.id, sharing.BecauseFriend))
	mustReach(t, s, "coord.ellis", of)
	if err := procedures.DeclareConflict(t.Context(), s.As(t, "coord.ellis"), of.id, sharing.BecauseFriend); fault.Of(err) == nil || fault.Of(err).Rule != "CASE_UNREACHED" {
		t.Errorf("the last who reaches it leaves: %v", err)
	}
	chair, _ := s.Program.Records().Directory().Practitioner(s.Capacity(t, "chair.novak").Person)
	chair.Roles = append(chair.Roles, "MARAC_COORDINATOR")
	must(t, procedures.EnrolPractitioner(t.Context(), s.As(t, "sys.kerr"), chair))
	mustNotBeThere(t, s, "chair.novak", of)
	must(t, procedures.DeclareConflict(t.Context(), s.As(t, "coord.ellis"), of.id, sharing.BecauseFriend))
	mustReach(t, s, "chair.novak", of)
	mustNotBeThere(t, s, "coord.ellis", of)
}
