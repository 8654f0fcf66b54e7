package views

import (
	"fmt"

	"accord/authz"
	"accord/domain/calendar"
)

// Governed is a view of a record, or of a part with a Sight of its own.
type Governed interface {
	// Governing returns the Sight every field below is decided by.
	Governing() authz.Sight
}

// Classed is a governed view that says itself which class its unmarked fields
// are of: a person's identity is of the class of their role in the case.
type Classed interface {
	OwnClass() authz.DataClass
}

// Sealed opens sections of one record for one viewer, on demand.
type Sealed interface {
	// Section returns the opened section decoded into what fresh made, opened
	// once for all who ask; nil when the record has none. Asking for more than
	// the viewer's Sight permits is an error and opens nothing.
	Section(class authz.DataClass, level authz.Level, fresh func() any) (any, error)
}

// Names resolves ids of the directory, which every signed-in person may read.
type Names interface {
	Agency(id string) Agency
	Practitioner(id string) Practitioner
	Area(id string) Area
}

// Record is what every view of a record holds.
type Record struct {
	ID     string
	Sight  authz.Sight
	Sealed Sealed
	Names  Names
	Today  calendar.Date // the day it is in London, for what is overdue
	// Together are the families of the records read in one list with this one:
	// what is read of one is read of all at once.
	Together *Together
}

// Together is a set of families read in one go.
type Together struct{ Families []string }

// Governing returns the record's Sight.
func (r Record) Governing() authz.Sight { return r.Sight }

// full reports whether the class is held in full.
func (r Record) full(class authz.DataClass) bool { return r.Sight.Level(class) == authz.Full }

// atLeastMasked reports whether the class is held at all.
func (r Record) atLeastMasked(class authz.DataClass) bool {
	return r.Sight.Level(class) >= authz.Masked
}

// section opens a section as a T; a record without it gives an empty T.
func section[T any](r Record, class authz.DataClass, level authz.Level) (*T, error) {
	opened, err := r.Sealed.Section(class, level, func() any { return new(T) })
	if err != nil {
		return nil, fmt.Errorf("opening %s of %s: %w", class, r.ID, err)
	}
	if opened == nil {
		return new(T), nil
	}
	decoded, ok := opened.(*T)
	if !ok {
		return nil, fmt.Errorf("%s of %s was opened as %T", class, r.ID, opened)
	}
	return decoded, nil
}

// when returns the value for a reader who holds it, and null otherwise.
func when[T any](held bool, value T) *T {
	if !held {
		return nil
	}
	return &value
}

// known is when, and null also for a value nobody knows.
func known[T comparable](held bool, value T) *T {
	var unknown T
	return when(held && value != unknown, value)
}
