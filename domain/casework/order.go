package casework

import (
	"slices"

	"accord/domain/calendar"
	"accord/domain/fault"
)

// OrderType is a kind of order or of conditions a court, the police or probation
// has set.
type OrderType string

// The order types.
const (
	Restraining        OrderType = "RESTRAINING"
	StalkingProtection OrderType = "SPO"
	InterimProtection  OrderType = "SPO_INTERIM"
	NonMolestation     OrderType = "NON_MOLESTATION"
	Injunction         OrderType = "INJUNCTION"
	ViolenceProtection OrderType = "DVPN_DVPO"
	AbuseProtection    OrderType = "DAPN_DAPO"
	CriminalBehaviour  OrderType = "CRIMINAL_BEHAVIOUR"
	BailConditions     OrderType = "BAIL"
	LicenceConditions  OrderType = "LICENCE"
)

// OrderTypes lists every order type.
func OrderTypes() []OrderType {
	return []OrderType{
		Restraining, StalkingProtection, InterimProtection, NonMolestation, Injunction, ViolenceProtection,
		AbuseProtection, CriminalBehaviour, BailConditions, LicenceConditions,
	}
}

// Valid reports whether the type is one of OrderTypes.
func (t OrderType) Valid() bool { return slices.Contains(OrderTypes(), t) }

// Order is an order or set of conditions that protects the victim of a case.
type Order struct {
	ID         string
	Case       string // case id
	Agency     string // id of the agency that recorded it
	Type       OrderType
	MadeOn     calendar.Date
	Until      calendar.Date // zero: no end is set
	Conditions string        // in words; never an address the defendant does not know
	Breaches   []Breach      // in the order recorded
}

// Breach is a breach of an order that was reported.
type Breach struct {
	On    calendar.Date
	Words string
}

// RecordOrder records an order made for the case. No completeness rule ever keeps
// an order from being recorded.
func (c Case) RecordOrder(o Order, today calendar.Date) (Order, error) {
	switch {
	case !o.Type.Valid():
		return Order{}, fault.Input("input.type", "oneOf", "Say which kind of order it is.")
	case o.MadeOn.IsZero() || o.MadeOn > today:
		return Order{}, fault.Input("input.madeOn", "notInFuture", "Give the day the order was made; it is today or earlier.")
	case !o.Until.IsZero() && o.Until < o.MadeOn:
		return Order{}, fault.Input("input.until", "afterMadeOn", "An order ends on the day it was made or later.")
	case blank(o.Conditions):
		return Order{}, fault.Input("input.conditions", "required", "Say what the order forbids or requires.")
	}
	for _, breach := range o.Breaches {
		if err := o.checkBreach(breach, today); err != nil {
			return Order{}, err
		}
	}
	o.Case = c.ID
	return o, nil
}

// RecordBreach records a breach of the order (NPCC/CPS protocol 9.5: a breach is
// a new incident, and stalking is considered beside the breach).
func (o Order) RecordBreach(breach Breach, today calendar.Date) (Order, error) {
	if err := o.checkBreach(breach, today); err != nil {
		return Order{}, err
	}
	o.Breaches = append(slices.Clone(o.Breaches), breach)
	return o, nil
}

func (o Order) checkBreach(breach Breach, today calendar.Date) error {
	switch {
	case breach.On < o.MadeOn || breach.On > today:
		return fault.Input("input.on", "whileInForce", "A breach happened on the day the order was made or later, and today or earlier.")
	case blank(breach.Words):
		return fault.Input("input.words", "required", "Say what the breach was.")
	}
	return nil
}
