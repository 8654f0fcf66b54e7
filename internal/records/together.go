package records

import (
	"context"
	"fmt"
	"sync"

	"accord/internal/store"
	"accord/internal/views"
)

// membersOfFamily bounds how many records of one kind are read of one case.
const membersOfFamily = 500

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
		read.docs, read.err = s.records.store.Families(ctx, kindOf(kind), together.Families, membersOfFamily)
	})
	if read.err != nil {
		return nil, fmt.Errorf("reading %s records together: %w", kind, read.err)
	}
	return read.docs, nil
}

// membersOf shows the records of the kind in one family that are there for the
// viewer.
func membersOf[V any](ctx context.Context, s *Session, together *views.Together, kind views.Kind, family string, view viewOf[V]) ([]V, error) {
	docs, err := s.members(ctx, together, kind)
	if err != nil {
		return nil, err
	}
	shown := []V{}
	for _, doc := range docs {
		if doc.Family != family {
			continue
		}
		one, reached, err := show(ctx, s, kind, doc, together, view)
		if err != nil {
			return nil, err
		}
		if reached {
			shown = append(shown, one)
		}
	}
	return shown, nil
}
