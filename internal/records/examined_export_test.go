package records

import (
	"context"
	"sync/atomic"

	"accord/internal/store"
)

// Examined counts the index keys that searches for people gather from now on.
func (r *Records) Examined() *atomic.Int64 {
	counting := examining{r.stored, &atomic.Int64{}}
	r.stored = counting
	return counting.keys
}

type examining struct {
	store.Store
	keys *atomic.Int64
}

func (e examining) Find(ctx context.Context, q store.Query) (store.Page, error) {
	page, err := e.Store.Find(ctx, q)
	if q.Index == traces {
		e.keys.Add(int64(page.Examined))
	}
	return page, err
}
