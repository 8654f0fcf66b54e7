package program_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/internal/demo"
	"accord/internal/records"
	"accord/internal/views"
)

// facts are what is true in the demo, whoever looks. Ids and references are
// random: they are looked up at the start, and the worlds name cases by their
// victim, actions by a word, research by its agency.
type facts struct {
	Purposes map[string]string `yaml:"purposes"` // of routine reads, by login
	Cases    map[string]any    `yaml:"cases"`    // by victim
	Actions  map[string]any    `yaml:"actions"`  // by a word
	Meetings map[string]any    `yaml:"meetings"` // by reference

	ids   map[string]string // by what a world calls a record
	names map[string]string // of cases, actions and meetings, by id and reference
	heard map[string]int    // place on the coordinator's lists, by victim

	agencies map[string]string // names of the agencies, by id
}

func readFacts(t *testing.T, set *stage.Stage) facts {
	t.Helper()
	known := facts{ids: map[string]string{}, names: map[string]string{}, heard: map[string]int{}, agencies: map[string]string{}}
	decodeStrictly(t, "testdata/facts.yaml", &known)
	for _, of := range []*map[string]any{&known.Cases, &known.Actions, &known.Meetings} {
		*of, _ = plain(t, *of).(map[string]any)
	}
	for _, one := range known.Cases {
		expandAnswers(one)
	}
	for _, one := range known.Actions {
		action, _ := one.(map[string]any)
		victim, _ := action["case"].(string)
		action["case"] = known.Cases[victim]
	}
	known.nameDirectory(t, set)
	for _, login := range []string{"coord.ellis", "pc.ward"} {
		known.lookUp(t, set.As(t, login))
	}
	return known
}

// nameDirectory names who works where.
func (f facts) nameDirectory(t *testing.T, set *stage.Stage) {
	t.Helper()
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			capacity := set.Capacity(t, person.Login)
			f.ids["practitioner "+person.Login], f.ids["agency "+agency.Reference] = capacity.Person, capacity.Agency
			f.agencies[capacity.Agency] = agency.Name
		}
	}
}

// expandAnswers writes out the answers of a SafeLives Dash of which the facts say
// which were YES.
func expandAnswers(one any) {
	file, _ := one.(map[string]any)
	assessment, _ := file["currentAssessment"].(map[string]any)
	affirmed, _ := assessment["yes"].([]any)
	var answers []any
	for n := 1; n <= 24; n++ {
		answer := "NO"
		if slices.Contains(affirmed, any(float64(n))) {
			answer = "YES"
		}
		answers = append(answers, map[string]any{"code": fmt.Sprintf("SLD-%02d", n), "answer": answer})
	}
	assessment["answers"] = answers
}

// lookUp finds the records that a session sees, by their names.
func (f facts) lookUp(t *testing.T, s *records.Session) {
	t.Helper()
	ctx := t.Context()
	cases, err := s.Cases(ctx, records.CaseFilter{}, records.ByReference, records.PageRequest{First: 100})
	must(t, err)
	for _, edge := range cases.Edges {
		name, err := edge.Node.Victim().Name()
		must(t, err)
		f.lookUpCase(t, s, edge.Node, *name)
	}
	actions, err := s.Actions(ctx, records.ActionFilter{}, records.PageRequest{First: 100})
	must(t, err)
	for _, edge := range actions.Edges {
		description, err := edge.Node.Description()
		must(t, err)
		f.lookUpAction(edge.Node.ID, *description)
	}
	for _, reference := range []string{demo.NextMeeting, demo.LastMeeting} {
		meeting, err := s.Meeting(ctx, reference)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		must(t, err)
		f.lookUpMeeting(t, s, meeting)
	}
}

func (f facts) lookUpCase(t *testing.T, s *records.Session, found views.Case, victim string) {
	t.Helper()
	file, known := f.Cases[victim].(map[string]any)
	if !known {
		t.Fatalf("the facts know no case of %s", victim)
	}
	file["reference"] = found.Reference
	f.names[found.ID], f.names[found.Reference] = victim, victim
	f.ids["case of "+victim], f.ids["reference of "+victim] = found.ID, found.Reference
	f.ids["victim of "+victim] = found.Victim().ID
	for _, perpetrator := range found.Perpetrators() {
		f.ids["perpetrator of "+victim] = perpetrator.ID
	}
	ctx := t.Context()
	assessment, err := s.CurrentAssessment(ctx, found)
	must(t, err)
	if assessment != nil {
		f.ids["assessment of "+victim] = assessment.ID
	}
	plan, err := s.PlanOf(ctx, found)
	must(t, err)
	if plan != nil {
		f.ids["plan of "+victim] = plan.ID
	}
	conduct, err := s.CourseOfConduct(ctx, found)
	must(t, err)
	f.ids["latest incident of "+victim] = conduct.Recorded[0].ID
	referrals, err := s.ReferralsOf(ctx, found)
	must(t, err)
	if len(referrals) > 0 {
		f.ids["latest referral of "+victim] = referrals[0].ID
	}
}

func (f facts) lookUpAction(id, description string) {
	for word, one := range f.Actions {
		if action, _ := one.(map[string]any); action["description"] == description {
			action["id"], f.names[id], f.ids["action "+word] = id, word, id
		}
	}
}

func (f facts) lookUpMeeting(t *testing.T, s *records.Session, meeting views.Meeting) {
	t.Helper()
	f.names[meeting.ID], f.names[meeting.Reference] = meeting.Reference, meeting.Reference
	f.ids["meeting "+meeting.Reference] = meeting.ID
	items, err := s.ListItems(t.Context(), meeting)
	must(t, err)
	for _, item := range items {
		victim := f.names[item.CaseID]
		f.heard[victim] = item.Position
		f.ids["item of "+victim+" at "+meeting.Reference] = item.ID
		research, err := s.ResearchAt(t.Context(), item)
		must(t, err)
		for _, one := range research {
			f.ids["research of "+victim+" at "+meeting.Reference+" by "+one.Agency().Name] = one.ID
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f facts) id(t *testing.T, called string) string {
	t.Helper()
	id, known := f.ids[called]
	if !known {
		t.Fatalf("nothing is called %q; there are %q", called, slices.Sorted(maps.Keys(f.ids)))
	}
	return id
}

// nameOf is what a world calls a record of an answer.
func (f facts) nameOf(element any) string {
	record, _ := element.(map[string]any)
	for _, key := range []string{"id", "reference"} {
		id, _ := record[key].(string)
		if name, known := f.names[id]; known {
			return name
		}
	}
	for _, key := range []string{"node", "case"} {
		if inner, there := record[key]; there {
			return f.nameOf(inner)
		}
	}
	if agency, there := record["agency"].(map[string]any); there {
		record = agency
	}
	name, _ := record["name"].(string)
	return name
}

// of is what is true of a record of an answer that stands at a place of its list.
func (f facts) of(name string, record any, place int) any {
	if item, _ := record.(map[string]any); item["position"] != nil {
		return map[string]any{"position": float64(place), "case": f.Cases[name]}
	}
	for _, kind := range []map[string]any{f.Cases, f.Actions, f.Meetings} {
		if fact, known := kind[name]; known {
			return fact
		}
	}
	return map[string]any{"agency": map[string]any{"name": name}}
}

// resolve puts ids, versions, times and cursors into the variables of a question.
func (p *play) resolve(t *testing.T, login string, variables map[string]any) map[string]any {
	t.Helper()
	resolved := map[string]any{}
	for name, value := range variables {
		resolved[name] = p.value(t, login, value)
	}
	return resolved
}

func (p *play) value(t *testing.T, login string, value any) any {
	t.Helper()
	if list, ok := value.([]any); ok {
		resolved := make([]any, len(list))
		for i, one := range list {
			resolved[i] = p.value(t, login, one)
		}
		return resolved
	}
	parts, ok := value.(map[string]any)
	if !ok {
		return value
	}
	word := func(key string) string { text, _ := parts[key].(string); return text }
	switch {
	case word("the") != "":
		return p.facts.id(t, word("the"))
	case word("version of") != "":
		return p.version(t, login, word("version of"))
	case word("stale version of") != "":
		return p.version(t, login, word("stale version of")) - 1
	case word("end of") != "":
		return endOf(t, p.kept[word("end of")])
	case word("from now") != "":
		within, err := time.ParseDuration(word("from now"))
		must(t, err)
		return p.stage.Clock.Now().Add(within).Format(time.RFC3339)
	default:
		return p.resolve(t, login, parts)
	}
}

// version is the version of a record, as the coordinator reads it, or else whoever
// asks: what a world changes by is not what it asks about.
func (p *play) version(t *testing.T, login, called string) int64 {
	t.Helper()
	const look = `query($id: ID!) { node(id: $id) {
		... on Action { version } ... on Case { of: version } ... on Release { version } ... on Exclusion { version }
		... on EmergencyAccess { version } ... on PartyLink { of: version } } }`
	body, err := json.Marshal(map[string]any{"query": look, "variables": map[string]any{"id": p.facts.id(t, called)}})
	must(t, err)
	for _, reader := range []string{"coord.ellis", login} {
		var answer struct {
			Data struct {
				Node struct{ Version, Of *int64 }
			}
		}
		answered := p.send(t, reader, "", asked{body: body})
		p.entered(t)
		must(t, json.Unmarshal(answered.Body, &answer))
		if found := cmp.Or(answer.Data.Node.Version, answer.Data.Node.Of); found != nil {
			return *found
		}
	}
	t.Fatalf("nobody reads the version of %q", called)
	return 0
}

// endOf is the end cursor of an answer that was kept.
func endOf(t *testing.T, body []byte) string {
	t.Helper()
	var answer struct {
		Data map[string]struct{ PageInfo struct{ EndCursor string } }
	}
	must(t, json.Unmarshal(body, &answer))
	for _, page := range answer.Data {
		return page.PageInfo.EndCursor
	}
	t.Fatal("the answer that was kept has no page")
	return ""
}
