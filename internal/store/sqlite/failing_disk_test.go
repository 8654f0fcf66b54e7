package sqlite_test

import (
	"fmt"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/disktest"
	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// What whoever runs Accord is told; documented in docs/runbook.md.
const (
	saysFull     = "the disk of the data folder is full: make room on it"
	saysReadOnly = "the data folder or its disk is read-only: make the folder and the files in it writable for the user that Accord runs as"
	saysFailing  = "the disk of the data folder fails to read or write: see what the system says about the disk"
	saysMissing  = "the store cannot be opened: check that the data folder is there and that Accord may read and write in it"
	saysLocked   = "another program holds the store locked: end that program"
	saysDamaged  = "the store is damaged: stop Accord, keep a copy of the data folder, and restore the last good backup"
	saysMark     = "accord.db.mark, which says how far the audit log had come, is damaged: stop Accord, keep a copy of the data folder, and see what audit verify says of the copy"
	saysLog      = "the audit log is damaged: stop Accord, keep a copy of the data folder, and restore the last good backup"
	saysLost     = "the store has lost changes that were acknowledged: stop Accord, keep a copy of the data folder, and restore the last good backup"
)

// ledger is what a store has acknowledged.
type ledger struct {
	mutex sync.Mutex
	ids   []string
}

// save saves a case and remembers it if that was acknowledged.
func (l *ledger) save(t *testing.T, s store.Store, n int) error {
	t.Helper()
	d := caseDocument(n, 1)
	err := s.Apply(t.Context(), store.Batch{
		Family: d.Family, Writes: []store.Write{{Document: d}}, Entries: [][]byte{[]byte(d.ID)},
	})
	if err == nil {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		l.ids = append(l.ids, d.ID)
	}
	return err //nolint:wrapcheck // it is what the test is about
}

// saveUntilRefused saves cases from some goroutines until each has met a refusal,
// and returns the refusals.
func (l *ledger) saveUntilRefused(t *testing.T, s store.Store, from int) []error {
	t.Helper()
	refusals := make([]error, 6)
	var wait sync.WaitGroup
	for worker := range refusals {
		wait.Go(func() {
			for n := from + worker; refusals[worker] == nil; n += len(refusals) {
				refusals[worker] = l.save(t, s, n)
			}
		})
	}
	wait.Wait()
	return refusals
}

// check holds a store against what it acknowledged: all of it is there, and what
// was refused is not.
func (l *ledger) check(t *testing.T, s store.Store) {
	t.Helper()
	if documents, err := s.GetMany(t.Context(), l.ids); err != nil || len(documents) != len(l.ids) {
		t.Errorf("%d of %d acknowledged documents are there: %v", len(documents), len(l.ids), err)
	}
	seen := findIDs(t, s, store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"d:agency"}})
	if len(seen) != len(l.ids) {
		t.Errorf("%d documents are there of %d acknowledged", len(seen), len(l.ids))
	}
	if tree := storetest.VerifyLog(t, s); tree.N != int64(len(l.ids)) {
		t.Errorf("the log has %d entries for %d documents", tree.N, len(l.ids))
	}
}

func says(t *testing.T, err error, sentence string) {
	t.Helper()
	if err == nil || !strings.HasSuffix(err.Error(), sentence) {
		t.Errorf("got  %v\nwant %s", err, sentence)
	}
}

// opening is what Open says, and nothing beside it.
func opening(t *testing.T, path, sentence string) {
	t.Helper()
	if err := reopen(t, path, byUpdate); err == nil || err.Error() != sentence {
		t.Errorf("open: got %v\nwant %s", err, sentence)
	}
}

func TestAFullDiskRefusesAndIsGotOverWithoutARestart(t *testing.T) {
	disktest.Run(t, 16<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		path := filepath.Join(disk.Path, "store.db")
		l := &ledger{}
		s := open(t, path, byUpdate)
		for n := range 20 {
			if err := l.save(t, s, n); err != nil {
				t.Fatal(err)
			}
		}
		for time := range 3 {
			disk.Fill(t)
			refusals := l.saveUntilRefused(t, s, 1000*(time+1))
			for _, err := range refusals {
				says(t, err, saysFull)
			}
			l.check(t, s) // what is there is read, full or not
			disk.Free(t)
			for n := range 20 {
				if err := l.save(t, s, 1000*(time+1)+500+n); err != nil {
					t.Fatalf("with room again: %v", err)
				}
			}
			l.check(t, s)
		}
		// It closes on a full disk, too, and what was only in the write-ahead log
		// is not lost.
		disk.Fill(t)
		shut(t, s)
		if err := reopen(t, path, byUpdate); err != nil {
			says(t, err, saysFull)
		}
		disk.Free(t)
		l.check(t, open(t, path, byUpdate))
	})
}

// A store that fills the disk by itself: the last batch that fits is there, the
// first that does not is refused.
func TestAStoreThatFillsItsDiskKeepsWhatItAcknowledged(t *testing.T) {
	disktest.Run(t, 2<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		path := filepath.Join(disk.Path, "store.db")
		l := &ledger{}
		s := open(t, path, byUpdate)
		for _, err := range l.saveUntilRefused(t, s, 0) {
			says(t, err, saysFull)
		}
		if len(l.ids) == 0 {
			t.Fatal("nothing was acknowledged")
		}
		l.check(t, s)
		shut(t, s)
		if err := reopen(t, path, byUpdate); err != nil {
			says(t, err, saysFull)
		}
	})
}

func TestANewStoreOnAFullDiskIsRefused(t *testing.T) {
	disktest.Run(t, 1<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		path := filepath.Join(disk.Path, "store.db")
		disk.Fill(t)
		opening(t, path, saysFull)
		disk.Free(t)
		save(t, open(t, path, byUpdate), caseDocument(1, 1)) // what was left of the attempt is in nobody's way
	})
}

func TestAReadOnlyDiskIsRefusedAndItsLogStillProved(t *testing.T) {
	disktest.Run(t, 8<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		path := filepath.Join(disk.Path, "store.db")
		l := &ledger{}
		s := open(t, path, byUpdate)
		for n := range 20 {
			if err := l.save(t, s, n); err != nil {
				t.Fatal(err)
			}
		}
		shut(t, s)
		disk.ReadOnly(t)
		opening(t, path, saysReadOnly)
		opening(t, filepath.Join(disk.Path, "another.db"), saysReadOnly)
		log, err := sqlite.OpenLog(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		proveLog(t, log, len(l.ids))
		if err := log.Close(); err != nil {
			t.Error(err)
		}
		disk.Writable(t)
		s = open(t, path, byUpdate)
		if err := l.save(t, s, 100); err != nil {
			t.Fatal(err)
		}
		l.check(t, s)
	})
}

// proveLog checks that the log ends as it was signed.
func proveLog(t *testing.T, log store.Log, size int) {
	t.Helper()
	signed, err := log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head, err := storetest.Tree(signed)
	if err != nil {
		t.Fatal(err)
	}
	root, err := tlog.TreeHash(int64(size), log.Hashes(t.Context()))
	if err != nil || head != (tlog.Tree{N: int64(size), Hash: root}) {
		t.Errorf("the tree head is %v: %v", head, err)
	}
}

// A disk that has failed, or that the system has made read-only under the running
// program, takes no byte more. The limit on the size of files does the same to
// this process.
func TestADiskThatTakesNothingMoreRefusesAndIsGotOverWithoutARestart(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	limit := func(size uint64) {
		t.Helper()
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
	}
	defer limit(before.Cur)

	path := filepath.Join(t.TempDir(), "store.db")
	l := &ledger{}
	s := open(t, path, byUpdate)
	for round, size := range []uint64{0, 64 << 10, 256 << 10} {
		for n := range 20 {
			if err := l.save(t, s, round*1000+n); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		limit(size)
		refusals := l.saveUntilRefused(t, s, round*1000+100)
		limit(before.Cur)
		for _, err := range refusals {
			says(t, err, saysFailing)
		}
		l.check(t, s)
	}
	shut(t, s)
	s = open(t, path, byUpdate)
	l.check(t, s)
	if err := l.save(t, s, 100_000); err != nil {
		t.Fatal(err)
	}
	shut(t, s)

	limit(0)
	err := reopen(t, filepath.Join(filepath.Dir(path), "new.db"), byUpdate)
	limit(before.Cur)
	says(t, err, saysFailing)
}

func TestAFolderThatIsNotThereIsRefused(t *testing.T) {
	opening(t, filepath.Join(t.TempDir(), "nowhere", "store.db"), saysMissing)
	folder := t.TempDir()
	opening(t, folder, saysMissing)
	if err := reopen(t, filepath.Join(folder, fmt.Sprint("a", "b")), byUpdate); err != nil {
		t.Fatal(err)
	}
}
