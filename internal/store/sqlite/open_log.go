package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"accord/internal/store"
)

// LogFile is the log of a store's file, opened to be read and proved. It changes
// nothing and can be opened beside the store.
type LogFile struct {
	store.Log
	store *Store
}

// OpenLog opens the log of an existing file.
func OpenLog(ctx context.Context, path string) (_ *LogFile, err error) {
	s := &Store{pool: 1, closing: make(chan struct{}), readers: make(chan *connection, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open log: %w", err), s.release())
		}
	}()
	location := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path),
		RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}.Encode(),
	}
	if s.db, err = sql.Open("sqlite", location.String()); err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	reader, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	s.readers <- reader
	return &LogFile{Log: s.Log(), store: s}, nil
}

// Documents is how many documents the file holds.
func (f *LogFile) Documents(ctx context.Context) (count int64, err error) {
	err = f.store.read(ctx, func(ctx context.Context, c *connection) error {
		return c.row(ctx, `SELECT count(*) FROM document`, nil, &count)
	})
	return count, err
}

// Close lets go of the file.
func (f *LogFile) Close() error { return f.store.release() }
