package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	mathrand "math/rand/v2"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"accord/authz"
	"accord/internal/audit"
	"accord/internal/secrets/identifier"
	"accord/internal/store"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

func seeded(seed byte) *mathrand.ChaCha8 { return mathrand.NewChaCha8([32]byte{seed}) }

// identifiers are the same at every run.
func identifiers() *identifier.Maker { return identifier.NewMaker(seeded(7)) }

// look is an entry of one look at a case.
func look(ids *identifier.Maker, at time.Time) audit.Entry {
	return audit.Entry{
		At: at, Request: audit.ID(ids.New("req")), Person: audit.ID(ids.New("prac")), Agency: audit.ID(ids.New("agency")),
		Roles: []authz.Role{authz.MaracCoordinator}, Purpose: authz.MaracPrep,
		Operation: audit.Consultation, Action: "case", Outcome: audit.Done,
		Records: []audit.RecordSeen{{
			Record: audit.ID(ids.New("case")), Kind: "case", Version: 3,
			Full: audit.ClassesOf(authz.CaseCore), Masked: audit.ClassesOf(authz.VictimIdentity),
		}},
	}
}

// logKey is a signing key and the origin that goes with it.
func logKey(tb testing.TB, seed byte, name string) (note.Signer, audit.Origin) {
	tb.Helper()
	private, public, err := note.GenerateKey(seeded(seed), name)
	if err != nil {
		tb.Fatal(err)
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		tb.Fatal(err)
	}
	return signer, audit.Origin{Name: name, Verifier: public}
}

// heldLog is a store.Log whose every part a test can tamper with. A real store
// refuses to open some of what is done to it here.
type heldLog struct {
	entries    [][]byte
	hashes     []tlog.Hash
	checkpoint []byte
	sign       store.Sign
}

func (l *heldLog) append(tb testing.TB, entries ...[]byte) {
	tb.Helper()
	for _, entry := range entries {
		more, err := tlog.StoredHashes(int64(len(l.entries)), entry, l.Hashes(context.Background()))
		if err != nil {
			tb.Fatal(err)
		}
		l.entries, l.hashes = append(l.entries, entry), append(l.hashes, more...)
	}
	root, err := tlog.TreeHash(int64(len(l.entries)), l.Hashes(context.Background()))
	if err != nil {
		tb.Fatal(err)
	}
	if l.checkpoint, err = l.sign(tlog.Tree{N: int64(len(l.entries)), Hash: root}); err != nil {
		tb.Fatal(err)
	}
}

// rehash computes all stored hashes anew from the entries, as somebody would who
// covers up a change and has no key.
func (l *heldLog) rehash(tb testing.TB) {
	tb.Helper()
	entries, checkpoint := l.entries, l.checkpoint
	l.entries, l.hashes = nil, nil
	l.append(tb, entries...)
	l.checkpoint = checkpoint
}

func (l *heldLog) Checkpoint(context.Context) ([]byte, error) {
	if l.checkpoint == nil {
		return nil, store.ErrAbsent
	}
	return l.checkpoint, nil
}

func (l *heldLog) Entries(_ context.Context, first int64, limit int) ([][]byte, error) {
	if first >= int64(len(l.entries)) {
		return nil, nil
	}
	return l.entries[first:min(first+int64(limit), int64(len(l.entries)))], nil
}

func (l *heldLog) Hashes(context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(l.hashes)) {
				return nil, errors.New("no such hash")
			}
			hashes[i] = l.hashes[index]
		}
		return hashes, nil
	})
}

const origin1 = "accord.audit/one"

// newLog is a log of so many entries, a minute apart.
func newLog(tb testing.TB, size int) (*heldLog, audit.Origin) {
	tb.Helper()
	signer, origin := logKey(tb, 1, origin1)
	log := &heldLog{sign: audit.Signer(origin.Name, signer)}
	entries := encodedLooks(tb, size)
	if size > 0 {
		log.append(tb, entries...)
	}
	return log, origin
}

func encodedLooks(tb testing.TB, size int) [][]byte {
	tb.Helper()
	ids := identifiers()
	entries := make([][]byte, size)
	for n := range entries {
		encoded, err := look(ids, noon.Add(time.Duration(n)*time.Minute)).Encode()
		if err != nil {
			tb.Fatal(err)
		}
		entries[n] = encoded
	}
	return entries
}
