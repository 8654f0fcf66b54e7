package audit_test

import (
	"errors"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/audit"
	"accord/internal/store"
)

func signText(t *testing.T, signer note.Signer, text string) []byte {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func raw[H ~[]tlog.Hash](hashes H) [][]byte {
	list := make([][]byte, len(hashes))
	for i := range hashes {
		list[i] = hashes[i][:]
	}
	return list
}

// The proofs are checked by a second implementation of RFC 6962 that knows nothing
// of this one.
func TestInclusionIsProvedToAnIndependentVerifier(t *testing.T) {
	ctx := t.Context()
	for _, size := range []int{1, 2, 5, 8, 13} {
		log, origin := newLog(t, size)
		for n := range size {
			inclusion, err := audit.Prove(ctx, log, origin, int64(n))
			if err != nil {
				t.Fatal(err)
			}
			tree, err := audit.OpenCheckpoint(origin, inclusion.Checkpoint)
			if err != nil {
				t.Fatal(err)
			}
			hasher := rfc6962.DefaultHasher
			err = proof.VerifyInclusion(hasher, uint64(n), uint64(size), hasher.HashLeaf(log.entries[n]), raw(inclusion.Proof), tree.Hash[:])
			if err != nil {
				t.Fatalf("entry %d of %d: %v", n, size, err)
			}
			inclusion.Entry = append([]byte(" "), inclusion.Entry...)
			if err := inclusion.Check(origin); !errors.Is(err, audit.ErrBroken) {
				t.Fatalf("a changed entry: %v", err)
			}
		}
		for _, n := range []int64{-1, int64(size)} {
			if _, err := audit.Prove(ctx, log, origin, n); !errors.Is(err, store.ErrAbsent) {
				t.Fatalf("entry %d of %d: %v", n, size, err)
			}
		}
	}
}

func TestAnEntryThatWasChangedIsNotProved(t *testing.T) {
	log, origin := newLog(t, 9)
	log.entries[4] = otherEntry(t)
	if _, err := audit.Prove(t.Context(), log, origin, 4); !errors.Is(err, audit.ErrBroken) {
		t.Fatalf("%v", err)
	}
	_, other := logKey(t, 2, origin1)
	if _, err := audit.Prove(t.Context(), log, other, 3); !errors.Is(err, audit.ErrBroken) {
		t.Fatalf("under another key: %v", err)
	}
}

func TestGrowthIsProvedToAnIndependentVerifier(t *testing.T) {
	ctx := t.Context()
	log, origin := newLog(t, 0)
	var checkpoints [][]byte
	for _, entry := range encodedLooks(t, 12) {
		log.append(t, entry)
		checkpoints = append(checkpoints, log.checkpoint)
	}
	for older := range checkpoints {
		for newer := range checkpoints {
			growth, err := audit.ProveGrowth(ctx, log, origin, checkpoints[older], checkpoints[newer])
			if newer < older {
				if !errors.Is(err, audit.ErrBroken) {
					t.Fatalf("%d shrank to %d: %v", older+1, newer+1, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%d to %d: %v", older+1, newer+1, err)
			}
			before, after := opened(t, origin, checkpoints[older]), opened(t, origin, checkpoints[newer])
			err = proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(before.N), uint64(after.N), raw(growth), before.Hash[:], after.Hash[:])
			if err != nil {
				t.Fatalf("%d to %d: %v", older+1, newer+1, err)
			}
		}
	}
}

func opened(t *testing.T, origin audit.Origin, checkpoint []byte) tlog.Tree {
	t.Helper()
	tree, err := audit.OpenCheckpoint(origin, checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// The one who holds the key can sign another history. A checkpoint kept elsewhere
// shows it.
func TestAHistoryRewrittenWithTheRightKeyDoesNotGrowFromTheOldOne(t *testing.T) {
	ctx := t.Context()
	log, origin := newLog(t, 20)
	kept := log.checkpoint
	entries := log.entries
	entries[3] = otherEntry(t)
	log.entries, log.hashes = nil, nil
	log.append(t, append(entries, otherEntry(t))...)
	if _, err := audit.Verify(ctx, log, origin); err != nil {
		t.Fatalf("by itself the rewritten log is whole: %v", err)
	}
	if _, err := audit.ProveGrowth(ctx, log, origin, kept, log.checkpoint); !errors.Is(err, audit.ErrBroken) {
		t.Fatalf("grown from the old: %v", err)
	}
	_, other := logKey(t, 2, origin1)
	if _, err := audit.ProveGrowth(ctx, log, other, kept, log.checkpoint); err == nil {
		t.Fatal("proved under another key")
	}
}
