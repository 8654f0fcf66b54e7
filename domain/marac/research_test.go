package marac_test

import (
	"testing"

	"accord/domain/marac"
)

func research(items ...marac.ResearchItem) marac.Research {
	return marac.Research{ID: "res_1", Agency: "agency_1", Status: marac.ResearchRequested, Items: items}
}

func TestResearchIsReturnedWithheldFactsApartFromOpinions(t *testing.T) {
	draft := research(marac.ResearchItem{ID: "a", Text: "Two calls last month", Kind: marac.Fact, State: marac.ReleasedRecord})
	returned, err := draft.Submit("prac_1", now)
	if err != nil || returned.Status != marac.ResearchSubmitted || returned.Items[0].State != marac.Withheld || !returned.ReturnedAt.Equal(now) || returned.ReturnedBy != "prac_1" {
		t.Errorf("returned as %+v, %v", returned, err)
	}
	if draft.Items[0].State != marac.ReleasedRecord {
		t.Error("returning changed the draft")
	}
	_, err = returned.Submit("prac_1", now)
	wantRule(t, "returned again", err, "RESEARCH_STATUS")
	_, err = returned.NilReturn("prac_1", now)
	wantRule(t, "a nil return after it", err, "RESEARCH_STATUS")
	_, err = research(marac.ResearchItem{Text: "Seems frightened"}).Submit("prac_1", now)
	wantRule(t, "neither fact nor opinion", err, "RESEARCH_FACT_OR_OPINION")
	_, err = research(marac.ResearchItem{Text: " ", Kind: marac.Fact}).Submit("prac_1", now)
	wantInput(t, "nothing said", err, "input.items.text")
}

func TestHoldingNothingIsSaidByANilReturn(t *testing.T) {
	_, err := research().Submit("prac_1", now)
	wantRule(t, "nothing submitted", err, "RESEARCH_NIL_RETURN")
	nilReturn, err := research().NilReturn("prac_1", now)
	if err != nil || nilReturn.Status != marac.ResearchNilReturn || !nilReturn.ReturnedAt.Equal(now) {
		t.Errorf("returned as %+v, %v", nilReturn, err)
	}
	found := marac.ResearchItem{ID: "a", Text: "An older file", Kind: marac.Fact}
	_, err = research(found).NilReturn("prac_1", now)
	wantRule(t, "a nil return with items", err, "RESEARCH_NIL_RETURN")
	nilReturn.Items = []marac.ResearchItem{found}
	if _, err := nilReturn.Submit("prac_1", now); err != nil {
		t.Errorf("something found after a nil return: %v", err)
	}
}

func TestAnItemIsReleasedOnlyFurther(t *testing.T) {
	r, err := research(marac.ResearchItem{ID: "a", Text: "A", Kind: marac.Fact}, marac.ResearchItem{ID: "b", Text: "B", Kind: marac.Opinion}).Submit("prac_1", now)
	if err != nil {
		t.Fatal(err)
	}
	states := marac.ReleaseStates()
	for n, from := range states {
		for m, to := range states {
			r.Items[0].State = from
			released, err := r.Release("a", to)
			if m > n {
				if err != nil || released.Items[0].State != to || released.Items[1].State != marac.Withheld || r.Items[0].State != from {
					t.Errorf("%s to %s: %+v, %v", from, to, released.Items, err)
				}
				continue
			}
			wantRule(t, string(from)+" to "+string(to), err, "RESEARCH_RELEASE")
		}
	}
	_, err = r.Release("c", marac.ReleasedRecord)
	wantMissing(t, "another agency's item", err)
	_, err = r.Release("a", "PUBLIC")
	wantInput(t, "a state of no list", err, "input.state")
	r.Status = marac.ResearchRequested
	_, err = r.Release("a", marac.ReleasedRecord)
	wantRule(t, "before it is submitted", err, "RESEARCH_STATUS")
}
