package records

import (
	"context"
	"fmt"
	"sync"

	"accord/authz"
	"accord/internal/secrets"
	"accord/internal/store"
)

// opener opens the section of a class at a level into a value, as far as it is
// permitted; what is not permitted, or not there, leaves the value as it is.
type opener func(class authz.DataClass, level authz.Level, into any) error

// closed opens nothing: what can be read then is the clear head.
func closed(authz.DataClass, authz.Level, any) error { return nil }

// address is where a section of a document is sealed for.
func address(doc store.Document, name string, version int64) secrets.Address {
	return secrets.Address{Kind: string(doc.Kind), Record: doc.ID, Section: name, Version: version}
}

// unseal returns the content of a section in the newest form; nil when the document
// has none. What the section is made of in an older form is opened for its sake,
// and nothing else of that gets out.
func (r *Records) unseal(ctx context.Context, doc store.Document, name string) ([]byte, error) {
	made, ok, err := r.forms.making(doc, name)
	if err != nil || !ok {
		return nil, err
	}
	section, _ := doc.Section(made.stored)
	key, err := r.keyring.Known(ctx, doc.Family)
	if err != nil {
		return nil, fmt.Errorf("the key of %s: %w", doc.Family, err)
	}
	plain, err := key.Open(address(doc, made.stored, section.Version), section.Sealed)
	if err != nil {
		return nil, fmt.Errorf("section %s of %s: %w", made.stored, doc.ID, err)
	}
	if plain, err = lifted(plain, made.lifts); err != nil {
		return nil, fmt.Errorf("section %s of %s: %w", name, doc.ID, err)
	}
	return plain, nil
}

// openSection opens a section into a value, with no regard to who asks: for the
// directory, and for openers that have decided.
func (r *Records) openSection(ctx context.Context, doc store.Document, name string, into any) error {
	plain, err := r.unseal(ctx, doc, name)
	if err != nil {
		return err
	}
	return decode(plain, into)
}

// sealed opens sections of one document for one viewer, on demand and once, and
// notes on the trail what was opened. It is the last line: it opens nothing that
// the Sight does not permit, whoever asks.
type sealed struct {
	ctx     context.Context //nolint:containedctx // a view opens sections inside the request it was made for
	session *Session
	doc     store.Document
	sight   authz.Sight

	mutex  sync.Mutex
	opened map[classAtLevel]any
}

type classAtLevel struct {
	class authz.DataClass
	level authz.Level
}

func (s *sealed) Section(class authz.DataClass, level authz.Level, fresh func() any) (any, error) {
	if level == authz.Withheld || s.sight.Level(class) < level {
		return nil, fmt.Errorf("%s of %s was asked for beyond the viewer's sight", class, s.doc.ID)
	}
	asked := classAtLevel{class, level}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if value, ok := s.opened[asked]; ok {
		return value, nil
	}
	stop := s.session.phase("unseal")
	defer stop()
	plain, err := s.session.records.unseal(s.ctx, s.doc, sectionName(class, level))
	if err != nil {
		return nil, err
	}
	var value any
	if plain != nil {
		value = fresh()
		if err := decode(plain, value); err != nil {
			return nil, err
		}
	}
	if s.opened == nil {
		s.opened = map[classAtLevel]any{}
	}
	s.opened[asked] = value
	s.session.trail.opened(s.doc, class, level)
	return value, nil
}
