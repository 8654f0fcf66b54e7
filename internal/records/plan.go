package records

import (
	"accord/authz"
	"accord/domain/risk"
	"accord/internal/store"
	"accord/internal/views"
)

// Plan is the safeguarding plan of a case as it is written.
type Plan struct{ risk.Plan }

type planHead struct{ Case string }

func (p Plan) kind() store.Kind    { return kindOf(views.PlanKind) }
func (p Plan) id() string          { return p.ID }
func (p Plan) family() string      { return p.Case }
func (p Plan) row() authz.ClassSet { return views.PlanKind.Row() }
func (p Plan) head() any           { return planHead{p.Case} }

// fields hold the case, so that a case has one plan and no second.
func (p Plan) fields() []store.Field {
	return []store.Field{{Name: "case", Value: store.Text(p.Case)}}
}

func (p Plan) parts() []part {
	return []part{full(authz.Plan, views.PlanContent{Items: p.Items})}
}

func (p Plan) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	root.addChairs(tokens)
	root.addNominal(tokens)
	tokens.add(inEmergency(p.Case))
	return tokens
}

func decodePlan(doc store.Document, open opener) (Plan, error) {
	var head planHead
	if err := decode(doc.Head, &head); err != nil {
		return Plan{}, err
	}
	var content views.PlanContent
	if err := open(authz.Plan, authz.Full, &content); err != nil {
		return Plan{}, err
	}
	return Plan{risk.Plan{ID: doc.ID, Case: head.Case, Items: content.Items}}, nil
}

func viewPlan(record views.Record, _ store.Document) (views.Plan, error) {
	return views.Plan{Record: record}, nil
}
