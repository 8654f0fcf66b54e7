//go:build !release

package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"accord/internal/demo"
)

// free are flags that let the machine choose both ports.
var free = []string{"--listen", "127.0.0.1:0", "--identity-listen", "127.0.0.1:0"}

func with(flags []string, more ...string) []string {
	return append(append([]string{}, flags...), more...)
}

// ask posts a query with a token and returns the answer.
func ask(t *testing.T, api, token, query string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api, strings.NewReader(`{"query":"`+query+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if closed := response.Body.Close(); err != nil || closed != nil {
		t.Fatal(err, closed)
	}
	return string(body)
}

// left are the names in a folder.
func left(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

var tokenAlone = regexp.MustCompile(`^[\w-]+\.[\w-]+\.[\w-]+\n$`)

// The demo as somebody meets it: it starts, says who can sign in, answers the
// line that is pasted, and ends with Ctrl-C, leaving nothing behind.
func TestTheDemoStartsAnswersThePastedLineAndEndsWithCtrlC(t *testing.T) {
	temporary := t.TempDir()
	d := startOf(t, watched, temporary, free...)
	for _, agency := range demo.Agencies() {
		for _, person := range agency.People {
			row := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(agency.Reference) + ` +` + regexp.QuoteMeta(person.Login) + ` +\S`)
			if !row.MatchString(d.printed) {
				t.Errorf("%s of %s is not in the table:\n%s", person.Login, agency.Reference, d.printed)
			}
		}
	}
	if !strings.Contains(d.printed, demo.Password) || strings.Contains(d.api+d.identity, ":0/") || d.api == "" || d.identity == "" {
		t.Errorf("printed\n%s", d.printed)
	}
	if folders := left(t, temporary); len(folders) != 1 || !strings.HasPrefix(folders[0], "accord-demo-") {
		t.Errorf("the temporary folder holds %v while the demo runs", folders)
	}

	t.Run("the pasted line", func(t *testing.T) {
		if _, err := exec.LookPath("curl"); err != nil {
			t.Skip("curl, which the line is for, is not installed here")
		}
		if !strings.Contains(d.curl, d.command.Path) {
			t.Errorf("the line runs another program: %s", d.curl)
		}
		output, err := exec.CommandContext(t.Context(), "sh", "-c", d.curl).Output()
		if err != nil || !strings.HasPrefix(string(output), `{"data":{"meeting":{"reference":"NM-MARAC-NEXT","kind":"MARAC_SCHEDULED","status":"LISTED"`) ||
			!strings.Contains(string(output), `{"field":"Person.address","reason":"MASKED"}`) {
			t.Errorf("pasted, the line answers %v %.400s", err, output)
		}
	})
	t.Run("a token and nothing else", func(t *testing.T) {
		got := accord(t.Context(), "token", "--as", "idva.byrne", "--identity", d.identity)
		if got.status != 0 || got.stderr != "" || !tokenAlone.MatchString(got.stdout) {
			t.Fatalf("status %d, stdout %q, stderr %q", got.status, got.stdout, got.stderr)
		}
		if answer := ask(t, d.api, strings.TrimSpace(got.stdout), "{ viewer { name } }"); answer != `{"data":{"viewer":{"name":"Sinead Byrne"}}}` {
			t.Errorf("with it Accord answers %s", answer)
		}
	})

	// A connection that somebody keeps open is not waited for.
	idle, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(d.api, "http://"), "/graphql"))
	if err != nil {
		t.Fatal(err)
	}
	if took := d.stop(t); took > 15*time.Second {
		t.Errorf("Ctrl-C took %s", took)
	}
	if err := idle.Close(); err != nil {
		t.Error(err)
	}
	if names := left(t, temporary); names != nil {
		t.Errorf("left behind: %v", names)
	}
	for _, address := range []string{d.api, d.identity} {
		host, _, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
		if connection, err := net.Dial("tcp", host); err == nil {
			_ = connection.Close()
			t.Errorf("something still answers at %s", host)
		}
	}
}

// With --data the world and its audit log outlive the program.
func TestAFolderIsKeptAndGoesOnWhereItWas(t *testing.T) {
	folder, temporary := filepath.Join(t.TempDir(), "not", "there", "yet"), t.TempDir()
	first := demoOn(t, temporary, with(free, "--data", folder)...)
	identity := []string{"--listen", "127.0.0.1:0", "--identity-listen", strings.TrimPrefix(first.identity, "http://")}
	token := func(d *running) string {
		return strings.TrimSpace(accord(t.Context(), "token", "--as", "coord.ellis", "--identity", d.identity).stdout)
	}
	const query = "{ meetings { edges { node { id reference status list { id position case { id reference } } } } } }"
	before := ask(t, first.api, token(first), query)
	if !strings.Contains(before, "NM-MARAC-NEXT") {
		t.Fatalf("answered %s", before)
	}

	second := accord(t.Context(), with(append([]string{"demo"}, free...), "--data", folder)...)
	second.must(t, "a second program on the folder", 1, "opening the keys: another Accord is using this key folder")
	beside := accord(t.Context(), "audit", "verify", folder)
	if beside.status != 0 || !strings.HasPrefix(beside.stdout, "The audit log is whole.\n") || beside.stderr != "" {
		t.Errorf("verified beside the running demo: %+v", beside)
	}
	if names := left(t, temporary); names != nil {
		t.Errorf("a demo with a folder of its own makes %v", names)
	}
	first.stop(t)

	stopped := accord(t.Context(), "audit", "verify", folder)
	moved := accord(t.Context(), with(append([]string{"demo"}, free...), "--data", folder)...)
	moved.must(t, "the folder with another sign-in", 1, "the people in "+folder+" sign in at "+first.identity+
		": start with --identity-listen "+strings.TrimPrefix(first.identity, "http://"))

	again := demoOn(t, temporary, with(identity, "--data", folder)...)
	if after := ask(t, again.api, token(again), query); after != before {
		t.Errorf("the world is another:\n%s\n%s", before, after)
	}
	again.stop(t)
	continued := accord(t.Context(), "audit", "verify", folder)
	if continued.status != 0 || origin(continued) != origin(stopped) || entries(t, continued) != entries(t, stopped)+1 {
		t.Errorf("the log does not go on where it was:\n%s\n%s", stopped.stdout, continued.stdout)
	}

	if err := os.Rename(filepath.Join(folder, worldFile), filepath.Join(folder, beginningFile)); err != nil {
		t.Fatal(err)
	}
	half := accord(t.Context(), append(append([]string{"demo"}, identity...), "--data", folder)...)
	half.must(t, "a folder whose world was not written to its end", 1,
		folder+" holds no whole demo world, because its first start was stopped: choose another folder")
}

// What is wrong with a command line is said in one line, at once, and leaves
// nothing running and nothing behind.
func TestWhatIsWrongIsSaidInOneLine(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	const here = "takes an address of this machine, such as 127.0.0.1:8080"
	const base = "--identity takes an address of this machine without an agency, such as http://127.0.0.1:9100"
	for name, c := range map[string]struct {
		arguments string
		status    int
		line      string
	}{
		"the API's port in use":       {"demo --identity-listen 127.0.0.1:0 --listen " + taken.Addr().String(), 1, "the port of " + taken.Addr().String() + " is in use: choose another address for --listen"},
		"the sign-in's port in use":   {"demo --listen 127.0.0.1:0 --identity-listen " + taken.Addr().String(), 1, "the port of " + taken.Addr().String() + " is in use: choose another address for --identity-listen"},
		"every address":               {"demo --listen 0.0.0.0:0", 1, "--listen " + here},
		"no address":                  {"demo --listen :8080", 1, "--listen " + here},
		"a name":                      {"demo --listen 127.0.0.1:0 --identity-listen example.org:80", 1, "--identity-listen " + here},
		"no port of this kind":        {"demo --listen 127.0.0.1:99999", 1, "127.0.0.1:99999 cannot be opened: choose another address for --listen"},
		"no scanner":                  {"demo --listen 127.0.0.1:0 --identity-listen 127.0.0.1:0 --malware-scanner unix:///nobody.ctl", 1, "the malware scanner is configured and does not answer: ping the malware scanner: reach the scanner: dial unix /nobody.ctl: connect: no such file or directory"},
		"a scanner elsewhere":         {"demo --listen 127.0.0.1:0 --identity-listen 127.0.0.1:0 --malware-scanner tcp://192.0.2.1:3310", 1, "the malware scanner must be on this machine, unless another is explicitly allowed: what is scanned crosses the network unencrypted"},
		"an unknown user":             {"token --as pc.nobody", 1, "nobody in the demo has this user name"},
		"nobody":                      {"token", 2, "missing flags: --as=USER"},
		"nothing answers":             {"token --as pc.ward --identity http://" + unused(t), 1, "The sign-in provider cannot be reached; check that it runs and that its address is right."},
		"something else answers":      {"token --as pc.ward --identity http://" + anotherServer(t), 1, "There is no sign-in provider at this address; check the agency in it."},
		"a provider elsewhere":        {"token --as pc.ward --identity http://192.0.2.1:9100", 1, base},
		"a provider elsewhere, https": {"token --as pc.ward --identity https://example.org", 1, base},
		"a provider with its agency":  {"token --as pc.ward --identity http://127.0.0.1:9100/southvale-police", 1, base},
		"a provider with a user":      {"token --as pc.ward --identity http://127.0.0.1@example.org", 1, base},
		"no URL":                      {"token --as pc.ward --identity ::", 1, base},
		"an unknown command":          {"dmeo", 2, `unexpected argument dmeo, did you mean "demo"?`},
	} {
		accord(t.Context(), strings.Fields(c.arguments)...).must(t, name, c.status, c.line)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	accord(stopped, append([]string{"demo"}, free...)...).mustBeSilent(t)
	if names := left(t, temporary); names != nil {
		t.Errorf("left behind: %v", names)
	}
}

// Ctrl-C while the demo starts is no fault.
func (e ended) mustBeSilent(t *testing.T) {
	t.Helper()
	if e != (ended{}) {
		t.Errorf("stopped before it had started: %+v", e)
	}
}

// unused is an address at which nothing answers.
func unused(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// anotherServer is an address at which something else answers.
func anotherServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close(); <-done })
	return listener.Addr().String()
}
