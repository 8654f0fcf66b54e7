//go:build !release

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
	"accord/internal/backup"
)

// Who holds a backup key can write a backup that is authentic and not what it says.
// What is restored is proved, not believed.
func TestAnAuthenticBackupOfSomethingElseIsNotRestored(t *testing.T) {
	b := newBackups(t)
	s := stage.New(t, stage.Options{})
	b.save(t, "data", s.Data, "data.backup")
	s.Close(t)
	key := keyIn(t, b.key("data"))
	header, files := contentsOf(t, b.file("data.backup"), key)
	for name, c := range map[string]struct {
		change func(h *backup.Header, files [][]byte)
		says   string
	}{
		"another count":   {func(h *backup.Header, _ [][]byte) { h.Counts[0].Number++ }, "this backup does not hold what it says: nothing was restored"},
		"another root":    {func(h *backup.Header, _ [][]byte) { h.Root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }, "this backup does not hold what it says: nothing was restored"},
		"more entries":    {func(h *backup.Header, _ [][]byte) { h.Entries++ }, "this backup does not hold what it says: nothing was restored"},
		"another version": {func(h *backup.Header, _ [][]byte) { h.Schema++ }, "this backup does not hold what it says: nothing was restored"},
		"another file":    {func(h *backup.Header, _ [][]byte) { h.Files[1].Name = "other.db" }, "this backup holds other files than a backup of the data"},
		"another's log": {func(_ *backup.Header, files [][]byte) {
			files[0] = bytes.Replace(files[0], []byte("accord.audit/"), []byte("accord.audit/x"), 1)
		}, "reading whose log it is: "},
		"no database": {func(_ *backup.Header, files [][]byte) { files[1] = []byte(strings.Repeat("no database ", 1000)) }, "opening the store: open log: prepare: the store is damaged"},
		"a broken log": {func(_ *backup.Header, files [][]byte) {
			files[1] = bytes.ReplaceAll(files[1], []byte(`"request":"request_`), []byte(`"request":"requesT_`))
		}, "proving the audit log: the audit log is broken at entry "},
	} {
		t.Run(name, func(t *testing.T) {
			said, held := header, [][]byte{bytes.Clone(files[0]), bytes.Clone(files[1])}
			said.Counts, said.Files = append([]backup.Count(nil), header.Counts...), append([]backup.File(nil), header.Files...)
			c.change(&said, held)
			var contents []io.Reader
			for i, content := range held {
				said.Files[i].Size = int64(len(content))
				contents = append(contents, bytes.NewReader(content))
			}
			var file bytes.Buffer
			if err := backup.Write(&file, key, said, contents); err != nil {
				t.Fatal(err)
			}
			forged, folder := filepath.Join(t.TempDir(), "forged.backup"), filepath.Join(t.TempDir(), "data")
			if err := os.WriteFile(forged, file.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			got := accord(t.Context(), "restore", "data", "--from", forged, "--data", folder, "--key", b.key("data"))
			if got.status != 1 || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "accord: "+c.says) {
				t.Errorf("%+v, want %q", got, c.says)
			}
			if _, err := os.Stat(folder); !os.IsNotExist(err) {
				t.Errorf("of the restore is left %v, %v", names(t, folder), err)
			}
		})
	}
}

func keyIn(t *testing.T, path string) backup.Key {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err := backup.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func contentsOf(t *testing.T, path string, key backup.Key) (backup.Header, [][]byte) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	opened, err := backup.Open(file, key, backup.Data)
	if err != nil {
		t.Fatal(err)
	}
	var files [][]byte
	err = opened.Files(func(_ backup.File, content io.Reader) error {
		read, err := io.ReadAll(content)
		files = append(files, read)
		return err
	})
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return opened.Header, files
}
