//go:build !release

package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/cmd/accord/stage"
)

// policyFile writes a policy: the one that Accord ships, with a line in the place of
// another.
func policyFile(t *testing.T, file, line, instead string) {
	t.Helper()
	shipped, err := os.ReadFile(filepath.Join("..", "..", "authz", "policy.csv"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(shipped), line+"\n", instead, 1)
	if line != "" && text == string(shipped) {
		t.Fatalf("the shipped policy has no line %s", line)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const chairReadsActions = "p, MARAC_CHAIR, CHAIR, ACTIONS, read, full"

func TestTheMatrixIsPrintedAsItIsAskedFor(t *testing.T) {
	text := accord(t.Context(), "policy", "matrix")
	if text.status != 0 || text.stderr != "" || !strings.HasPrefix(text.stdout, "INVESTIGATOR\n  CASE_CORE ") {
		t.Errorf("%+v", text)
	}
	if asked := accord(t.Context(), "policy", "matrix", "--format", "text"); asked != text {
		t.Errorf("asked for as text: %+v", asked)
	}
	markdown := accord(t.Context(), "policy", "matrix", "--format", "markdown")
	if markdown.status != 0 || !strings.HasPrefix(markdown.stdout, "| data class | INVESTIGATOR |") || !strings.Contains(markdown.stdout, "\n- **ASSIGNED**: ") {
		t.Errorf("as Markdown: %d, %s%.300s", markdown.status, markdown.stderr, markdown.stdout)
	}
	table := accord(t.Context(), "policy", "matrix", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(table.stdout)).ReadAll()
	if table.status != 0 || err != nil || rows[0][1] != "INVESTIGATOR" || rows[1][0] != "CASE_CORE" {
		t.Errorf("as CSV: %d, %s%v", table.status, table.stderr, err)
	}
	if wrong := accord(t.Context(), "policy", "matrix", "--format", "html"); wrong.status != 2 {
		t.Errorf("as what it is not printed: %+v", wrong)
	}

	file := filepath.Join(t.TempDir(), "own.csv")
	policyFile(t, file, chairReadsActions, "")
	policyFile(t, file, "p, MARAC_CHAIR, CHAIR, PLAN, read, full", "p, MARAC_CHAIR, CHAIR, PLAN, read, masked\n")
	if own := accord(t.Context(), "policy", "matrix", "--policy", file); own.status != 0 || !strings.Contains(own.stdout, "\n  PLAN                  CHAIR masked\n") || strings.Contains(text.stdout, "CHAIR masked\n  ORDER") {
		t.Errorf("of a policy of one's own: %d, %s", own.status, own.stderr)
	}
}

// Everything that is wrong with a policy is listed, by file and line, and what it takes
// from the built-in one; the status says whether it may be put in force.
func TestACheckListsEverythingByItsLine(t *testing.T) {
	folder := t.TempDir()
	sound, broken := filepath.Join(folder, "sound.csv"), filepath.Join(folder, "broken.csv")
	policyFile(t, sound, "p, MARAC_CHAIR, CHAIR, PLAN, read, full", "p, MARAC_CHAIR, CHAIR, PLAN, read, masked\n")
	got := accord(t.Context(), "policy", "check", sound)
	if got.status != 0 || got.stderr != "" || !strings.HasPrefix(got.stdout, sound+": sound, ") ||
		!strings.Contains(got.stdout, "\nRemoved against the built-in policy (line there):\n") || !strings.Contains(got.stdout, "  MARAC_CHAIR, CHAIR, PLAN, read, full\n") ||
		!strings.Contains(got.stdout, "\nAdded to the built-in policy (line here):\n") || !strings.Contains(got.stdout, "  MARAC_CHAIR, CHAIR, PLAN, read, masked\n") {
		t.Errorf("of a sound one: %+v", got)
	}
	if err := os.WriteFile(broken, []byte("p, IDVA, ASSIGNED, PLAN, read, full, deny\n\np, IDVA, ASIGNED, PLANS, read, full\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got = accord(t.Context(), "policy", "check", sound, broken)
	want := broken + ":1: a rule names no effect: every rule allows, and what no rule allows is withheld [effect]\n" +
		broken + `:3: unknown relation "ASIGNED"; did you mean ASSIGNED? [unknown-relation]` + "\n" +
		broken + `:3: unknown data class "PLANS"; did you mean PLAN? [unknown-class]` + "\nRemoved against "
	if got.status != 1 || got.stderr != "accord: 3 faults were found\n" || !strings.Contains(got.stdout, sound+": sound, ") || !strings.Contains(got.stdout, "\n\n"+want) {
		t.Errorf("of two: %d, %s%.2000s\nwant %s", got.status, got.stderr, got.stdout, want)
	}
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got = accord(t.Context(), "policy", "check", broken); got.status != 1 || got.stderr != "accord: 1 fault was found\n" || !strings.HasPrefix(got.stdout, broken+": the policy has no rule [empty]\n") {
		t.Errorf("of an empty one: %+v", got)
	}
	if got = accord(t.Context(), "policy", "check", "../../authz/policy.csv"); got.status != 0 || strings.Contains(got.stdout, "built-in") {
		t.Errorf("of the built-in one: %+v", got)
	}
	if got = accord(t.Context(), "policy", "check"); got.status != 2 {
		t.Errorf("of none: %+v", got)
	}
}

// hungUp tells a demo to hang up and returns what it says of it.
func (d *running) hungUp(t *testing.T) string {
	t.Helper()
	if err := d.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	select {
	case line := <-d.later:
		return line
	case <-time.After(time.Minute):
		t.Fatal("the demo says nothing")
		return ""
	}
}

// The program as it is in service: its policy is changed by a file and a signal, and a
// file that is not sound leaves everything as it was.
func TestADemoReadsItsPolicyAgainWhenItIsToldTo(t *testing.T) {
	temporary := t.TempDir()
	file := filepath.Join(temporary, "policy.csv")
	const line = "p, MARAC_COORDINATOR, CONVENOR, PLAN, read, full"
	policyFile(t, file, "", "")
	d := demoOn(t, temporary, with(free, "--policy", file)...)
	token := strings.TrimSpace(accord(t.Context(), "token", "--as", "coord.ellis", "--identity", d.identity).stdout)
	const query = "{ cases(first: 20) { edges { node { plan { id items { description } } } } } }"
	shown := ask(t, d.api, token, query)
	if strings.Contains(shown, "redactions") || !strings.Contains(shown, `"description":"`) {
		t.Fatalf("by the built-in policy: %s", shown)
	}

	policyFile(t, file, line, "p, MARAC_COORDINATOR, CONVENOR, PLAN, read, masked\n")
	if said := d.hungUp(t); said != "The access policy was read again and is in force." {
		t.Errorf("it says %s", said)
	}
	masked := ask(t, d.api, token, query)
	if !strings.HasSuffix(masked, `"extensions":{"redactions":[{"field":"Plan.items","reason":"MASKED"}]}}`) || strings.Contains(masked, "description") {
		t.Errorf("after the change: %s", masked)
	}

	policyFile(t, file, line, "p, MARAC_COORDINATOR, CONVENOR, PLANTED, read, full\n")
	if said := d.hungUp(t); said != "The access policy is refused, and the one in force stays: see accord policy check." {
		t.Errorf("it says %s", said)
	}
	if after := ask(t, d.api, token, query); after != masked {
		t.Errorf("after a file that is not sound: %s", after)
	}
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	d.wait()
	var logged struct{ Msg, Faults string }
	if err := json.Unmarshal(d.stderr.Bytes(), &logged); err != nil || d.status != 0 || logged.Msg != "the access policy is refused; the one in force stays" ||
		!regexp.MustCompile(`^\d+ unknown-class$`).MatchString(logged.Faults) || strings.Contains(d.stderr.String(), "PLANTED") {
		t.Errorf("it ended with %d and logged %v %s", d.status, err, d.stderr.String())
	}
}

func TestADemoDoesNotStartOnAPolicyThatIsNotSound(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	file := filepath.Join(folder, "policy.csv")
	policyFile(t, file, chairReadsActions, "p, MARAC_CHAIR, CHAIR, SAFE_CONTACT, read, full\n")
	got := accord(t.Context(), with([]string{"demo"}, with(free, "--policy", file)...)...)
	if got.status != 1 || got.stdout != "" || !strings.HasPrefix(got.stderr, "accord: the access policy in "+file+" is not sound: policy line ") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("%+v", got)
	}
	if names := left(t, folder); len(names) != 1 {
		t.Errorf("it left %v", names)
	}
}

// An explanation on the command line: of somebody of a demo that was stopped, with the
// audit log whole afterwards.
func TestADecisionIsExplainedOnTheCommandLine(t *testing.T) {
	stage.NeedsFile(t)
	folder := t.TempDir()
	s := stage.New(t, stage.Options{Folder: folder})
	var read struct {
		Data struct {
			Cases struct {
				Edges []struct{ Node struct{ Reference string } }
			}
		}
	}
	if err := json.Unmarshal(s.Ask(t, "coord.ellis", "{ cases(first: 1) { edges { node { reference } } } }", nil).Body, &read); err != nil || len(read.Data.Cases.Edges) != 1 {
		t.Fatal(err, read)
	}
	explain := []string{"policy", "explain", "--data", folder, "--keys", folder, "--case", read.Data.Cases.Edges[0].Node.Reference, "--field", "Person.address"}
	accord(t.Context(), with(explain, "--as", "coord.ellis")...).must(t, "beside a running program", 1, "opening the keys: another Accord is using this key folder")
	s.Close(t)
	before := accord(t.Context(), "audit", "verify", folder)
	got := accord(t.Context(), with(explain, "--as", "coord.ellis")...)
	for _, part := range []string{
		"Roles        MARAC_COORDINATOR\n", "Field        Person.address: opened by SAFE_CONTACT\n", "Excluded     no\n",
		"Relation     CONVENOR, by the area convened area_", "Cell         MARAC_COORDINATOR, CONVENOR, SAFE_CONTACT, read masked, reveal masked\n",
	} {
		if got.status != 0 || got.stderr != "" || !strings.Contains(got.stdout, part) {
			t.Errorf("%d, %s: no %q in\n%s", got.status, got.stderr, part, got.stdout)
		}
	}
	after := accord(t.Context(), "audit", "verify", folder)
	if after.status != 0 || entries(t, after) != entries(t, before)+1 {
		t.Errorf("the log has %d entries, then\n%s", entries(t, before), after.stdout)
	}
	accord(t.Context(), with(explain, "--as", "pc.nobody")...).must(t, "of nobody", 1,
		"nobody in the directory signs in by that name: give it as at sign-in, behind the agency (southvale-police/pc.ward), or the practitioner's id")
	if got := accord(t.Context(), explain...); got.status != 2 {
		t.Errorf("of nobody at all: %+v", got)
	}
}
