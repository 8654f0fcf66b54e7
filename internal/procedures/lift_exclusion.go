package procedures

import (
	"context"
	"slices"

	"accord/domain/fault"
	"accord/domain/sharing"
	"accord/internal/records"
	"accord/internal/views"
)

// ExclusionLifting is why an exclusion is lifted.
type ExclusionLifting struct {
	Exclusion       string
	Reason          string
	ExpectedVersion int64
}

// LiftExclusion takes an exclusion away. It gives nobody back what they had of the
// case: whoever is to work on it is assigned again. With the last restriction lifted,
// the case is again there for whoever has a relation to it.
func LiftExclusion(ctx context.Context, s *records.Session, lifting ExclusionLifting) (views.Exclusion, error) {
	const procedure = "liftExclusion"
	exclusion, err := s.LoadExclusion(ctx, lifting.Exclusion)
	if err != nil {
		return views.Exclusion{}, err
	}
	if err = records.Allow(ctx, s, procedure, exclusion); err != nil {
		return views.Exclusion{}, err
	}
	if exclusion.Version() != lifting.ExpectedVersion {
		return views.Exclusion{}, refused(ctx, s, procedure, fault.Stale())
	}
	lifted, err := exclusion.Value.Lift(s.Capacity().Person, lifting.Reason, s.Now())
	if err != nil {
		return views.Exclusion{}, refused(ctx, s, procedure, err)
	}
	exclusion.Value.Exclusion = lifted
	held, err := s.LoadCaseHead(ctx, lifted.Case)
	if err != nil {
		return views.Exclusion{}, err
	}
	standing, err := s.LoadExclusionsOf(ctx, lifted.Case)
	if err != nil {
		return views.Exclusion{}, err
	}
	change := s.Change(lifted.Case)
	switch lifted.Kind {
	case sharing.ExcludedFrom:
		held.Value.Excluded = slices.DeleteFunc(slices.Clone(held.Value.Excluded), func(practitioner string) bool {
			return practitioner == lifted.Person
		})
		change.Exclude(lifted.Person, true)
	case sharing.RestrictedTo:
		held.Value.Restricted = stillNamed(standing, lifted.ID)
		if len(held.Value.Restricted) > 0 {
			// Whoever lifts it keeps the case, or nobody might be left who can lift the next.
			held.Value.Restricted = slices.Compact(slices.Sorted(slices.Values(append(held.Value.Restricted, s.Capacity().Person))))
		}
	}
	records.UpdateByRule(change, held)
	records.Update(change, exclusion)
	if err := commitReach(ctx, s, procedure, change, held.Value); err != nil {
		return views.Exclusion{}, err
	}
	return s.Exclusion(ctx, lifted.ID)
}

// stillNamed are to whom a case is kept without one of its restrictions: the people
// named by the others, and whoever set those.
func stillNamed(exclusions []records.Held[records.Exclusion], without string) []string {
	var named []string
	for _, one := range exclusions {
		if e := one.Value; e.ID != without && e.Kind == sharing.RestrictedTo && e.LiftedAt.IsZero() {
			named = append(named, e.Person, e.SetBy)
		}
	}
	slices.Sort(named)
	return slices.Compact(named)
}
