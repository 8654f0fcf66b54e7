package sqlite_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// versionOne is a file as the first version wrote it: twelve cases, an exclusion, a
// receipt, a message and thirteen log entries.
func versionOne(t *testing.T) (path string) {
	t.Helper()
	packed, err := os.Open("testdata/version-1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "store.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func optionsAt(path string) sqlite.Options {
	return sqlite.Options{Path: path, Indexes: []store.Index{byUpdate}, Sign: storetest.Sign, Clock: noon}
}

// holdsVersionOne checks that everything of the file is there, and that it goes on.
func holdsVersionOne(t *testing.T, s *sqlite.Store) {
	t.Helper()
	open := store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"c:area-0"}, Excluded: "ann"}
	if found := findIDs(t, s, open); len(found) != 5 {
		t.Errorf("%d cases are found, not 5: %v", len(found), found)
	}
	if _, err := s.Receipt(t.Context(), "ann", "k"); err != nil {
		t.Errorf("the receipt: %v", err)
	}
	if messages, err := s.Outbox(t.Context(), 5); err != nil || len(messages) != 1 {
		t.Errorf("%d messages wait, %v", len(messages), err)
	}
	before := storetest.VerifyLog(t, s)
	doc, err := s.Get(t.Context(), "case_000003")
	if err != nil {
		t.Fatal(err)
	}
	save(t, s, caseDocument(3, doc.Version+1))
	if after := storetest.VerifyLog(t, s); before.N < 13 || after.N != before.N+1 {
		t.Errorf("the log had %d entries and has %d", before.N, after.N)
	}
}

func TestAFileOfTheFirstVersionOpens(t *testing.T) {
	s, err := sqlite.Open(t.Context(), optionsAt(versionOne(t)))
	if err != nil {
		t.Fatal(err)
	}
	holdsVersionOne(t, s)
	shut(t, s)
}

func TestAFileOfTheFirstVersionComesForwardStepByStep(t *testing.T) {
	path := versionOne(t)
	later := optionsAt(path).
		WithStep("ALTER TABLE excluded ADD COLUMN since INTEGER NOT NULL DEFAULT 0").
		WithStep("CREATE TABLE erased (fam TEXT PRIMARY KEY) WITHOUT ROWID", "INSERT INTO erased SELECT principal FROM excluded WHERE since = 0")
	for range 2 { // the second time there is nothing left to do
		s, err := sqlite.Open(t.Context(), later)
		if err != nil {
			t.Fatal(err)
		}
		holdsVersionOne(t, s)
		shut(t, s)
		if version := scalar(t, path, "SELECT version FROM schema"); version != 3 {
			t.Errorf("the file is of version %d, not 3", version)
		}
		if rows := scalar(t, path, "SELECT count(*) FROM erased WHERE fam = 'ann'"); rows != 1 {
			t.Errorf("the second step left %d rows, not 1", rows)
		}
	}
	err := reopen(t, path, byUpdate)
	if err == nil || !strings.Contains(err.Error(), "the store has schema version 3 and this program knows 1: start the version of Accord that wrote it") {
		t.Errorf("a program that does not know version 3 says: %v", err)
	}
}

func TestAStepThatFailsLeavesTheFileAsItWas(t *testing.T) {
	path := versionOne(t)
	failing := optionsAt(path).
		WithStep("ALTER TABLE excluded ADD COLUMN since INTEGER NOT NULL DEFAULT 0").
		WithStep("CREATE TABLE erased (fam TEXT PRIMARY KEY)", "INSERT INTO erased SELECT nothing FROM excluded")
	if s, err := sqlite.Open(t.Context(), failing); err == nil {
		shut(t, s)
		t.Fatal("a step failed and the file was opened")
	} else if !strings.Contains(err.Error(), "bring the store from schema version 2 to 3") {
		t.Errorf("got %v", err)
	}
	if version := scalar(t, path, "SELECT version FROM schema"); version != 1 {
		t.Errorf("the file is of version %d, not 1", version)
	}
	s, err := sqlite.Open(t.Context(), optionsAt(path))
	if err != nil {
		t.Fatal(err)
	}
	holdsVersionOne(t, s)
	shut(t, s)
}

// A new file goes the way of an old one.
func TestANewFileTakesEveryStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, err := sqlite.Open(t.Context(), optionsAt(path).WithStep("CREATE TABLE erased (fam TEXT PRIMARY KEY)"))
	if err != nil {
		t.Fatal(err)
	}
	shut(t, s)
	if version := scalar(t, path, "SELECT version FROM schema"); version != 2 {
		t.Errorf("the file is of version %d, not 2", version)
	}
	if tables := scalar(t, path, "SELECT count(*) FROM sqlite_schema WHERE name = 'erased'"); tables != 1 {
		t.Error("the step was not taken")
	}
}
