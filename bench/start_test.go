package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"accord/internal/demo"
	"accord/internal/devidp"
	"accord/internal/identity"
)

// BenchmarkStart starts the built program as make demo does, signs in as the
// coordinator and waits for the first answer, the pack of the next meeting:
// into a new folder, where the demo world is written first, and over a folder
// that holds it already. Stopping it is not measured.
func BenchmarkStart(b *testing.B) {
	binary := buildAccord(b)
	b.Run("new-folder", func(b *testing.B) {
		measureStarts(b, func() demoRun { return startDemo(b, binary, "127.0.0.1:0", b.TempDir()) })
	})
	b.Run("existing-folder", func(b *testing.B) {
		folder := b.TempDir()
		first := startDemo(b, binary, "127.0.0.1:0", folder)
		first.stop(b)
		// The directory holds the addresses of the sign-in: it comes back at the same.
		signIn := strings.TrimPrefix(first.signIn, "http://")
		measureStarts(b, func() demoRun { return startDemo(b, binary, signIn, folder) })
	})
}

func measureStarts(b *testing.B, start func() demoRun) {
	b.Helper()
	var open, computed time.Duration
	for b.Loop() {
		begun := time.Now()
		run := start()
		open += time.Since(begun)
		run.firstAnswer(b)
		b.StopTimer()
		run.stop(b)
		ended := run.process.ProcessState
		computed += ended.UserTime() + ended.SystemTime()
		b.StartTimer()
	}
	b.ReportMetric(float64(open.Milliseconds())/float64(b.N), "port-open-ms/op")
	b.ReportMetric(float64(computed.Milliseconds())/float64(b.N), "cpu-ms/op")
}

func buildAccord(b *testing.B) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "accord")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", binary, "accord/cmd/accord")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building Accord: %v\n%s", err, said)
	}
	return binary
}

// demoRun is a running demo, as it introduced itself.
type demoRun struct {
	process     *exec.Cmd
	signIn, api string
}

// startDemo starts the demo and returns when it says that it is open.
func startDemo(b *testing.B, binary, identityListen, folder string) demoRun {
	b.Helper()
	run := demoRun{process: exec.CommandContext(b.Context(), binary, "demo",
		"--listen", "127.0.0.1:0", "--identity-listen", identityListen, "--data", folder)}
	run.process.Stderr = os.Stderr
	output, err := run.process.StdoutPipe()
	if err != nil {
		b.Fatalf("listening to the demo: %v", err)
	}
	if err := run.process.Start(); err != nil {
		b.Fatalf("starting the demo: %v", err)
	}
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	for run.api == "" && lines.Scan() {
		switch words := strings.Fields(lines.Text()); {
		case len(words) == 2 && words[0] == "Sign-in":
			run.signIn = strings.TrimSuffix(words[1], "/<agency>")
		case len(words) == 2 && words[0] == "API":
			run.api = words[1]
		}
	}
	if run.api == "" || run.signIn == "" {
		b.Fatalf("the demo did not say where it answers: %v", errors.Join(lines.Err(), run.process.Wait()))
	}
	go func() { _, _ = io.Copy(io.Discard, output) }() // it must not wait for a reader
	return run
}

// firstAnswer signs in and asks for the pack.
func (r demoRun) firstAnswer(b *testing.B) {
	b.Helper()
	const login = "coord.ellis"
	token, err := identity.SignIn(b.Context(), identity.SignInRequest{
		Issuer: fmt.Sprintf("%s/%s", r.signIn, demo.AgencyOf(login)), ClientID: devidp.ClientID, Login: login, Password: demo.Password,
		Clock: time.Now, HTTPClient: http.DefaultClient,
	})
	if err != nil {
		b.Fatalf("signing in: %v", err)
	}
	client := &asker{url: r.api, token: token, body: packRequest(b, demo.NextMeeting)}
	if answer := string(client.ask(b)); !strings.Contains(answer, `"list":[{`) {
		b.Fatalf("that is not the pack: %s", answer[:min(len(answer), 400)])
	}
}

// stop ends the demo the way Ctrl-C does.
func (r demoRun) stop(b *testing.B) {
	b.Helper()
	if err := r.process.Process.Signal(os.Interrupt); err != nil {
		b.Fatalf("stopping the demo: %v", err)
	}
	if err := r.process.Wait(); err != nil {
		b.Fatalf("the demo did not end well: %v", err)
	}
}
