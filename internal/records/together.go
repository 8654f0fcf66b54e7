package records

import (
	"context"
	"fmt"
	"sync"

	"accord/domain/fault"
	"accord/internal/store"
	"accord/internal/views"
)

// membersOfFamily bounds how many records of one kind are read of one case.
const membersOfFamily = store.MaxPage

// readKey is what was read of which families.
type readKey struct {
	together *views.Together
	kind     views.Kind
}

// readOnce holds the records of one kind of all families read together: whoever
// asks first reads for all, so that twenty cases cost one query and no waiting
// for others to ask.
type readOnce struct {
	once sync.Once
	docs []store.Document
	err  error
}

// members returns the documents of the kind in the families, read once for all
// that are read together. They are not decided yet.
func (s *Session) members(ctx context.Context, together *views.Together, kind views.Kind) ([]store.Document, error) {
	key := readKey{together, kind}
	s.mutex.Lock()
	read := s.read[key]
	if read == nil {
		read = &readOnce{}
		s.read[key] = read
	}
	s.mutex.Unlock()
	read.once.Do(func() {
		stop := s.phase("fetch")
		defer stop()
		read.docs, read.err = s.records.membersOf(ctx, kind, together.Families)
	})
	if read.err != nil {
		return nil, fmt.Errorf("reading %s records together: %w", kind, read.err)
	}
	return read.docs, nil
}

// membersOf reads the records of the kind in the families. A family with more
// than can be read at once is refused: what is not read could be what the viewer
// may see, pushed out by what they may not.
func (r *Records) membersOf(ctx context.Context, kind views.Kind, families []string) ([]store.Document, error) {
	docs, err := r.store.Families(ctx, kindOf(kind), families, membersOfFamily)
	if err != nil {
		return nil, fmt.Errorf("reading families: %w", err)
	}
	counts := map[string]int{}
	for _, doc := range docs {
		counts[doc.Family]++
		if counts[doc.Family] == membersOfFamily {
			return nil, fmt.Errorf("%s has more than %d records of kind %s", doc.Family, membersOfFamily-1, kind)
		}
	}
	return docs, nil
}

// checkRoom refuses one more record of a kind than can be read of a case at once.
func (r *Records) checkRoom(ctx context.Context, doc store.Document) error {
	if !isOfCase(doc.Kind) {
		return nil
	}
	held, err := r.store.Families(ctx, doc.Kind, []string{doc.Family}, membersOfFamily)
	if err != nil {
		return fmt.Errorf("counting the records of a case: %w", err)
	}
	if len(held) >= membersOfFamily-1 {
		return fault.Rule("CASE_SIZE", "Accord", "A case holds at most 1,000 records of one kind. Sum up what is recorded one by one.")
	}
	return nil
}

// membersOf shows the records of the kind in one family that are there for the
// viewer.
func membersOf[V any](ctx context.Context, s *Session, together *views.Together, kind views.Kind, family string, view viewOf[V]) ([]V, error) {
	return membersWhere(ctx, s, together, kind, family, view, func(V) bool { return true })
}

// membersWhere shows those of them that belong where they are asked for. The
// others are not looked at, and the audit entry does not name them.
func membersWhere[V any](ctx context.Context, s *Session, together *views.Together, kind views.Kind, family string, view viewOf[V], belongs func(V) bool) ([]V, error) {
	docs, err := s.members(ctx, together, kind)
	if err != nil {
		return nil, err
	}
	shown := []V{}
	for _, doc := range docs {
		if doc.Family != family {
			continue
		}
		one, reached, err := examine(ctx, s, kind, doc, together, view)
		if err != nil {
			return nil, err
		}
		if reached && belongs(one) {
			s.trail.seen(doc)
			shown = append(shown, one)
		}
	}
	return shown, nil
}
