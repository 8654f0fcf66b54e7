package mongo_test

import (
	"context"
	"io"
	"testing"
	"time"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/mongo"
	"accord/internal/store/mongo/mongotest"
	"accord/internal/store/storetest"
)

// copiedAt is when everything in the tests of copies happens.
var copiedAt = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func placeOf(uri string) storetest.Place {
	return storetest.Place{
		Store:  func(ctx context.Context) (store.Store, error) { return mongo.Open(ctx, storeAt(uri)) },
		Log:    func(ctx context.Context) (io.Closer, error) { return mongo.OpenLog(ctx, uri) },
		Source: func(ctx context.Context) (store.Source, error) { return mongo.OpenSource(ctx, uri, copiedAt) },
		Target: func(ctx context.Context, of store.State, restart bool) (store.Target, error) {
			return mongo.OpenTarget(ctx, mongo.TargetOptions{URI: uri, Indexes: storetest.Indexes(), Of: of, Now: copiedAt, Restart: restart})
		},
	}
}

func storeAt(uri string) mongo.Options {
	return mongo.Options{URI: uri, Indexes: storetest.Indexes(), Sign: storetest.Sign, Clock: func() time.Time { return copiedAt }}
}

func TestCopies(t *testing.T) {
	place := func(t *testing.T) storetest.Place {
		t.Helper()
		return placeOf(mongotest.Start(t, mongotest.Options{}).URI())
	}
	storetest.RunCopies(t, racetest.Sized(3, 1), place, place)
}
