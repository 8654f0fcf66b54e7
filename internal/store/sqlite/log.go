package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"

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

// edge is the right edge of the log's tree: the roots of its complete subtrees,
// at most 63 hashes, which are all that appending and the tree head need. What a
// transaction appends is pending until the transaction is durable.
type edge struct {
	size    int64 // entries durably stored
	roots   map[int64]tlog.Hash
	grown   int64       // entries pending
	pending []tlog.Hash // hashes pending, stored from tlog.StoredHashCount(size) on
}

// edgeOf are the stored indexes of the complete subtrees of a tree of n entries,
// largest first.
func edgeOf(n int64) []int64 {
	var indexes []int64
	for done := int64(0); done < n; {
		level := bits.Len64(uint64(n-done)) - 1 //nolint:gosec // n > done
		indexes = append(indexes, tlog.StoredHashIndex(level, done>>level))
		done += 1 << level
	}
	return indexes
}

// loadEdge reads the edge, and refuses a log whose parts do not agree.
func loadEdge(ctx context.Context, c *connection) (*edge, error) {
	e := &edge{roots: make(map[int64]tlog.Hash)}
	var root []byte
	err := c.row(ctx, `SELECT size, root FROM checkpoint`, nil, &e.size, &root)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("load the log: %w", err)
	}
	var entries, hashes int64
	err = c.row(ctx, `SELECT coalesce((SELECT max(n) FROM log_entry) + 1, 0), coalesce((SELECT max(i) FROM log_hash) + 1, 0)`,
		nil, &entries, &hashes)
	if err != nil {
		return nil, fmt.Errorf("load the log: %w", err)
	}
	if entries != e.size || hashes != tlog.StoredHashCount(e.size) {
		return nil, errors.New("the log is damaged: entries, hashes and tree head are not of one size")
	}
	for _, index := range edgeOf(e.size) {
		if e.roots[index], err = storedHash(ctx, c, index); err != nil {
			return nil, fmt.Errorf("the log is damaged: %w", err)
		}
	}
	if head, err := e.head(); err != nil || e.size > 0 && !bytes.Equal(head.Hash[:], root) {
		return nil, errors.Join(errors.New("the log is damaged: its hashes do not make its tree head"), err)
	}
	return e, nil
}

// ReadHashes implements tlog.HashReader for the hashes the edge and what is
// pending need.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	stored := tlog.StoredHashCount(e.size)
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= stored && index-stored < int64(len(e.pending)) {
			hashes[i] = e.pending[index-stored]
			continue
		}
		hash, ok := e.roots[index]
		if !ok {
			return nil, fmt.Errorf("hash %d is not on the edge of the log", index)
		}
		hashes[i] = hash
	}
	return hashes, nil
}

// append adds an entry and returns its number and the hashes to store, the first
// of them at the index returned.
func (e *edge) append(record tlog.Hash) (n, at int64, hashes []tlog.Hash, err error) {
	n = e.size + e.grown
	hashes, err = tlog.StoredHashesForRecordHash(n, record, e)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("append to the log: %w", err)
	}
	at = tlog.StoredHashCount(e.size) + int64(len(e.pending))
	e.pending = append(e.pending, hashes...)
	e.grown++
	return n, at, hashes, nil
}

// head is the tree head over everything, pending entries included.
func (e *edge) head() (tlog.Tree, error) {
	n := e.size + e.grown
	hash, err := tlog.TreeHash(n, e)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("hash the log: %w", err)
	}
	return tlog.Tree{N: n, Hash: hash}, nil
}

// settle makes what is pending part of the edge, once it is durable.
func (e *edge) settle() error {
	indexes := edgeOf(e.size + e.grown)
	hashes, err := e.ReadHashes(indexes)
	if err != nil {
		return err
	}
	e.size += e.grown
	e.grown, e.pending = 0, e.pending[:0]
	clear(e.roots)
	for i, index := range indexes {
		e.roots[index] = hashes[i]
	}
	return nil
}
