package sqlite_test

import (
	"path/filepath"
	"testing"

	"accord/internal/store"
	"accord/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, indexes []store.Index) store.Store {
		t.Helper()
		return open(t, filepath.Join(t.TempDir(), "store.db"), indexes...)
	})
}
