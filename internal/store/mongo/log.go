package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// Log implements store.Store.
func (s *Store) Log() store.Log { return log{s} }

type log struct{ store *Store }

// logEntry is the stored form of an entry. Hashes are the hashes of the tree that
// became known with it: of the entry itself, and of every subtree it completes.
type logEntry struct {
	Number int64  `bson:"_id"`
	Data   []byte `bson:"data"`
	Hashes []byte `bson:"hashes"`
}

// head is the one document that every commit reads and replaces.
type head struct {
	ID       string `bson:"_id"`      // headID
	Layout   int64  `bson:"layout"`   // version of how everything is stored
	Declared string `bson:"declared"` // fingerprint of the indexes that documents are written with
	Commits  int64  `bson:"commits"`  // one more with every commit
	Posted   int64  `bson:"posted"`   // messages posted so far
	Size     int64  `bson:"size"`     // entries of the log
	Root     []byte `bson:"root"`     // hash of the tree over them
	Edge     []byte `bson:"edge"`     // the hashes at store.EdgeIndexes
	Signed   []byte `bson:"signed"`   // the signed tree head; empty for an empty log
}

const headID = "head"

func theHead() lookup {
	return lookup{collection: stateCollection, filter: bson.D{equals("_id", headID)}, hint: byID}
}

// edge is the right edge of the log's tree.
func (h head) edge() (*store.Edge, error) {
	hashes, err := splitHashes(h.Edge)
	if err != nil {
		return nil, err
	}
	return store.LoadEdge(h.Size, hashes, h.Root) //nolint:wrapcheck // it says what is damaged
}

func joinHashes(hashes []tlog.Hash) []byte {
	all := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, hash := range hashes {
		all = append(all, hash[:]...)
	}
	return all
}

func splitHashes(all []byte) ([]tlog.Hash, error) {
	if len(all)%tlog.HashSize != 0 {
		return nil, errors.New("the log is damaged: a hash is cut")
	}
	hashes := make([]tlog.Hash, len(all)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], all[i*tlog.HashSize:])
	}
	return hashes, nil
}

// Checkpoint implements store.Log.
func (l log) Checkpoint(ctx context.Context) ([]byte, error) {
	var h head
	err := l.store.read(ctx, func(ctx context.Context) error { return l.store.findOne(ctx, theHead(), &h) })
	if err == nil && len(h.Signed) == 0 {
		err = store.ErrAbsent
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	return h.Signed, nil
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
	err := l.store.read(ctx, func(ctx context.Context) error {
		entries = nil
		return l.store.find(ctx, lookup{
			collection: logCollection, filter: bson.D{equals("_id", bson.D{{Key: opFrom, Value: first}})}, hint: byID,
			sort: bson.D{{Key: "_id", Value: 1}}, project: bson.D{{Key: "hashes", Value: 0}}, limit: limit,
		}, func(raw bson.Raw) error {
			var e logEntry
			if err := decode(raw, &e); err != nil {
				return err //nolint:wrapcheck // find says where it is read from
			}
			if want := first + int64(len(entries)); e.Number != want {
				return fmt.Errorf("entry %d is missing", want)
			}
			entries = append(entries, e.Data)
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
		err := l.store.read(ctx, func(ctx context.Context) error {
			with, err := l.hashesWith(ctx, indexes)
			if err != nil {
				return err
			}
			for i, index := range indexes {
				number, level := keptWith(index)
				if level >= len(with[number]) {
					return fmt.Errorf("hash %d is missing", index)
				}
				hashes[i] = with[number][level]
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("log hashes: %w", err)
		}
		return hashes, nil
	})
}

// keptWith is the number of the entry that a hash is stored with, and its place
// among the hashes there: a subtree is complete with its last entry.
func keptWith(index int64) (number int64, place int) {
	level, n := tlog.SplitStoredHashIndex(index)
	return (n+1)<<level - 1, level
}

func (l log) hashesWith(ctx context.Context, indexes []int64) (map[int64][]tlog.Hash, error) {
	with := make(map[int64][]tlog.Hash, len(indexes))
	var numbers []int64
	for _, index := range indexes {
		number, _ := keptWith(index)
		if _, twice := with[number]; !twice {
			with[number] = nil
			numbers = append(numbers, number)
		}
	}
	if len(numbers) == 0 {
		return with, nil
	}
	return with, l.store.find(ctx, lookup{
		collection: logCollection, filter: bson.D{equals("_id", bson.D{{Key: opIn, Value: numbers}})}, hint: byID,
		project: bson.D{{Key: "data", Value: 0}},
	}, func(raw bson.Raw) error {
		var e logEntry
		if err := decode(raw, &e); err != nil {
			return err //nolint:wrapcheck // find says where it is read from
		}
		hashes, err := splitHashes(e.Hashes)
		with[e.Number] = hashes
		return err
	})
}
