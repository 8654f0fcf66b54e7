package views

import (
	"time"

	"accord/authz"
	"accord/domain/sharing"
)

// InformationItem is something an agency holds on a case: intelligence, a note of
// an advocacy service, health information.
type InformationItem struct {
	Record
	Kind       sharing.ItemKind
	AgencyID   string
	RecordedAt time.Time
}

// OwnedContent is the full section of an item, of the class of its kind.
type OwnedContent struct {
	About      string // party id; empty: the case as a whole
	Basis      sharing.Basis
	Text       string
	RecordedBy string
}

// ItemClass is the class of an item's content.
func ItemClass(kind sharing.ItemKind) authz.DataClass {
	switch kind {
	case sharing.AdvocateNote:
		return authz.AdvocateNotes
	case sharing.HealthInformation:
		return authz.Health
	case sharing.Intelligence:
		return authz.Intelligence
	default:
		return authz.Intelligence
	}
}

// KindOfItem is the kind of record an item is kept as.
func KindOfItem(kind sharing.ItemKind) Kind {
	switch kind {
	case sharing.AdvocateNote:
		return AdvocateNoteKind
	case sharing.HealthInformation:
		return HealthKind
	case sharing.Intelligence:
		return IntelligenceKind
	default:
		return IntelligenceKind
	}
}

// IsNode marks an item as a record with an id of its own.
func (InformationItem) IsNode() {}

// GetID returns the item's id.
func (i InformationItem) GetID() string { return i.ID }

// OwnClass is the class of the item's kind.
func (i InformationItem) OwnClass() authz.DataClass { return ItemClass(i.Kind) }

// Agency is the owner: the agency that put it in.
func (i InformationItem) Agency() *Agency {
	agency := i.Names.Agency(i.AgencyID)
	return &agency
}

// Text is what is held; null when masked.
func (i InformationItem) Text() (*string, error) {
	content, err := i.content()
	return known(content != nil, textOf(content)), err
}

// Basis tells fact from opinion; null when masked.
func (i InformationItem) Basis() (*sharing.Basis, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.Basis), nil
}

// About is the party it is about; null when masked and for the case as a whole.
func (i InformationItem) About() (*string, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	return known(true, content.About), nil
}

// RecordedBy is who put it in; null when masked.
func (i InformationItem) RecordedBy() (*Practitioner, error) {
	content, err := i.content()
	if content == nil {
		return nil, err
	}
	practitioner := i.Names.Practitioner(content.RecordedBy)
	return &practitioner, nil
}

func textOf(content *OwnedContent) string {
	if content == nil {
		return ""
	}
	return content.Text
}

func (i InformationItem) content() (*OwnedContent, error) {
	if !i.full(i.OwnClass()) {
		return nil, nil
	}
	return section[OwnedContent](i.Record, i.OwnClass(), authz.Full)
}
