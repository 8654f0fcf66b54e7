package records

import (
	"context"
	"fmt"

	"accord/authz"
	"accord/internal/store"
)

// EndedRelease is a release that has ended by itself, of which its recipients were not
// told yet.
type EndedRelease struct {
	Release Held[Release] // what of it is clear
	Case    Case          // what of it is clear
}

// endedAtOnce bounds how many releases are ended in one batch of reading.
const endedAtOnce = 100

// EndedReleases reads the releases that have ended by themselves and whose recipients
// still hold its tokens, those that ended first first. It is for the system capacity
// that ends them; nothing sealed is opened.
func (s *Session) EndedReleases(ctx context.Context) ([]EndedRelease, error) {
	page, err := s.records.store.Find(ctx, store.Query{Index: releasesEnding, Limit: endedAtOnce})
	if err != nil {
		return nil, fmt.Errorf("reading the releases that end: %w", err)
	}
	var ended []EndedRelease
	for _, doc := range page.Documents {
		if until, _ := doc.Field(untilField); s.now.UnixMilli() < until.Number {
			break // as do all behind it
		}
		held, err := loadClear(ctx, s, doc, decodeRelease)
		if err != nil {
			return nil, err
		}
		of, err := s.clearCase(ctx, doc.Family)
		if err != nil {
			return nil, err
		}
		ended = append(ended, EndedRelease{held, of})
	}
	return ended, nil
}

// clearCase reads what of a case is clear, with no regard to who asks: for system
// capacities that do one thing by a rule of its own.
func (s *Session) clearCase(ctx context.Context, id string) (Case, error) {
	doc, err := s.records.store.Get(ctx, id)
	if err != nil {
		return Case{}, fmt.Errorf("reading the case of a record: %w", err)
	}
	return decodeCase(doc, closed)
}

// ReleaseSweep starts a session of the system capacity that ends releases whose time
// is over. It holds no role: it reads what is clear and changes nothing but that they
// have ended.
func (r *Records) ReleaseSweep(ctx context.Context) *Session {
	return r.Begin(ctx, authz.Capacity{System: "release sweep"}, r.NewIdentifier("request"))
}
