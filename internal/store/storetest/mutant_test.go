package storetest_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// mutant is a sound store with one defect.
type mutant struct {
	store.Store

	get      func(ctx context.Context, id string) (store.Document, error)
	getMany  func(ctx context.Context, ids []string) ([]store.Document, error)
	families func(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error)
	find     func(ctx context.Context, q store.Query) (store.Page, error)
	count    func(ctx context.Context, q store.Query, limit int) (int, error)
	excluded func(ctx context.Context, principal string) ([]string, error)
	apply    func(ctx context.Context, b store.Batch) error
	receipt  func(ctx context.Context, person, key string) (store.Receipt, error)
	outbox   func(ctx context.Context, limit int) ([]store.Message, error)
	log      store.Log
}

func (m *mutant) Get(ctx context.Context, id string) (store.Document, error) { return m.get(ctx, id) }

func (m *mutant) GetMany(ctx context.Context, ids []string) ([]store.Document, error) {
	return m.getMany(ctx, ids)
}

func (m *mutant) Families(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
	return m.families(ctx, kind, families, limit)
}

func (m *mutant) Find(ctx context.Context, q store.Query) (store.Page, error) { return m.find(ctx, q) }

func (m *mutant) Count(ctx context.Context, q store.Query, limit int) (int, error) {
	return m.count(ctx, q, limit)
}

func (m *mutant) Excluded(ctx context.Context, principal string) ([]string, error) {
	return m.excluded(ctx, principal)
}

func (m *mutant) Apply(ctx context.Context, b store.Batch) error { return m.apply(ctx, b) }

func (m *mutant) Receipt(ctx context.Context, person, key string) (store.Receipt, error) {
	return m.receipt(ctx, person, key)
}

func (m *mutant) Outbox(ctx context.Context, limit int) ([]store.Message, error) {
	return m.outbox(ctx, limit)
}

func (m *mutant) Log() store.Log { return m.log }

// brokenLog is a sound log with one defect.
type brokenLog struct {
	store.Log

	checkpoint func(ctx context.Context) ([]byte, error)
	entries    func(ctx context.Context, first int64, limit int) ([][]byte, error)
	hashes     func(ctx context.Context) tlog.HashReader
}

func (l *brokenLog) Checkpoint(ctx context.Context) ([]byte, error) { return l.checkpoint(ctx) }

func (l *brokenLog) Entries(ctx context.Context, first int64, limit int) ([][]byte, error) {
	return l.entries(ctx, first, limit)
}

func (l *brokenLog) Hashes(ctx context.Context) tlog.HashReader { return l.hashes(ctx) }

// openWith opens an empty store with a defect, or without.
func openWith(t *testing.T, defect func(*mutant, *brokenLog)) storetest.Opener {
	t.Helper()
	return func(ctx context.Context, indexes []store.Index) (store.Store, error) {
		sound, err := sqlite.Open(ctx, sqlite.Options{
			Path: filepath.Join(t.TempDir(), "store.db"), Indexes: indexes, Sign: storetest.Sign,
			Clock: func() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) },
		})
		if err != nil || defect == nil {
			return sound, err
		}
		l := sound.Log()
		m := &mutant{
			Store: sound, get: sound.Get, getMany: sound.GetMany, families: sound.Families, find: sound.Find,
			count: sound.Count, excluded: sound.Excluded, apply: sound.Apply, receipt: sound.Receipt, outbox: sound.Outbox,
		}
		broken := &brokenLog{Log: l, checkpoint: l.Checkpoint, entries: l.Entries, hashes: l.Hashes}
		m.log = broken
		defect(m, broken)
		return m, nil
	}
}

// A suite that cannot fail proves nothing: every store with a defect is found out
// by the sentence that it breaks.
func TestEveryDefectIsFoundByTheSentenceItBreaks(t *testing.T) {
	t.Parallel()
	contracts := storetest.Contracts(storetest.Settings{Increments: 300, Seed: 1})
	for _, c := range mutants {
		t.Run(c.group+": "+c.defect, func(t *testing.T) {
			t.Parallel()
			for _, contract := range contracts {
				if contract.Group != c.group || contract.Sentence != c.breaks {
					continue
				}
				found := contract.Hold(t.Context(), openWith(t, c.make))
				if found == nil {
					t.Fatalf("a store that %s keeps the promise: %s %s", c.defect, c.group, c.breaks)
				}
				if strings.Contains(found.Error(), "not done") || strings.Contains(found.Error(), "\n") {
					t.Errorf("what was found is no finding on one line: %v", found)
				}
				t.Log(found)
				return
			}
			t.Fatalf("no contract says: %s %s", c.group, c.breaks)
		})
	}
}

// Every group has a store that it finds out, so that none is for show.
func TestEveryGroupHasADefectItFinds(t *testing.T) {
	for _, contract := range storetest.Contracts(storetest.Settings{}) {
		found := false
		for _, c := range mutants {
			found = found || c.group == contract.Group
		}
		if !found {
			t.Errorf("no defect is tried on %s", contract.Group)
		}
	}
}
