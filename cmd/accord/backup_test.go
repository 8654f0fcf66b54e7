//go:build !release

package main

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
	"accord/internal/demo"
	"accord/internal/secrets"
	"accord/internal/secrets/identifier"
)

// backups are files of backups and their keys, in a folder of the test.
type backups struct{ folder string }

// newBackups makes a backup key for each purpose.
func newBackups(t *testing.T) backups {
	t.Helper()
	b := backups{t.TempDir()}
	for _, purpose := range []string{"data", "keys"} {
		done(t, "backup", "new-key", "--for", purpose, "--to", b.key(purpose))
		info, err := os.Stat(b.key(purpose))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the key for %s: %v, %v", purpose, info.Mode(), err)
		}
	}
	return b
}

func (b backups) key(purpose string) string { return filepath.Join(b.folder, purpose+".key") }
func (b backups) file(name string) string   { return filepath.Join(b.folder, name) }

func (b backups) names(t *testing.T) []string {
	t.Helper()
	return names(t, b.folder)
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	found := make([]string, len(entries))
	for i, entry := range entries {
		found[i] = entry.Name()
	}
	return found
}

// save backs up the data or the keys of a stage, which may be running.
func (b backups) save(t *testing.T, purpose, folder, name string) string {
	t.Helper()
	return done(t, "backup", purpose, "--"+purpose, folder, "--to", b.file(name), "--key", b.key(purpose))
}

// restore restores a backup of the data or the keys.
func (b backups) restore(t *testing.T, purpose, name, folder string) string {
	t.Helper()
	return done(t, "restore", purpose, "--from", b.file(name), "--"+purpose, folder, "--key", b.key(purpose))
}

// done runs a command line that must succeed and returns what it printed.
func done(t *testing.T, arguments ...string) string {
	t.Helper()
	got := accord(t.Context(), arguments...)
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("%s: %+v", strings.Join(arguments[:2], " "), got)
	}
	return got.stdout
}

// answers are what some people of different agencies are answered.
func answers(t *testing.T, s *stage.Stage) [][]byte {
	t.Helper()
	var bodies [][]byte
	for _, login := range []string{"coord.ellis", "pros.lane", "hv.osei", "idva.byrne", "pc.ward"} {
		bodies = append(bodies, s.Ask(t, login, packQuery, map[string]any{"reference": demo.NextMeeting}).Body)
	}
	if !strings.Contains(string(bodies[0]), "victim") {
		t.Fatalf("the coordinator is answered %s", bodies[0])
	}
	return bodies
}

// Backups of the data and of the keys, taken while the program serves, together
// make a program that answers everybody the same, byte for byte.
func TestWhatIsRestoredAnswersAsWhatWasBackedUp(t *testing.T) {
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{})
	before := answers(t, s)
	entered := s.Entered(t)
	report := b.save(t, "data", s.Data, "data.backup")
	keys := b.save(t, "keys", s.Keys, "keys.backup")
	if !strings.HasPrefix(report, "The backup is written, was read back, and its audit log is whole.\nHolds:     the data\n") ||
		!strings.Contains(report, "Documents: ") || int64(entries(t, ended{stdout: strings.ReplaceAll(report, "Entries:   ", "Entries: ")})) != entered {
		t.Errorf("of %d entries the backup reports\n%s", entered, report)
	}
	if !strings.Contains(keys, "\nKeys:      ") || !strings.Contains(keys, "destroyed 0)") {
		t.Errorf("of the keys the backup reports\n%s", keys)
	}
	if shown := done(t, "backup", "show", b.file("data.backup")); !strings.HasSuffix(report, strings.TrimPrefix(shown, "This backup says, and its key would prove:\n")) {
		t.Errorf("the backup shows\n%s", shown)
	}
	if beside := names(t, s.Data); slices.Contains(beside, ".snapshot.db") {
		t.Errorf("the backup leaves %v", beside)
	}
	s.Close(t)
	if want := []string{"data.backup", "data.key", "keys.backup", "keys.key"}; !slices.Equal(b.names(t), want) {
		t.Errorf("beside the backups there is %v", b.names(t))
	}

	data := b.restore(t, "data", "data.backup", filepath.Join(folder, "data"))
	b.restore(t, "keys", "keys.backup", filepath.Join(folder, "keys"))
	if !strings.HasSuffix(report, data[strings.Index(data, "\n")+1:]) {
		t.Errorf("of the restored data is reported\n%s", data)
	}
	if got := slices.Concat(names(t, filepath.Join(folder, "data")), names(t, filepath.Join(folder, "keys"))); !slices.Equal(got, []string{"accord.db", "audit.origin", "keys.db", "master.json"}) {
		t.Errorf("restored is %v", got)
	}
	restored := stage.New(t, stage.Options{Folder: folder, SignIn: s.SignIn()})
	for i, answer := range answers(t, restored) {
		if !bytes.Equal(answer, before[i]) {
			t.Errorf("answer %d was\n%s\nand is\n%s", i, before[i], answer)
		}
	}
	restored.Close(t)
	if verified := accord(t.Context(), "audit", "verify", folder); verified.status != 0 {
		t.Errorf("the log of what was restored: %+v", verified)
	}
}

// Erasing a case is destroying its key. A backup of the data from before then does
// not bring it back: that is why keys are never in it.
func TestAnErasedCaseStaysErasedInAnOldBackupOfTheData(t *testing.T) {
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	const question = `{ cases(first: 1) { edges { node { id victim { name } } } } }`
	read := string(s.Ask(t, "pc.ahmed", question, nil).Body)
	_, id, _ := strings.Cut(read, `"id":"`)
	id, _, _ = strings.Cut(id, `"`)
	_, name, _ := strings.Cut(read, `"name":"`)
	name, _, _ = strings.Cut(name, `"`)
	if !identifier.Is(id) || name == "" {
		t.Fatalf("the investigator reads %s", read)
	}
	b.save(t, "data", s.Data, "before.backup")
	s.Close(t)
	erase(t, s.Keys, id)
	if err := os.RemoveAll(s.Data); err != nil {
		t.Fatal(err)
	}
	b.restore(t, "data", "before.backup", s.Data)
	again := stage.New(t, stage.Options{Folder: folder, SignIn: s.SignIn()})
	if body := string(again.Ask(t, "pc.ahmed", question, nil).Body); strings.Contains(body, name) || !strings.Contains(body, `"data"`) {
		t.Errorf("the erased case is read: %s", body)
	}
	// The other cases are there.
	if body := again.Ask(t, "coord.ellis", header(), map[string]any{"reference": demo.NextMeeting}).Body; !strings.Contains(string(body), demo.NextMeeting) {
		t.Errorf("nothing else is read either: %s", body)
	}
}

func header() string {
	return `query($reference: String!) { meeting(reference: $reference) { reference } }`
}

func erase(t *testing.T, keys, family string) {
	t.Helper()
	ring, err := secrets.OpenKeyring(t.Context(), keys, stage.Entropy(9), func() time.Time { return stage.Start })
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(ring.Destroy(t.Context(), family), ring.Close()); err != nil {
		t.Fatal(err)
	}
}

// starts opens the program on a folder as a stage would, and says what refused it.
func starts(t *testing.T, data, keys string) error {
	t.Helper()
	opened, err := program.Open(t.Context(), program.Config{
		Data: data, Keys: keys, Issuers: []string{"http://127.0.0.1:1/nobody"}, Audience: program.Audience,
		Clock: func() time.Time { return stage.Start }, Entropy: stage.Entropy(3), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	return opened.Close()
}

// A whole data folder put back to an older copy is sound in itself. The keys have
// seen more.
func TestAnOlderCopyOfTheDataIsRefusedUntilItsLossIsAccepted(t *testing.T) {
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{})
	old, present := s.Entered(t), filepath.Join(folder, "data")
	b.save(t, "data", s.Data, "old.backup")
	answers(t, s) // each is an entry
	lost := s.Entered(t) - old
	s.Close(t)
	accept := []string{"restore", "accept", "--data", present, "--keys", s.Keys, "--reason"}
	accord(t.Context(), "restore", "accept", "--data", s.Data, "--keys", s.Keys, "--reason", "none").must(t, "nothing missing", 1,
		"nothing is missing: the audit log has everything that the keys have seen")

	b.restore(t, "data", "old.backup", present)
	if verified := accord(t.Context(), "audit", "verify", present); verified.status != 0 {
		t.Fatalf("by itself the older copy is %+v", verified)
	}
	refused := starts(t, present, s.Keys)
	if refused == nil || !strings.HasPrefix(refused.Error(), "opening the audit log: the audit log ends 5 entries earlier than the keys have seen, after ") ||
		!strings.Contains(refused.Error(), "accord restore accept --data "+present+" --keys "+s.Keys+" --reason TEXT") || lost != 5 {
		t.Fatalf("an older copy that lacks %d entries starts with %v", lost, refused)
	}
	for _, reason := range []string{" ", "two\nlines", strings.Repeat("long ", 101)} {
		accord(t.Context(), append(accept, reason)...).must(t, "a reason of another form", 1, "the reason is one line of 1 to 500 characters")
	}
	if again := starts(t, present, s.Keys); again == nil || again.Error() != refused.Error() {
		t.Errorf("being refused changes what is refused: %v", again)
	}

	said := done(t, append(accept, "The disk failed; I. Cole decided.")...)
	if err := starts(t, present, s.Keys); err != nil {
		t.Fatalf("accepted, and refused with %v", err)
	}
	verified := accord(t.Context(), "audit", "verify", present)
	if verified.status != 0 || int64(entries(t, verified)) != old+1 {
		t.Errorf("the log that goes on: %+v", verified)
	}
	listed := done(t, "restore", "accepted", "--keys", s.Keys)
	if strings.Count(listed, "\n") != 1 || !strings.HasSuffix(listed, ": The disk failed; I. Cole decided.\n") {
		t.Errorf("accepted are %s after %s", listed, said)
	}
	accepted := stage.New(t, stage.Options{Folder: linked(t, present, s.Keys), SignIn: s.SignIn()})
	entry := accepted.Entries(t, old)[0]
	if entry.System != "restore" || entry.Action != "acceptLoss" || entry.Operation != audit.Alteration || entry.Outcome != audit.Done || len(entry.Records) != 1 {
		t.Errorf("entered is %+v", entry)
	}
	accepted.Close(t)
	if err := starts(t, s.Data, s.Keys); err == nil || !strings.Contains(err.Error(), "does not begin with the") {
		t.Errorf("what was given up starts with %v", err)
	}
	content, err := os.ReadFile(filepath.Join(s.Keys, "keys.db"))
	if err != nil || bytes.Contains(content, []byte("Cole")) {
		t.Errorf("the reason stands in the clear, %v", err)
	}
}

// linked is a folder that holds these as data and keys.
func linked(t *testing.T, data, keys string) string {
	t.Helper()
	folder := t.TempDir()
	for name, to := range map[string]string{"data": data, "keys": keys} {
		if err := os.Symlink(to, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// A program that dies before the newest checkpoint is kept leaves an older one
// beside the keys, as an older backup of the keys does.
func TestDataNewerThanWhatTheKeysHaveSeenStarts(t *testing.T) {
	b, folder := newBackups(t), t.TempDir()
	s := stage.New(t, stage.Options{})
	b.save(t, "keys", s.Keys, "keys.backup")
	answers(t, s)
	s.Close(t)
	keys := filepath.Join(folder, "keys")
	b.restore(t, "keys", "keys.backup", keys)
	seen := seenBy(t, keys)
	if err := starts(t, s.Data, keys); err != nil {
		t.Fatal(err)
	}
	if now := seenBy(t, keys); bytes.Equal(now, seen) || !bytes.Equal(now, seenBy(t, s.Keys)) {
		t.Errorf("the keys had seen\n%s\nand have now seen\n%s", seen, now)
	}
}

func seenBy(t *testing.T, keys string) []byte {
	t.Helper()
	contents, err := secrets.Inspect(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	return contents.Checkpoint
}
