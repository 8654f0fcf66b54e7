package views

import (
	"time"

	"accord/authz"
	"accord/domain/sharing"
)

// Exclusion is that somebody is kept from a case, or a case is kept to somebody.
type Exclusion struct {
	Record
	Version int
}

// ExclusionContent is the full section EXCLUSION: who, why, set and lifted by whom.
type ExclusionContent struct{ sharing.Exclusion }

// IsNode marks an exclusion as a record with an id of its own.
func (Exclusion) IsNode() {}

// GetID returns the exclusion's id.
func (e Exclusion) GetID() string { return e.ID }

// Details is who is kept from the case and why; null below full.
func (e Exclusion) Details() (*ExclusionDetails, error) {
	if !e.full(authz.ExclusionClass) {
		return nil, nil
	}
	content, err := section[ExclusionContent](e.Record, authz.ExclusionClass, authz.Full)
	if err != nil {
		return nil, err
	}
	details := &ExclusionDetails{
		Practitioner: e.Names.Practitioner(content.Person), Kind: content.Kind, Reason: content.Reason,
		SetBy: e.Names.Practitioner(content.SetBy), SetAt: content.SetAt,
	}
	if !content.LiftedAt.IsZero() {
		lifter := e.Names.Practitioner(content.LiftedBy)
		details.LiftedBy, details.LiftedAt = &lifter, &content.LiftedAt
	}
	return details, nil
}

// ExclusionDetails is what there is to say of an exclusion.
type ExclusionDetails struct {
	Practitioner Practitioner
	Kind         sharing.ExclusionKind
	Reason       sharing.ExclusionReason
	SetBy        Practitioner
	SetAt        time.Time
	LiftedBy     *Practitioner
	LiftedAt     *time.Time
}
