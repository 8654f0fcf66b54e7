package procedures

import (
	"context"
	"slices"

	"accord/domain/casework"
	"accord/domain/fault"
	"accord/internal/records"
)

// RecordSafeContact records where and how a party may be reached without telling
// the perpetrator. The address of a refuge is never recorded.
func RecordSafeContact(ctx context.Context, s *records.Session, caseID, partyID string, contact casework.SafeContact) error {
	const procedure = "recordSafeContact"
	held, err := s.LoadCase(ctx, caseID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(held.Value.Parties, func(p casework.Party) bool { return p.ID == partyID })
	if at < 0 {
		return refused(ctx, s, procedure, fault.Missing())
	}
	if err := contact.Check(); err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Parties = slices.Clone(held.Value.Parties)
	held.Value.Parties[at].Contact = contact
	change := s.Change(caseID)
	records.Update(change, held)
	return s.Apply(ctx, procedure, change)
}
