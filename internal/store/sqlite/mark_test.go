package sqlite_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// An older file beside a mark is a store that has lost what came since, and a
// mark that cannot be read is damage; without one a store is as it is.
func TestTheMarkTellsAnOlderFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, byUpdate)
	save(t, s, caseDocument(1, 1))
	shut(t, s)
	older := copies(t, path)
	s = open(t, path, byUpdate)
	save(t, s, caseDocument(2, 1))
	shut(t, s)

	mark, err := os.ReadFile(path + ".mark")
	if err != nil {
		t.Fatal(err)
	}
	put := func(mark []byte) {
		t.Helper()
		if err := os.WriteFile(older+".mark", mark, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(mark)
	opening(t, older, saysLost)
	put(mark[:20])
	opening(t, older, saysMark)
	mark[len(mark)-1] ^= 1
	put(mark)
	opening(t, older, saysMark)
	if err := os.Remove(older + ".mark"); err != nil {
		t.Fatal(err)
	}
	save(t, open(t, older, byUpdate), caseDocument(3, 1)) // a restored store
	another := filepath.Join(t.TempDir(), "store.db")
	s = open(t, another, byUpdate)
	save(t, s, caseDocument(4, 1))
	shut(t, s)
	foreign, err := os.ReadFile(another + ".mark")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".mark", foreign, 0o600); err != nil {
		t.Fatal(err)
	}
	opening(t, path, saysLog)
}

// What a store keeps is read by its owner alone, whatever the system would allow
// others.
func TestEveryFileOfAStoreIsItsOwnersAlone(t *testing.T) {
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "store.db"), byUpdate)
	save(t, s, caseDocument(1, 1))
	seen := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(path), info.Mode())
		}
		seen++
		return err
	})
	if err != nil || seen < 5 { // the file, its log and what is shared of it, the lock, the mark
		t.Errorf("%d files, %v", seen, err)
	}
}
