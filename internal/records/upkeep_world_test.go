package records_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/records"
	"accord/internal/store"
)

// newer is a program one step ahead of the documents that yesterday's wrote: the
// head of a case and of an action, a word in the measures of a plan and in an
// action, and an assessment whose mask was not a section of its own yet.
var newer = records.Forms{
	"case": {{Head: renamed("district", "area")}},
	"plan": {{Sections: []records.SectionLift{{Section: "PLAN", Lift: measures("measure", "description")}}}},
	"action": {{
		Head:     renamed("agency", "owner"),
		Sections: []records.SectionLift{{Section: "ACTIONS", Lift: renamed("words", "description")}},
	}},
	"assessment": {{Sections: []records.SectionLift{
		{Section: "RISK_ASSESSMENT", Lift: without(maskWords...)},
		{Section: "RISK_ASSESSMENT.masked", Of: "RISK_ASSESSMENT", Lift: only(maskWords...)},
	}}},
	"practitioner": {{Sections: []records.SectionLift{{Section: "DIRECTORY", Lift: renamed("called", "name")}}}},
}

var maskWords = []string{"tool", "level", "assessedon"}

// yesterday is how it was.
var yesterday = map[store.Kind]records.Yesterday{
	"case": {Head: renamed("area", "district")},
	"plan": {Sections: inSection("PLAN", measures("description", "measure"))},
	"action": {
		Head: renamed("owner", "agency"), Sections: inSection("ACTIONS", renamed("description", "words")),
	},
	"assessment": {Sections: func(parts map[string]bson.D) map[string]bson.D {
		parts["RISK_ASSESSMENT"] = append(parts["RISK_ASSESSMENT"], parts["RISK_ASSESSMENT.masked"]...)
		delete(parts, "RISK_ASSESSMENT.masked")
		return parts
	}},
	"practitioner": {Sections: inSection("DIRECTORY", renamed("name", "called"))},
}

// renamed puts the part in another order too: only its words count.
func renamed(from, to string) records.Lift {
	return func(part bson.D) (bson.D, error) {
		var kept, moved bson.D
		for _, e := range part {
			if e.Key == from {
				moved = append(moved, bson.E{Key: to, Value: e.Value})
			} else {
				kept = append(kept, e)
			}
		}
		return append(kept, moved...), nil
	}
}

func only(words ...string) records.Lift {
	return func(part bson.D) (bson.D, error) {
		return slices.DeleteFunc(slices.Clone(part), func(e bson.E) bool { return !slices.Contains(words, e.Key) }), nil
	}
}

func without(words ...string) records.Lift {
	return func(part bson.D) (bson.D, error) {
		return slices.DeleteFunc(slices.Clone(part), func(e bson.E) bool { return slices.Contains(words, e.Key) }), nil
	}
}

// measures renames a word in every measure of a plan.
func measures(from, to string) records.Lift {
	return func(part bson.D) (bson.D, error) {
		part = slices.Clone(part)
		for i, e := range part {
			items, _ := e.Value.(bson.A)
			changed := bson.A{}
			for _, item := range items {
				measure, _ := item.(bson.D)
				measure, err := renamed(from, to)(measure)
				if err != nil {
					return nil, err
				}
				changed = append(changed, measure)
			}
			part[i].Value = changed
		}
		return part, nil
	}
}

func inSection(name string, change records.Lift) func(map[string]bson.D) map[string]bson.D {
	return func(parts map[string]bson.D) map[string]bson.D {
		changed, err := change(parts[name])
		if err != nil {
			panic(err)
		}
		parts[name] = changed
		return parts
	}
}

// age writes documents as yesterday's program wrote them, and returns their ids.
func age(t *testing.T, r *records.Records, kinds ...store.Kind) []string {
	t.Helper()
	var all []string
	for _, kind := range kinds {
		ids, err := r.AsYesterday(t.Context(), kind, yesterday[kind])
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			t.Fatalf("there is no %s to be written as yesterday", kind)
		}
		all = append(all, ids...)
	}
	return all
}

func older(t *testing.T, r *records.Records) int {
	t.Helper()
	counts, err := r.OlderForms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, count := range counts {
		sum += count
	}
	return sum
}

func stored(t *testing.T, r *records.Records, id string) records.Stored {
	t.Helper()
	doc, err := r.Stored(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

const wholeCase = `{
  cases(first: 50) { totalCount nodes: edges { node { id reference type status riskLevel
    currentAssessment { id tool level assessedOn score answers { code } }
    plan { id items { id description owner { name } } }
    actions { id version description owner { name } assignee { name } dueOn status }
    referrals { id } courseOfConduct { incidents { id } } } } }
  actions(first: 100) { totalCount nodes: edges { node { id version description status owner { name } } } }
}`

// answers are what everybody of the demo is told, in full.
func answers(t *testing.T, s *stage.Stage) map[string][]byte {
	t.Helper()
	pack, err := os.ReadFile("../../cmd/accord/meeting_pack.graphql")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string][]byte{}
	for _, login := range []string{
		"pc.ahmed", "insp.cole", "ds.reid", "spoc.hart", "pros.lane", "po.singh", "idva.byrne", "isac.moss", "coord.ellis",
		"chair.novak", "hv.osei", "sw.duffy", "pc.ward", "dpo.grant",
	} {
		answer := s.Ask(t, login, wholeCase, nil)
		if answer.Status != 200 || bytes.Contains(answer.Body, []byte(`"code":"INTERNAL"`)) || bytes.Contains(answer.Body, []byte(`"BAD_`)) {
			t.Fatalf("%s is told %d %.600s", login, answer.Status, answer.Body)
		}
		told[login] = answer.Body
		packed := s.Ask(t, login, string(pack), map[string]any{"reference": "NM-MARAC-NEXT"})
		if bytes.Contains(packed.Body, []byte(`"code":"INTERNAL"`)) {
			t.Fatalf("%s is told %.600s", login, packed.Body)
		}
		told[login+" of the meeting"] = packed.Body
	}
	return told
}

func tellTheSame(t *testing.T, when string, got, want map[string][]byte) {
	t.Helper()
	for who, body := range want {
		if !bytes.Equal(got[who], body) {
			t.Errorf("%s, %s is told otherwise:\n%.1500s\nand not\n%.1500s", when, who, got[who], body)
			return
		}
	}
}

// byUpkeep are the entries of upkeep from a number on.
func byUpkeep(t *testing.T, s *stage.Stage, first int64) []audit.Entry {
	t.Helper()
	return slices.DeleteFunc(s.Entries(t, first), func(e audit.Entry) bool { return e.System != "record upkeep" })
}

func words(part bson.D) string {
	var keys []string
	for _, e := range part {
		keys = append(keys, e.Key)
	}
	return strings.Join(keys, " ")
}
