package records

import (
	"context"
	"fmt"

	"accord/internal/store"
)

// lifting is a store whose documents are read with their head in the newest form,
// and that takes no document of any other.
type lifting struct {
	store.Store
	forms Forms
}

// Get implements store.Store.
func (l lifting) Get(ctx context.Context, id string) (store.Document, error) {
	doc, err := l.Store.Get(ctx, id)
	if err != nil {
		return doc, err //nolint:wrapcheck // the caller asks which of the store's errors it is
	}
	return l.forms.lift(doc)
}

// GetMany implements store.Store.
func (l lifting) GetMany(ctx context.Context, ids []string) ([]store.Document, error) {
	docs, err := l.Store.GetMany(ctx, ids)
	return l.liftAll(docs, err)
}

// Families implements store.Store.
func (l lifting) Families(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
	docs, err := l.Store.Families(ctx, kind, families, limit)
	return l.liftAll(docs, err)
}

// Find implements store.Store.
func (l lifting) Find(ctx context.Context, q store.Query) (store.Page, error) {
	page, err := l.Store.Find(ctx, q)
	if err != nil {
		return page, err //nolint:wrapcheck // the caller says what it was looking for
	}
	page.Documents, err = l.liftAll(page.Documents, nil)
	return page, err
}

// Apply implements store.Store.
func (l lifting) Apply(ctx context.Context, b store.Batch) error {
	for _, write := range b.Writes {
		form, _ := write.Document.Field(formField)
		if newest := l.forms.newest(write.Document.Kind); form.Number != newest {
			return fmt.Errorf("%s would be written in form %d, and %d is the newest", write.Document.ID, form.Number, newest)
		}
	}
	return l.Store.Apply(ctx, b) //nolint:wrapcheck // the caller asks which of the store's errors it is
}

func (l lifting) liftAll(docs []store.Document, err error) ([]store.Document, error) {
	if err != nil {
		return nil, err
	}
	for i := range docs {
		if docs[i], err = l.forms.lift(docs[i]); err != nil {
			return nil, err
		}
	}
	return docs, nil
}
