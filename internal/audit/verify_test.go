package audit_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"accord/internal/audit"
	"accord/internal/store"
)

func TestAWholeLogIsProved(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7, 8, 255, 256, 257, 600} {
		log, origin := newLog(t, size)
		report, err := audit.Verify(t.Context(), log, origin)
		if err != nil || report.Break != nil {
			t.Fatalf("%d entries: %v\n%s", size, err, report)
		}
		last := noon.Add(time.Duration(size-1) * time.Minute)
		if report.Entries != int64(size) || !report.First.Equal(noon) || !report.Last.Equal(last) || report.Signed.N != int64(size) {
			t.Fatalf("%d entries: %+v", size, report)
		}
		tree, err := audit.Head(t.Context(), log, origin)
		if err != nil || tree != report.Signed {
			t.Fatalf("%d entries: head %v, %v", size, tree, err)
		}
	}
}

func TestALogWithoutEntriesIsWhole(t *testing.T) {
	log, origin := newLog(t, 0)
	report, err := audit.Verify(t.Context(), log, origin)
	if err != nil || report.Break != nil || report.Entries != 0 {
		t.Fatalf("%v\n%s", err, report)
	}
	if _, err := audit.Head(t.Context(), log, origin); !errors.Is(err, store.ErrAbsent) {
		t.Fatalf("head: %v", err)
	}
}

// otherEntry is a well-formed entry that was never entered.
func otherEntry(t *testing.T) []byte {
	t.Helper()
	entry := look(identifiers(), noon)
	entry.Action = "meeting"
	encoded, err := entry.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func TestTamperingIsFoundAndNamed(t *testing.T) {
	const size = 40
	cases := []struct {
		name   string
		tamper func(t *testing.T, log *heldLog)
		first  int64
		last   int64
		says   string
	}{
		{"an entry is changed", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries[5] = otherEntry(t)
		}, 5, 5, "not the entry that was entered"},
		{"a byte of an entry is changed", func(_ *testing.T, l *heldLog) {
			l.entries[39] = bytes.Replace(l.entries[39], []byte("DONE"), []byte("DINE"), 1)
		}, 39, 39, "not the entry that was entered"},
		{"two entries are changed", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries[30], l.entries[7] = otherEntry(t), otherEntry(t)
		}, 7, 7, "not the entry that was entered"},
		{"two entries are swapped", func(_ *testing.T, l *heldLog) {
			l.entries[3], l.entries[20] = l.entries[20], l.entries[3]
		}, 3, 3, "changed places with entry 20"},
		{"an entry is taken out", func(_ *testing.T, l *heldLog) { l.entries = slices.Delete(l.entries, 11, 12) }, 11, 11, "taken out"},
		{"an entry is put in", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries = slices.Insert(l.entries, 12, otherEntry(t))
		}, 12, 12, "put in before it"},
		{"an entry stands twice", func(_ *testing.T, l *heldLog) { l.entries[9] = l.entries[8] }, 9, 9, "not the entry that was entered"},
		{"an entry takes the place of another that is changed too", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries[4], l.entries[25] = l.entries[25], otherEntry(t)
		}, 4, 4, "entry 25 in the wrong place"},
		{"the tail is dropped", func(_ *testing.T, l *heldLog) { l.entries = l.entries[:33] }, 33, 33, "covers 40 entries"},
		{"the tail is dropped with its hashes", func(_ *testing.T, l *heldLog) {
			l.entries, l.hashes = l.entries[:33], l.hashes[:tlog.StoredHashCount(33)]
		}, 33, 33, "covers 40 entries"},
		{"everything is dropped but the checkpoint", func(_ *testing.T, l *heldLog) { l.entries, l.hashes = nil, nil }, 0, 0, "covers 40 entries"},
		{"an entry is added behind the checkpoint", func(t *testing.T, l *heldLog) {
			t.Helper()
			checkpoint := l.checkpoint
			l.append(t, otherEntry(t))
			l.checkpoint = checkpoint
		}, 40, 40, "behind the last entry that the checkpoint covers"},
		{"an entry and its hash are changed", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries[6] = otherEntry(t)
			l.hashes[tlog.StoredHashIndex(0, 6)] = tlog.RecordHash(l.entries[6])
		}, 6, 7, "not that of its halves"},
		{"an entry and all hashes are changed", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.entries[6] = otherEntry(t)
			l.rehash(t)
		}, 0, 39, "do not add up to the signed root"},
		{"the stored hash of an entry is changed", func(_ *testing.T, l *heldLog) {
			l.hashes[tlog.StoredHashIndex(0, 13)][0] ^= 1
		}, 13, 13, "its stored hash was changed; the entries themselves add up"},
		{"the last stored hash of an odd log is changed", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.append(t, otherEntry(t))
			l.hashes[tlog.StoredHashIndex(0, 40)][0] ^= 1
		}, 40, 40, "its stored hash was changed; the entries themselves add up"},
		{"an inner hash is changed", func(_ *testing.T, l *heldLog) {
			l.hashes[tlog.StoredHashIndex(2, 3)][0] ^= 1
		}, 12, 15, "not that of its halves"},
		{"the hashes are cut off", func(_ *testing.T, l *heldLog) {
			l.hashes = l.hashes[:tlog.StoredHashCount(17)]
		}, 17, 17, "stored hashes cannot be read"},
		{"an entry that is none was entered", func(t *testing.T, l *heldLog) {
			t.Helper()
			l.append(t, []byte(`{"name":"x"}`))
		}, 40, 40, "cannot be read as an audit entry"},
		{"the checkpoint is gone", func(_ *testing.T, l *heldLog) { l.checkpoint = nil }, -1, -1, "missing"},
		{"the checkpoint is of another size", func(_ *testing.T, l *heldLog) {
			l.checkpoint = bytes.Replace(l.checkpoint, []byte("\n40\n"), []byte("\n39\n"), 1)
		}, -1, -1, "not signed with the key of this log"},
		{"the checkpoint is forged with another key", func(t *testing.T, l *heldLog) {
			t.Helper()
			signer, _ := logKey(t, 2, origin1)
			l.entries[6] = otherEntry(t)
			l.sign = audit.Signer(origin1, signer)
			entries := l.entries
			l.entries, l.hashes = nil, nil
			l.append(t, entries...)
		}, -1, -1, "not signed with the key of this log"},
		{"the checkpoint is that of another log under the same key", func(t *testing.T, l *heldLog) {
			t.Helper()
			signer, _ := logKey(t, 1, origin1)
			checkpoint, err := audit.Signer("accord.audit/two", signer)(tlog.Tree{N: 40})
			if err != nil {
				t.Fatal(err)
			}
			l.checkpoint = checkpoint
		}, -1, -1, "another log"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			log, origin := newLog(t, size)
			c.tamper(t, log)
			report, err := audit.Verify(t.Context(), log, origin)
			if !errors.Is(err, audit.ErrBroken) || report.Break == nil {
				t.Fatalf("passed: %v\n%s", err, report)
			}
			if report.Break.First != c.first || report.Break.Last != c.last || !strings.Contains(report.Break.What, c.says) {
				t.Fatalf("found %s\nwant %d to %d, %q", report.Break, c.first, c.last, c.says)
			}
			if !strings.Contains(report.String(), report.Break.String()) || strings.Contains(report.String(), "Proved") {
				t.Fatalf("the report says\n%s", report)
			}
		})
	}
}

// Whatever single byte of entries, hashes or checkpoint is changed, it is found,
// and never said to be behind the place where it is.
func TestAnyChangedByteIsFound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 40).Draw(rt, "size")
		log, origin := newLog(t, size)
		bit := byte(1) << rapid.IntRange(0, 7).Draw(rt, "bit")
		at := int64(-1)
		switch rapid.SampledFrom([]string{"entry", "hash", "checkpoint"}).Draw(rt, "part") {
		case "entry":
			n := rapid.IntRange(0, size-1).Draw(rt, "entry number")
			log.entries[n] = bytes.Clone(log.entries[n])
			log.entries[n][rapid.IntRange(0, len(log.entries[n])-1).Draw(rt, "byte")] ^= bit
			at = int64(n)
		case "hash":
			n := rapid.IntRange(0, len(log.hashes)-1).Draw(rt, "hash number")
			log.hashes[n][rapid.IntRange(0, 31).Draw(rt, "byte")] ^= bit
			level, i := tlog.SplitStoredHashIndex(int64(n))
			at = (i+1)<<level - 1
		default:
			log.checkpoint = bytes.Clone(log.checkpoint)
			log.checkpoint[rapid.IntRange(0, len(log.checkpoint)-1).Draw(rt, "byte")] ^= bit
		}
		report, err := audit.Verify(t.Context(), log, origin)
		if !errors.Is(err, audit.ErrBroken) || report.Break == nil {
			rt.Fatalf("passed: %v\n%s", err, report)
		}
		if report.Break.First > at {
			rt.Fatalf("found %s, changed at %d", report.Break, at)
		}
	})
}

func TestTheReportSaysInPlainWordsWhatWasProved(t *testing.T) {
	log, origin := newLog(t, 3)
	report, err := audit.Verify(t.Context(), log, origin)
	if err != nil {
		t.Fatal(err)
	}
	want := `The audit log is whole.
Origin:  accord.audit/one
Entries: 3, numbered 0 to 2
Times:   2026-03-09T12:00:00.000Z to 2026-03-09T12:02:00.000Z
Root:    ` + report.Signed.Hash.String() + ` over 3 entries
Proved:  every entry is the one that was entered, in its order and without a gap; the stored hashes agree with them; the root over all of them is signed with the key of this log.
Not proved by this folder alone: that its newest entries were not cut off together with their checkpoint. A root noted elsewhere shows that.
`
	if report.String() != want {
		t.Fatalf("the report says\n%s", report)
	}
	log.entries[1] = otherEntry(t)
	report, _ = audit.Verify(t.Context(), log, origin)
	if first, _, _ := strings.Cut(report.String(), "\n"); first != "The audit log is BROKEN at entry 1: it is not the entry that was entered." {
		t.Fatal(first)
	}
}

// growing gets new entries while it is verified.
type growing struct {
	*heldLog
	grow func()
}

func (l *growing) Hashes(ctx context.Context) tlog.HashReader {
	if l.grow != nil {
		grow := l.grow
		l.grow = nil
		grow()
	}
	return l.heldLog.Hashes(ctx)
}

func TestALogThatGrowsWhileItIsVerifiedIsWhole(t *testing.T) {
	log, origin := newLog(t, 10)
	live := &growing{heldLog: log, grow: func() { log.append(t, otherEntry(t)) }}
	report, err := audit.Verify(t.Context(), live, origin)
	if err != nil || report.Entries != 10 || len(log.entries) != 11 {
		t.Fatalf("%v\n%s", err, report)
	}
}

var errAway = errors.New("the store is away")

// away answers its checkpoint so many times and then nothing.
type away struct {
	*heldLog
	answers int
}

func (l *away) Checkpoint(ctx context.Context) ([]byte, error) {
	l.answers--
	if l.answers < 0 {
		return nil, errAway
	}
	return l.heldLog.Checkpoint(ctx)
}

func (l *away) Entries(context.Context, int64, int) ([][]byte, error) { return nil, errAway }

func TestAStoreThatDoesNotAnswerProvesNothing(t *testing.T) {
	log, origin := newLog(t, 10)
	for answers := range 2 {
		_, err := audit.Verify(t.Context(), &away{heldLog: log, answers: answers}, origin)
		if !errors.Is(err, errAway) || errors.Is(err, audit.ErrBroken) {
			t.Fatalf("after %d answers: %v", answers, err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := audit.Verify(cancelled, log, origin); !errors.Is(err, context.Canceled) || errors.Is(err, audit.ErrBroken) {
		t.Fatalf("cancelled: %v", err)
	}
	if _, err := audit.Verify(t.Context(), log, audit.Origin{Name: origin.Name, Verifier: "x"}); err == nil || errors.Is(err, audit.ErrBroken) {
		t.Fatalf("a verifier key that is none: %v", err)
	}
}

func TestTheQuickLookFindsAForeignKeyAndForeignHashes(t *testing.T) {
	log, origin := newLog(t, 10)
	_, other := logKey(t, 2, origin1)
	if _, err := audit.Head(t.Context(), log, other); !errors.Is(err, audit.ErrBroken) {
		t.Fatalf("another key: %v", err)
	}
	log.hashes[len(log.hashes)-1][0] ^= 1
	if _, err := audit.Head(t.Context(), log, origin); !errors.Is(err, audit.ErrBroken) {
		t.Fatalf("a changed hash: %v", err)
	}
}

func TestASignedCheckpointIsTakenInItsOneFormOnly(t *testing.T) {
	signer, origin := logKey(t, 1, origin1)
	hash := tlog.RecordHash(nil).String()
	for name, text := range map[string]string{
		"no size":       origin1 + "\n",
		"a size of 0":   origin1 + "\n0\n" + hash + "\n",
		"a signed size": origin1 + "\n+4\n" + hash + "\n",
		"a short hash":  origin1 + "\n4\nAAAA\n",
		"a fourth line": origin1 + "\n4\n" + hash + "\nmore\n",
	} {
		signed := signText(t, signer, text)
		if tree, err := audit.OpenCheckpoint(origin, signed); err == nil {
			t.Errorf("%s: opened as %v", name, tree)
		}
	}
	if _, err := audit.OpenCheckpoint(origin, signText(t, signer, origin1+"\n4\n"+hash+"\n")); err != nil {
		t.Fatal(err)
	}
}
