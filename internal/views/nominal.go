package views

import (
	"accord/authz"
	"accord/domain/calendar"
)

// Nominal is that a perpetrator of the case is managed under MAPPA.
type Nominal struct {
	Record
	PartyID string
	From    calendar.Date
}

// NominalContent is the full section NOMINAL.
type NominalContent struct {
	Category string // MappaCategory
	Level    string // MappaLevel
}

// IsNode marks a nominal as a record with an id of its own.
func (Nominal) IsNode() {}

// GetID returns the nominal's id.
func (n Nominal) GetID() string { return n.ID }

// Category is the MAPPA category; null below full.
func (n Nominal) Category() (*string, error) {
	content, err := n.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Category), nil
}

// Level is the MAPPA level; null below full.
func (n Nominal) Level() (*string, error) {
	content, err := n.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Level), nil
}

func (n Nominal) content() (*NominalContent, error) {
	if !n.full(authz.NominalClass) {
		return nil, nil
	}
	return section[NominalContent](n.Record, authz.NominalClass, authz.Full)
}
