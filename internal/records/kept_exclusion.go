package records

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
	"accord/internal/views"
)

// keepExclusions has the keys remember what a batch excludes, before it is
// committed, and returns what takes back what was not remembered before: for a
// batch that is refused. One whose outcome is unknown is remembered: to be kept
// from a case by mistake is mended, not to be kept from it is not.
func (a attested) keepExclusions(ctx context.Context, b store.Batch) (takeBack func() error, err error) {
	var added []secrets.KeptExclusion
	known, err := a.keptExclusions(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, x := range b.Excluded {
		one := secrets.KeptExclusion{Principal: x.Principal, Family: x.Family}
		if x.Lifted || slices.Contains(known, one) {
			continue
		}
		if err := a.keyring.KeepExclusion(ctx, one); err != nil {
			return nil, fmt.Errorf("keeping an exclusion beside the keys: %w", err)
		}
		added = append(added, one)
	}
	return func() error { return a.forget(ctx, added) }, nil
}

func (a attested) keptExclusions(ctx context.Context, b store.Batch) ([]secrets.KeptExclusion, error) {
	if len(b.Excluded) == 0 {
		return nil, nil
	}
	kept, err := a.keyring.KeptExclusions(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the exclusions beside the keys: %w", err)
	}
	return kept, nil
}

func (a attested) forget(ctx context.Context, exclusions []secrets.KeptExclusion) error {
	for _, one := range exclusions {
		if err := a.keyring.ForgetExclusion(ctx, one); err != nil {
			return fmt.Errorf("forgetting an exclusion beside the keys: %w", err)
		}
	}
	return nil
}

// liftedBy are the exclusions a batch leaves lifted.
func liftedBy(b store.Batch) []secrets.KeptExclusion {
	last := map[secrets.KeptExclusion]bool{}
	for _, x := range b.Excluded {
		last[secrets.KeptExclusion{Principal: x.Principal, Family: x.Family}] = x.Lifted
	}
	var all []secrets.KeptExclusion
	for one, gone := range last {
		if gone {
			all = append(all, one)
		}
	}
	return all
}

// isRefused reports whether nothing of a batch has happened for sure.
func isRefused(err error) bool {
	return errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrDuplicate) || errors.Is(err, store.ErrClosed)
}

// restoreExclusions enters again what the keys remember and the data has lost: data
// that was put back to an older state would otherwise show a case to somebody who
// has been kept from it since.
func (r *Records) restoreExclusions(ctx context.Context) error {
	kept, err := r.keyring.KeptExclusions(ctx)
	if err != nil {
		return fmt.Errorf("reading the exclusions beside the keys: %w", err)
	}
	for _, one := range kept {
		held, err := r.store.Excluded(ctx, one.Principal)
		if err != nil {
			return fmt.Errorf("reading exclusions: %w", err)
		}
		if slices.Contains(held, one.Family) {
			continue
		}
		entry := r.upkeep(ctx, r.NewIdentifier("request")).entry(audit.Alteration, "restoreExclusion")
		entry.Records = []audit.RecordSeen{{Record: audit.ID(one.Family), Kind: kindOf(views.CaseKind)}}
		entries, err := encodeEntries(entry)
		if err != nil {
			return err
		}
		err = r.store.Apply(ctx, store.Batch{
			Family: one.Family, Entries: entries, Excluded: []store.Exclusion{{Principal: one.Principal, Family: one.Family}},
		})
		if err != nil {
			return fmt.Errorf("restoring an exclusion: %w", err)
		}
	}
	return nil
}
