package secrets_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/internal/secrets"
)

func TestTheNewestCheckpointIsKeptAcrossStarts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	if kept, err := ring.KeptCheckpoint(t.Context()); err != nil || kept != nil {
		t.Fatalf("a new folder has kept %s, %v", kept, err)
	}
	for _, checkpoint := range []string{"first", "second"} {
		if err := ring.KeepCheckpoint(t.Context(), []byte(checkpoint)); err != nil {
			t.Fatal(err)
		}
	}
	if err := ring.Close(); err != nil {
		t.Fatal(err)
	}
	if kept, err := openKeyring(t, dir).KeptCheckpoint(t.Context()); err != nil || string(kept) != "second" {
		t.Errorf("kept is %s, %v", kept, err)
	}
}

// A key folder from before checkpoints were kept has seen nothing, and loses no
// key by being brought up to date.
func TestAnOlderKeyFolderIsBroughtUpToDate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	sealed := seal(t, familyKey(t, ring, "case_1"), "one")
	if err := ring.Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, dir, "DROP TABLE excluded; DROP TABLE checkpoint; DROP TABLE acceptance; PRAGMA user_version = 1")
	if _, err := secrets.TakeSnapshot(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "started on it") {
		t.Errorf("a snapshot of an older folder: %v", err)
	}
	ring = openKeyring(t, dir)
	if plain, err := familyKey(t, ring, "case_1").Open(home, sealed); err != nil || string(plain) != "one" {
		t.Errorf("%q, %v", plain, err)
	}
	if kept, err := ring.KeptCheckpoint(t.Context()); err != nil || kept != nil {
		t.Errorf("it has kept %s, %v", kept, err)
	}
}

// What is excluded is remembered until it is lifted, by another opening too.
func TestExclusionsAreRememberedBesideTheKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	one, other := secrets.KeptExclusion{Principal: "person_1", Family: "case_1"}, secrets.KeptExclusion{Principal: "person_1", Family: "case_2"}
	for _, x := range []secrets.KeptExclusion{other, one, one} {
		if err := ring.KeepExclusion(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if err := ring.Close(); err != nil {
		t.Fatal(err)
	}
	ring = openKeyring(t, dir)
	if kept, err := ring.KeptExclusions(t.Context()); err != nil || !slices.Equal(kept, []secrets.KeptExclusion{one, other}) {
		t.Errorf("kept are %v, %v", kept, err)
	}
	if err := ring.ForgetExclusion(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if kept, err := ring.KeptExclusions(t.Context()); err != nil || !slices.Equal(kept, []secrets.KeptExclusion{other}) {
		t.Errorf("after one was lifted kept are %v, %v", kept, err)
	}
}

func TestALaterKeyFolderIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := openKeyring(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, dir, "PRAGMA user_version = 4")
	if _, err := secrets.OpenKeyring(t.Context(), dir, seeded(1), clock); err == nil || err.Error() != "keys.db is of version 4; this Accord reads version 3" {
		t.Errorf("opened with %v", err)
	}
}

func execute(t *testing.T, dir, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "keys.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statements); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasAcceptedIsReadBesideTheKeyringAndSealed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	acceptance := secrets.Acceptance{At: noon, Seen: []byte("seen"), Reason: "The disk failed."}
	if err := ring.Accept(t.Context(), acceptance, []byte("goes on")); err != nil {
		t.Fatal(err)
	}
	contents, read, err := secrets.ReadAcceptances(t.Context(), dir)
	if err != nil || len(read) != 1 || !read[0].At.Equal(noon) || string(read[0].Seen) != "seen" || read[0].Found != nil || read[0].Reason != acceptance.Reason {
		t.Errorf("accepted are %+v, %v", read, err)
	}
	if string(contents.Checkpoint) != "goes on" {
		t.Errorf("kept is %s", contents.Checkpoint)
	}
	for _, name := range []string{"keys.db", "keys.db-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || bytes.Contains(content, []byte("disk failed")) {
			t.Errorf("%s holds the reason, %v", name, err)
		}
	}
}

// restoreSnapshot writes a snapshot into a folder of its own.
func restoreSnapshot(t *testing.T, snapshot secrets.Snapshot) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range secrets.Files() {
		if err := os.WriteFile(filepath.Join(dir, name), snapshot.Files[i], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestASnapshotBesideTheKeyringOpensWhatItSealed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	ctx := t.Context()
	sealed := seal(t, familyKey(t, ring, "case_1"), "one")
	familyKey(t, ring, "case_2")
	if err := ring.Destroy(ctx, "case_2"); err != nil {
		t.Fatal(err)
	}
	if err := ring.KeepCheckpoint(ctx, []byte("seen")); err != nil {
		t.Fatal(err)
	}
	snapshot, err := secrets.TakeSnapshot(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	log, err := ring.LogKey()
	if err != nil || snapshot.Alive != 1 || snapshot.Destroyed != 1 || snapshot.Origin != log.Origin || string(snapshot.Checkpoint) != "seen" {
		t.Errorf("the snapshot holds %+v, %v", snapshot.Contents, err)
	}
	restored := restoreSnapshot(t, snapshot)
	inspected, err := secrets.Inspect(ctx, restored)
	if err != nil || inspected.Alive != 1 || inspected.Destroyed != 1 {
		t.Errorf("restored is %+v, %v", inspected, err)
	}
	if beside, err := filepath.Glob(restored + "/*"); err != nil || len(beside) != 2 {
		t.Errorf("inspecting leaves %v, %v", beside, err)
	}
	again := openKeyring(t, restored)
	if plain, err := familyKey(t, again, "case_1").Open(home, sealed); err != nil || string(plain) != "one" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := again.Known(ctx, "case_2"); err == nil {
		t.Error("a destroyed key came back")
	}
}

// What is destroyed while the folder is read is destroyed all the same.
func TestKeysAreMadeAndDestroyedBesideSnapshots(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	ring := openKeyring(t, dir)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for ctx.Err() == nil {
			if _, err := secrets.TakeSnapshot(context.WithoutCancel(ctx), dir); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	var families []string
	for n := range 50 {
		families = append(families, "case_"+strings.Repeat("x", n+1))
		familyKey(t, ring, families[n])
		if err := ring.Destroy(t.Context(), families[n]); err != nil {
			t.Error(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if keys, err := ring.Existing(t.Context(), families); err != nil || len(keys) != 0 {
		t.Errorf("%d keys live, %v", len(keys), err)
	}
}

func TestWhatIsNoKeyFolderHasNoSnapshot(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "keys")
	if err := openKeyring(t, whole).Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(dir string) error
		says  string
	}{
		"no keys":          {func(dir string) error { return os.Remove(filepath.Join(dir, "keys.db")) }, "it holds no keys.db"},
		"no master key":    {func(dir string) error { return os.Remove(filepath.Join(dir, "master.json")) }, "it holds no master.json"},
		"open to others":   {func(dir string) error { return os.Chmod(filepath.Join(dir, "master.json"), 0o644) }, "mode 0600"},
		"another's master": {func(dir string) error { return otherMaster(t, dir) }, "belongs to another key folder"},
		"damaged": {func(dir string) error {
			content, err := os.ReadFile(filepath.Join(dir, "keys.db"))
			if err == nil {
				clear(content[4096:])
				err = os.WriteFile(filepath.Join(dir, "keys.db"), content, 0o600)
			}
			return err
		}, "keys.db"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			for _, file := range secrets.Files() {
				if err := os.Chmod(filepath.Join(dir, file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.spoil(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := secrets.TakeSnapshot(t.Context(), dir); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
	if !slices.Equal(secrets.Files(), []string{"keys.db", "master.json"}) {
		t.Errorf("a key folder holds %v", secrets.Files())
	}
}

func otherMaster(t *testing.T, dir string) error {
	t.Helper()
	other := filepath.Join(t.TempDir(), "keys")
	if err := openKeyring(t, other).Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(other, "master.json"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "master.json"), content, 0o600)
}
