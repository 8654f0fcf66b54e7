package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// serviceFolder is the folder of a program that was in service and was closed.
func serviceFolder(t *testing.T, options stage.Options) string {
	t.Helper()
	stage.NeedsFile(t)
	options.Folder = t.TempDir()
	stage.New(t, options).Close(t)
	return options.Folder
}

// half is a folder with a copy that was broken off when all rows were there.
func half(t *testing.T, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "half")
	ctx, breakOff := context.WithCancel(t.Context())
	defer breakOff()
	_, err := program.Copy(ctx, program.CopyRequest{From: from, To: to, Clock: time.Now, Tell: func(doing string, _ store.Part, _ int64) {
		if doing == "compared" {
			breakOff()
		}
	}})
	if err == nil {
		t.Fatal("the copy was not broken off")
	}
	return to
}

func alter(t *testing.T, file, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func emptyCluster(t *testing.T) string {
	t.Helper()
	return mongotest.Start(t, mongotest.Options{}).URI()
}

func TestCopyPrintsWhatItProved(t *testing.T) {
	folder := serviceFolder(t, stage.Options{})
	data, uri := filepath.Join(folder, program.DataFolder), emptyCluster(t)
	there := accord(t.Context(), "copy", "--from", folder, "--to", uri) // the demo's folder holds the data folder
	back := accord(t.Context(), "copy", "--from", uri, "--origin", data, "--to", filepath.Join(t.TempDir(), "back"))
	if !strings.Contains(there.stdout, "The copy is finished, in database accord. Start Accord") {
		t.Errorf("the database that an address without one leads to is not said:\n%s", there.stdout)
	}
	for _, got := range []ended{there, back} {
		if got.status != 0 || got.stderr != "" {
			t.Fatalf("status %d, %s\n%s", got.status, got.stderr, got.stdout)
		}
		for _, words := range []string{
			"source  copy  differ", " documents case\n", " exclusions\n", " receipts\n", " messages\n", " entries\n",
			"Every row agrees", "The audit log is whole.", "The copy is finished", "Start Accord",
		} {
			if !strings.Contains(got.stdout, words) {
				t.Errorf("%q is not in\n%s", words, got.stdout)
			}
		}
		if strings.Contains(got.stdout, uri) {
			t.Errorf("the address is printed: %s", got.stdout)
		}
	}
	tables := [2]string{}
	for i, got := range []ended{there, back} {
		tables[i], _, _ = strings.Cut(got.stdout, "The copy is finished")
	}
	if tables[0] != tables[1] {
		t.Errorf("there\n%s\nback\n%s", tables[0], tables[1])
	}
}

func TestACopyThatDiffersIsNotFinished(t *testing.T) {
	folder := serviceFolder(t, stage.Options{})
	for statement, words := range map[string]string{
		`DELETE FROM document WHERE id = (SELECT min(id) FROM document)`:                           "The first that differs: document ",
		`UPDATE document SET version = version + 1 WHERE id = (SELECT max(id) FROM document)`:      "",
		`UPDATE log_entry SET data = (SELECT data FROM log_entry WHERE n = 1) WHERE n = 3`:         "The audit log is BROKEN at entry 3",
		`INSERT INTO excluded VALUES ('somebody', 'something')`:                                    "The first that differs: the exclusion of somebody from something",
		`UPDATE checkpoint SET signed = CAST(replace(signed, 'accord', 'record') AS BLOB)`:         "",
		`UPDATE log_hash SET hash = (SELECT hash FROM log_hash WHERE i = 0) WHERE i = 3`:           "The audit log is BROKEN",
		`INSERT INTO receipt (person, key, until, result) VALUES ('p', 'k', 99999999999999, '[]')`: "The first that differs: a receipt of p",
	} {
		to := half(t, folder)
		alter(t, filepath.Join(to, program.StoreFile), statement)
		got := accord(t.Context(), "copy", "--from", folder, "--to", to)
		if got.status != 1 || !strings.Contains(got.stdout, words) || strings.Contains(got.stdout, "The copy is finished") ||
			strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %s\n%s", statement, got.status, got.stderr, got.stdout)
		}
		again := accord(t.Context(), "audit", "verify", to)
		if !strings.HasSuffix(again.stderr, store.ErrUnfinished.Error()+"\n") {
			t.Errorf("%s: it is taken for a store: %s%s", statement, again.stderr, again.stdout)
		}
		if got := accord(t.Context(), "copy", "--from", folder, "--to", to, "--restart"); got.status != 0 {
			t.Errorf("anew: status %d, %s\n%s", got.status, got.stderr, got.stdout)
		}
	}
}

func TestCopyRefuses(t *testing.T) {
	signIn := stage.NewSignIn(t)
	folder := serviceFolder(t, stage.Options{SignIn: signIn})
	data := filepath.Join(folder, program.DataFolder)
	other := filepath.Join(serviceFolder(t, stage.Options{SignIn: signIn, Seed: 7}), program.DataFolder)
	inService := stage.New(t, stage.Options{SignIn: signIn})
	uri := emptyCluster(t)
	if got := accord(t.Context(), "copy", "--from", data, "--to", uri); got.status != 0 {
		t.Fatal(got.stderr)
	}
	bare := t.TempDir()
	if err := os.WriteFile(filepath.Join(bare, "letter.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	originAlone := t.TempDir()
	content, err := os.ReadFile(filepath.Join(data, audit.OriginFile))
	if err == nil {
		err = os.WriteFile(filepath.Join(originAlone, audit.OriginFile), content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(t.TempDir(), "damaged")
	if got := accord(t.Context(), "copy", "--from", data, "--to", damaged); got.status != 0 {
		t.Fatal(got.stderr)
	}
	alter(t, filepath.Join(damaged, program.StoreFile), `UPDATE log_entry SET data = zeroblob(100) WHERE n = 2`)
	fresh := func() string { return filepath.Join(t.TempDir(), "new") }
	nowhere := fresh()
	const remote = "mongodb://accord:s3cret@records.example.org/accord"
	for name, c := range map[string]struct {
		arguments []string
		status    int
		line      string
	}{
		"nothing":                     {nil, 2, "missing flags: --from=DIR|URI, --to=DIR|URI"},
		"no target":                   {[]string{"--from", data}, 2, "missing flags: --to=DIR|URI"},
		"an empty target":             {[]string{"--from", data, "--to", ""}, 1, "say where to copy to: a folder, or the address of a cluster"},
		"a folder that is not there":  {[]string{"--from", nowhere, "--to", fresh()}, 1, nowhere + " is not there"},
		"a folder of something else":  {[]string{"--from", bare, "--to", fresh()}, 1, bare + " is no data folder of Accord: it holds no audit.origin"},
		"a folder without a store":    {[]string{"--from", originAlone, "--to", fresh()}, 1, "there is no store in " + originAlone + ": if the documents of this folder are in a cluster, give its address with --from and this folder with --origin"},
		"a cluster without a store":   {[]string{"--from", emptyCluster(t), "--origin", data, "--to", fresh()}, 1, "there is no store of Accord in this database"},
		"the same folder":             {[]string{"--from", data, "--to", data + "/../data"}, 1, "the source and the target are the same place"},
		"the same database":           {[]string{"--from", uri, "--origin", data, "--to", uri + "&appName=other"}, 1, "the source and the target are the same place"},
		"a folder with other things":  {[]string{"--from", data, "--to", bare}, 1, "the folder to copy to is not empty: choose another, nothing in it was touched"},
		"a folder with a store":       {[]string{"--from", data, "--to", other, "--restart"}, 1, "the folder to copy to is not empty: choose another, nothing in it was touched"},
		"a folder of another log":     {[]string{"--from", other, "--to", originAlone}, 1, "the folder to copy to is that of another audit log: choose an empty one, nothing was touched"},
		"a cluster that is a store":   {[]string{"--from", data, "--to", uri, "--restart"}, 1, store.ErrOccupied.Error()},
		"a cluster without an origin": {[]string{"--from", uri, "--to", fresh()}, 1, "say with --origin in which data folder the program ran on this cluster: it says whose audit log it is"},
		"a folder with an origin":     {[]string{"--from", data, "--origin", data, "--to", fresh()}, 1, "--origin is for a cluster: a data folder says itself whose audit log it holds"},
		"another log's origin":        {[]string{"--from", uri, "--origin", other, "--to", fresh()}, 1, "looking at the audit log of the source: the audit log is broken: the checkpoint is not signed with the key of this log"},
		"a program on the source":     {[]string{"--from", inService.Data, "--to", fresh()}, 1, "a program has the source open: end it, nothing may be written while it is copied"},
		"an unfinished copy":          {[]string{"--from", half(t, data), "--to", fresh()}, 1, "the source is itself a copy that has not been finished: run accord copy into it again"},
		"a copy of another source":    {[]string{"--from", other, "--to", withoutOrigin(t, half(t, data))}, 1, store.ErrOtherCopy.Error()},
		"a damaged log":               {[]string{"--from", damaged, "--to", fresh()}, 1, store.ErrNotItsLog.Error()},
		"a web address":               {[]string{"--from", data, "--to", "https://accord:s3cret@records.example.org"}, 1, "a place to copy to is a folder or an address that begins with mongodb:// or mongodb+srv://"},
		"an address without its flag": {[]string{"--from", data, remote}, 2, "unexpected argument mongodb://…@records.example.org/accord"},
		"an address half written":     {[]string{"--from", data, "--to", "mongodb://accord:s3cret@[::"}, 1, "opening the place to copy to: the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them"},
		"an address with one slash":   {[]string{"--from", data, "--to", "mongodb:/accord:s3cret@records.example.org"}, 1, "opening the place to copy to: the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them"},
		"a connection in the clear":   {[]string{"--from", data, "--to", remote}, 1, "opening the place to copy to: the MongoDB cluster at records.example.org is on another machine and the connection is not encrypted: add tls=true to its address"},
	} {
		got := accord(t.Context(), append([]string{"copy"}, c.arguments...)...)
		got.must(t, name, c.status, c.line)
		if strings.Contains(got.stderr, "s3cret") {
			t.Errorf("%s: the password is printed: %s", name, got.stderr)
		}
	}
}

func withoutOrigin(t *testing.T, folder string) string {
	t.Helper()
	if err := os.Remove(filepath.Join(folder, audit.OriginFile)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestWhoLooksOnIsToldNowAndThen(t *testing.T) {
	var text bytes.Buffer
	now := stage.Start
	tell := progress(&text, func() time.Time { return now })
	for page := range int64(10) {
		now = now.Add(time.Second)
		tell("copied", store.DocumentPart, page*1000)
	}
	if want := "copied: 2000 documents\ncopied: 5000 documents\ncopied: 8000 documents\n"; text.String() != want {
		t.Errorf("got %q", text.String())
	}
	progressOn(&text)("copied", store.EntryPart, 1) // nobody looks on
	if strings.Contains(text.String(), "entries") {
		t.Errorf("got %q", text.String())
	}
}
