package secrets_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"accord/internal/secrets"
)

var noon = time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// seeded gives the same bytes at every run.
func seeded(seed byte) *mathrand.ChaCha8 { return mathrand.NewChaCha8([32]byte{seed}) }

func openKeyring(tb testing.TB, dir string) *secrets.Keyring {
	tb.Helper()
	ring, err := secrets.OpenKeyring(tb.Context(), dir, rand.Reader, clock)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := ring.Close(); err != nil {
			tb.Error(err)
		}
	})
	return ring
}

func familyKey(tb testing.TB, ring *secrets.Keyring, family string) *secrets.FamilyKey {
	tb.Helper()
	key, err := ring.Family(tb.Context(), family)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

var home = secrets.Address{Kind: "case", Record: "case_1", Section: "VICTIM_IDENTITY", Version: 3}

func seal(tb testing.TB, key *secrets.FamilyKey, plain string) []byte {
	tb.Helper()
	sealed, err := key.Seal(home, []byte(plain))
	if err != nil {
		tb.Fatal(err)
	}
	return sealed
}

func TestWhatWasSealedOpensAfterTheKeyringIsReopened(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := secrets.OpenKeyring(t.Context(), dir, rand.Reader, clock)
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, familyKey(t, first, "case_1"), "a name")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again := openKeyring(t, dir)
	plain, err := familyKey(t, again, "case_1").Open(home, sealed)
	if err != nil || string(plain) != "a name" {
		t.Fatalf("opened %q, %v", plain, err)
	}
	if _, err := familyKey(t, again, "case_2").Open(home, sealed); !errors.Is(err, secrets.ErrSealed) {
		t.Fatalf("under the key of another family: %v, want ErrSealed", err)
	}
}

func TestADestroyedFamilyNeverOpensAgainAndNeverGetsANewKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ctx := t.Context()
	ring, err := secrets.OpenKeyring(ctx, dir, rand.Reader, clock)
	if err != nil {
		t.Fatal(err)
	}
	held := familyKey(t, ring, "case_1")
	other := familyKey(t, ring, "case_2")
	sealed, kept := seal(t, held, "gone"), seal(t, other, "kept")
	for range 2 { // the second time is no error
		if err := ring.Destroy(ctx, "case_1"); err != nil {
			t.Fatal(err)
		}
	}
	refusals := func(ring *secrets.Keyring) {
		t.Helper()
		if _, err := ring.Family(ctx, "case_1"); !errors.Is(err, secrets.ErrDestroyed) {
			t.Fatalf("Family: %v, want ErrDestroyed", err)
		}
		if _, err := ring.Prepare(ctx, []string{"case_3", "case_1"}); !errors.Is(err, secrets.ErrDestroyed) {
			t.Fatalf("Prepare: %v, want ErrDestroyed", err)
		}
		keys, err := ring.Existing(ctx, []string{"case_1", "case_2"})
		if err != nil || len(keys) != 1 || keys["case_2"] == nil {
			t.Fatalf("Existing: %v, %v, want the key of case_2 alone", keys, err)
		}
		if plain, err := keys["case_2"].Open(home, kept); err != nil || string(plain) != "kept" {
			t.Fatalf("another family: %q, %v", plain, err)
		}
	}
	refusals(ring)
	if _, err := held.Open(home, sealed); !errors.Is(err, secrets.ErrDestroyed) {
		t.Fatalf("Open with a key handed out before: %v, want ErrDestroyed", err)
	}
	if _, err := held.Seal(home, nil); !errors.Is(err, secrets.ErrDestroyed) {
		t.Fatalf("Seal with a key handed out before: %v, want ErrDestroyed", err)
	}
	if err := ring.Destroy(ctx, "case_9"); err != nil {
		t.Fatal(err)
	}
	if err := ring.Close(); err != nil {
		t.Fatal(err)
	}
	again := openKeyring(t, dir)
	refusals(again)
	if _, err := again.Family(ctx, "case_9"); !errors.Is(err, secrets.ErrDestroyed) {
		t.Fatalf("a family destroyed before it had a key: %v, want ErrDestroyed", err)
	}
}

func TestADestroyedKeyIsInNoFileOfTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	ctx := t.Context()
	for n := range 20 {
		familyKey(t, ring, fmt.Sprintf("case_%d", n))
	}
	before := wrappedKey(t, dir, "case_7")
	if holders(t, dir, before) == nil {
		t.Fatal("the test cannot see the wrapped key on the disk")
	}
	if err := ring.Destroy(ctx, "case_7"); err != nil {
		t.Fatal(err)
	}
	if files := holders(t, dir, before); files != nil {
		t.Fatalf("the wrapped key is still in %v", files)
	}
}

// wrappedKey finds the row of a family by its bytes: the family, then the wrapped
// key, which begins with tink's version and the id of the master key.
func wrappedKey(t *testing.T, dir, family string) []byte {
	t.Helper()
	for _, content := range folder(t, dir) {
		for rest := content; ; {
			at := bytes.Index(rest, []byte(family))
			if at < 0 {
				break
			}
			rest = rest[at+len(family):]
			if len(rest) > 65 && rest[0] == 1 {
				return bytes.Clone(rest[10:34]) // the middle: SQLite itself reuses both ends of what it frees
			}
		}
	}
	t.Fatal("no row of the family on the disk")
	return nil
}

func holders(t *testing.T, dir string, part []byte) (names []string) {
	t.Helper()
	for name, content := range folder(t, dir) {
		if bytes.Contains(content, part) {
			names = append(names, name)
		}
	}
	return names
}

func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // a folder of this test
		files[entry.Name()] = content
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestOnlyTheOwnerCanReadTheKeyFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	familyKey(t, ring, "case_1")
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", entry.Name(), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAKeyFolderThatIsNotWholeIsRefusedAndLeftAsItIs(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(t *testing.T, dir string)
		says  string
	}{
		{"without the master key", func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, "master.json")
		}, "keys.db but no master.json"},
		{"without keys.db", func(t *testing.T, dir string) {
			t.Helper()
			remove(t, dir, "keys.db")
		}, "master.json but no keys.db"},
		{"readable by others", func(t *testing.T, dir string) {
			t.Helper()
			if err := os.Chmod(filepath.Join(dir, "master.json"), 0o640); err != nil {
				t.Fatal(err)
			}
		}, "mode 0600"},
		{"with a master key that is none", func(t *testing.T, dir string) {
			t.Helper()
			write(t, dir, "master.json", "{}")
		}, "not a keyset"},
		{"with the master key of another folder", func(t *testing.T, dir string) {
			t.Helper()
			other := filepath.Join(t.TempDir(), "other")
			ring, err := secrets.OpenKeyring(t.Context(), other, rand.Reader, clock)
			if err != nil {
				t.Fatal(err)
			}
			if err := ring.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(other, "master.json"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "master.json", string(text))
		}, "belongs to another key folder"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "keys")
			ring, err := secrets.OpenKeyring(t.Context(), dir, rand.Reader, clock)
			if err != nil {
				t.Fatal(err)
			}
			familyKey(t, ring, "case_1")
			if err := ring.Close(); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, dir)
			names := fileNames(t, dir)
			_, err = secrets.OpenKeyring(t.Context(), dir, rand.Reader, clock)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("opened with %v, want an error that says %q", err, c.says)
			}
			if now := fileNames(t, dir); now != names {
				t.Fatalf("the folder held %s and holds %s", names, now)
			}
		})
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func fileNames(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}

// A start cut short between keys.db and the master key leaves nothing sealed.
func TestAStartCutShortIsFinishedByTheNext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	short := bytes.NewReader(make([]byte, 7)) // too little for a master key
	if _, err := secrets.OpenKeyring(t.Context(), dir, short, clock); err == nil {
		t.Fatal("opened without entropy")
	}
	sealed := seal(t, familyKey(t, openKeyring(t, dir), "case_1"), "x")
	if len(sealed) == 0 {
		t.Fatal("nothing sealed")
	}
}

func TestASecondKeyringOnTheSameFolderIsOneClearError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	openKeyring(t, dir)
	_, err := secrets.OpenKeyring(t.Context(), dir, rand.Reader, clock)
	if err == nil || err.Error() != "another Accord is using this key folder" {
		t.Fatalf("opened with %v", err)
	}
}

func TestOneFamilyHasOneKeyHoweverManyAskFirst(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	const askers = 16
	keys := make([]*secrets.FamilyKey, askers)
	var all sync.WaitGroup
	for n := range askers {
		all.Go(func() {
			key, err := ring.Family(t.Context(), "case_1")
			if err != nil {
				t.Error(err)
				return
			}
			keys[n] = key
		})
	}
	all.Wait()
	sealed := seal(t, keys[0], "one")
	for n, key := range keys {
		if plain, err := key.Open(home, sealed); err != nil || string(plain) != "one" {
			t.Fatalf("asker %d holds another key: %v", n, err)
		}
	}
}

func TestKeysPushedOutOfTheCacheAreReadAgain(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	ctx := t.Context()
	sealed := seal(t, familyKey(t, ring, "case_0"), "first")
	families := make([]string, 5000) // more than the cache holds
	for n := range families {
		families[n] = fmt.Sprintf("case_%d", n)
	}
	keys, err := ring.Prepare(ctx, families)
	if err != nil || len(keys) != len(families) {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	if plain, err := familyKey(t, ring, "case_0").Open(home, sealed); err != nil || string(plain) != "first" {
		t.Fatalf("%q, %v", plain, err)
	}
}

func TestEqualEntropyMakesEqualKeys(t *testing.T) {
	make1 := func(seed byte) (string, string) {
		ring, err := secrets.OpenKeyring(t.Context(), filepath.Join(t.TempDir(), "keys"), seeded(seed), clock)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = ring.Close() }()
		key, err := ring.LogKey()
		if err != nil {
			t.Fatal(err)
		}
		return key.Origin + " " + key.Verifier + " " + ring.Blind("x", "y"), string(seal(t, familyKey(t, ring, "case_1"), "x"))
	}
	purposes, sealed := make1(1)
	purposesAgain, sealedAgain := make1(1)
	if purposes != purposesAgain || sealed != sealedAgain {
		t.Fatal("equal entropy made different keys")
	}
	if other, otherSealed := make1(2); other == purposes || otherSealed == sealed {
		t.Fatal("other entropy made the same keys")
	}
}

func TestAFamilyWithoutANameHasNoKey(t *testing.T) {
	ring := openKeyring(t, filepath.Join(t.TempDir(), "keys"))
	if _, err := ring.Family(t.Context(), ""); err == nil {
		t.Fatal("a key for no family")
	}
	if err := ring.Destroy(t.Context(), ""); err == nil {
		t.Fatal("destroyed the key of no family")
	}
}
