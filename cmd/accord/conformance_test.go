package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"accord/cmd/accord/stage"
)

// conformance is where the audits are, from here.
const conformance = "../../tests/conformance"

var audited = regexp.MustCompile(`(?m)^61 passed, 0 failed$`)

// TestGraphQLOverHTTPAudits holds the real program, signed in, against the audits
// of the GraphQL over HTTP specification that npm graphql-http has.
func TestGraphQLOverHTTPAudits(t *testing.T) {
	if _, err := os.Stat(conformance + "/node_modules/graphql-http"); err != nil {
		t.Fatal("the audits are not installed: run make conformance-packages")
	}
	s := stage.New(t, stage.Options{})
	command := exec.CommandContext(t.Context(), "node", "audits.mjs")
	command.Dir = conformance
	command.Env = append(os.Environ(), "ACCORD_URL="+s.URL(), "ACCORD_TOKEN="+s.Token(t, "coord.ellis"))
	output, err := command.CombinedOutput()
	t.Logf("node audits.mjs\n%s", output)
	if file := os.Getenv("ACCORD_AUDITS_TO"); file != "" { // make test shows it
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o750), os.WriteFile(file, output, 0o600)); err != nil {
			t.Error(err)
		}
	}
	if err != nil {
		t.Fatalf("the audits end with %v", err)
	}
	if !audited.Match(output) || strings.Contains(string(output), "FAIL") {
		t.Error("not all of the 61 audits ended as they must")
	}
}
