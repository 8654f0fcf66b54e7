package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"accord/internal/store/mongo/mongotest"
)

// A cluster that Accord cannot trust its records to is refused by the line that
// says why, on the screen and in the record, and by the exit status.
func TestAStoreCheckSaysWhyAClusterIsRefused(t *testing.T) {
	server := mongotest.Start(t, mongotest.Options{Kind: mongotest.Standalone})
	record := filepath.Join(t.TempDir(), "check.json")
	address := strings.Replace(server.URI(), "mongodb://", "mongodb://ann:hunter2@", 1)
	for _, uri := range []string{address, server.URI()} {
		got := accord(t.Context(), "store", "check", "--mongodb-uri", uri, "--json", record)
		if strings.Contains(got.stdout+got.stderr, "hunter2") {
			t.Errorf("the password is shown: %+v", got)
		}
		if got.status != 1 || got.stderr != "accord: the cluster did not pass everything that was asked for\n" ||
			!strings.Contains(got.stdout, "FAILED") || !strings.HasSuffix(got.stdout, "This cluster is not to be trusted with records.\n") {
			t.Errorf("a cluster that is refused is reported as %+v", got)
		}
		text, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		var written struct {
			Passed bool
			Lines  []struct{ Result, Detail string }
		}
		if err := json.Unmarshal(text, &written); err != nil {
			t.Fatal(err)
		}
		if written.Passed || len(written.Lines) == 0 || strings.Contains(string(text), "hunter2") {
			t.Errorf("the record says %s", text)
		}
		if err := os.Remove(record); err != nil {
			t.Fatal(err)
		}
	}
	if got := accord(t.Context(), "store", "check", "--mongodb-uri", server.URI()); !strings.Contains(got.stdout, "make it a replica set") {
		t.Errorf("a single server is reported as %+v", got)
	}
}

func TestAStoreCheckRefusesWhatMakesNoSense(t *testing.T) {
	there := filepath.Join(t.TempDir(), "there.json")
	if err := os.WriteFile(there, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	const uri = "mongodb://ann:hunter2@127.0.0.1:1/accord"
	accord(t.Context(), "store", "check").must(t, "no address", 2, "missing flags: --mongodb-uri=URI")
	accord(t.Context(), "store", "check", "--mongodb-uri", "mongodb://ann:hunt/er2@127.0.0.1:1").must(t, "a password that is not encoded", 1,
		"check a store: the user or the password in the address of the MongoDB cluster holds a character that has a meaning of its own there: percent-encode it (@ as %40, : as %3A, / as %2F, % as %25)")
	accord(t.Context(), "store", "check", "--mongodb-uri", uri, "--database", "accord").must(t, "the product's database", 1,
		"check a store: the name of a scratch database begins with accord_check_ and goes on with small letters and digits")
	accord(t.Context(), "store", "check", "--mongodb-uri", uri, "--json", there).must(t, "a record that is there", 1,
		"there is a file of that name already: --json writes a new one")
	accord(t.Context(), "store", "check", "--mongodb-uri", uri, "--json", filepath.Join(there, "check.json")).must(t, "a record in no folder", 1,
		"the file for the record cannot be made: --json takes a file in a folder that exists and can be written to")
}

// The contracts of a store are part of the program; what tests are written with
// is not.
func TestNoTestFrameworkIsPartOfTheProgram(t *testing.T) {
	for _, tags := range []string{"", "release"} {
		listed, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", tags, ".").Output()
		if err != nil {
			t.Fatal(err)
		}
		packages := strings.Fields(string(listed))
		if !slices.Contains(packages, "accord/internal/store/storetest") {
			t.Error("the contracts are not part of the program, so this proves nothing")
		}
		for _, framework := range []string{"testing", "pgregory.net/rapid", "accord/internal/store/mongo/mongotest"} {
			if slices.Contains(packages, framework) {
				t.Errorf("%s is part of the program, tags %q", framework, tags)
			}
		}
	}
}
