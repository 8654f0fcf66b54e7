package views

import (
	"accord/authz"
	"accord/domain/calendar"
)

// PersonalStatement is the victim personal statement.
type PersonalStatement struct {
	Record
	AgencyID string
	TakenOn  calendar.Date
}

// PersonalStatementContent is the full section VPS.
type PersonalStatementContent struct {
	Text       string
	Preference string // how the victim wants it brought before the court
}

// IsNode marks a statement as a record with an id of its own.
func (PersonalStatement) IsNode() {}

// GetID returns the statement's id.
func (p PersonalStatement) GetID() string { return p.ID }

// Text is what the victim says; null when masked.
func (p PersonalStatement) Text() (*string, error) {
	content, err := p.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Text), nil
}

// Preference is how the victim wants it brought before the court; null when
// masked or not said.
func (p PersonalStatement) Preference() (*string, error) {
	content, err := p.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Preference), nil
}

func (p PersonalStatement) content() (*PersonalStatementContent, error) {
	if !p.full(authz.Vps) {
		return nil, nil
	}
	return section[PersonalStatementContent](p.Record, authz.Vps, authz.Full)
}
