//go:build !release

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
)

// What cannot be backed up or restored is refused in one sentence, and nothing is
// left of the attempt.
func TestWhatCannotBeBackedUpOrRestoredIsOneLineAndLeavesNothing(t *testing.T) {
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{})
	b.save(t, "data", s.Data, "data.backup")
	b.save(t, "keys", s.Keys, "keys.backup")
	done(t, "backup", "new-key", "--for", "data", "--to", b.file("other.key"))
	place := func(name string, change func([]byte) []byte) string {
		content, err := os.ReadFile(b.file("data.backup"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(b.file(name), change(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return b.file(name)
	}
	cut := place("cut", func(c []byte) []byte { return c[:len(c)-1] })
	flipped := place("flipped", func(c []byte) []byte { c[len(c)/2] ^= 4; return c })
	later := place("later", func(c []byte) []byte { c[9]++; return c })
	text := place("text", func([]byte) []byte { return []byte("no backup") })
	open := place("open.key", func([]byte) []byte { return []byte("{}") })
	if err := os.Chmod(open, 0o640); err != nil {
		t.Fatal(err)
	}
	full, empty, fresh := filepath.Join(folder, "full"), filepath.Join(folder, "empty"), filepath.Join(folder, "fresh")
	for _, made := range []string{full, empty} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(full, "a file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	present := b.names(t)
	data := func(file, to, key string) []string {
		return []string{"restore", "data", "--from", file, "--data", to, "--key", key}
	}
	cases := []struct {
		name string
		line []string
		says string
	}{
		{"a key file that is there", []string{"backup", "new-key", "--for", "keys", "--to", b.key("keys")}, "keys.key is there already: choose another name"},
		{"a backup that is there", []string{"backup", "data", "--data", s.Data, "--to", b.file("data.backup"), "--key", b.key("data")}, "data.backup is there already: choose another name"},
		{"data under the key of keys", []string{"backup", "data", "--data", s.Data, "--to", b.file("x"), "--key", b.key("keys")}, "this backup key is for backups of the keys: whoever holds it must not be able to read the data"},
		{"keys under the key of data", []string{"backup", "keys", "--keys", s.Keys, "--to", b.file("x"), "--key", b.key("data")}, "this backup key is for backups of the data: whoever holds it must not be able to read the keys"},
		{"keys as data", []string{"backup", "data", "--data", s.Keys, "--to", b.file("x"), "--key", b.key("data")}, s.Keys + " is no data folder: it holds no audit.origin"},
		{"data as keys", []string{"backup", "keys", "--keys", s.Data, "--to", b.file("x"), "--key", b.key("keys")}, s.Data + " is no key folder: it holds no keys.db"},
		{"a key that others read", []string{"backup", "data", "--data", s.Data, "--to", b.file("x"), "--key", open}, "the backup key can be read by others than its owner: give its file mode 0600"},
		{"a key that is none", []string{"backup", "data", "--data", s.Data, "--to", b.file("x"), "--key", text}, "this file is no backup key of Accord"},
		{"a folder that is not there", []string{"backup", "data", "--data", s.Data, "--to", filepath.Join(fresh, "x"), "--key", b.key("data")}, fresh + " is not there, in which x is to be made: make that folder first"},
		{"a restore below a folder that is not there", data(b.file("data.backup"), filepath.Join(fresh, "data"), b.key("data")), fresh + " is not there, in which data is to be made: make that folder first"},
		{"another key", data(b.file("data.backup"), fresh, b.file("other.key")), "this backup was made with another backup key"},
		{"the key of keys", data(b.file("data.backup"), fresh, b.key("keys")), "this backup key is for backups of the keys: whoever holds it must not be able to read the data"},
		{"keys restored as data", data(b.file("keys.backup"), fresh, b.key("data")), "this is a backup of the keys, not of the data"},
		{"data restored as keys", []string{"restore", "keys", "--from", b.file("data.backup"), "--keys", fresh, "--key", b.key("keys")}, "this is a backup of the data, not of the keys"},
		{"a cut backup", data(cut, fresh, b.key("data")), "this backup is damaged or incomplete: it is not what was written"},
		{"a cut backup into a folder", data(cut, empty, b.key("data")), "this backup is damaged or incomplete: it is not what was written"},
		{"a flipped bit", data(flipped, empty, b.key("data")), "this backup is damaged or incomplete: it is not what was written"},
		{"a later format", data(later, empty, b.key("data")), "this backup was made by a later Accord, which alone can read it"},
		{"no backup", data(text, empty, b.key("data")), "this file is no backup of Accord"},
		{"a folder in use", data(b.file("data.backup"), full, b.key("data")), "the folder to restore to is not empty: choose another, nothing in it was touched"},
		{"data in service", data(b.file("data.backup"), s.Data, b.key("data")), "the folder to restore to is not empty: choose another, nothing in it was touched"},
		{"no backup shown", []string{"backup", "show", text}, "this file is no backup of Accord"},
		{"a loss accepted in service", []string{"restore", "accept", "--data", s.Data, "--keys", s.Keys, "--reason", "x"}, "opening the keys: another Accord is using this key folder"},
		{"a loss of no keys", []string{"restore", "accept", "--data", s.Data, "--keys", empty, "--reason", "x"}, empty + " is no key folder: it holds no keys.db"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := accord(t.Context(), c.line...)
			if got.status != 1 || got.stdout != "" || strings.Count(got.stderr, "\n") != 1 || !strings.HasPrefix(got.stderr, "accord: "+c.says) {
				t.Errorf("%+v, want %q", got, c.says)
			}
			if strings.HasSuffix(c.says, "written") && got.stderr != "accord: "+c.says+"\n" {
				t.Errorf("more is said: %q", got.stderr)
			}
			if now := b.names(t); !slices.Equal(now, present) {
				t.Errorf("there is now %v", now)
			}
			if left := names(t, empty); len(left) > 0 {
				t.Errorf("in the empty folder there is %v", left)
			}
			if left := names(t, folder); !slices.Equal(left, []string{"empty", "full"}) || len(names(t, full)) != 1 {
				t.Errorf("there is %v", left)
			}
			if left := names(t, s.Data); slices.ContainsFunc(left, func(n string) bool { return n == ".snapshot.db" || n == ".restoring" }) {
				t.Errorf("in the data folder there is %v", left)
			}
		})
	}
	answers(t, s) // it goes on serving
}
