package views

import (
	"accord/authz"
	"accord/domain/risk"
)

// Plan is the safeguarding plan of a case.
type Plan struct{ Record }

// PlanContent is the sealed section of a plan.
type PlanContent struct{ Items []risk.PlanItem }

// PlanItem is one measure of a plan.
type PlanItem struct {
	ID          string
	Description string
	Owner       Agency
	AnswersRisk *string
}

// IsNode marks a plan as a record with an id of its own.
func (Plan) IsNode() {}

// GetID returns the plan's id.
func (p Plan) GetID() string { return p.ID }

// Items are the measures; null when only the plan's existence is the viewer's.
func (p Plan) Items() ([]PlanItem, error) {
	if !p.full(authz.Plan) {
		return nil, nil
	}
	content, err := section[PlanContent](p.Record, authz.Plan, authz.Full)
	if err != nil {
		return nil, err
	}
	items := make([]PlanItem, len(content.Items))
	for i, item := range content.Items {
		items[i] = PlanItem{
			ID:          item.ID,
			Description: item.Description,
			Owner:       p.Names.Agency(item.Owner),
			AnswersRisk: known(true, item.AnswersRisk),
		}
	}
	return items, nil
}
