package risk

import (
	"fmt"
	"slices"
	"strings"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// Plan is the risk management plan of a case, also called the safeguarding plan.
type Plan struct {
	ID    string
	Case  string // case id
	Items []PlanItem
}

// PlanItem is one measure of a plan.
type PlanItem struct {
	ID          string
	Description string
	Owner       string // id of the agency that does it
	AnswersRisk string // code of the item of the assessment it answers; empty: not linked yet
	Outcome     string // what came of it; empty: nothing yet
	AddedOn     calendar.Date
}

// Add puts a measure into the plan. It links to the item of an assessment it
// answers (R6). A measure whose link is not known yet is taken, and listed by
// Unlinked: nothing missing keeps a measure out of a plan.
func (p Plan) Add(item PlanItem, today calendar.Date) (Plan, error) {
	switch {
	case strings.TrimSpace(item.Description) == "":
		return Plan{}, fault.Input("input.description", "required", "Describe the measure.")
	case item.Owner == "":
		return Plan{}, fault.Input("input.owner", "required", "Name the one agency that does it.")
	case item.AnswersRisk != "" && !KnownCode(item.AnswersRisk):
		return Plan{}, fault.Rule("R6", "Living in fear, Risk management",
			"Link the measure to an item of an assessment by its code, such as SLD-08.")
	case item.AddedOn > today:
		return Plan{}, fault.Input("input.addedOn", "notInFuture", "A measure is added today or was added earlier.")
	case slices.ContainsFunc(p.Items, func(other PlanItem) bool { return other.ID == item.ID }):
		return Plan{}, fault.Input("input.item", "unique", "This measure is in the plan already.")
	}
	if item.AddedOn.IsZero() {
		item.AddedOn = today
	}
	p.Items = append(slices.Clone(p.Items), item)
	return p, nil
}

// RecordOutcome says what came of a measure (Wiltshire procedure 9: each is
// considered, with its outcome). An item that is not in the plan is not found.
func (p Plan) RecordOutcome(item, outcome string) (Plan, error) {
	if strings.TrimSpace(outcome) == "" {
		return Plan{}, fault.Input("input.outcome", "required", "Say what came of the measure.")
	}
	at := slices.IndexFunc(p.Items, func(i PlanItem) bool { return i.ID == item })
	if at < 0 {
		return Plan{}, fault.Missing()
	}
	p.Items = slices.Clone(p.Items)
	p.Items[at].Outcome = outcome
	return p, nil
}

// InPlace reports whether the plan holds anything. A HIGH case without a measure
// is never said to have a plan in place (R6).
func (p Plan) InPlace() bool { return len(p.Items) > 0 }

// Unlinked returns the measures that link to no item of an assessment yet.
func (p Plan) Unlinked() []PlanItem {
	var unlinked []PlanItem
	for _, item := range p.Items {
		if item.AnswersRisk == "" {
			unlinked = append(unlinked, item)
		}
	}
	return unlinked
}

// Unanswered returns the codes of the risks that the assessment affirms and no
// measure of the plan answers.
func (p Plan) Unanswered(a Assessment) []string {
	return slices.DeleteFunc(a.Affirmed(), func(code string) bool {
		return slices.ContainsFunc(p.Items, func(item PlanItem) bool {
			return item.AnswersRisk == code
		})
	})
}

// KnownCode reports whether the code is that of an item of the SafeLives Dash
// (SLD-01 to SLD-24), the S-DASH (SD-01 to SD-11), the police DASH (PD-01 to
// PD-27) or Form 270 (F270-A1 to A5, B1 to B11, C1 to C7, D1 to D5).
func KnownCode(code string) bool {
	groups := []struct {
		format string
		count  int
	}{
		{"SLD-%02d", 24},
		{"SD-%02d", 11},
		{"PD-%02d", 27},
		{"F270-A%d", 5},
		{"F270-B%d", 11},
		{"F270-C%d", 7},
		{"F270-D%d", 5},
	}
	for _, group := range groups {
		for n := range group.count {
			if fmt.Sprintf(group.format, n+1) == code {
				return true
			}
		}
	}
	return false
}
