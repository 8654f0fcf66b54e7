package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/internal/audit"
)

func TestADataFolderKeepsTheOriginItWasMadeWith(t *testing.T) {
	folder := t.TempDir()
	_, mine := logKey(t, 1, origin1)
	if _, err := audit.ReadOrigin(folder); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("a new folder: %v", err)
	}
	for range 2 { // made once, compared at the next start
		if err := audit.KeepOrigin(folder, mine); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := audit.ReadOrigin(folder); err != nil || kept != mine {
		t.Fatalf("kept %v, %v", kept, err)
	}
	_, another := logKey(t, 2, "accord.audit/two")
	_, sameName := logKey(t, 2, origin1)
	for name, other := range map[string]audit.Origin{"another origin": another, "the same name with another key": sameName} {
		err := audit.KeepOrigin(folder, other)
		if err == nil || !strings.Contains(err.Error(), "do not belong together") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kept, err := audit.ReadOrigin(folder); err != nil || kept != mine {
		t.Fatalf("afterwards %v, %v", kept, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Fatalf("the folder holds %v, %v", entries, err)
	}
}

func TestAnOriginFileThatIsNoneIsRefused(t *testing.T) {
	_, mine := logKey(t, 1, origin1)
	for name, text := range map[string]string{
		"empty":               "",
		"one line":            mine.Name + "\n",
		"without a last line": mine.Name + "\n" + mine.Verifier,
		"three lines":         mine.Text() + "more\n",
		"no key":              mine.Name + "\nkey\n",
		"the key of another":  "accord.audit/two\n" + mine.Verifier + "\n",
		"spaces":              mine.Name + "\n " + mine.Verifier + "\n",
	} {
		if origin, err := audit.ParseOrigin([]byte(text)); err == nil {
			t.Errorf("%s: %v", name, origin)
		}
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, audit.OriginFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := audit.KeepOrigin(folder, mine); err == nil {
			t.Errorf("%s: overwritten or accepted", name)
		}
	}
	if err := audit.KeepOrigin(t.TempDir(), audit.Origin{Name: "x", Verifier: mine.Verifier}); err == nil {
		t.Error("kept a name that is not the key's")
	}
	if err := audit.KeepOrigin(filepath.Join(t.TempDir(), "absent"), mine); err == nil {
		t.Error("kept in a folder that is not there")
	}
}

func FuzzOriginFile(f *testing.F) {
	_, mine := logKey(f, 1, origin1)
	f.Add([]byte(mine.Text()))
	f.Add([]byte("a\na+00000000+AQ==\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		origin, err := audit.ParseOrigin(text)
		if err != nil {
			return
		}
		if origin.Text() != string(text) {
			t.Fatalf("%q is written again as %q", text, origin.Text())
		}
	})
}
