package views

import (
	"time"

	"accord/authz"
	"accord/domain/sharing"
)

// Release is a decision about sharing one item, and what was shared.
type Release struct {
	Record
	Source       sharing.ReleaseSource
	Item         string // id of what it is of
	ListedAs     string // id of the list item it belongs to; empty: to the case
	OwnerID      string
	Decision     sharing.DisclosureDecision
	RecipientIDs []string
	DecidedAt    time.Time
	Until        *time.Time
	WithdrawnAt  *time.Time
	Version      int
}

// ReleaseGrounds is the full section SHARING_RECORD of a release: why it was
// decided.
type ReleaseGrounds struct {
	Gateway          sharing.LegalGateway
	Regime           sharing.ProcessingRegime
	Necessity        string
	Proportionality  string
	Consent          sharing.ConsentState
	VictimTold       bool
	NotToldBecause   string
	Conditions       string
	Schedule         sharing.DisclosureSchedule
	DecidedBy        string
	WithdrawnBy      string
	WithdrawnBecause string
}

// ReleasedContent is the full section of what was released, of the class of its
// source.
type ReleasedContent struct{ Text string }

// SourceClass is the class of what is released.
func SourceClass(source sharing.ReleaseSource) authz.DataClass {
	switch source {
	case sharing.OfAdvocateNote:
		return authz.AdvocateNotes
	case sharing.OfHealthInformation:
		return authz.Health
	case sharing.OfFinding:
		return authz.Research
	case sharing.OfAssessment:
		return authz.RiskAssessment
	case sharing.OfMinutes:
		return authz.MaracMinutes
	case sharing.OfIntelligence:
		return authz.Intelligence
	default:
		return authz.Intelligence
	}
}

// IsNode marks a release as a record with an id of its own.
func (Release) IsNode() {}

// GetID returns the release's id.
func (r Release) GetID() string { return r.ID }

// OwnClass is the class of what was released.
func (r Release) OwnClass() authz.DataClass { return SourceClass(r.Source) }

// Owner is the agency whose item it is.
func (r Release) Owner() *Agency {
	agency := r.Names.Agency(r.OwnerID)
	return &agency
}

// Recipients are the agencies it was released or refused to.
func (r Release) Recipients() []Agency {
	agencies := make([]Agency, len(r.RecipientIDs))
	for i, id := range r.RecipientIDs {
		agencies[i] = r.Names.Agency(id)
	}
	return agencies
}

// Content is what was shared; null for those who hold the decision alone, and
// when nothing was shared.
func (r Release) Content() (*string, error) {
	if !r.full(r.OwnClass()) {
		return nil, nil
	}
	content, err := section[ReleasedContent](r.Record, r.OwnClass(), authz.Full)
	return known(err == nil, content.Text), err
}

// Grounds is why it was decided so; null below full.
func (r Release) Grounds() (*Grounds, error) {
	if !r.full(authz.SharingRecord) {
		return nil, nil
	}
	grounds, err := section[ReleaseGrounds](r.Record, authz.SharingRecord, authz.Full)
	if err != nil {
		return nil, err
	}
	return &Grounds{grounds, r.Names}, nil
}

// Grounds are the reasons of a decision about sharing.
type Grounds struct {
	*ReleaseGrounds
	names Names
}

// NotToldBecause is why the victim was not told; null when they were.
func (g Grounds) NotToldBecause() *string { return known(true, g.ReleaseGrounds.NotToldBecause) }

// Conditions are what the recipient is bound to; null when nothing.
func (g Grounds) Conditions() *string { return known(true, g.ReleaseGrounds.Conditions) }

// WithdrawnBecause is why it was withdrawn; null when it was not.
func (g Grounds) WithdrawnBecause() *string { return known(true, g.ReleaseGrounds.WithdrawnBecause) }

// DecidedBy is who decided.
func (g Grounds) DecidedBy() Practitioner { return g.names.Practitioner(g.ReleaseGrounds.DecidedBy) }
