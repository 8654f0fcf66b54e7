package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

var byArea = store.Index{Name: "case_by_area", Kind: "case", Equal: []string{"area"}, Order: "updatedAt"}

func shut(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func reopen(t *testing.T, path string, indexes ...store.Index) error {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: path, Kinds: []store.Kind{"case"}, Indexes: indexes, Sign: storetest.Sign, Clock: noon,
	})
	if err == nil {
		shut(t, s)
	}
	return err
}

func findIDs(t *testing.T, s store.Store, q store.Query) []string {
	t.Helper()
	q.Limit = store.MaxPage
	page, err := s.Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range page.Documents {
		all = append(all, d.ID)
	}
	return all
}

func save(t *testing.T, s store.Store, d store.Document) {
	t.Helper()
	batch := store.Batch{
		Family: d.Family, Writes: []store.Write{{Document: d, Expect: d.Version - 1}}, Entries: [][]byte{[]byte("saved " + d.ID)},
	}
	if err := s.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func TestReopeningFindsEverything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a store & more?.db")
	first := open(t, path, byUpdate)
	for n := range 20 {
		save(t, first, caseDocument(n, 1))
	}
	err := first.Apply(t.Context(), store.Batch{
		Family: "case_000002", Excluded: []store.Exclusion{{Principal: "ann", Family: "case_000002"}},
		Receipt: &store.Receipt{Person: "ann", Key: "k", Until: noon().Add(time.Hour)},
		Outbox:  []store.Message{{ID: "m", Topic: "t"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	q := store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"c:area-0"}, Excluded: "ann"}
	before := findIDs(t, first, q)
	head := storetest.VerifyLog(t, first)
	shut(t, first)

	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("closing left the write-ahead log beside the file: %v", err)
	}
	second := open(t, path, byUpdate)
	if after := findIDs(t, second, q); len(before) != 9 || strings.Join(after, " ") != strings.Join(before, " ") {
		t.Fatalf("got %v, want %v", after, before)
	}
	if again := storetest.VerifyLog(t, second); again != head {
		t.Fatalf("the tree head was %v and is %v", head, again)
	}
	if _, err := second.Receipt(t.Context(), "ann", "k"); err != nil {
		t.Fatal(err)
	}
	if messages, err := second.Outbox(t.Context(), 5); err != nil || len(messages) != 1 {
		t.Fatalf("got %v, %v", messages, err)
	}
	save(t, second, caseDocument(3, 2)) // guards and log go on where they stood
	if grown := storetest.VerifyLog(t, second); grown.N != head.N+1 {
		t.Fatalf("the log has %d entries", grown.N)
	}
}

func TestOneFileIsOpenOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, byUpdate)
	if err := reopen(t, path, byUpdate); !errors.Is(err, sqlite.ErrInUse) {
		t.Fatalf("got %v", err)
	}
	save(t, s, caseDocument(1, 1))
	shut(t, s)
	if err := reopen(t, path, byUpdate); err != nil {
		t.Fatal(err)
	}
}

func TestIndexesFollowTheirDeclarations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, byUpdate)
	const n = 450 // more than two pages of a rebuild
	for i := range n {
		d := caseDocument(i, 1)
		d.Fields = append([]store.Field{{Name: "area", Value: store.Text(fmt.Sprint("area-", i%2))}}, d.Fields...)
		save(t, s, d)
	}
	shut(t, s)

	// A new index is complete when Open returns.
	s = open(t, path, byUpdate, byArea)
	one := store.Query{Index: byArea.Name, Equal: []store.Value{store.Text("area-1")}}
	if got := findIDs(t, s, one); len(got) != n/2 || got[0] != "case_000001" {
		t.Fatalf("got %d: %v", len(got), got)
	}
	shut(t, s)

	// A changed one is rebuilt, the other is left alone.
	changed := byArea
	changed.Equal, changed.Descending = nil, true
	s = open(t, path, byUpdate, changed)
	if got := findIDs(t, s, store.Query{Index: byArea.Name}); len(got) != n || got[0] != "case_000449" {
		t.Fatalf("got %d: %v", len(got), got)
	}
	agency := store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"d:agency"}}
	if got := findIDs(t, s, agency); len(got) != n {
		t.Fatalf("got %d", len(got))
	}
	shut(t, s)

	// A dropped one is gone, and nothing of it remains.
	s = open(t, path, byUpdate)
	if _, err := s.Find(t.Context(), one); err == nil || !strings.Contains(err.Error(), byArea.Name) {
		t.Fatalf("got %v", err)
	}
	shut(t, s)
	if got, want := scalar(t, path, "SELECT count(*) FROM entry"), int64(12*n); got != want {
		t.Fatalf("%d entries remain, want %d", got, want)
	}

	// A unique index that the documents break is refused, and the file is as before.
	unique := store.Index{Name: "one_area", Kind: "case", Equal: []string{"area"}, Unique: true}
	if err := reopen(t, path, byUpdate, unique); !errors.Is(err, store.ErrDuplicate) || !strings.Contains(err.Error(), "one_area") {
		t.Fatalf("got %v", err)
	}
	if got := scalar(t, path, "SELECT count(*) FROM declaration"); got != 1 {
		t.Fatalf("%d declarations remain", got)
	}
}

// edit runs statements on a closed store's file.
func edit(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func scalar(t *testing.T, path, query string) (n int64) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFileThatIsNotRightIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		edits []string
		says  string
	}{
		"a later version":        {[]string{"UPDATE schema SET version = 2"}, "schema version 2"},
		"another program's file": {[]string{"PRAGMA application_id = 7"}, "not a store of Accord"},
		"an index short of a document": {
			[]string{"DELETE FROM entry WHERE id = 'case_000002' AND token = 'd:agency'"}, "store is damaged",
		},
		"an index with another token": {
			[]string{"UPDATE entry SET token = 'd:another' WHERE id = 'case_000002' AND token = 'd:agency'"}, "store is damaged",
		},
		"a document filed under another family": {
			[]string{"UPDATE document SET fam = 'case_000001' WHERE id = 'case_000002'"}, "store is damaged",
		},
		"a log cut short": {[]string{"DELETE FROM log_entry WHERE n = 4"}, "log is damaged"},
		"a log with its hashes cut short": {
			[]string{"DELETE FROM log_entry WHERE n = 4", "DELETE FROM log_hash WHERE i >= 7", "UPDATE checkpoint SET size = 4"},
			"log is damaged",
		},
		"a log whose hash was changed": {
			[]string{"UPDATE log_hash SET hash = zeroblob(32) WHERE i = 7"}, "log is damaged",
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			s := open(t, path, byUpdate)
			for n := range 5 {
				save(t, s, caseDocument(n, 1))
			}
			shut(t, s)
			edit(t, path, c.edits...)
			if err := reopen(t, path, byUpdate); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v", err)
			}
		})
	}
	t.Run("a file with its pages overwritten", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		s := open(t, path, byUpdate)
		for n := range 50 {
			save(t, s, caseDocument(n, 1))
		}
		shut(t, s)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for page := 4; page < len(content)/4096; page += 3 {
			copy(content[page*4096:], "this page is no longer what it was")
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := reopen(t, path, byUpdate); err == nil {
			t.Fatal("a damaged file was opened")
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	for name, options := range map[string]sqlite.Options{
		"no path":  {Sign: storetest.Sign, Clock: noon},
		"no sign":  {Path: path, Clock: noon},
		"no clock": {Path: path, Sign: storetest.Sign},
		"no index": {Path: path, Sign: storetest.Sign, Clock: noon, Indexes: []store.Index{{}}},
		"no folder": {
			Path: filepath.Join(filepath.Dir(path), "missing", "store.db"), Sign: storetest.Sign, Clock: noon,
		},
	} {
		if s, err := sqlite.Open(t.Context(), options); err == nil {
			shut(t, s)
			t.Errorf("%s was accepted", name)
		}
	}
}
