package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// kept is a closed store of some cases, each with its entry, and its file.
func kept(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openedTo(t, path)
	for _, id := range []string{"c1", "c2", "c3"} {
		save(t, s, store.Document{
			ID: id, Kind: "case", Family: id, Version: 1, Tokens: []string{"t:red"},
			Fields:   []store.Field{{Name: "at", Value: store.Number(1)}, {Name: "status", Value: store.Text("OPEN")}},
			Sections: []store.Section{{Name: "S", Version: 1, Sealed: []byte("sealed")}},
		})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func openedTo(t *testing.T, path string) store.Store {
	t.Helper()
	s, err := placeOf(path).Store(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sqlIn runs statements in a file, behind the back of its store.
func sqlIn(t *testing.T, path string, statements ...string) {
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

func sourceOf(t *testing.T, path string) *sqlite.Source {
	t.Helper()
	s, err := sqlite.OpenSource(t.Context(), sourceAt(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestASourceIsRefused(t *testing.T) {
	for name, broken := range map[string]struct {
		harm func(t *testing.T, path string)
		want string
	}{
		"that is not there": {func(t *testing.T, path string) {
			t.Helper()
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, "there is no store of Accord in this place"},
		"that another program has open": {func(t *testing.T, path string) {
			t.Helper()
			s := openedTo(t, path)
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}, sqlite.ErrInUse.Error()},
		"whose document was changed in its clear part": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `UPDATE document SET body = CAST(replace(body, CAST('OPEN' AS BLOB), CAST('OPEM' AS BLOB)) AS BLOB) WHERE id = 'c2'`)
		}, "the store is damaged"},
		"whose document is missing": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `DELETE FROM document WHERE id = 'c2'`)
		}, "the store is damaged"},
		"whose index lacks a document": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `DELETE FROM entry WHERE id = 'c2'`)
		}, "the store is damaged"},
		"whose newest entry is missing": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `DELETE FROM log_entry WHERE n = 2`)
		}, "the audit log is damaged"},
		"that has lost what was acknowledged": {func(t *testing.T, path string) {
			t.Helper()
			older := filepath.Join(t.TempDir(), "older.db")
			copyFile(t, path, older)
			s := openedTo(t, path)
			save(t, s, store.Document{ID: "c4", Kind: "case", Family: "c4", Version: 1})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			copyFile(t, older, path)
		}, "the store has lost changes that were acknowledged"},
		"of a later version": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `UPDATE schema SET version = 99`)
		}, "schema version 99"},
		"of another program": {func(t *testing.T, path string) {
			t.Helper()
			sqlIn(t, path, `PRAGMA application_id = 7`)
		}, "not a store of Accord"},
	} {
		t.Run(name, func(t *testing.T) {
			path := kept(t)
			broken.harm(t, path)
			s, err := sqlite.OpenSource(t.Context(), sourceAt(path))
			if err == nil || !strings.Contains(err.Error(), broken.want) {
				t.Errorf("got %v, want %q", err, broken.want)
			}
			if err == nil && s.Close() != nil {
				t.Error("it does not close")
			}
		})
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnEntryThatWasChangedIsNotCopied(t *testing.T) {
	path := kept(t)
	sqlIn(t, path, `UPDATE log_entry SET data = CAST('saved c7' AS BLOB) WHERE n = 0`)
	to := placeOf(filepath.Join(t.TempDir(), "store.db"))
	source := sourceOf(t, path)
	target, err := to.Target(t.Context(), source.State(), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Copy(t.Context(), source, target, func(store.Part, int64) {}); !errors.Is(err, store.ErrNotItsLog) {
		t.Errorf("got %v", err)
	}
	if err := target.Finish(t.Context()); !errors.Is(err, store.ErrUnfinished) {
		t.Errorf("finished: %v", err)
	}
	if err := target.Close(); err != nil {
		t.Error(err)
	}
}

func TestASourceIsLeftAsItIs(t *testing.T) {
	path := kept(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	source, err := sqlite.OpenSource(t.Context(), sourceAt(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := placeOf(path).Store(t.Context()); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("a program starts on what is copied: %v", err)
	}
	if page, err := source.Page(t.Context(), store.DocumentPart, store.Place{}); err != nil || len(page.Documents) != 3 {
		t.Errorf("got %v, %v", page, err)
	}
	if err := source.Close(); err != nil {
		t.Error(err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file is another: %v", err)
	}
	s := openedTo(t, path)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestATargetIsRefused(t *testing.T) {
	state := sourceOf(t, kept(t)).State()
	open := func(ctx context.Context, path string, indexes []store.Index) error {
		target, err := sqlite.OpenTarget(ctx, sqlite.TargetOptions{Path: path, Indexes: indexes, Of: state, Now: copiedAt, Restart: true})
		if err == nil {
			err = target.Close()
		}
		return err
	}
	for name, there := range map[string]func(t *testing.T, path string){
		"where a text is":                   func(t *testing.T, path string) { t.Helper(); writeText(t, path, strings.Repeat("a text, ", 1000)) },
		"where another program's store is":  func(t *testing.T, path string) { t.Helper(); sqlIn(t, path, `CREATE TABLE theirs (a)`) },
		"where a store of Accord is":        func(t *testing.T, path string) { t.Helper(); copyFile(t, kept(t), path) },
		"where a store without entries was": func(t *testing.T, path string) { t.Helper(); _ = openedTo(t, path).Close() },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "store.db")
			there(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := open(t.Context(), path, storetest.Indexes()); !errors.Is(err, store.ErrOccupied) {
				t.Errorf("got %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("what was there was touched: %v", err)
			}
		})
	}
	t.Run("where another copy is under way", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "store.db")
		first, err := placeOf(path).Target(t.Context(), state, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := open(t.Context(), path, storetest.Indexes()); !errors.Is(err, sqlite.ErrInUse) {
			t.Errorf("got %v", err)
		}
		if err := first.Close(); err != nil {
			t.Error(err)
		}
	})
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A copy that another version goes on with has the indexes of that version, whole.
func TestAVersionWithOtherIndexesGoesOnWithACopy(t *testing.T) {
	source := sourceOf(t, kept(t))
	path := filepath.Join(t.TempDir(), "store.db")
	first, err := sqlite.OpenTarget(t.Context(), sqlite.TargetOptions{Path: path, Kinds: []store.Kind{"case"}, Of: source.State(), Now: copiedAt})
	if err != nil {
		t.Fatal(err)
	}
	page, err := source.Page(t.Context(), store.DocumentPart, store.Place{})
	if err != nil {
		t.Fatal(err)
	}
	page.Documents = page.Documents[:2]
	if err := errors.Join(first.Put(t.Context(), page), first.Close()); err != nil {
		t.Fatal(err)
	}
	second, err := placeOf(path).Target(t.Context(), source.State(), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Copy(t.Context(), source, second, func(store.Part, int64) {}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(second.Finish(t.Context()), second.Close()); err != nil {
		t.Fatal(err)
	}
	s := openedTo(t, path)
	found := findIDs(t, s, store.Query{Index: "seen_up", Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"t:red"}})
	if strings.Join(found, " ") != "c1 c2 c3" {
		t.Errorf("found %v", found)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
