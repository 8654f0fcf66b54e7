package procedures

import (
	"context"
	"slices"

	"accord/authz"
	"accord/domain/casework"
	"accord/domain/fault"
	"accord/internal/records"
	"accord/internal/views"
)

// SafeContactRecording is where and how a party is reached safely.
type SafeContactRecording struct {
	Case            string
	Party           string
	Contact         casework.SafeContact
	ExpectedVersion int64
}

// RecordSafeContact records where and how a party is reached without telling the
// perpetrator, guarded by the version of the case that was read. The address that was
// known before is kept; the address of a refuge is never recorded.
func RecordSafeContact(ctx context.Context, s *records.Session, recording SafeContactRecording) (views.Case, error) {
	const procedure = "recordSafeContact"
	held, err := s.LoadCase(ctx, recording.Case)
	if err != nil {
		return views.Case{}, err
	}
	// Who writes the contacts of one party writes the section of all: it is changed by
	// nobody who does not hold it whole.
	if held.Sight.WriteLevel(authz.SafeContact) != authz.Full || held.Sight.Level(authz.SafeContact) != authz.Full {
		return views.Case{}, refused(ctx, s, procedure, fault.Refused("This is not yours to change."))
	}
	at := slices.IndexFunc(held.Value.Parties, func(p casework.Party) bool { return p.ID == recording.Party })
	switch {
	case at < 0:
		return views.Case{}, refused(ctx, s, procedure, fault.Missing())
	case held.Version() != recording.ExpectedVersion:
		return views.Case{}, refused(ctx, s, procedure, fault.Stale())
	}
	if err := recording.Contact.Check(); err != nil {
		return views.Case{}, refused(ctx, s, procedure, err)
	}
	held.Value.Parties = slices.Clone(held.Value.Parties)
	held.Value.Parties[at].Contact = held.Value.Parties[at].Contact.Replace(recording.Contact)
	change := s.Change(recording.Case)
	records.Update(change, held)
	if err := s.Apply(ctx, procedure, change); err != nil {
		return views.Case{}, err
	}
	return s.CaseByID(ctx, recording.Case)
}
