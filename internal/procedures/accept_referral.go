package procedures

import (
	"context"

	"accord/internal/records"
)

// AcceptReferral takes a referral for the MARAC; the case then awaits a list.
func AcceptReferral(ctx context.Context, s *records.Session, referralID string) error {
	const procedure = "acceptReferral"
	held, err := s.LoadReferral(ctx, referralID)
	if err != nil {
		return err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	accepted, err := held.Value.Accept(s.Capacity().Person, s.Today())
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Referral = accepted
	change := s.Change(accepted.Case)
	records.Update(change, held)
	return s.Apply(ctx, procedure, change)
}
