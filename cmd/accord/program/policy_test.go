package program_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/internal/audit"
)

// policyFile writes a policy: the one that Accord ships, changed.
func policyFile(t *testing.T, file string, change func(lines []string) []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "authz", "policy.csv"))
	must(t, err)
	lines := strings.Split(string(text), "\n")
	must(t, os.WriteFile(file, []byte(strings.Join(change(lines), "\n")), 0o600))
}

func asShipped(lines []string) []string { return lines }

// initialsAlone lets the coordinator see a victim's initials where the shipped policy
// shows the name.
func initialsAlone(lines []string) []string {
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return line == "p, MARAC_COORDINATOR, CONVENOR, VICTIM_IDENTITY, write, full"
	})
	for i, line := range lines {
		if line == "p, MARAC_COORDINATOR, CONVENOR, VICTIM_IDENTITY, read, full" {
			lines[i] = "p, MARAC_COORDINATOR, CONVENOR, VICTIM_IDENTITY, read, masked"
		}
	}
	return lines
}

const victims = `query($after: String) { cases(first: 1, orderBy: REFERENCE, after: $after) { pageInfo { endCursor } edges { node { victim { name } } } } }`

// named is what is answered to who asks for a victim's name.
type named struct {
	Data struct {
		Cases struct {
			PageInfo struct{ EndCursor string }
			Edges    []struct {
				Node struct{ Victim struct{ Name string } }
			}
		}
	}
	Errors     []struct{ Extensions struct{ Code string } }
	Extensions struct {
		Redactions []struct{ Field, Reason string }
	}
}

func askForVictim(t *testing.T, s *stage.Stage, after string) named {
	t.Helper()
	variables := map[string]any{}
	if after != "" {
		variables["after"] = after
	}
	answered := s.Ask(t, "coord.ellis", victims, variables)
	var read named
	if err := json.Unmarshal(answered.Body, &read); err != nil {
		t.Fatalf("%v: %s", err, answered.Body)
	}
	return read
}

// masked reports whether it is the initials, and says so; it is false for a name that
// says nothing, and anything else is a failure.
func (n named) masked(t *testing.T) bool {
	t.Helper()
	if len(n.Data.Cases.Edges) != 1 {
		t.Fatalf("answered %+v", n)
	}
	name := n.Data.Cases.Edges[0].Node.Victim.Name
	said := len(n.Extensions.Redactions) == 1 && n.Extensions.Redactions[0].Field == "Person.name" && n.Extensions.Redactions[0].Reason == "MASKED"
	initials := strings.ToUpper(name) == name
	if name == "" || initials != said || !said && n.Extensions.Redactions != nil {
		t.Fatalf("neither the name nor the initials: %+v", n)
	}
	return said
}

// A policy is changed while the program runs: the next answer is by the new one, and
// what was begun under the old one does not go on under the new.
func TestAPolicyIsReplacedWithoutARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.csv")
	policyFile(t, file, asShipped)
	s := stage.New(t, stage.Options{Policy: file})
	before := askForVictim(t, s, "")
	if before.masked(t) || before.Data.Cases.PageInfo.EndCursor == "" {
		t.Fatalf("by the shipped policy the coordinator is answered %+v", before)
	}
	cursor, begun := before.Data.Cases.PageInfo.EndCursor, s.As(t, "coord.ellis")
	old := s.Program.Policy()
	if next := askForVictim(t, s, cursor); next.Errors != nil {
		t.Fatalf("a cursor is refused under the policy that gave it: %+v", next)
	}

	policyFile(t, file, initialsAlone)
	if askForVictim(t, s, "").masked(t) {
		t.Error("a file that was not read again is in force")
	}
	must(t, s.Program.ReloadPolicy(t.Context()))
	if s.Program.Policy() == old {
		t.Error("the policy in force has the name of the old one")
	}
	if !askForVictim(t, s, "").masked(t) {
		t.Error("after the reload the name is still shown")
	}
	entered := s.Entries(t, 0)
	if !slices.ContainsFunc(entered, func(e audit.Entry) bool { return e.System == "policy keeper" && e.Action == "replacePolicy" }) {
		t.Error("that the policy was replaced is not in the audit log")
	}
	if next := askForVictim(t, s, cursor); len(next.Errors) != 1 || next.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
		t.Errorf("a cursor of the old policy is answered %+v", next)
	}
	if begun.Table().Hash() != old {
		t.Error("a request that began under the old policy is decided by the new one")
	}
	if log := s.Log(); !strings.Contains(log, `"policy":"`+s.Program.Policy()+`"`) {
		t.Errorf("the log does not name the policy in force: %s", log)
	}

	policyFile(t, file, asShipped)
	must(t, s.Program.ReloadPolicy(t.Context()))
	if s.Program.Policy() != old || askForVictim(t, s, "").masked(t) {
		t.Error("the old policy is not what it was")
	}
}

// A policy that is not sound changes nothing, and neither does a file that is gone:
// the log says which lines, and not a word of them.
func TestAPolicyThatIsNotSoundIsNotPutInForce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.csv")
	policyFile(t, file, initialsAlone)
	s := stage.New(t, stage.Options{Policy: file})
	inForce := s.Program.Policy()
	for name, c := range map[string]struct {
		spoil  func()
		faults string
		says   string
	}{
		"with lines that are not sound": {
			func() {
				policyFile(t, file, func([]string) []string {
					return []string{"p, PLANTED_ROLE, ASSIGNED, PLAN, read, full", "# planted", "p, IDVA, ASSIGNED, INTELLIGENCE, read, full"}
				})
			},
			`"faults":"1 unknown-role, 3 intelligence-to-advocate"`,
			`policy line 1: unknown role "PLANTED_ROLE"; policy line 3: an advocate never holds police intelligence`,
		},
		"with no line": {
			func() { policyFile(t, file, func([]string) []string { return nil }) },
			`"faults":"0 empty"`, "the policy has no rule",
		},
		"that is too long": {
			func() { must(t, os.WriteFile(file, make([]byte, 5<<20), 0o600)) },
			`"faults":"unreadable"`, "is longer than any policy",
		},
		"that is not there": {
			func() { must(t, os.Remove(file)) },
			`"faults":"unreadable"`, "the access policy cannot be read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			logged := len(s.Log())
			c.spoil()
			err := s.Program.ReloadPolicy(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("returned %v, want %s", err, c.says)
			}
			if s.Program.Policy() != inForce || !askForVictim(t, s, "").masked(t) {
				t.Error("the policy in force has moved")
			}
			log := s.Log()[logged:]
			if !strings.Contains(log, c.faults) || !strings.Contains(log, `"policy":"`+inForce+`"`) || strings.Contains(strings.ToLower(log), "planted") || strings.Contains(log, file) {
				t.Errorf("logged %s", log)
			}
		})
	}
}

// While the policy changes again and again, every answer is by one of them, whole.
func TestEveryAnswerIsByOnePolicyWhileTheyChange(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policy.csv")
	policyFile(t, file, asShipped)
	s := stage.New(t, stage.Options{Policy: file})
	const reader = 15
	done := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		defer close(done)
		for range reader {
			askForVictim(t, s, "").masked(t)
		}
	})
	for turn, ended := 0, false; !ended; turn++ {
		policyFile(t, file, []func([]string) []string{initialsAlone, asShipped}[turn%2])
		if err := s.Program.ReloadPolicy(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-done:
			ended = true
		default:
		}
	}
	asking.Wait()
}

func TestNothingStartsOnAPolicyThatIsNotSound(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "policy.csv")
	policyFile(t, file, func(lines []string) []string {
		return append([]string{"p, SYSTEM_ADMINISTRATOR, ASSIGNED, CASE_CORE, read, full", "p, IDVA, ASSIGNED, PLANS, read, full"}, lines...)
	})
	opened, err := program.Open(t.Context(), program.Config{Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), Policy: file})
	want := "the access policy in " + file + " is not sound: policy line 1: a system administrator sees no content and has no line (note 18 of the access matrix); " +
		`policy line 2: unknown data class "PLANS"; did you mean PLAN?`
	if err == nil || err.Error() != want || opened != nil {
		t.Errorf("opened %v, %v\nwant %s", opened, err, want)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 1 {
		t.Errorf("it left %v, %v", left, err)
	}
}
