package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Edge is the right edge of the log's tree: the roots of its complete subtrees,
// at most 63 hashes, which are all that appending and the tree head need. What a
// transaction appends is pending until Settle says that it is durable.
type Edge struct {
	size    int64 // entries durably stored
	roots   map[int64]tlog.Hash
	grown   int64       // entries pending
	pending []tlog.Hash // hashes pending, stored from tlog.StoredHashCount(size) on
}

// EdgeIndexes are the stored indexes of the complete subtrees of a tree of n
// entries, largest first.
func EdgeIndexes(n int64) []int64 {
	var indexes []int64
	for done := int64(0); done < n; {
		level := bits.Len64(uint64(n-done)) - 1 //nolint:gosec // n > done
		indexes = append(indexes, tlog.StoredHashIndex(level, done>>level))
		done += 1 << level
	}
	return indexes
}

// LoadEdge makes the edge of a stored log of n entries from the hashes at
// EdgeIndexes(n), and refuses hashes that do not make its root. The root of an
// empty log is ignored.
func LoadEdge(n int64, hashes []tlog.Hash, root []byte) (*Edge, error) {
	indexes := EdgeIndexes(n)
	if len(hashes) != len(indexes) {
		return nil, errors.New("the log is damaged: its edge has another number of hashes than its size asks for")
	}
	e := &Edge{size: n, roots: make(map[int64]tlog.Hash, len(indexes))}
	for i, index := range indexes {
		e.roots[index] = hashes[i]
	}
	if head, err := e.Head(); err != nil || n > 0 && !bytes.Equal(head.Hash[:], root) {
		return nil, errors.Join(errors.New("the log is damaged: its hashes do not make its tree head"), err)
	}
	return e, nil
}

// ReadHashes implements tlog.HashReader for the hashes the edge and what is
// pending need.
func (e *Edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
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

// Append adds an entry and returns its number and the hashes to store, the first
// of them at the index returned.
func (e *Edge) Append(record tlog.Hash) (n, at int64, hashes []tlog.Hash, err error) {
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

// Grown is how many entries are pending.
func (e *Edge) Grown() int64 { return e.grown }

// Head is the tree head over everything, pending entries included.
func (e *Edge) Head() (tlog.Tree, error) {
	n := e.size + e.grown
	hash, err := tlog.TreeHash(n, e)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("hash the log: %w", err)
	}
	return tlog.Tree{N: n, Hash: hash}, nil
}

// Hashes are those at EdgeIndexes, pending entries included.
func (e *Edge) Hashes() ([]tlog.Hash, error) { return e.ReadHashes(EdgeIndexes(e.size + e.grown)) }

// Settle makes what is pending part of the edge, once it is durable.
func (e *Edge) Settle() error {
	hashes, err := e.Hashes()
	if err != nil {
		return err
	}
	e.size += e.grown
	e.grown, e.pending = 0, e.pending[:0]
	clear(e.roots)
	for i, index := range EdgeIndexes(e.size) {
		e.roots[index] = hashes[i]
	}
	return nil
}
