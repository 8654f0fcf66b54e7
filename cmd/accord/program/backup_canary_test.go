package program_test

import (
	"path/filepath"
	"slices"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/backup"
)

// What people write about people stands in no backup, and neither does it in what a
// backup of the data decrypts to: that is sealed still.
func TestWhatPeopleWriteStandsInNoBackup(t *testing.T) {
	stage.NeedsFile(t)
	s := stage.New(t, stage.Options{})
	c := &canaries{}
	tell(t, s, c)
	written, restored := t.TempDir(), t.TempDir()
	for purpose, of := range map[backup.Purpose]struct {
		folder  string
		save    func(program.BackupRequest) (backup.Header, error)
		restore func(program.RestoreRequest) (backup.Header, error)
	}{
		backup.Data: {
			s.Data, func(r program.BackupRequest) (backup.Header, error) { return program.BackupData(t.Context(), r) },
			func(r program.RestoreRequest) (backup.Header, error) { return program.RestoreData(t.Context(), r) },
		},
		backup.Keys: {
			s.Keys, func(r program.BackupRequest) (backup.Header, error) { return program.BackupKeys(t.Context(), r) },
			func(r program.RestoreRequest) (backup.Header, error) { return program.RestoreKeys(t.Context(), r) },
		},
	} {
		key, file := filepath.Join(written, string(purpose)+".key"), filepath.Join(written, string(purpose)+".backup")
		if _, err := program.MakeBackupKey(purpose, key); err != nil {
			t.Fatal(err)
		}
		header, err := of.save(program.BackupRequest{Folder: of.folder, To: file, Key: key, Clock: s.Clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := of.restore(program.RestoreRequest{From: file, Folder: filepath.Join(restored, string(purpose)), Key: key}); err != nil {
			t.Fatal(err)
		}
		if found := c.foundIn([]byte(header.String())); len(found) > 0 {
			t.Errorf("the report of the %s holds %v", purpose, found)
		}
	}
	names := clearFiles(t, c, written, restored)
	for _, expected := range []string{"data.backup", "keys.backup", "accord.db", "keys.db"} {
		if !slices.Contains(names, expected) {
			t.Errorf("%s was not searched, only %v", expected, names)
		}
	}
}
