package views

import (
	"accord/authz"
	"accord/domain/marac"
)

// Research is what one agency found for a list item.
type Research struct {
	Record
	AgencyID string
	Status   marac.ResearchStatus
	ItemID   string
}

// ResearchContent is the sealed section of research.
type ResearchContent struct {
	Items        []marac.ResearchItem
	WithheldNote string
	ReturnedBy   string
}

// ResearchItem is one finding.
type ResearchItem struct {
	ID   string
	Text string
	Kind marac.ResearchKind
}

// IsNode marks research as a record with an id of its own.
func (Research) IsNode() {}

// GetID returns the research's id.
func (r Research) GetID() string { return r.ID }

// Agency is the agency that owns it.
func (r Research) Agency() Agency { return r.Names.Agency(r.AgencyID) }

// Items are the findings; null when only agency and status are the viewer's.
func (r Research) Items() ([]ResearchItem, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	items := make([]ResearchItem, len(content.Items))
	for i, item := range content.Items {
		items[i] = ResearchItem{ID: item.ID, Text: item.Text, Kind: item.Kind}
	}
	return items, nil
}

// WithheldNote is what was withheld and why; null when nothing was.
func (r Research) WithheldNote() (*string, error) {
	content, err := r.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.WithheldNote), nil
}

func (r Research) content() (*ResearchContent, error) {
	if !r.full(authz.Research) {
		return nil, nil
	}
	return section[ResearchContent](r.Record, authz.Research, authz.Full)
}
