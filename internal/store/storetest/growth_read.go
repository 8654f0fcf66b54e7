package storetest

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// reads are one of every call that asks no index.
func (w *World) reads() []Call {
	kind := &w.kinds[0]
	middle := w.documents(kind) / 2
	var many, families []string
	for i := range pageSize {
		many = append(many, kind.id(i*w.documents(kind)/pageSize))
		families = append(families, familyID(i*(w.size/familySize)/pageSize))
	}
	return []Call{
		{Name: "Get", Work: Work{Documents: 1}, run: w.found(1, func(ctx context.Context) (int, error) {
			if d, err := w.store.Get(ctx, kind.id(middle)); err != nil || d.ID != kind.id(middle) {
				return 0, err
			}
			return 1, nil
		})},
		{Name: "GetMany of 50", Work: Work{Documents: pageSize}, run: w.found(pageSize, func(ctx context.Context) (int, error) {
			documents, err := w.store.GetMany(ctx, many)
			return len(documents), err
		})},
		{
			Name: "Families, 50 of 2 each", Work: Work{Ranges: pageSize, Limit: 2, Keys: 2 * pageSize, Documents: 2 * pageSize},
			run: w.found(2*pageSize, func(ctx context.Context) (int, error) {
				documents, err := w.store.Families(ctx, kind.name, families, 2)
				return len(documents), err
			}),
		},
		{Name: "Excluded, 5 families", Work: Work{Ranges: 1, Keys: 5}, run: w.found(5, func(ctx context.Context) (int, error) {
			excluded, err := w.store.Excluded(ctx, keptOutOfFew)
			return len(excluded), err
		})},
		{Name: "Receipt", Work: Work{Documents: 1}, run: w.found(1, func(ctx context.Context) (int, error) {
			receipt, err := w.store.Receipt(ctx, writerOf(w.size/familySize/2), familyID(w.size/familySize/2))
			return len(receipt.Result), err
		})},
		{Name: "Outbox of 50", Work: Work{Limit: pageSize, Keys: pageSize}, run: w.found(pageSize, func(ctx context.Context) (int, error) {
			messages, err := w.store.Outbox(ctx, pageSize)
			return len(messages), err
		})},
		{Name: "50 log entries", Work: Work{Ranges: 1, Limit: pageSize, Keys: pageSize}, run: w.found(pageSize, func(ctx context.Context) (int, error) {
			entries, err := w.store.Log().Entries(ctx, int64(w.size/2), pageSize)
			return len(entries), err
		})},
		{Name: "log hash", Work: Work{Documents: 1}, run: w.found(1, func(ctx context.Context) (int, error) {
			hashes, err := w.store.Log().Hashes(ctx).ReadHashes([]int64{tlog.StoredHashIndex(0, int64(w.size/2))})
			return len(hashes), err
		})},
		{Name: "Checkpoint", Work: Work{Documents: 1}, run: w.found(1, func(ctx context.Context) (int, error) {
			signed, err := w.store.Log().Checkpoint(ctx)
			return min(1, len(signed)), err
		})},
	}
}

// found runs a call that must find so many.
func (w *World) found(want int, call func(context.Context) (int, error)) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		switch got, err := call(ctx); {
		case err != nil:
			return 0, err
		case got != want:
			return 0, fmt.Errorf("%d are found, and not %d", got, want)
		}
		return 0, nil
	}
}
