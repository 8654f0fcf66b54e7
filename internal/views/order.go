package views

import (
	"accord/authz"
	"accord/domain/calendar"
	"accord/domain/casework"
)

// Order is an order that protects the victim of a case.
type Order struct {
	Record
	Made     calendar.Date
	Ends     calendar.Date // zero: no end is set
	AgencyID string
}

// OrderContent is the sealed section of an order.
type OrderContent struct {
	Type       casework.OrderType
	Conditions string
	Breaches   []casework.Breach
}

// Breach is a breach of an order as the schema shows it.
type Breach struct {
	On          calendar.Date
	Description string
}

// IsNode marks an order as a record with an id of its own.
func (Order) IsNode() {}

// GetID returns the order's id.
func (o Order) GetID() string { return o.ID }

// MadeOn is the day the order was made.
func (o Order) MadeOn() *calendar.Date { return known(o.held(), o.Made) }

// Until is the day it ends; null when no end is set.
func (o Order) Until() *calendar.Date { return known(o.held(), o.Ends) }

// Agency is the agency that recorded it.
func (o Order) Agency() *Agency { return when(o.held(), o.Names.Agency(o.AgencyID)) }

// Type is which kind of order it is.
func (o Order) Type() (*casework.OrderType, error) {
	content, err := o.content()
	if content == nil {
		return nil, err
	}
	return &content.Type, nil
}

// Conditions are what it forbids and requires.
func (o Order) Conditions() (*string, error) {
	content, err := o.content()
	if content == nil {
		return nil, err
	}
	return &content.Conditions, nil
}

// Breaches are the breaches that were reported, in the order recorded.
func (o Order) Breaches() ([]Breach, error) {
	content, err := o.content()
	if content == nil {
		return nil, err
	}
	breaches := make([]Breach, len(content.Breaches))
	for i, breach := range content.Breaches {
		breaches[i] = Breach{On: breach.On, Description: breach.Words}
	}
	return breaches, nil
}

func (o Order) held() bool { return o.full(authz.OrderConditions) }

func (o Order) content() (*OrderContent, error) {
	if !o.held() {
		return nil, nil
	}
	return section[OrderContent](o.Record, authz.OrderConditions, authz.Full)
}
