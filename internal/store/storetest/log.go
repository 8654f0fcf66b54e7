package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// head returns the tree head of the log, whose signature has to verify.
func (b bench) head() tlog.Tree {
	b.Helper()
	checkpoint, err := b.Log().Checkpoint(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	tree, err := Tree(checkpoint)
	if err != nil {
		b.Fatal(err)
	}
	return tree
}

// entries reads the whole log, page by page.
func (b bench) entries() [][]byte {
	b.Helper()
	all, err := entriesOf(b.Context(), b.Store)
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// Entries reads the whole log of a store.
func Entries(tb TB, s store.Store) ([][]byte, error) {
	tb.Helper()
	return entriesOf(tb.Context(), s)
}

func entriesOf(ctx context.Context, s store.Store) ([][]byte, error) {
	var all [][]byte
	for {
		page, err := s.Log().Entries(ctx, int64(len(all)), store.MaxPage)
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		if len(page) == 0 {
			return all, nil
		}
		all = append(all, page...)
	}
}

// VerifyLog checks that the signed tree head covers exactly the entries of the
// log, and that the stored hashes prove every one of them.
func VerifyLog(tb TB, s store.Store) tlog.Tree {
	tb.Helper()
	all, err := entriesOf(tb.Context(), s)
	if err != nil {
		tb.Fatal(err)
	}
	checkpoint, err := s.Log().Checkpoint(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tree, err := Tree(checkpoint)
	if err != nil {
		tb.Fatal(err)
	}
	if tree.N != int64(len(all)) {
		tb.Fatalf("the tree head covers %d entries of %d", tree.N, len(all))
	}
	hashes := s.Log().Hashes(tb.Context())
	for n, entry := range all {
		proof, err := tlog.ProveRecord(tree.N, int64(n), hashes)
		if err != nil {
			tb.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(n), tlog.RecordHash(entry)); err != nil {
			tb.Fatalf("entry %d of %d: %v", n, tree.N, err)
		}
	}
	return tree
}

func logSay(say says) {
	enter := func(entries ...string) store.Batch {
		var batch store.Batch
		for _, e := range entries {
			batch.Entries = append(batch.Entries, []byte(e))
		}
		return batch
	}
	say("begins empty and without a tree head", func(t TB, open Open) {
		b := begin(t, open)
		if _, err := b.Log().Checkpoint(t.Context()); !errors.Is(err, store.ErrAbsent) {
			t.Fatalf("got %v", err)
		}
		b.equal(len(b.entries()), 0)
		b.save(note("a", 1)) // a batch without entries signs nothing
		if _, err := b.Log().Checkpoint(t.Context()); !errors.Is(err, store.ErrAbsent) {
			t.Fatalf("got %v", err)
		}
	})
	say("holds entries in order, dense, hashed and signed", func(t TB, open Open) {
		b := begin(t, open)
		var want [][]byte
		heads := []tlog.Tree{{}}
		for i := range 40 {
			var batch store.Batch
			for j := range i % 4 {
				batch.Entries = append(batch.Entries, fmt.Appendf(nil, "entry %d of batch %d \x00\xff", j, i))
			}
			b.apply(batch)
			want = append(want, batch.Entries...)
			if len(batch.Entries) > 0 {
				heads = append(heads, VerifyLog(t, b.Store))
			}
		}
		b.equal(b.entries(), want)
		hashes, last := b.Log().Hashes(t.Context()), heads[len(heads)-1]
		for _, earlier := range heads[1:] {
			proof, err := tlog.ProveTree(last.N, earlier.N, hashes)
			if err != nil {
				t.Fatal(err)
			}
			if err := tlog.CheckTree(proof, last.N, last.Hash, earlier.N, earlier.Hash); err != nil {
				t.Fatalf("the log of %d entries does not go on that of %d: %v", last.N, earlier.N, err)
			}
		}
	})
	say("gets nothing from a batch that is refused", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(enter("one"))
		stale := batchOf(note("missing", 2))
		stale.Entries = [][]byte{[]byte("never"), []byte("happened")}
		b.refuse(stale, store.ErrStale)
		b.equal(b.head().N, int64(1))
		b.apply(enter("two"))
		b.equal(bytes.Join(b.entries(), []byte(",")), []byte("one,two"))
		VerifyLog(t, b.Store)
	})
	say("is read in pages", func(t TB, open Open) {
		b := begin(t, open)
		b.apply(enter("0", "1", "2", "3", "4"))
		for _, c := range []struct {
			first int64
			limit int
			want  string
		}{{0, 2, "01"}, {2, 2, "23"}, {4, 2, "4"}, {5, 2, ""}, {99, 1, ""}, {0, store.MaxPage, "01234"}} {
			page, err := b.Log().Entries(t.Context(), c.first, c.limit)
			if err != nil {
				t.Fatal(err)
			}
			b.equal(string(bytes.Join(page, nil)), c.want)
		}
		for _, c := range []struct {
			first int64
			limit int
		}{{-1, 1}, {0, 0}, {0, store.MaxPage + 1}} {
			if _, err := b.Log().Entries(t.Context(), c.first, c.limit); err == nil {
				t.Errorf("accepted %+v", c)
			}
		}
		if _, err := b.Log().Hashes(t.Context()).ReadHashes([]int64{0, 1 << 40}); err == nil {
			t.Error("a hash that is not stored was read")
		}
	})
}
