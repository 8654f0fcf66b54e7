package records

import (
	"context"
	"fmt"

	"accord/authz"
	"accord/domain/sharing"
	"accord/internal/store"
)

// movedAtOnce bounds the cases that follow a practitioner in one delivery. Each is
// written with everything of it.
const movedAtOnce = 25

// TeamMove starts a session of the system capacity that has cases follow their
// practitioners into another team. It holds no role: it reads what is clear and changes
// nothing but the team.
func (r *Records) TeamMove(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "team move"}, r.NewIdentifier("request"))
}

// Moved is who has moved, as the directory stands now, and what has still to follow.
type Moved struct {
	Practitioner sharing.Practitioner
	Cases        []Held[Case] // what of them is clear, the oldest first
	More         bool         // there may be others
}

// LeftBehind reads cases of a practitioner that stand with another team than theirs,
// as the directory is in the store: another program may have changed it.
func (s *Session) LeftBehind(ctx context.Context, practitioner string) (Moved, error) {
	if err := s.records.reloadDirectory(ctx); err != nil {
		return Moved{}, err
	}
	moved := Moved{}
	moved.Practitioner, _ = s.records.Directory().Practitioner(practitioner)
	query := store.Query{Index: "cases_opened_oldest", Tokens: []string{givenTo(practitioner)}, Limit: movedAtOnce}
	for {
		page, err := s.records.store.Find(ctx, query)
		if err != nil {
			return Moved{}, fmt.Errorf("reading the cases of a practitioner: %w", err)
		}
		for _, doc := range page.Documents {
			held, err := loadClear(ctx, s, doc, decodeCase)
			if err != nil {
				return Moved{}, err
			}
			if _, behind := held.Value.Regroup(moved.Practitioner); behind {
				moved.Cases = append(moved.Cases, held)
			}
		}
		moved.More = page.More
		if !page.More || len(moved.Cases) >= movedAtOnce {
			return moved, nil
		}
		last := page.Documents[len(page.Documents)-1]
		query.After = &store.Position{Order: orderOf(last, "opened"), ID: last.ID}
	}
}
