package audit

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// walkStep is how many entries are read at a time.
const walkStep = 256

// Verify walks the whole log. It reads every entry and computes every hash anew,
// compares them with the stored hashes, and their root with the newest checkpoint,
// whose signature must be of the origin's key.
//
// An error that is ErrBroken says that the log is not what it was; the report's
// Break then says where that begins. Any other error says that the log could not
// be read to its end and nothing is proved.
func Verify(ctx context.Context, log store.Log, origin Origin) (Report, error) {
	report := Report{Origin: origin.Name}
	if _, err := origin.verifier(); err != nil {
		return report, err
	}
	checkpoint, err := log.Checkpoint(ctx)
	if errors.Is(err, store.ErrAbsent) {
		return verifyEmpty(ctx, log, report)
	}
	if err != nil {
		return report, fmt.Errorf("read the checkpoint of the audit log: %w", err)
	}
	tree, err := OpenCheckpoint(origin, checkpoint)
	if err != nil {
		// Without a signed size and root there is nothing to hold the entries to.
		return report.broken(Break{First: -1, Last: -1, What: err.Error() + ", so no entry is proved"})
	}
	report.Signed = tree
	w := walk{log: log, report: &report, size: tree.N}
	if err := w.entries(ctx); err != nil {
		return report, err
	}
	if err := w.beyond(ctx, origin); err != nil {
		return report, err
	}
	if first := w.judge(); first != nil {
		return report.broken(*first)
	}
	return report, nil
}

func (r Report) broken(b Break) (Report, error) {
	r.Break = &b
	return r, fmt.Errorf("%w %s", ErrBroken, b)
}

// verifyEmpty accepts a log without a checkpoint only when it is without entries.
func verifyEmpty(ctx context.Context, log store.Log, report Report) (Report, error) {
	entries, err := log.Entries(ctx, 0, 1)
	if err != nil {
		return report, fmt.Errorf("read the audit log: %w", err)
	}
	if len(entries) > 0 {
		return report.broken(Break{First: -1, Last: -1, What: "it is missing, and there are entries"})
	}
	return report, nil
}

// walk goes over the entries once. Two trees grow beside each other: computed from
// the entries, and as stored. Where they part tells what was changed.
type walk struct {
	log    store.Log
	report *Report
	size   int64

	computed  edge
	stored    edge
	unstored  bool       // stored hashes were missing, so that tree is of no use
	strangers []stranger // entries whose stored hash is another's
	first     *Break     // found so far
}

// edge holds the newest whole subtree of every level.
type edge [64]tlog.Hash

// stranger is an entry that its own stored hash does not know.
type stranger struct {
	number           int64
	computed, stored tlog.Hash
}

// maxStrangers bounds what is remembered of a log that is changed all over.
const maxStrangers = 4096

// found keeps the break that comes first; of two at one place, the narrower.
func (w *walk) found(first, last int64, what string) {
	if b := w.first; b == nil || first < b.First || first == b.First && last < b.Last {
		w.first = &Break{First: first, Last: last, What: what}
	}
}

func (w *walk) entries(ctx context.Context) error {
	for first := int64(0); first < w.size; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		limit := int(min(walkStep, w.size-first))
		entries, lost, err := w.readEntries(ctx, first, limit)
		if err != nil {
			return err
		}
		hashes, err := w.storedHashes(ctx, first, int64(len(entries)))
		if err != nil {
			return err
		}
		for i, entry := range entries {
			hashes = w.entry(first+int64(i), entry, hashes)
		}
		first += int64(len(entries))
		w.report.Entries = first
		if lost != "" {
			w.found(first, first, lost)
			return nil
		}
	}
	return nil
}

// readEntries reads up to limit entries. When the next of them is not there to be
// read, lost says how, and the entries are those before it.
func (w *walk) readEntries(ctx context.Context, first int64, limit int) (entries [][]byte, lost string, err error) {
	entries, err = w.log.Entries(ctx, first, limit)
	if err == nil {
		if len(entries) == 0 {
			return nil, fmt.Sprintf("the log ends here, but its checkpoint covers %d entries", w.size), nil
		}
		return entries[:min(limit, len(entries))], "", nil
	}
	// One entry that is lost or damaged must not hide those before it.
	entries = nil
	for number := first; number < first+int64(limit); number++ {
		one, oneErr := w.log.Entries(ctx, number, 1)
		if oneErr == nil && len(one) == 1 {
			entries = append(entries, one[0])
			continue
		}
		// A store that answers nothing at all proves nothing against the log.
		if _, storeErr := w.log.Checkpoint(ctx); storeErr != nil || oneErr == nil {
			break
		}
		return entries, "it is missing or cannot be read", nil
	}
	return nil, "", fmt.Errorf("read the audit log from entry %d: %w", first, err)
}

// storedHashes reads the hashes that were stored with these entries; nil when they
// cannot be read, which is a finding at the first entry whose cannot.
func (w *walk) storedHashes(ctx context.Context, first, count int64) ([]tlog.Hash, error) {
	if w.unstored {
		return nil, nil
	}
	reader := w.log.Hashes(ctx)
	indexes := storedIndexes(first, count)
	hashes, err := reader.ReadHashes(indexes)
	if err == nil && len(hashes) == len(indexes) {
		return hashes, nil
	}
	for number := first; number < first+count; number++ {
		if _, err = reader.ReadHashes(storedIndexes(number, 1)); err != nil {
			if ctx.Err() != nil {
				return nil, fmt.Errorf("read the hashes of the audit log: %w", err)
			}
			w.unstored = true
			w.found(number, number, "its stored hashes cannot be read")
			return nil, nil
		}
	}
	return nil, errors.New("read the hashes of the audit log: they cannot be read together")
}

func storedIndexes(first, count int64) []int64 {
	from, to := tlog.StoredHashIndex(0, first), tlog.StoredHashCount(first+count)
	indexes := make([]int64, 0, to-from)
	for index := from; index < to; index++ {
		indexes = append(indexes, index)
	}
	return indexes
}

// entry adds one entry to both trees and returns the stored hashes behind its own.
func (w *walk) entry(number int64, encoded []byte, hashes []tlog.Hash) []tlog.Hash {
	leaf := tlog.RecordHash(encoded)
	known := true
	if len(hashes) > 0 {
		known = hashes[0] == leaf
		if !known && len(w.strangers) < maxStrangers {
			w.strangers = append(w.strangers, stranger{number: number, computed: leaf, stored: hashes[0]})
		}
		hashes = w.addStored(number, leaf, hashes)
	}
	w.computed.add(number, leaf)
	w.read(number, encoded, known)
	return hashes
}

// addStored adds the stored hash of an entry and of the subtrees it completes, and
// finds a subtree whose hash is not that of its halves. A hash that is wrong by
// itself makes the one above it look wrong too; so the right half may also be what
// it should have been.
func (w *walk) addStored(number int64, leaf tlog.Hash, hashes []tlog.Hash) []tlog.Hash {
	own, should, rest := hashes[0], leaf, hashes[1:]
	level := 0
	for ; number>>level&1 == 1; level++ {
		left, above := w.stored[level], rest[0]
		made := tlog.NodeHash(left, own)
		if above != made && should != own {
			made = tlog.NodeHash(left, should)
		}
		if above != made {
			from := number >> (level + 1) << (level + 1)
			w.found(from, number, "the stored hash over them is not that of its halves")
		}
		own, should, rest = above, made, rest[1:]
	}
	w.stored[level] = own
	return rest
}

func (e *edge) add(number int64, hash tlog.Hash) {
	level := 0
	for ; number>>level&1 == 1; level++ {
		hash = tlog.NodeHash(e[level], hash)
	}
	e[level] = hash
}

// root is the root hash over the first size entries, which must be all that were
// added.
func (e *edge) root(size int64) (tlog.Hash, error) {
	root, err := tlog.TreeHash(size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, _ := tlog.SplitStoredHashIndex(index)
			hashes[i] = e[level]
		}
		return hashes, nil
	}))
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("root of the audit log: %w", err)
	}
	return root, nil
}

// read takes the time of the entry. That an entry cannot be read is a finding of
// its own only when it is the one that was entered.
func (w *walk) read(number int64, encoded []byte, known bool) {
	entry, err := Decode(encoded)
	if err != nil {
		if known {
			w.found(number, number, "it cannot be read as an audit entry")
		}
		return
	}
	if w.report.First.IsZero() || entry.At.Before(w.report.First) {
		w.report.First = entry.At
	}
	if entry.At.After(w.report.Last) {
		w.report.Last = entry.At
	}
}

// beyond looks for entries that no checkpoint covers. A log in use may have grown
// in the meantime; then its newest checkpoint covers them.
func (w *walk) beyond(ctx context.Context, origin Origin) error {
	if w.report.Entries < w.size {
		return nil
	}
	entries, err := w.log.Entries(ctx, w.size, 1)
	if err != nil {
		return fmt.Errorf("read the audit log from entry %d: %w", w.size, err)
	}
	if len(entries) == 0 {
		return nil
	}
	checkpoint, err := w.log.Checkpoint(ctx)
	if err != nil {
		return fmt.Errorf("read the checkpoint of the audit log: %w", err)
	}
	newer, err := OpenCheckpoint(origin, checkpoint)
	if err != nil || newer.N <= w.size {
		w.found(w.size, w.size, "it stands behind the last entry that the checkpoint covers")
	}
	return nil
}
