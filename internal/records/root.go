package records

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/views"
)

// root is the case that a family hangs on, as a change leaves it: who reaches
// anything of the family is read from it.
type root struct {
	after *caseHead       // nil: the family has no case (a meeting, the directory)
	moved bool            // the change moves who reaches the family
	read  *store.Document // the case, which must still be as it was read; nil when the change writes it
}

// rootOf finds the case a change hangs on: in the change itself when the case is
// part of it, in the store otherwise.
func (s *Session) rootOf(ctx context.Context, c *Change) (root, error) {
	for _, write := range c.writes {
		changed, ok := write.after.(Case)
		if !ok {
			continue
		}
		head := changed.caseHead()
		encoded, err := encode(head)
		if err != nil {
			return root{}, err
		}
		// A case that comes forward may give tokens that it did not give before.
		moved := write.doc != nil && (!bytes.Equal(encoded, write.head) || s.records.forms.isOlder(*write.doc))
		return root{after: head, moved: moved}, nil
	}
	doc, err := s.records.store.Get(ctx, c.family)
	if errors.Is(err, store.ErrAbsent) || err == nil && doc.Kind != kindOf(views.CaseKind) {
		return root{}, c.standsAlone()
	}
	if err != nil {
		return root{}, fmt.Errorf("reading the case of a change: %w", err)
	}
	head := &caseHead{}
	if err := decode(doc.Head, head); err != nil {
		return root{}, err
	}
	// Nobody may change who reaches the family while this is being written.
	return root{after: head, read: &doc}, nil
}

// standsAlone refuses a change of records that hang on a case there is not.
func (c *Change) standsAlone() error {
	for _, write := range c.writes {
		if isOfCase(write.after.kind()) {
			return fault.Missing()
		}
	}
	return nil
}

// followRoot gives every record of the family its new tokens, in the same batch,
// when the case's head has changed.
func (s *Session) followRoot(ctx context.Context, c *Change, r root, making *commit) error {
	if !r.moved {
		return nil
	}
	for _, kind := range familyKinds() {
		docs, err := s.records.membersOf(ctx, kind, []string{c.family})
		if err != nil {
			return err
		}
		for _, doc := range docs {
			if written(&making.batch, doc.ID) {
				continue
			}
			moved, seen, err := s.records.retoken(ctx, doc, r.after)
			if err != nil {
				return err
			}
			if moved == nil {
				continue
			}
			making.add(doc, *moved, audit.RecordSeen{Record: seen.Record, Kind: seen.Kind, Version: seen.Version})
			if s.records.forms.isOlder(doc) {
				making.brought = append(making.brought, seen)
			}
		}
	}
	return nil
}

func written(batch *store.Batch, id string) bool {
	return slices.ContainsFunc(batch.Writes, func(w store.Write) bool { return w.Document.ID == id })
}

// retoken returns the document with the tokens its case gives it now; nil when
// they are what they were. Its sections stay sealed at the version they have,
// unless they are of an older form.
func (r *Records) retoken(ctx context.Context, doc store.Document, head *caseHead) (*store.Document, audit.RecordSeen, error) {
	record, err := r.clearOf(ctx, doc)
	if err != nil {
		return nil, audit.RecordSeen{}, err
	}
	if slices.Equal(tokensOf(record, head), doc.Tokens) {
		return nil, audit.RecordSeen{}, nil
	}
	moved, seen, err := r.forward(ctx, doc, head, upkept(doc))
	return &moved, seen, err
}
