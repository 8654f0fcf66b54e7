package program_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/authz"
	"accord/cmd/accord/stage"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/domain/risk"
	"accord/domain/sharing"
	"accord/internal/audit"
	"accord/internal/procedures"
	"accord/internal/records"
)

const (
	searchPeople = `mutation($input: SearchPeopleInput!) { searchPeople(input: $input) {
  hits { likeness case { id reference } person { id role name dateOfBirth aliases phones handles } } contactPoints { id name type } } }`
	toFind   = "A neighbour has named him as the man at her door."
	nobody   = `{"data":{"searchPeople":{"hits":[],"contactPoints":[]}}}`
	northern = "Northmoor MARAC"
)

// personLookedFor asks for somebody by name, and what else is known.
func personLookedFor(name string, more map[string]any) map[string]any {
	input := map[string]any{"names": []string{name}, "reason": toFind}
	maps.Copy(input, more)
	return input
}

// alertsArrive lets the job that delivers alerts have its turn.
func alertsArrive(t *testing.T, s *stage.Stage) {
	t.Helper()
	s.Clock.Set(s.Clock.Now().Add(time.Minute))
	s.TakeTurns(t)
}

func bornOn(day string) map[string]any { return map[string]any{"dateOfBirth": day} }

func searchFor(t *testing.T, s *stage.Stage, login, purpose string, input map[string]any) string {
	t.Helper()
	return askedFor(t, s, login, purpose, searchPeople, map[string]any{"input": input})
}

// perpetratorCase opens a case of a victim nobody asks for and of who harms her.
func perpetratorCase(t *testing.T, s *stage.Stage, login string, perpetrator casework.Identity, more ...casework.Party) string {
	t.Helper()
	session := s.As(t, login)
	opened, err := procedures.OpenCase(t.Context(), session, procedures.CaseOpening{
		Type: casework.DomesticAbuseIntimate, RiskLevel: risk.High, Area: session.Capacity().Areas[0],
		Parties: append([]casework.Party{
			{Role: casework.Victim, Identity: casework.Identity{Name: "Wilhelmina Undertree", DateOfBirth: calendar.NewDate(1990, time.May, 7)}},
			{Role: casework.Perpetrator, Identity: perpetrator, Relationship: casework.ExIntimate, Allegation: casework.Alleged},
		}, more...),
	})
	must(t, err)
	return opened.ID
}

type hit struct {
	Likeness string
	Case     struct{ ID string }
	Person   struct{ ID, Role, Name string }
}

func hitsOf(t *testing.T, answer string) []hit {
	t.Helper()
	var read struct {
		Data   struct{ SearchPeople struct{ Hits []hit } }
		Errors []any
	}
	if err := json.Unmarshal([]byte(answer), &read); err != nil || len(read.Errors) > 0 {
		t.Fatalf("answered %s, %v", answer, err)
	}
	return read.Data.SearchPeople.Hits
}

// Whoever reaches a case finds its people however their names are spelled, by whatever
// else they are known, and by nothing that is not theirs.
func TestSomebodyOfACaseThatIsReachedIsFound(t *testing.T) {
	s := stage.New(t, stage.Options{})
	born := calendar.NewDate(1984, time.March, 9)
	known := map[string]string{}
	for name, identity := range map[string]casework.Identity{
		"english":    {Name: "Catherine Ashworth"},
		"scottish":   {Name: "Euan McTavish"},
		"punjabi":    {Name: "Jaswinder Kaur Dhanjal"},
		"south asia": {Name: "Mohammed Tariq Mehmood", DateOfBirth: born},
		"irish":      {Name: "Siobhán Brennan"},
		"known by": {
			Name: "Ottoline Fairweather", DateOfBirth: born, Aliases: []string{"Olga Vetterling"}, Phones: []string{"07700 900812"},
			Handles: []string{"@night.heron"},
		},
	} {
		known[name] = perpetratorCase(t, s, "pc.ahmed", identity)
	}
	for name, c := range map[string]struct {
		input map[string]any
		want  string // of known; empty: nobody
		like  string
	}{
		"another spelling":               {personLookedFor("Kathryn Ashworth", nil), "english", "POSSIBLE"},
		"family name first":              {personLookedFor("ASHWORTH, Catherine", nil), "english", "POSSIBLE"},
		"Mac for Mc":                     {personLookedFor("Ewan MacTavish", nil), "scottish", "POSSIBLE"},
		"a part left out":                {personLookedFor("Jasvinder Dhanjal", nil), "punjabi", "POSSIBLE"},
		"a name of many spellings":       {personLookedFor("Muhammad Tariq Mahmood", bornOn("1984-03-09")), "south asia", "POSSIBLE"},
		"another day of birth":           {personLookedFor("Muhammad Tariq Mahmood", bornOn("1991-11-30")), "", ""},
		"without accents":                {personLookedFor("Siobhan Brennan", nil), "irish", "POSSIBLE"},
		"a sister's name":                {personLookedFor("Sinead Brennan", nil), "", ""},
		"an alias":                       {personLookedFor("Olga Vetterling", nil), "known by", "POSSIBLE"},
		"one part and the day of birth":  {personLookedFor("Fairweather", bornOn("1984-03-09")), "known by", "POSSIBLE"},
		"a number with its country code": {map[string]any{"phones": []string{"+44 7700 900812"}, "reason": toFind}, "known by", "POSSIBLE"},
		"a handle in capitals":           {map[string]any{"handles": []string{"Night.Heron"}, "reason": toFind}, "known by", "POSSIBLE"},
		"a number and the name":          {personLookedFor("Ottoline Fairweather", map[string]any{"phones": []string{"07700900812"}}), "known by", "LIKELY"},
		"another number":                 {map[string]any{"phones": []string{"07700 900813"}, "reason": toFind}, "", ""},
	} {
		hits := hitsOf(t, searchFor(t, s, "pc.ahmed", "INVESTIGATION", c.input))
		switch {
		case c.want == "" && len(hits) > 0:
			t.Errorf("%s finds %+v", name, hits)
		case c.want != "" && (len(hits) != 1 || hits[0].Case.ID != known[c.want] || hits[0].Person.Role != "PERPETRATOR" || hits[0].Likeness != c.like):
			t.Errorf("%s finds %+v, want %s as %s", name, hits, known[c.want], c.like)
		}
	}
	answer := searchFor(t, s, "coord.ellis", "MARAC_PREP", map[string]any{"handles": []string{"night.heron"}, "reason": toFind})
	for _, shown := range []string{`"name":"Ottoline Fairweather"`, `"aliases":["Olga Vetterling"]`, `"phones":["07700 900812"]`, `"handles":["@night.heron"]`} {
		if !strings.Contains(answer, shown) {
			t.Errorf("the coordinator, who convenes the area, reads %s", answer)
		}
	}
}

// Of a case that is not reached nothing is said but whom to call, whoever works on it
// and however many there are. Who answers for it is told.
func TestOfACaseOfOthersNothingIsSaidButWhomToCall(t *testing.T) {
	s := stage.New(t, stage.Options{})
	asked := personLookedFor("Lysander Quockerwodger", bornOn("1979-08-21"))
	if answer := searchFor(t, s, "pc.ward", "INVESTIGATION", asked); answer != nobody {
		t.Fatalf("nobody is known, and the answer is %s", answer)
	}
	alertsArrive(t, s)
	mustBeTold(t, s, "coord.ellis")
	identity := casework.Identity{Name: "Lysander Quockerwodger", DateOfBirth: calendar.NewDate(1979, time.August, 21), Handles: []string{"CANARYHANDLE"}}
	var first string
	var hidden []string
	for _, login := range []string{"idva.byrne", "ds.reid", "isac.moss"} {
		id := perpetratorCase(t, s, "pc.ahmed", identity)
		must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), id, s.Capacity(t, login).Person))
		read, err := s.As(t, "pc.ahmed").CaseByID(t.Context(), id)
		must(t, err)
		hidden = append(hidden, id, read.Reference, read.Perpetrators()[0].ID, "Quockerwodger", "CANARYHANDLE", "Harbour", "Beacon")
		answer := searchFor(t, s, "pc.ward", "INVESTIGATION", asked)
		if first == "" {
			first = answer
		}
		if answer != first || strings.Count(answer, `"type":"MARAC_COORDINATION"`) != 1 || !strings.Contains(answer, northern) || !strings.Contains(answer, `"hits":[]`) {
			t.Errorf("with a case of %s the answer is %s\nand was %s", login, answer, first)
		}
		for _, word := range hidden {
			if strings.Contains(answer, word) {
				t.Errorf("the answer says %s: %s", word, answer)
			}
		}
	}
	if answer := searchFor(t, s, "pc.ward", "INVESTIGATION", personLookedFor("Lysander Quockerwodger", nil)); answer != nobody {
		t.Errorf("a name alone is answered %s", answer)
	}
	alertsArrive(t, s)
	mustBeTold(t, s, "idva.byrne", "PERSON_SEARCHED", "PERSON_SEARCHED", "PERSON_SEARCHED")
	mustBeTold(t, s, "ds.reid", "PERSON_SEARCHED", "PERSON_SEARCHED")
	mustBeTold(t, s, "pc.ahmed", slices.Repeat([]string{"PERSON_SEARCHED"}, 6)...)
	mustBeTold(t, s, "insp.cole", slices.Repeat([]string{"PERSON_SEARCHED"}, 6)...)
	mustBeTold(t, s, "isac.moss", "PERSON_SEARCHED")
	mustBeTold(t, s, "coord.ellis", slices.Repeat([]string{"PERSON_SEARCHED"}, 6)...)
	mustBeTold(t, s, "pc.ward")
	for _, login := range []string{"pc.ward", "hv.osei"} {
		for _, id := range hidden {
			if anID.MatchString(id) {
				mustNotBeThere(t, s, login, listed{id: id, reference: "ACC-0000-0000", family: []string{id}})
			}
		}
	}
}

// Some cases are hidden from a search altogether: the answer is that of nobody, byte for
// byte, and only the owners learn of it.
func TestAHitThatMayNotBeToldAnswersAsNobody(t *testing.T) {
	const name, day = "Peregrine Stoddlethwaite", "1981-01-17"
	identity := casework.Identity{Name: name, DateOfBirth: calendar.NewDate(1981, time.January, 17), Phones: []string{"07700 900655"}}
	asked := personLookedFor(name, bornOn(day))
	for _, c := range []struct {
		name, searcher string
		hide           func(scene)
		input          map[string]any
		told, untold   []string
	}{
		{
			"of whom the searcher is kept from", "pc.ward",
			func(of scene) { of.exclude("pc.ward", "EXCLUDED_FROM") },
			asked,
			[]string{"pc.ahmed", "insp.cole", "coord.ellis"},
			[]string{"pc.ward"},
		},
		{
			"of whom the searcher is kept from, by name alone", "pc.ward",
			func(of scene) { of.exclude("pc.ward", "EXCLUDED_FROM") },
			personLookedFor(name, nil),
			[]string{"pc.ahmed", "insp.cole", "coord.ellis"},
			[]string{"pc.ward"},
		},
		{
			"of whom a colleague works on", "ds.reid",
			func(of scene) { of.exclude("ds.reid", "EXCLUDED_FROM") },
			map[string]any{"phones": []string{"07700900655"}, "reason": toFind},
			[]string{"pc.ahmed", "coord.ellis"},
			[]string{"ds.reid"},
		},
		{
			"in a case kept to named people", "pc.ward",
			func(of scene) { of.exclude("pc.ahmed", "RESTRICTED_TO") },
			asked,
			[]string{"pc.ahmed", "coord.ellis"},
			[]string{"pc.ward", "insp.cole"},
		},
		{
			"where somebody lives in a refuge", "pc.ward",
			scene.takeToARefuge,
			asked,
			[]string{"pc.ahmed", "insp.cole", "coord.ellis"},
			[]string{"pc.ward"},
		},
		{
			"where the area says nothing", "pc.ward",
			scene.sayNothing,
			asked,
			[]string{"pc.ahmed", "insp.cole", "coord.ellis"},
			[]string{"pc.ward"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := stage.New(t, stage.Options{})
			id := perpetratorCase(t, s, "pc.ahmed", identity)
			c.hide(scene{t, s, id})
			alertsArrive(t, s)
			before := map[string][]string{}
			for _, login := range append(c.told, c.untold...) {
				before[login] = told(t, s, login)
			}
			entered := written(t, s, func() {
				if answer := searchFor(t, s, c.searcher, "SAFETY_PLANNING", c.input); answer != nobody {
					t.Errorf("answered %s", answer)
				}
			})
			if !slices.ContainsFunc(entered, func(e audit.Entry) bool { return compares(e, id) }) {
				t.Errorf("entered %+v", entered)
			}
			// Nobody learns from the time it takes that there was somebody to tell: alerts wait.
			for login, was := range before {
				if now := told(t, s, login); !slices.Equal(now, was) {
					t.Errorf("at once %s is told %q after %q", login, now, was)
				}
			}
			alertsArrive(t, s)
			for _, login := range c.told {
				if now := told(t, s, login); len(now) != len(before[login])+1 || !slices.Contains(now, "PERSON_SEARCHED") {
					t.Errorf("%s is told %q after %q", login, now, before[login])
				}
			}
			for _, login := range c.untold {
				if now := told(t, s, login); !slices.Equal(now, before[login]) {
					t.Errorf("%s is told %q after %q", login, now, before[login])
				}
			}
		})
	}
}

// scene is a case that is to be hidden from a search.
type scene struct {
	*testing.T
	*stage.Stage
	id string
}

func (c scene) exclude(login, kind string) {
	c.Helper()
	answer := askedFor(c.T, c.Stage, "coord.ellis", "", setExclusion, map[string]any{"input": map[string]any{
		"caseId": c.id, "practitionerId": c.Capacity(c.T, login).Person, "kind": kind, "reason": "FRIEND",
	}})
	if !strings.Contains(answer, `"version":1`) {
		c.Fatalf("answered %s", answer)
	}
}

func (c scene) takeToARefuge() {
	c.Helper()
	must(c.T, procedures.AssignPractitioner(c.Context(), c.As(c.T, "pc.ahmed"), c.id, c.Capacity(c.T, "idva.byrne").Person))
	read, err := c.As(c.T, "idva.byrne").CaseByID(c.Context(), c.id)
	must(c.T, err)
	_, err = procedures.RecordSafeContact(c.Context(), c.As(c.T, "idva.byrne"), procedures.SafeContactRecording{
		Case: c.id, Party: read.Victim().ID, ExpectedVersion: int64(read.Version),
		Contact: casework.SafeContact{Refuge: true, Phone: "07700 900333"},
	})
	must(c.T, err)
}

// sayNothing has the area point to nobody.
func (c scene) sayNothing() {
	c.Helper()
	area := c.Capacity(c.T, "coord.ellis").Areas[0]
	policy, known := c.Program.Records().Directory().PolicyOn(area, c.As(c.T, "sys.kerr").Today())
	if !known {
		c.Fatal("the area has no policy")
	}
	policy.PointsToContact = false
	must(c.T, procedures.SetAreaPolicy(c.Context(), c.As(c.T, "sys.kerr"), sharing.Area{ID: area, Reference: "northmoor", Name: "Northmoor"}, policy))
}

// compares reports whether the entry says that a search compared who a case is about.
func compares(e audit.Entry, caseID string) bool {
	return e.Action == "searchPeople" && e.Operation == audit.Combination && e.Outcome == audit.Done &&
		slices.ContainsFunc(e.Records, func(r audit.RecordSeen) bool {
			return string(r.Record) == caseID && r.Full.Has(authz.PerpetratorIdentity)
		})
}

// How somebody is reached safely finds nobody, for nobody.
func TestANumberThatIsSafeToUseFindsNobody(t *testing.T) {
	s := stage.New(t, stage.Options{})
	id := perpetratorCase(t, s, "ds.reid", casework.Identity{Name: "Peregrine Stoddlethwaite"})
	read, err := s.As(t, "ds.reid").CaseByID(t.Context(), id)
	must(t, err)
	_, err = procedures.RecordSafeContact(t.Context(), s.As(t, "ds.reid"), procedures.SafeContactRecording{
		Case: id, Party: read.Victim().ID, ExpectedVersion: int64(read.Version), Contact: casework.SafeContact{Phone: "07700 900333"},
	})
	must(t, err)
	for _, login := range []string{"ds.reid", "coord.ellis", "pc.ward"} {
		answer := searchFor(t, s, login, purposeFor(login), map[string]any{"phones": []string{"07700 900333"}, "reason": toFind})
		if answer != nobody {
			t.Errorf("%s reads %s", login, answer)
		}
	}
}

func purposeFor(login string) string {
	if login == "coord.ellis" {
		return "MARAC_PREP"
	}
	return "INVESTIGATION"
}

// That somebody looked, by whom, for what and why is there for the auditor, whether or
// not anybody was found, and for nobody else. Whom they looked for is not kept.
func TestTheAuditorReadsWhySomebodyWasLookedFor(t *testing.T) {
	s := stage.New(t, stage.Options{})
	id := perpetratorCase(t, s, "pc.ahmed", casework.Identity{Name: "Peregrine Stoddlethwaite"})
	for _, name := range []string{"Peregrine Stoddlethwaite", "Nobody Wheresoever"} {
		entries := written(t, s, func() { searchFor(t, s, "pc.ahmed", "SAFETY_PLANNING", personLookedFor(name, nil)) })
		at := slices.IndexFunc(entries, func(e audit.Entry) bool { return e.Action == "searchPeople" && e.Operation == audit.Combination })
		if at < 0 || entries[at].Purpose != authz.SafetyPlanning || string(entries[at].Person) != s.Capacity(t, "pc.ahmed").Person ||
			compares(entries[at], id) != (name == "Peregrine Stoddlethwaite") {
			t.Fatalf("entered %+v", entries)
		}
		shown := slices.ContainsFunc(entries, func(e audit.Entry) bool {
			return e.Operation == audit.Consultation && slices.ContainsFunc(e.Records, func(r audit.RecordSeen) bool {
				return string(r.Record) == id && r.Full.Has(authz.PerpetratorIdentity)
			})
		})
		if shown != (name == "Peregrine Stoddlethwaite") {
			t.Errorf("after %s what was shown is entered as %+v", name, entries)
		}
		kept := ""
		for _, seen := range entries[at].Records {
			if seen.Kind == "search" {
				kept = string(seen.Record)
			}
		}
		const node = `query($id: ID!) { node(id: $id) { ... on PeopleSearch { at practitioner { name } reason } } }`
		answer := askedFor(t, s, "dpo.grant", "", node, map[string]any{"id": kept})
		if !strings.Contains(answer, toFind) || !strings.Contains(answer, "Tariq Ahmed") || strings.Contains(answer, "heresoever") || strings.Contains(answer, "Stoddle") {
			t.Errorf("the auditor reads %s", answer)
		}
		never := askedFor(t, s, "pc.ahmed", "", node, map[string]any{"id": "search_" + strings.Repeat("0", 26)})
		for _, login := range []string{"pc.ahmed", "insp.cole", "coord.ellis", "pc.ward", "sys.kerr"} {
			if answer := askedFor(t, s, login, "", node, map[string]any{"id": kept}); answer != never {
				t.Errorf("%s reads %s", login, answer)
			}
		}
	}
}

// Nobody walks through everybody who is known: the limit is each person's own, holds
// over refusals and restarts, and lets them look again when an hour is over.
func TestNobodySearchesWithoutEnd(t *testing.T) {
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	signIn := s.SignIn()
	asked := func(n int) map[string]any { return personLookedFor(fmt.Sprintf("Nobody Wheresoever%d", n), nil) }
	for n := range sharing.SearchesAnHour {
		if n == sharing.SearchesAnHour/2 {
			s.Close(t)
			s = stage.New(t, stage.Options{Folder: folder, SignIn: signIn})
		}
		if answer := searchFor(t, s, "pc.ahmed", "INVESTIGATION", asked(n)); answer != nobody {
			t.Fatalf("search %d is answered %s", n, answer)
		}
	}
	entries := written(t, s, func() {
		if answer := searchFor(t, s, "pc.ahmed", "INVESTIGATION", asked(30)); !strings.Contains(answer, `"code":"RATE_LIMITED"`) || strings.Contains(answer, "heresoever") {
			t.Errorf("one more is answered %s", answer)
		}
	})
	if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
		return e.Action == "searchPeople" && e.Outcome == audit.Refused && e.Rule == "RATE_LIMITED" && string(e.Person) == s.Capacity(t, "pc.ahmed").Person
	}) {
		t.Errorf("entered %+v", entries)
	}
	if answer := searchFor(t, s, "pc.ward", "INVESTIGATION", asked(0)); answer != nobody {
		t.Errorf("somebody else is answered %s", answer)
	}
	s.Clock.Set(s.Clock.Now().Add(time.Hour + time.Second))
	if answer := searchFor(t, s, "pc.ahmed", "INVESTIGATION", asked(0)); answer != nobody {
		t.Errorf("an hour later the answer is %s", answer)
	}
}

func TestASearchThatIsRefusedLooksForNobody(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := listedCase(t, s)
	with := func(key string, value any) map[string]any {
		input := personLookedFor("Peregrine Stoddlethwaite", nil)
		if value == nil {
			delete(input, key)
		} else {
			input[key] = value
		}
		return input
	}
	sound := personLookedFor("Peregrine Stoddlethwaite", nil)
	for name, refused := range map[string]refusedChange{
		"without a purpose":             {login: "pc.ahmed", input: sound, code: "RULE_VIOLATION", rule: "SEARCH_PURPOSE"},
		"without a reason of substance": {login: "pc.ahmed", purpose: "INVESTIGATION", input: with("reason", "because"), code: "RULE_VIOLATION", rule: "REASON_OF_SUBSTANCE"},
		"for nobody":                    {login: "pc.ahmed", purpose: "INVESTIGATION", input: with("names", nil), code: "BAD_USER_INPUT", rule: "selective"},
		"by one part of a name":         {login: "pc.ahmed", purpose: "INVESTIGATION", input: with("names", []string{planted}), code: "BAD_USER_INPUT", rule: "selective"},
		"by a day of birth alone":       {login: "pc.ahmed", purpose: "INVESTIGATION", input: map[string]any{"dateOfBirth": "1990-05-07", "reason": toFind}, code: "BAD_USER_INPUT", rule: "selective"},
		"by seven names":                {login: "pc.ahmed", purpose: "INVESTIGATION", input: with("names", slices.Repeat([]string{"Ada Quill"}, 7)), code: "BAD_USER_INPUT", rule: "maxItems"},
		"by no number":                  {login: "pc.ahmed", purpose: "INVESTIGATION", input: with("phones", []string{"ring me"}), code: "BAD_USER_INPUT", rule: "phone"},
		"by the auditor":                {login: "dpo.grant", purpose: "QA_AUDIT", input: sound, code: "FORBIDDEN"},
		"by the prosecutor":             {login: "pros.lane", purpose: "PROSECUTION", input: sound, code: "FORBIDDEN"},
		"by the chair":                  {login: "chair.novak", purpose: "MARAC_PREP", input: sound, code: "FORBIDDEN"},
		"by the administrator":          {login: "sys.kerr", input: sound, code: "FORBIDDEN"},
	} {
		refused.of, refused.name, refused.query = of, name, searchPeople
		mustRefuse(t, s, refused)
	}
}

// Who somebody is found as follows what the case says, in the same commit. What whoever
// changes it may not open is found as before.
func TestWhoSomebodyIsFoundAsFollowsTheCase(t *testing.T) {
	s := stage.New(t, stage.Options{})
	id := perpetratorCase(t, s, "pc.ahmed", casework.Identity{Name: "Peregrine Stoddlethwaite"},
		casework.Party{Role: casework.Child, Identity: casework.Identity{Name: "Tamsin Undertree"}})
	must(t, procedures.AssignPractitioner(t.Context(), s.As(t, "pc.ahmed"), id, s.Capacity(t, "idva.byrne").Person))
	rename := func(login string, change func(*records.Case)) {
		t.Helper()
		session := s.As(t, login)
		held, err := session.LoadCase(t.Context(), id)
		must(t, err)
		held.Value.Parties = slices.Clone(held.Value.Parties)
		change(&held.Value)
		making := session.Change(id)
		records.Update(making, held)
		must(t, session.Apply(t.Context(), "rename", making))
	}
	mustFind := func(name string, want int) {
		t.Helper()
		if hits := hitsOf(t, searchFor(t, s, "idva.byrne", "SAFETY_PLANNING", personLookedFor(name, nil))); len(hits) != want {
			t.Errorf("%s finds %+v", name, hits)
		}
	}
	mustFind("Wilhelmina Undertree", 1)
	rename("idva.byrne", func(c *records.Case) { c.Parties[0].Identity.Name = "Josephine Larkhurst" })
	mustFind("Wilhelmina Undertree", 0)
	mustFind("Josephine Larkhurst", 1)
	mustFind("Peregrine Stoddlethwaite", 1)
	mustFind("Tamsin Undertree", 1)
	rename("idva.byrne", func(c *records.Case) { c.Parties[0].Identity.Aliases = []string{"Jo Thistlewood"} })
	mustFind("Josephine Larkhurst", 1)
	mustFind("Jo Thistlewood", 1)
}
