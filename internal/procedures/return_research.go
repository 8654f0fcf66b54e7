package procedures

import (
	"context"

	"accord/domain/marac"
	"accord/internal/records"
)

// SubmitResearch returns what the agency found, facts apart from opinions. It
// stays the agency's own until released, item by item.
func SubmitResearch(ctx context.Context, s *records.Session, researchID string, items []marac.ResearchItem, withheld string) error {
	return returnResearch(ctx, s, "submitResearch", researchID, func(r marac.Research) (marac.Research, error) {
		for _, item := range items {
			item.ID = s.Records().NewIdentifier("finding")
			r.Items = append(r.Items, item)
		}
		r.WithheldNote = withheld
		return r.Submit(s.Capacity().Person, s.Now())
	})
}

// ReturnNil says that the agency searched and holds nothing. Silence is not a nil
// return.
func ReturnNil(ctx context.Context, s *records.Session, researchID string) error {
	return returnResearch(ctx, s, "returnNil", researchID, func(r marac.Research) (marac.Research, error) {
		return r.NilReturn(s.Capacity().Person, s.Now())
	})
}

func returnResearch(ctx context.Context, s *records.Session, procedure, researchID string, rule func(marac.Research) (marac.Research, error)) error {
	held, err := s.LoadResearch(ctx, researchID)
	if err != nil {
		return err
	}
	if err = records.Allow(ctx, s, procedure, held); err != nil {
		return err
	}
	returned, err := rule(held.Value.Research)
	if err != nil {
		return refused(ctx, s, procedure, err)
	}
	held.Value.Research = returned
	change := s.Change(returned.Case)
	records.Update(change, held)
	return s.Apply(ctx, procedure, change)
}
