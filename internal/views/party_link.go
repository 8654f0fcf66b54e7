package views

import (
	"time"

	"accord/domain/sharing"
)

// PartyLink is that two parties of two cases are held to be the same person.
type PartyLink struct {
	Record              // its Sight is what the viewer holds of both cases
	Status              sharing.LinkStatus
	ProposedByID        string
	ProposedAt          time.Time
	ConfirmedByID       string
	ConfirmedAt         *time.Time
	UndoneAt            *time.Time
	OtherCase, OtherOne string // case and party at the end that was not asked from
	Version             int
}

// IsNode marks a link as a record with an id of its own.
func (PartyLink) IsNode() {}

// GetID returns the link's id.
func (l PartyLink) GetID() string { return l.ID }

// ProposedBy is who proposed it.
func (l PartyLink) ProposedBy() *Practitioner {
	practitioner := l.Names.Practitioner(l.ProposedByID)
	return &practitioner
}

// ConfirmedBy is who confirmed it; null before that.
func (l PartyLink) ConfirmedBy() *Practitioner {
	if l.ConfirmedByID == "" {
		return nil
	}
	practitioner := l.Names.Practitioner(l.ConfirmedByID)
	return &practitioner
}

// PersonHit is somebody of a case the viewer reaches, who is like whom they
// looked for.
type PersonHit struct {
	Record
	Likeness Likeness
	CaseID   string
	Found    Person
}

// Likeness is how like somebody is to whom was asked for. It never says that they
// are the same.
type Likeness string

// The likenesses.
const (
	Likely   Likeness = "LIKELY"
	Possible Likeness = "POSSIBLE"
)

// Valid reports whether it is one of the likenesses.
func (l Likeness) Valid() bool { return l == Likely || l == Possible }

// PersonSearchPayload is what a search found.
type PersonSearchPayload struct {
	Hits          []PersonHit
	ContactPoints []Agency
}
