//go:build !release

package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
)

// untilReady runs a demo in the test, does something when it says how to stop it,
// and stops it.
func untilReady(t *testing.T, then func(api, identity string), arguments ...string) ended {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &readiness{told: make(chan struct{})}
	var stderr bytes.Buffer
	status := make(chan int)
	go func() {
		status <- run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0"}, arguments...), out, &stderr)
	}()
	select {
	case came := <-status:
		return ended{came, out.String(), stderr.String()}
	case <-out.told:
	}
	identity := regexp.MustCompile(`(?m)^Sign-in +(\S+)/<agency>$`).FindStringSubmatch(out.String())
	api := regexp.MustCompile(`(?m)^API +(\S+)$`).FindStringSubmatch(out.String())
	then(api[1], identity[1])
	stop()
	return ended{<-status, out.String(), stderr.String()}
}

// readiness is a demo's output, and tells when its last line is there.
type readiness struct {
	mutex sync.Mutex
	text  strings.Builder
	told  chan struct{}
}

func (r *readiness) Write(b []byte) (int, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	n, err := r.text.Write(b)
	if strings.HasSuffix(r.text.String(), "Stop with Ctrl-C.\n") {
		close(r.told)
	}
	return n, err //nolint:wrapcheck // into memory
}

func (r *readiness) String() string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.text.String()
}

func nothing(string, string) {}

// demoFolder is the folder of a demo that was stopped, and where its people sign in.
func demoFolder(t *testing.T) (folder, address string) {
	t.Helper()
	stage.NeedsFile(t)
	folder = filepath.Join(t.TempDir(), "kept")
	got := untilReady(t, func(_, identity string) { address = strings.TrimPrefix(identity, "http://") },
		"--identity-listen", "127.0.0.1:0", "--data", folder)
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("%+v", got)
	}
	return folder, address
}

func remove(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
}

// A demo that is backed up, lost and restored as README and docs/backup.md say
// starts again; what was put in another place is not filled with a new world.
func TestADemoIsRestoredToWhereItsPeopleSignIn(t *testing.T) {
	folder, address := demoFolder(t)
	if got := names(t, folder); !slices.Equal(got, []string{"data", "keys", worldFile}) {
		t.Errorf("a demo's folder holds %v", got)
	}
	b := newBackups(t)
	b.save(t, "data", folder, "data.backup") // the folder of the demo is meant to hold the data, and the keys
	b.save(t, "keys", folder, "keys.backup")
	restored := filepath.Join(t.TempDir(), "restored")
	data, keys := filepath.Join(restored, "data"), filepath.Join(restored, "keys")
	if err := os.Mkdir(restored, 0o700); err != nil {
		t.Fatal(err)
	}
	b.restore(t, "data", "data.backup", data)
	b.restore(t, "keys", "keys.backup", keys)
	here := []string{"demo", "--listen", "127.0.0.1:0", "--identity-listen", address, "--data"}

	for inner, line := range map[string]string{
		data: "this is a data folder: give the folder above it, in which it is called data",
		keys: "this is a key folder: give the folder above it, in which it is called keys",
	} {
		before := names(t, inner)
		accord(t.Context(), append(here, inner)...).must(t, inner, 1, line)
		if after := names(t, inner); !slices.Equal(after, before) {
			t.Errorf("inside %s there is now %v", inner, after)
		}
	}
	accord(t.Context(), "demo", "--listen", "127.0.0.1:0", "--identity-listen", "127.0.0.1:0", "--data", restored).must(t, "signing in elsewhere", 1,
		"the people in "+restored+" sign in at http://"+address+": start with --identity-listen "+address)
	if got := untilReady(t, nothing, "--identity-listen", address, "--data", restored); got.status != 0 || got.stderr != "" {
		t.Errorf("a restored demo: %+v", got)
	}
	if got := names(t, restored); !slices.Equal(got, []string{"data", "keys", worldFile}) {
		t.Errorf("started, its folder holds %v", got)
	}
}

// In the place of lost keys or lost data nothing is made, so that they can be
// restored there.
func TestNothingIsMadeInThePlaceOfWhatIsLost(t *testing.T) {
	stage.NeedsFile(t)
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	answers(t, s)
	b.save(t, "data", folder, "data.backup")
	b.save(t, "keys", folder, "keys.backup")
	s.Close(t)

	remove(t, s.Keys)
	says := s.Keys + " holds no keys.db, and the data in " + s.Data + " was written with keys that are not there: restore them with accord restore keys; no new ones are made"
	if err := starts(t, s.Data, s.Keys); err == nil || err.Error() != says {
		t.Errorf("without keys it starts with %v", err)
	}
	accord(t.Context(), with(append([]string{"demo"}, free...), "--data", folder)...).must(t, "a demo without keys", 1, says)
	if got := names(t, folder); !slices.Equal(got, []string{"data"}) {
		t.Errorf("there is now %v", got)
	}
	b.restore(t, "keys", "keys.backup", s.Keys)
	if err := starts(t, s.Data, s.Keys); err != nil {
		t.Fatal(err)
	}

	remove(t, s.Data)
	says = "there is no store in " + s.Data + ": restore one, or, if the documents of this folder are in a cluster, give its address with --mongodb-uri"
	if err := starts(t, s.Data, s.Keys); err == nil || err.Error() != says {
		t.Errorf("without data it starts with %v", err)
	}
	accord(t.Context(), with(append([]string{"demo"}, free...), "--data", folder)...).must(t, "a demo without data", 1, says)
	accept := []string{"restore", "accept", "--data", s.Data, "--keys", s.Keys, "--reason", "gone"}
	accord(t.Context(), accept...).must(t, "the loss of the folder", 1, s.Data+" is not there")
	if got := names(t, folder); !slices.Equal(got, []string{"keys"}) {
		t.Errorf("there is now %v", got)
	}
	b.restore(t, "data", "data.backup", s.Data)
	if err := starts(t, s.Data, s.Keys); err != nil {
		t.Fatal(err)
	}

	file := filepath.Join(s.Data, program.StoreFile)
	for _, table := range []string{"log_entry", "log_hash", "checkpoint"} {
		alter(t, file, "DELETE FROM "+table)
	}
	remove(t, file+".mark")
	lost := accord(t.Context(), accept...)
	if lost.status != 1 || !strings.HasPrefix(lost.stderr, "accord: the audit log is empty, and the keys have seen ") ||
		!strings.HasSuffix(lost.stderr, "restore the data that belongs to these keys; the loss of all of it is not accepted: if nothing can be restored, begin with empty folders and ask the agencies for their cases again\n") {
		t.Errorf("the loss of everything: %+v", lost)
	}
	if got := done(t, "restore", "accepted", "--keys", folder); got != "No loss was ever accepted with these keys.\n" {
		t.Errorf("accepted is %s", got)
	}
}

// A log that lacks what was acknowledged is not sound, and what lies beside it is
// looked at too.
func TestVerifyLooksAtTheMarkAndAtTheFile(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	s.Close(t)
	older := t.TempDir()
	if err := os.CopyFS(older, os.DirFS(s.Data)); err != nil {
		t.Fatal(err)
	}
	again := stage.New(t, stage.Options{Folder: folder, SignIn: s.SignIn()})
	had := again.Entered(t)
	answers(t, again)
	again.Close(t)
	whole := accord(t.Context(), "audit", "verify", folder)
	if whole.status != 0 || !strings.HasSuffix(whole.stdout, "Not proved here either: documents. Each is proved by its attestation when it is opened.\n"+
		"Store:   SQLite finds every page and every index of accord.db in order.\n\n") {
		t.Errorf("%+v", whole)
	}
	mark, err := os.ReadFile(filepath.Join(s.Data, program.StoreFile+".mark"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(content []byte) {
		if err := os.WriteFile(filepath.Join(older, program.StoreFile+".mark"), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(mark)
	lost := accord(t.Context(), "audit", "verify", older)
	if lost.status != 1 || lost.stderr != "accord: the audit log is not what it was\n" || !strings.HasPrefix(lost.stdout,
		"The audit log is BROKEN at entry "+number(had)+": acknowledged entries are missing: the log ends here, and accord.db.mark has seen "+program.Entries(had+5)+".\n") {
		t.Errorf("a log without its last five entries: %+v", lost)
	}
	put(mark[:20])
	cut := accord(t.Context(), "audit", "verify", older)
	if cut.status != 1 || cut.stderr != "accord: the audit log is whole, and what is stored beside it is damaged\n" ||
		!strings.HasPrefix(cut.stdout, "The audit log is whole.\n") || !strings.Contains(cut.stdout, "\nMark:    DAMAGED.") || !strings.Contains(cut.stdout, "\nStore:   SQLite finds") {
		t.Errorf("a damaged mark: %+v", cut)
	}
	remove(t, filepath.Join(older, program.StoreFile+".mark"))
	hurtIndex(t, filepath.Join(older, program.StoreFile))
	hurt := accord(t.Context(), "audit", "verify", older)
	if hurt.status != 1 || hurt.stderr != cut.stderr || !strings.Contains(hurt.stdout, "\nStore:   DAMAGED.") {
		t.Errorf("a damaged index: %+v", hurt)
	}
}

func number(n int64) string {
	text, _, _ := strings.Cut(program.Entries(n), " ")
	return text
}

// hurtIndex clears the page that an index begins in.
func hurtIndex(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	var page, size int64
	err = db.QueryRowContext(t.Context(), `SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'document_kind_fam'`).Scan(&page, &size)
	if closed := db.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(make([]byte, size), (page-1)*size); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// The demo tells on stderr why somebody was answered INTERNAL, in the words of the
// runbook and without a value.
func TestTheDemoLogsWhatIsNotShown(t *testing.T) {
	folder, address := demoFolder(t)
	alter(t, filepath.Join(folder, "data", program.StoreFile), `UPDATE document SET body = CAST(substr(body, 1, at + 50) || x'00' || substr(body, at + 52) AS BLOB)
		FROM (SELECT id AS of, instr(body, CAST('VICTIM_IDENTITY' AS BLOB)) AS at FROM document) WHERE id = of AND at > 0`)
	got := untilReady(t, func(api, identity string) {
		token := strings.TrimSpace(accord(t.Context(), "token", "--as", "idva.byrne", "--identity", identity).stdout)
		answer := ask(t, api, token, "{ cases(first: 10) { edges { node { victim { name } } } } }")
		if !strings.Contains(answer, "INTERNAL") {
			t.Errorf("answered %s", answer)
		}
	}, "--identity-listen", address, "--data", folder)
	lines := 0
	for line := range strings.Lines(got.stderr) {
		var logged struct{ Level, Msg, Kind string }
		if err := json.Unmarshal([]byte(line), &logged); err != nil || logged.Level != "ERROR" || logged.Msg != "error not shown" || logged.Kind == "" {
			t.Errorf("logged is %s, %v", line, err)
		}
		lines++
	}
	if got.status != 0 || lines == 0 {
		t.Errorf("%+v", got)
	}
}

// What an operator may get wrong about a cluster is said alike by every command,
// and leaves nothing behind.
func TestAnAddressIsJudgedAlikeByEveryCommand(t *testing.T) {
	folder := serviceFolder(t, stage.Options{})
	data, keys := filepath.Join(folder, program.DataFolder), filepath.Join(folder, program.KeyFolder)
	fresh := filepath.Join(t.TempDir(), "not", "there")
	bare := t.TempDir()
	origin, err := os.ReadFile(filepath.Join(data, audit.OriginFile))
	if err == nil {
		err = os.WriteFile(filepath.Join(bare, audit.OriginFile), origin, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	demoAt := func(uri string) []string {
		return with(append([]string{"demo"}, free...), "--data", fresh, "--mongodb-uri", uri)
	}
	const malformed = "the address of the MongoDB cluster is malformed: give mongodb:// or mongodb+srv://, user, hosts and database as its administrator wrote them"
	const none = "give the address of a cluster: --mongodb-uri or ACCORD_MONGODB_URI is empty"
	const slash = "mongodb:/accord:s3cret@records.example.org"
	both := data + " holds a store of its own, and the address of a cluster is given too: leave the address out (unset ACCORD_MONGODB_URI), or give a data folder that holds audit.origin and no accord.db"
	closed := unused(t)
	for name, c := range map[string]struct {
		line []string
		says string
	}{
		"demo, one slash":                    {demoAt(slash), malformed},
		"verify, one slash":                  {[]string{"audit", "verify", bare, "--mongodb-uri", slash}, malformed},
		"check, one slash":                   {[]string{"store", "check", "--mongodb-uri", slash}, "check a store: " + malformed},
		"demo, empty":                        {demoAt(""), none},
		"verify, empty":                      {[]string{"audit", "verify", bare, "--mongodb-uri", ""}, none},
		"accept, empty":                      {[]string{"restore", "accept", "--data", data, "--keys", keys, "--mongodb-uri", "", "--reason", "x"}, none},
		"check, empty":                       {[]string{"store", "check", "--mongodb-uri", ""}, none},
		"demo, an address as its folder":     {with(append([]string{"demo"}, free...), "--data", slash), "--data takes a folder; the address of a cluster is given with --mongodb-uri"},
		"verify, an address as its folder":   {[]string{"audit", "verify", slash}, "the address of a cluster is given where a folder belongs"},
		"verify, a store and a cluster":      {[]string{"audit", "verify", folder, "--mongodb-uri", "mongodb://" + closed}, both},
		"accept, a store and a cluster":      {[]string{"restore", "accept", "--data", folder, "--keys", folder, "--mongodb-uri", "mongodb://" + closed, "--reason", "x"}, both},
		"accept, nothing missing":            {[]string{"restore", "accept", "--data", folder, "--keys", folder, "--reason", "x"}, "nothing is missing: the audit log has everything that the keys have seen"},
		"verify, documents in a cluster":     {[]string{"audit", "verify", bare}, "there is no store in " + bare + ": restore one, or, if the documents of this folder are in a cluster, give its address with --mongodb-uri"},
		"verify, a file":                     {[]string{"audit", "verify", filepath.Join(data, audit.OriginFile)}, filepath.Join(data, audit.OriginFile) + " is not a folder"},
		"accept, keys that are not there":    {[]string{"restore", "accept", "--data", data, "--keys", fresh, "--reason", "x"}, fresh + " is not there"},
		"copy, an origin that is not there":  {[]string{"copy", "--from", "mongodb://" + closed, "--origin", fresh, "--to", fresh}, fresh + " is not there"},
		"accepted, keys that are not there":  {[]string{"restore", "accepted", "--keys", fresh}, fresh + " is not there"},
		"verify, a folder without a name":    {[]string{"audit", "verify", ""}, "give a folder: an empty name was given for that of the data"},
		"verify, a folder of something else": {[]string{"audit", "verify", keys}, keys + " holds no audit log of Accord"},
	} {
		t.Run(name, func(t *testing.T) {
			got := accord(t.Context(), c.line...)
			got.must(t, name, 1, c.says)
			if _, err := os.Stat(filepath.Dir(fresh)); err == nil {
				t.Errorf("it leaves %v", names(t, filepath.Dir(fresh)))
			}
		})
	}
}

// Documents in a cluster are backed up with its own tools, and damaged keys are
// restored: both are said.
func TestABackupSaysWhatItCannotBackUp(t *testing.T) {
	folder, b := serviceFolder(t, stage.Options{}), newBackups(t)
	data, keys := filepath.Join(folder, program.DataFolder), filepath.Join(folder, program.KeyFolder)
	remove(t, filepath.Join(data, program.StoreFile))
	accord(t.Context(), "backup", "data", "--data", folder, "--to", b.file("x"), "--key", b.key("data")).must(t, "documents elsewhere", 1,
		"there is no store in "+data+" to back up: documents in a cluster are backed up with the cluster's own tools")
	if err := os.WriteFile(filepath.Join(keys, "keys.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	const damaged = "keys.db is damaged: stop Accord, keep a copy of the key folder, and restore the newest backup of the keys into an empty folder"
	accord(t.Context(), "backup", "keys", "--keys", folder, "--to", b.file("x"), "--key", b.key("keys")).must(t, "damaged keys", 1, "copying the keys: "+damaged)
	if err := starts(t, data, keys); err == nil || err.Error() != "opening the keys: "+damaged {
		t.Errorf("damaged keys start with %v", err)
	}
}

// Every file that is made is for its owner alone.
func TestEveryFileIsItsOwnersAlone(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder, Empty: true}) // made here, not put there by the stage
	for _, one := range []string{s.Data, s.Keys} {
		for _, name := range names(t, one) {
			if info, err := os.Stat(filepath.Join(one, name)); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", name, info.Mode(), err)
			}
		}
	}
	if made := names(t, s.Data); !slices.Contains(made, "accord.db-wal") || !slices.Contains(made, "accord.db.lock") {
		t.Errorf("there is %v", made)
	}
}

func TestHelpSaysWhatStandsInForAFlag(t *testing.T) {
	for command, words := range map[string]string{
		"demo":           "Where the API answers (default: 127.0.0.1:8080).",
		"token":          "on this machine only (default: http://127.0.0.1:9100).",
		"copy":           "Copy a store from a data folder or a MongoDB cluster to another",
		"restore accept": "no program may be using it.",
	} {
		got := done(t, append(strings.Fields(command), "--help")...)
		if text := strings.Join(strings.Fields(got), " "); !strings.Contains(text, words) {
			t.Errorf("%s does not say %q:\n%s", command, words, got)
		}
	}
}
