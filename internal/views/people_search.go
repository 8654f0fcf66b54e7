package views

import (
	"time"

	"accord/authz"
	"accord/domain/sharing"
)

// PeopleSearch is that somebody looked for a person, and why.
type PeopleSearch struct {
	Record
	At time.Time
}

// PeopleSearchContent is the full section SHARING_RECORD of a search.
type PeopleSearchContent struct{ sharing.Search }

// IsNode marks a search as a record with an id of its own.
func (PeopleSearch) IsNode() {}

// GetID returns the search's id.
func (p PeopleSearch) GetID() string { return p.ID }

// Practitioner is who looked; null below full.
func (p PeopleSearch) Practitioner() (*Practitioner, error) {
	content, err := p.content()
	if content == nil {
		return nil, err
	}
	practitioner := p.Names.Practitioner(content.By)
	return &practitioner, nil
}

// Reason is what it was needed for; null below full.
func (p PeopleSearch) Reason() (*string, error) {
	content, err := p.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Reason), nil
}

func (p PeopleSearch) content() (*PeopleSearchContent, error) {
	if !p.full(authz.SharingRecord) {
		return nil, nil
	}
	return section[PeopleSearchContent](p.Record, authz.SharingRecord, authz.Full)
}
