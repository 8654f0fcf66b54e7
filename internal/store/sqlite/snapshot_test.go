package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// pair is a batch of two documents of one family and the entry that names them.
func pair(n int) store.Batch {
	first, second := caseDocument(n, 1), caseDocument(n, 1)
	second.ID = fmt.Sprintf("second_%06d", n)
	return store.Batch{
		Family: first.Family, Writes: []store.Write{{Document: first}, {Document: second}}, Entries: [][]byte{[]byte("pair " + first.ID)},
	}
}

// writers write pairs, sixteen at a time, until they are stopped.
type writers struct {
	mutex        sync.Mutex
	acknowledged []int
	grown        chan struct{}
	stop         func()
}

func startWriters(t *testing.T, s store.Store) *writers {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	w := &writers{grown: make(chan struct{}, 1)}
	var all sync.WaitGroup
	for writer := range 16 {
		all.Go(func() {
			for n := writer; ctx.Err() == nil; n += 16 {
				if err := s.Apply(t.Context(), pair(n)); err != nil {
					t.Errorf("pair %d: %v", n, err)
					return
				}
				w.mutex.Lock()
				w.acknowledged = append(w.acknowledged, n)
				w.mutex.Unlock()
				select {
				case w.grown <- struct{}{}:
				default:
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(w.grown)
		close(ended)
	}()
	w.stop = func() {
		stop()
		<-ended
	}
	return w
}

func (w *writers) so(t *testing.T, far int) []int {
	t.Helper()
	for range w.grown {
		w.mutex.Lock()
		acknowledged := slices.Clone(w.acknowledged)
		w.mutex.Unlock()
		if len(acknowledged) >= far {
			return acknowledged
		}
	}
	t.Fatal("the writers stopped")
	return nil
}

// What was acknowledged before a snapshot began is in it, no batch is in it by
// half, and its log is whole, while sixteen writers go on writing.
func TestASnapshotBesideSixteenWritersIsOneMoment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accord.db")
	s := open(t, path, byUpdate)
	w := startWriters(t, s)
	defer w.stop()
	before := w.so(t, 200)
	for round := range 3 {
		copied := filepath.Join(t.TempDir(), "accord.db")
		takeCopy(t, path, copied)
		after := w.so(t, len(before)+16) // they were not kept from writing
		held := pairsIn(t, copied)
		for _, n := range before {
			if !held[n] {
				t.Fatalf("round %d: pair %d was acknowledged before the snapshot and is not in it", round, n)
			}
		}
		before = after
	}
}

// takeCopy keeps what a snapshot holds after it is closed.
func takeCopy(t *testing.T, path, copied string) {
	t.Helper()
	snapshot, err := sqlite.TakeSnapshot(t.Context(), path, path+".snapshot")
	if err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Check(t.Context()); err != nil {
		t.Error(err)
	}
	content, err := os.ReadFile(snapshot.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(copied, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := snapshot.Close(); err != nil {
		t.Fatal(err)
	}
	beside, err := filepath.Glob(path + ".snapshot*")
	if err != nil || !slices.Equal(beside, []string{path + ".snapshot.lock"}) {
		t.Errorf("the snapshot leaves %v, %v", beside, err)
	}
}

// pairsIn opens a copy as a store and returns the pairs in it, each of which must
// be whole.
func pairsIn(t *testing.T, path string) map[int]bool {
	t.Helper()
	s := open(t, path, byUpdate)
	defer shut(t, s)
	head := storetest.VerifyLog(t, s)
	held := map[int]bool{}
	for first := int64(0); first < head.N; {
		entries, err := s.Log().Entries(t.Context(), first, store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			var n int
			if _, err := fmt.Sscanf(string(entry), "pair case_%d", &n); err != nil {
				t.Fatal(err)
			}
			batch := pair(n)
			found, err := s.GetMany(t.Context(), []string{batch.Writes[0].Document.ID, batch.Writes[1].Document.ID})
			if err != nil || len(found) != 2 {
				t.Fatalf("pair %d has its entry and %d documents, %v", n, len(found), err)
			}
			held[n] = true
		}
		first += int64(len(entries))
	}
	return held
}

func TestASnapshotSaysWhatItHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accord.db")
	s := open(t, path, byUpdate)
	for n := range 5 {
		if err := s.Apply(t.Context(), pair(n)); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, err := sqlite.TakeSnapshot(t.Context(), path, path+".snapshot")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := snapshot.Close(); err != nil {
			t.Error(err)
		}
	}()
	contents, err := snapshot.Contents(t.Context())
	if err != nil || contents.Schema != 1 || !slices.Equal(contents.Documents, []sqlite.KindCount{{Kind: "case", Number: 10}}) {
		t.Errorf("it holds %+v, %v", contents, err)
	}
	info, err := os.Stat(snapshot.Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if _, err := sqlite.TakeSnapshot(t.Context(), path, path+".snapshot"); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("a second snapshot to one path: %v", err)
	}
}

// A process that died in the middle of a snapshot leaves a piece of one.
func TestASnapshotReplacesWhatACrashLeft(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accord.db")
	save(t, open(t, path, byUpdate), caseDocument(1, 1))
	for _, left := range []string{".snapshot", ".snapshot-journal"} {
		if err := os.WriteFile(path+left, []byte("a piece"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	takeCopy(t, path, filepath.Join(t.TempDir(), "accord.db"))
}

func TestASnapshotThatCannotBeTakenLeavesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		ended   bool
		says    string
	}{
		"no store": {func(*testing.T, string) {}, false, "cannot be opened"},
		"no database": {func(t *testing.T, path string) {
			t.Helper()
			putFile(t, path, strings.Repeat("no database ", 1000))
		}, false, "the store is damaged"},
		"a caller who left": {func(t *testing.T, path string) {
			t.Helper()
			shut(t, open(t, path, byUpdate))
		}, true, "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "accord.db")
			c.prepare(t, path)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.ended {
				cancel()
			}
			_, err := sqlite.TakeSnapshot(ctx, path, path+".snapshot")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if _, err := os.Stat(path + ".snapshot"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a copy is left: %v", err)
			}
		})
	}
}

func putFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNoStoreOfThisVersionIsNotCounted(t *testing.T) {
	for statement, says := range map[string]string{
		"PRAGMA application_id = 7":           "not a store of Accord",
		"UPDATE schema SET version = 1000":    "schema version 1000",
		"DROP TABLE document":                 "no such table",
		"PRAGMA application_id = 1094927172;": "", // its own
	} {
		path := filepath.Join(t.TempDir(), "accord.db")
		s := open(t, path, byUpdate)
		save(t, s, caseDocument(1, 1))
		shut(t, s)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		log, err := sqlite.OpenLog(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = log.Contents(t.Context())
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v", statement, err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
