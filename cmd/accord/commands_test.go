package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"accord/authz"
)

func TestTheMatrixIsPrinted(t *testing.T) {
	got := accord(t.Context(), "policy", "matrix")
	if got.status != 0 || got.stderr != "" {
		t.Fatalf("status %d, stderr %q", got.status, got.stderr)
	}
	for _, word := range []string{authz.MaracCoordinator.String(), authz.Idva.String(), authz.Convenor.String(), authz.SafeContact.String(), authz.MeetingList.String()} {
		if !strings.Contains(got.stdout, word) {
			t.Errorf("%s is not in the matrix", word)
		}
	}
}

// A release has no demo, no token command and so no way in but the agencies' own
// sign-in.
func TestAReleaseHasNeitherDemoNorToken(t *testing.T) {
	release := filepath.Join(t.TempDir(), "accord")
	if err := build(release, "-tags", "release"); err != nil {
		t.Fatal(err)
	}
	help, err := exec.CommandContext(t.Context(), release, "--help").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, help)
	}
	if text := string(help); !strings.Contains(text, "audit verify") || strings.Contains(text, "demo") || strings.Contains(text, "token") {
		t.Errorf("the help of a release says\n%s", text)
	}
	for _, command := range []string{"demo", "token"} {
		refused := exec.CommandContext(t.Context(), release, command)
		output, _ := refused.CombinedOutput()
		if refused.ProcessState.ExitCode() != 2 || strings.Count(string(output), "\n") != 1 {
			t.Errorf("%s in a release: status %d, %s", command, refused.ProcessState.ExitCode(), output)
		}
	}
}
