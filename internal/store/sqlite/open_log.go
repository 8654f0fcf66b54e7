package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"accord/internal/store"
)

// LogFile is the log of a store's file, opened to be read and proved. It changes
// nothing and can be opened beside the store.
type LogFile struct {
	store.Log
	store *Store
}

// OpenLog opens the log of an existing file, on a read-only disk too if the store
// was closed before it came there.
func OpenLog(ctx context.Context, path string) (*LogFile, error) {
	file, err := openLog(ctx, path, url.Values{"mode": {"ro"}})
	if _, missing := errors.AsType[missingFile](err); missing && !hasContent(path+"-wal") {
		// SQLite makes a file for its locks beside the store, unless it is told that
		// nobody writes: on a disk where it cannot make one, nobody does.
		file, err = openLog(ctx, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	}
	return file, err
}

func openLog(ctx context.Context, path string, parameters url.Values) (_ *LogFile, err error) {
	s := &Store{pool: 1, closing: make(chan struct{}), readers: make(chan *connection, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open log: %w", err), s.release())
		}
	}()
	parameters["_pragma"] = []string{"busy_timeout(5000)", "query_only(1)"}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: parameters.Encode()}
	if s.db, err = sql.Open("sqlite", location.String()); err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	reader, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	// Whether a file can be read is met when it is.
	var tables int64
	if err := reader.row(ctx, `SELECT count(*) FROM sqlite_schema`, nil, &tables); err != nil {
		return nil, err
	}
	var application int64
	if err := reader.row(ctx, `PRAGMA application_id`, nil, &application); err != nil {
		return nil, err
	}
	if application == copyingID {
		return nil, store.ErrUnfinished
	}
	s.readers <- reader
	return &LogFile{Log: s.Log(), store: s}, nil
}

func hasContent(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// HoldsDocuments reports whether the file holds any document.
func (f *LogFile) HoldsDocuments(ctx context.Context) (holds bool, err error) {
	err = f.store.read(ctx, func(ctx context.Context, c *connection) error {
		return c.row(ctx, `SELECT EXISTS (SELECT 1 FROM document)`, nil, &holds)
	})
	return holds, err
}

// Close lets go of the file.
func (f *LogFile) Close() error { return f.store.release() }
