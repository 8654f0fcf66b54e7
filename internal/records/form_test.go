package records

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

func same(part bson.D) (bson.D, error) { return part, nil }

// noted adds a word to a part, so that the order of lifts can be read from it.
func noted(word string) Lift {
	return func(part bson.D) (bson.D, error) {
		return append(slices.Clone(part), bson.E{Key: word, Value: true}), nil
	}
}

func inForm(form int64, sections ...string) store.Document {
	doc := store.Document{ID: "plan_1", Kind: "plan", Version: 4, Fields: []store.Field{{Name: formField, Value: store.Number(form)}}}
	for _, name := range append(sections, attestation) {
		putSection(&doc, store.Section{Name: name, Version: 4})
	}
	return doc
}

func TestASectionIsMadeOfTheOneItCameFrom(t *testing.T) {
	forms := Forms{"plan": {
		{Sections: []SectionLift{{Section: "A", Lift: noted("trimmed")}, {Section: "B", Of: "A", Lift: noted("taken")}}}, // split
		{Sections: []SectionLift{{Section: "C", Of: "B", Lift: noted("renamed")}}},                                       // renamed
		{Head: same, Sections: []SectionLift{{Section: "A", Lift: noted("changed")}}},
	}}
	if err := forms.check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		doc  store.Document
		want map[string]string // section: the section it is of and the lifts it goes through
	}{
		{"from the first form", inForm(1, "A", "Z"), map[string]string{"A": "A trimmed changed", "C": "A taken renamed", "Z": "Z"}},
		{"from the second", inForm(2, "A", "B"), map[string]string{"A": "A changed", "C": "B renamed"}},
		{"from the third", inForm(3, "A", "C"), map[string]string{"A": "A changed", "C": "C"}},
		{"from the newest", inForm(4, "A", "C"), map[string]string{"A": "A", "C": "C"}},
		{"without the section it is of", inForm(1, "Z"), map[string]string{"Z": "Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := map[string]string{}
			for _, name := range []string{"A", "B", "C", "Z", attestation} {
				made, ok, err := forms.making(c.doc, name)
				if err != nil {
					t.Fatal(err)
				}
				if !ok || name == attestation {
					continue
				}
				words := []string{made.stored}
				raw, err := encode(bson.D{})
				if err != nil {
					t.Fatal(err)
				}
				if raw, err = lifted(raw, made.lifts); err != nil {
					t.Fatal(err)
				}
				var part bson.D
				if err := decode(raw, &part); err != nil {
					t.Fatal(err)
				}
				for _, e := range part {
					words = append(words, e.Key)
				}
				got[name] = strings.Join(words, " ")
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("made as %v, and should be as %v", got, c.want)
			}
		})
	}
}

func TestASectionIsNotMadeOverOneThatIsThere(t *testing.T) {
	forms := Forms{"plan": {{Sections: []SectionLift{{Section: "B", Of: "A", Lift: same}}}}}
	if _, _, err := forms.making(inForm(1, "A", "B"), "B"); err == nil {
		t.Error("what was stored as B is lost")
	}
}

func TestStepsThatContradictThemselvesAreRefused(t *testing.T) {
	for name, step := range map[string]Step{
		"a section twice":     {Sections: []SectionLift{{Section: "A", Lift: same}, {Section: "A", Of: "B", Lift: same}}},
		"no section":          {Sections: []SectionLift{{Lift: same}}},
		"no lift":             {Sections: []SectionLift{{Section: "A"}}},
		"of the attestation":  {Sections: []SectionLift{{Section: "A", Of: attestation, Lift: same}}},
		"for the attestation": {Sections: []SectionLift{{Section: attestation, Of: "A", Lift: same}}},
		"nothing at all":      {},
	} {
		if (Forms{"plan": {step}}).check() == nil {
			t.Errorf("a step with %s is taken", name)
		}
	}
	if err := formsOfRecords.check(); err != nil {
		t.Errorf("the steps of the program: %v", err)
	}
}

func TestADocumentOfAFormThatNobodyKnowsIsRefused(t *testing.T) {
	forms := Forms{"plan": {{Head: same}}}
	unformed := inForm(1)
	unformed.Fields = nil
	for name, doc := range map[string]store.Document{"later": inForm(3), "none": unformed, "before the first": inForm(0)} {
		if _, err := forms.lift(doc); err == nil {
			t.Errorf("%s: read", name)
		}
	}
	if _, err := forms.lift(inForm(2)); err != nil {
		t.Errorf("the newest is refused: %v", err)
	}
}

func TestALiftThatFailsShowsNothing(t *testing.T) {
	raw, err := encode(bson.D{{Key: "a", Value: 1}})
	if err != nil {
		t.Fatal(err)
	}
	failing := func(bson.D) (bson.D, error) { return nil, store.ErrClosed }
	if part, err := lifted(raw, []Lift{same, failing, same}); err == nil || part != nil {
		t.Errorf("got %v, %v", part, err)
	}
}
