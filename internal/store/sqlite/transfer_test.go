package sqlite_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"accord/internal/racetest"
	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// copiedAt is when everything in the tests of copies happens.
var copiedAt = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func placeOf(path string) storetest.Place {
	return storetest.Place{
		Store: func(ctx context.Context) (store.Store, error) {
			return sqlite.Open(ctx, sqlite.Options{
				Path: path, Indexes: storetest.Indexes(), Sign: storetest.Sign, Clock: func() time.Time { return copiedAt },
			})
		},
		Log:    func(ctx context.Context) (io.Closer, error) { return sqlite.OpenLog(ctx, path) },
		Source: func(ctx context.Context) (store.Source, error) { return sqlite.OpenSource(ctx, sourceAt(path)) },
		Target: func(ctx context.Context, of store.State, restart bool) (store.Target, error) {
			return sqlite.OpenTarget(ctx, sqlite.TargetOptions{
				Path: path, Indexes: storetest.Indexes(), Of: of, Now: copiedAt, Restart: restart,
			})
		},
	}
}

func sourceAt(path string) sqlite.SourceOptions {
	return sqlite.SourceOptions{Path: path, Indexes: storetest.Indexes(), Now: copiedAt}
}

func TestCopies(t *testing.T) {
	place := func(t *testing.T) storetest.Place {
		t.Helper()
		return placeOf(filepath.Join(t.TempDir(), "store.db"))
	}
	storetest.RunCopies(t, racetest.Sized(3, 1), place, place)
}
