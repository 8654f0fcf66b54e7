package sqlite_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

const damagePage = 4096

// copies are the files of a store that is open, as a snapshot of the disk, or a
// kill, would leave them.
func copies(t *testing.T, path string) string {
	t.Helper()
	folder := t.TempDir()
	for _, end := range []string{"", "-wal", ".mark"} {
		content, err := os.ReadFile(path + end)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "store.db"+end), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, "store.db")
}

// damage changes bytes within one page of a file.
func damage(t *testing.T, path string, random *rand.Rand) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := random.IntN(len(content)/damagePage) * damagePage
	for range 1 + random.IntN(64) {
		content[at+random.IntN(damagePage)] ^= byte(1 + random.IntN(255))
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// filled is an open store of some cases with a section of that many bytes, and
// the cases.
func filled(t *testing.T, path string, cases, size int) (s *sqlite.Store, documents []store.Document) {
	t.Helper()
	s = open(t, path, byUpdate)
	for n := range cases {
		d := caseDocument(n, 1)
		d.Sections[0].Sealed = bytes.Repeat([]byte{byte(n)}, size)
		save(t, s, d)
		documents = append(documents, d)
	}
	return s, documents
}

// A damaged page makes the store refuse to open, in one sentence, or is of what is
// sealed, which opens for nobody once it is changed.
func TestADamagedPageIsRefusedOrIsOfWhatIsSealed(t *testing.T) {
	original := filepath.Join(t.TempDir(), "store.db")
	s, want := filled(t, original, 40, 2000)
	shut(t, s)
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 60 {
		path := copies(t, original)
		damage(t, path, random)
		if err := checkDamaged(t, path, want); err != nil {
			refused++
			sentences := []string{saysDamaged, saysLog, "the file is not a store of Accord: check the name of the data folder"}
			if !slices.Contains(sentences, err.Error()) && !strings.Contains(err.Error(), "schema version") {
				t.Errorf("refused in other words: %v", err)
			}
		}
	}
	t.Logf("%d of 60 damaged files were refused", refused)
	if refused < 20 {
		t.Errorf("only %d damaged files were refused", refused)
	}
}

// checkDamaged opens a damaged store and reads all of it; the error is that of
// Open.
func checkDamaged(t *testing.T, path string, want []store.Document) error {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: path, Kinds: []store.Kind{"note"}, Indexes: []store.Index{byUpdate}, Sign: storetest.Sign, Clock: noon,
	})
	if err != nil {
		return err //nolint:wrapcheck // what Open says is what is tested
	}
	defer shut(t, s)
	for _, w := range want {
		got, err := s.Get(t.Context(), w.ID)
		if err != nil {
			t.Errorf("%s: opened, and then %v", w.ID, err)
			continue
		}
		if !reflect.DeepEqual(filedOf(got), filedOf(w)) {
			t.Errorf("%s is answered wrongly: %v", w.ID, filedOf(got))
		}
	}
	q := store.Query{Index: byUpdate.Name, Equal: []store.Value{store.Text("OPEN")}, Tokens: []string{"d:agency"}}
	if found := findIDs(t, s, q); len(found) != len(want) {
		t.Errorf("%d documents are found of %d", len(found), len(want))
	}
	return nil
}

// filedOf is the part of a document that the store itself goes by. For the rest,
// which it only keeps, records have their seals.
func filedOf(d store.Document) store.Document {
	return store.Document{ID: d.ID, Kind: d.Kind, Family: d.Family, Version: d.Version, Tokens: d.Tokens, Fields: d.Fields}
}

// A running store meets a page that was damaged under it when it reads it next.
func TestAPageDamagedUnderARunningStoreIsRefusedWhenItIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s, documents := filled(t, path, 240, 40_000) // more than is checked at a start
	shut(t, s)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(content) <= 8<<20 {
		t.Fatalf("the file has %d bytes and is walked at every start", len(content))
	}
	s = open(t, path, byUpdate)
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	// Every page behind the first third, so that none of them is in memory.
	for at := len(content) / damagePage / 3 * damagePage; at < len(content); at += damagePage {
		if _, err := file.WriteAt(bytes.Repeat([]byte("damaged!"), 8), int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, w := range documents {
		got, err := s.Get(t.Context(), w.ID)
		switch {
		case err != nil && strings.HasSuffix(err.Error(), saysDamaged):
			refused++
		case err != nil:
			t.Errorf("%s: %v", w.ID, err)
		case !reflect.DeepEqual(filedOf(got), filedOf(w)):
			t.Errorf("%s is answered wrongly: %v", w.ID, filedOf(got))
		}
	}
	if refused == 0 {
		t.Error("no read met the damage")
	}
	says(t, change(t.Context(), s, 230, 1), saysDamaged)
}

// SQLite takes a damaged frame of the write-ahead log for its end, and would open
// without what was acknowledged behind it.
func TestADamagedWriteAheadLogIsRefused(t *testing.T) {
	original := filepath.Join(t.TempDir(), "store.db")
	_, want := filled(t, original, 30, 2000)
	random := rand.New(rand.NewPCG(3, 4))
	lost := 0
	for range 20 {
		path := copies(t, original)
		damage(t, path+"-wal", random)
		// Frames that later ones replaced, as most are, may be damaged unnoticed only
		// if they come last; whatever opens is whole.
		if err := checkDamaged(t, path, want); err != nil {
			lost++
			if err.Error() != saysLost {
				t.Errorf("refused in other words: %v", err)
			}
		}
	}
	if lost == 0 {
		t.Error("no damage was met")
	}
	for name, hurt := range map[string]func(path string) error{
		"cut short": func(path string) error { return os.Truncate(path+"-wal", 20*damagePage) },
		"gone":      func(path string) error { return os.Remove(path + "-wal") },
	} {
		path := copies(t, original)
		if err := hurt(path); err != nil {
			t.Fatal(err)
		}
		if err := checkDamaged(t, path, want); err == nil || err.Error() != saysLost {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
