package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// Log implements store.Store.
func (s *Store) Log() store.Log { return log{s} }

type log struct{ store *Store }

// Checkpoint implements store.Log.
func (l log) Checkpoint(ctx context.Context) ([]byte, error) {
	var signed []byte
	err := l.store.read(ctx, func(ctx context.Context, c *connection) error {
		err := c.row(ctx, `SELECT signed FROM checkpoint`, nil, &signed)
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrAbsent
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	return signed, nil
}

// Entries implements store.Log.
func (l log) Entries(ctx context.Context, first int64, limit int) ([][]byte, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, fmt.Errorf("log entries: %w", err)
	}
	if first < 0 {
		return nil, errors.New("log entries: the first number is negative")
	}
	var entries [][]byte
	err := l.store.read(ctx, func(ctx context.Context, c *connection) error {
		return c.rows(ctx, `SELECT n, data FROM log_entry WHERE n >= ? ORDER BY n LIMIT ? + 0`, []any{first, limit},
			func(scan func(...any) error) error {
				var n int64
				var data []byte
				if err := scan(&n, &data); err != nil {
					return fmt.Errorf("read an entry: %w", err)
				}
				if want := first + int64(len(entries)); n != want {
					return fmt.Errorf("entry %d is missing", want)
				}
				entries = append(entries, data)
				return nil
			})
	})
	if err != nil {
		return nil, fmt.Errorf("log entries: %w", err)
	}
	return entries, nil
}

// Hashes implements store.Log.
func (l log) Hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		err := l.store.read(ctx, func(ctx context.Context, c *connection) error {
			for i, index := range indexes {
				var err error
				if hashes[i], err = storedHash(ctx, c, index); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("log hashes: %w", err)
		}
		return hashes, nil
	})
}

func storedHash(ctx context.Context, c *connection, index int64) (hash tlog.Hash, err error) {
	var stored []byte
	if err := c.row(ctx, `SELECT hash FROM log_hash WHERE i = ?`, []any{index}, &stored); err != nil {
		return tlog.Hash{}, fmt.Errorf("hash %d: %w", index, err)
	}
	if copy(hash[:], stored) != tlog.HashSize || len(stored) != tlog.HashSize {
		return tlog.Hash{}, fmt.Errorf("hash %d has %d bytes", index, len(stored))
	}
	return hash, nil
}

// loadEdge reads the edge, and refuses a log whose parts do not agree.
func loadEdge(ctx context.Context, c *connection) (*store.Edge, error) {
	var size int64
	var root []byte
	err := c.row(ctx, `SELECT size, root FROM checkpoint`, nil, &size, &root)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("load the log: %w", err)
	}
	var entries, hashes int64
	err = c.row(ctx, `SELECT coalesce((SELECT max(n) FROM log_entry) + 1, 0), coalesce((SELECT max(i) FROM log_hash) + 1, 0)`,
		nil, &entries, &hashes)
	if err != nil {
		return nil, fmt.Errorf("load the log: %w", err)
	}
	if entries != size || hashes != tlog.StoredHashCount(size) {
		return nil, damagedLog{because{errors.New("entries, hashes and tree head are not of one size")}}
	}
	indexes := store.EdgeIndexes(size)
	roots := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if roots[i], err = storedHash(ctx, c, index); err != nil {
			return nil, damagedLog{because{err}}
		}
	}
	edge, err := store.LoadEdge(size, roots, root)
	if err != nil {
		return nil, damagedLog{because{err}}
	}
	return edge, nil
}
