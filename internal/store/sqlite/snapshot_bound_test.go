package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// While a snapshot is taken the write-ahead log cannot shrink. It is given up
// before the log fills the disk that the program writes to.
func TestASnapshotThatLetsTheWriteAheadLogGrowIsGivenUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accord.db")
	if err := os.WriteFile(path+"-wal", make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	err := bounded(t.Context(), path, 4095, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if err == nil || !strings.Contains(err.Error(), "faster than it can be copied") {
		t.Errorf("beyond the bound: %v", err)
	}
	within, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	err = bounded(within, path, 4096, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("within the bound: %v", err)
	}
}
