package risk_test

import (
	"reflect"
	"testing"

	"accord/domain/fault"
	"accord/domain/risk"
)

func TestAMeasureLinksToTheRiskItAnswers(t *testing.T) {
	item := risk.PlanItem{ID: "item_1", Description: "Alarm fitted", Owner: "agency_police", AnswersRisk: "SLD-08"}
	plan, err := risk.Plan{ID: "plan_1"}.Add(item, today)
	if err != nil || len(plan.Items) != 1 || plan.Items[0].AddedOn != today || !plan.InPlace() {
		t.Fatalf("added as %+v, %v", plan, err)
	}
	for path, broken := range map[string]func(i *risk.PlanItem){
		"input.description": func(i *risk.PlanItem) { i.Description = " " },
		"input.owner":       func(i *risk.PlanItem) { i.Owner = "" },
		"input.addedOn":     func(i *risk.PlanItem) { i.AddedOn = today + 1 },
		"input.item":        func(*risk.PlanItem) {},
	} {
		i := item
		broken(&i)
		_, err := plan.Add(i, today)
		wantInput(t, path, err, path)
	}
	item.AnswersRisk = "SLD-25"
	_, err = plan.Add(item, today)
	wantRule(t, "a code of no tool", err, "R6")
}

func TestNothingMissingKeepsAMeasureOutOfThePlan(t *testing.T) {
	plan, err := risk.Plan{}.Add(risk.PlanItem{ID: "item_1", Description: "Alarm fitted", Owner: "agency_police"}, today)
	if err != nil || len(plan.Unlinked()) != 1 {
		t.Errorf("a measure not linked yet: %+v, %v", plan, err)
	}
}

func TestAPlanShowsTheRisksItLeavesOpen(t *testing.T) {
	plan := risk.Plan{Items: []risk.PlanItem{{ID: "a", AnswersRisk: "SLD-01"}, {ID: "b", AnswersRisk: "SLD-03"}}}
	if got, want := plan.Unanswered(dash(4, risk.DontKnow)), []string{"SLD-02", "SLD-04"}; !reflect.DeepEqual(got, want) {
		t.Errorf("leaves open %v, want %v", got, want)
	}
	if (risk.Plan{}).InPlace() {
		t.Error("an empty plan is in place")
	}
}

func TestAnOutcomeIsRecordedOnItsMeasure(t *testing.T) {
	plan := risk.Plan{Items: []risk.PlanItem{{ID: "a"}, {ID: "b"}}}
	done, err := plan.RecordOutcome("b", "Fitted")
	if err != nil || done.Items[1].Outcome != "Fitted" || plan.Items[1].Outcome != "" {
		t.Errorf("recorded %+v, %v", done, err)
	}
	if _, err := plan.RecordOutcome("c", "Fitted"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an item of another plan: %v", err)
	}
	_, err = plan.RecordOutcome("a", " ")
	wantInput(t, "no outcome", err, "input.outcome")
}

func TestTheCodesOfTheFieldAreKnown(t *testing.T) {
	for code, known := range map[string]bool{
		"SLD-01": true, "SLD-24": true, "SLD-25": false, "SLD-00": false, "SLD-1": false,
		"SD-11": true, "SD-12": false, "PD-27": true, "PD-28": false,
		"F270-A5": true, "F270-A6": false, "F270-B11": true, "F270-C7": true, "F270-D5": true, "F270-E1": false, "": false,
	} {
		if risk.KnownCode(code) != known {
			t.Errorf("%q known: %v", code, !known)
		}
	}
}
