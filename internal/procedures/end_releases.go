package procedures

import (
	"context"
	"errors"
	"fmt"

	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
)

// EndReleases takes releases whose time is over from their recipients and tells them,
// once. What a recipient sees does not wait for it: the end is judged whenever the
// release is read.
func EndReleases(ctx context.Context, r *records.Records) error {
	for range turns {
		s := r.ReleaseSweep(ctx)
		ended, err := s.EndedReleases(ctx)
		if err != nil || len(ended) == 0 {
			return err
		}
		var stuck []error
		for _, one := range ended {
			if err := endRelease(ctx, s, one); err != nil {
				stuck = append(stuck, fmt.Errorf("ending %s: %w", one.Release.Value.ID, err))
			}
		}
		deliverNow(ctx, r)
		if len(stuck) > 0 {
			return errors.Join(stuck...) // the others have ended; these wait for the next turn
		}
	}
	return nil
}

func endRelease(ctx context.Context, s *records.Session, ended records.EndedRelease) error {
	ended.Release.Value.EndTold = true
	change := s.Change(ended.Case.ID)
	records.UpdateByRule(change, ended.Release)
	for _, recipient := range ended.Release.Value.Recipients {
		if err := s.Tell(change, sharing.AlertReleaseEnded, ended.Case, s.Responsible(ended.Case, recipient)...); err != nil {
			return err
		}
	}
	err := s.Apply(ctx, "endRelease", change)
	if fault.Is(err, fault.Conflict) {
		return nil // it was withdrawn or ended meanwhile, or comes again with the next turn
	}
	return err
}
