package records

import (
	"context"
	"fmt"

	"accord/internal/store"
	"accord/internal/views"
)

// StoredOf reads every document of a kind as it lies in the store.
func (r *Records) StoredOf(ctx context.Context, kind views.Kind) ([]store.Document, error) {
	page, err := r.stored.Find(ctx, store.Query{Index: formIndex(kindOf(kind)), Limit: store.MaxPage})
	if err != nil {
		return nil, fmt.Errorf("reading what is stored: %w", err)
	}
	return page.Documents, nil
}
