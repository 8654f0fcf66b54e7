package program_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/disktest"
)

// errorsOf are the codes and messages of the errors of an answer.
func errorsOf(t *testing.T, answer stage.Answer) (codes, messages []string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer.Body, &body); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	for _, e := range body.Errors {
		codes, messages = append(codes, e.Extensions.Code), append(messages, e.Message)
	}
	return codes, messages
}

// unavailable is the one answer to whoever asks while a part is missing: nothing
// that was asked for, and nothing about why.
func unavailable(t *testing.T, name string, answer stage.Answer) {
	t.Helper()
	codes, messages := errorsOf(t, answer)
	if len(codes) != 1 || codes[0] != "UNAVAILABLE" || !strings.HasPrefix(messages[0], "Accord cannot answer at the moment. ") {
		t.Errorf("%s is answered %d %s", name, answer.Status, answer.Body)
	}
	for _, held := range []string{"NM-MARAC", "disk", "full", "sqlite", "damaged", planted} {
		if strings.Contains(string(answer.Body), held) {
			t.Errorf("%s is answered with %s in it: %s", name, held, answer.Body)
		}
	}
}

// reporter is somebody with an action to report on.
type reporter struct {
	login, action string
	version       int
}

func findReporter(t *testing.T, s *stage.Stage, login string) reporter {
	t.Helper()
	var found struct {
		Data struct {
			Actions struct {
				Edges []struct {
					Node struct {
						ID       string
						Version  int
						Status   string
						Assignee struct{ ID string }
					}
				}
			}
		}
	}
	answer := s.Ask(t, login, `{ actions { edges { node { id version status assignee { id } } } } }`, nil)
	if err := json.Unmarshal(answer.Body, &found); err != nil {
		t.Fatal(err)
	}
	for _, edge := range found.Data.Actions.Edges {
		if edge.Node.Assignee.ID == s.Capacity(t, login).Person && (edge.Node.Status == "AGREED" || edge.Node.Status == "IN_PROGRESS") {
			return reporter{login, edge.Node.ID, edge.Node.Version}
		}
	}
	t.Fatalf("%s has no action to report on: %s", login, answer.Body)
	return reporter{}
}

// report reports on the action; an answer without errors is the next version.
func (r *reporter) report(t *testing.T, s *stage.Stage) stage.Answer {
	t.Helper()
	answer := s.Ask(t, r.login, `mutation($input: UpdateActionStatusInput!) { updateActionStatus(input: $input) { action { version } } }`,
		map[string]any{"input": map[string]any{"actionId": r.action, "expectedVersion": r.version, "status": "IN_PROGRESS", "note": planted}})
	if codes, _ := errorsOf(t, answer); len(codes) == 0 {
		r.version++
	}
	return answer
}

// On a full disk nothing is answered that could not be entered, nothing that was
// acknowledged is lost, and when there is room again everything goes on by itself.
func TestAFullDiskIsUnavailableAndGotOverWithoutARestart(t *testing.T) {
	stage.NeedsFile(t)
	disktest.Run(t, 64<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		s := stage.New(t, stage.Options{Folder: disk.Path})
		const pack = `{ meeting(reference: "NM-MARAC-NEXT") { reference list { case { reference victim { name } } } } }`
		r := findReporter(t, s, "po.singh")
		whole := s.Ask(t, "coord.ellis", pack, nil)
		for range 2 {
			disk.Fill(t)
			// There is room in what the files have taken already; it ends.
			for n := 0; ; n++ {
				if codes, _ := errorsOf(t, r.report(t, s)); len(codes) > 0 {
					break
				}
				if n == 10_000 {
					t.Fatal("the full disk takes changes without end")
				}
			}
			for n := 0; ; n++ {
				if codes, _ := errorsOf(t, s.Ask(t, "coord.ellis", pack, nil)); len(codes) > 0 {
					break
				}
				if n == 10_000 {
					t.Fatal("the full disk takes entries without end")
				}
			}
			unavailable(t, "a look", s.Ask(t, "coord.ellis", pack, nil))
			unavailable(t, "a look in vain", s.Ask(t, "pc.ward", pack, nil))
			unavailable(t, "a malformed request", s.Ask(t, "coord.ellis", `{ `+planted+` }`, nil))
			unavailable(t, "a change", r.report(t, s))
			if !strings.Contains(s.Log(), "sqlite.fullDisk") {
				t.Errorf("the log does not say why: %s", s.Log())
			}
			logHoldsOnlyIDs(t, s.Log())
			disk.Free(t)
			if again := s.Ask(t, "coord.ellis", pack, nil); !bytes.Equal(again.Body, whole.Body) {
				t.Errorf("with room again, the pack is answered\n%s\nand before it was\n%s", again.Body, whole.Body)
			}
			// The last acknowledged change stands, or the one behind it, whose answer
			// was withheld because it could not be entered.
			stands := findReporter(t, s, r.login)
			if stands.action != r.action || stands.version < r.version || stands.version > r.version+1 {
				t.Errorf("acknowledged was %+v and there is %+v", r, stands)
			}
			r = stands
			if codes, _ := errorsOf(t, r.report(t, s)); len(codes) > 0 {
				t.Errorf("with room again, a change is answered %v", codes)
			}
		}
		soundLog(t, s)
	})
}

// soundLog proves the audit log of a stage.
func soundLog(t *testing.T, s *stage.Stage) {
	t.Helper()
	if proof, err := program.VerifyAudit(t.Context(), s.Data, ""); err != nil || !proof.Sound() {
		t.Errorf("the log is not whole: %v\n%s", err, proof)
	}
}

// copyFolder copies a folder for its owner's eyes alone, as keys have to be.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(to, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Chmod(path, 0o600) //nolint:gosec // a copy that nobody else knows of
	})
	if err != nil {
		t.Fatal(err)
	}
}

// openFolder opens the program on folders that a stage has left, and returns what
// it says when it does not open.
func openFolder(t *testing.T, s *stage.Stage, data, keys string) error {
	t.Helper()
	opened, err := program.Open(t.Context(), program.Config{
		Data: data, Keys: keys, Issuers: []string{s.SignIn().Provider.Issuer("harbour-idva")}, Audience: program.Audience,
		Clock: s.Clock.Now, Entropy: stage.Entropy(7), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err //nolint:wrapcheck // what it says is what is tested
	}
	return opened.Close() //nolint:wrapcheck // as above
}

// A disk on which nothing can be written stops the start with one sentence; the
// log on it is proved nevertheless, and writable again it goes on.
func TestAReadOnlyDiskStopsTheStart(t *testing.T) {
	stage.NeedsFile(t)
	disktest.Run(t, 64<<20, func(t *testing.T, disk disktest.Disk) {
		t.Helper()
		s := stage.New(t, stage.Options{Folder: disk.Path})
		s.Close(t)
		keys := t.TempDir()
		copyFolder(t, s.Keys, keys)
		disk.ReadOnly(t)
		const says = "opening the data: the data folder or its disk is read-only: make the folder and the files in it writable for the user that Accord runs as"
		if err := openFolder(t, s, s.Data, keys); err == nil || err.Error() != says {
			t.Errorf("got  %v\nwant %s", err, says)
		}
		if err := openFolder(t, s, s.Data, s.Keys); err == nil || !strings.HasPrefix(err.Error(), "opening the keys: ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("keys on the read-only disk: %v", err)
		}
		soundLog(t, s)
		disk.Writable(t)
		if err := openFolder(t, s, s.Data, s.Keys); err != nil {
			t.Error(err)
		}
	})
}
