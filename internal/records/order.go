package records

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
	"accord/internal/store"
	"accord/internal/views"
)

// Order is an order as it is written.
type Order struct{ casework.Order }

type orderHead struct {
	Case   string
	Agency string
	MadeOn calendar.Date
	Until  calendar.Date
}

func (o Order) kind() store.Kind      { return kindOf(views.OrderKind) }
func (o Order) id() string            { return o.ID }
func (o Order) family() string        { return o.Case }
func (o Order) row() authz.ClassSet   { return views.OrderKind.Row() }
func (o Order) head() any             { return orderHead{o.Case, o.Agency, o.MadeOn, o.Until} }
func (o Order) fields() []store.Field { return nil }

func (o Order) parts() []part {
	return []part{full(authz.OrderConditions, views.OrderContent{Type: o.Type, Conditions: o.Conditions, Breaches: o.Breaches})}
}

func (o Order) tokens(root *caseHead) tokenSet {
	tokens := tokenSet{}
	root.addAssigned(tokens)
	root.addConvenors(tokens)
	root.addChairs(tokens)
	root.addNominal(tokens)
	tokens.add(inEmergency(o.Case))
	return tokens
}

func decodeOrder(doc store.Document, open opener) (Order, error) {
	var head orderHead
	if err := decode(doc.Head, &head); err != nil {
		return Order{}, err
	}
	var content views.OrderContent
	if err := open(authz.OrderConditions, authz.Full, &content); err != nil {
		return Order{}, err
	}
	return Order{casework.Order{
		ID: doc.ID, Case: head.Case, Agency: head.Agency, Type: content.Type, MadeOn: head.MadeOn, Until: head.Until,
		Conditions: content.Conditions, Breaches: content.Breaches,
	}}, nil
}

func viewOrder(record views.Record, doc store.Document) (views.Order, error) {
	var head orderHead
	if err := decode(doc.Head, &head); err != nil {
		return views.Order{}, err
	}
	return views.Order{Record: record, Made: head.MadeOn, Ends: head.Until, AgencyID: head.Agency}, nil
}
