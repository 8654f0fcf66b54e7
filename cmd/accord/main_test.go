package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// built is a folder for programs that the tests build; TestMain removes it.
var built string

// binary is the program as it is built for the demo, once and only for a test that
// needs a process of its own.
var binary = sync.OnceValues(func() (string, error) {
	file := filepath.Join(built, "accord")
	return file, build(file)
})

// watched is the same with the race detector. It is several times as slow to start,
// so that one demo from its start to its end is enough. The flags are those of make
// test, which has compiled everything with them already.
var watched = sync.OnceValues(func() (string, error) {
	file := filepath.Join(built, "accord-watched")
	return file, build(file, "-race", "-gcflags=modernc.org/...=-d=checkptr=0",
		"-gcflags=modernc.org/sqlite/lib=-race=false", "-gcflags=modernc.org/libc/...=-race=false")
})

func TestMain(m *testing.M) { os.Exit(runInFolder(m)) }

func runInFolder(m *testing.M) int {
	var err error
	if built, err = os.MkdirTemp("", "accord-built-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		if err := os.RemoveAll(built); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	return m.Run()
}

// build builds the program as a file.
func build(file string, flags ...string) error {
	command := exec.Command("go", append(append([]string{"build"}, flags...), "-o", file, ".")...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, output)
	}
	return nil
}

// ended is what a command line came to.
type ended struct {
	status         int
	stdout, stderr string
}

// accord runs a command line within the test.
func accord(ctx context.Context, arguments ...string) ended {
	var stdout, stderr bytes.Buffer
	status := run(ctx, arguments, &stdout, &stderr)
	return ended{status, stdout.String(), stderr.String()}
}

// must is one clear line on stderr, nothing on stdout, and the exit status.
func (e ended) must(t *testing.T, name string, status int, line string) {
	t.Helper()
	if e.status != status || e.stdout != "" || e.stderr != "accord: "+line+"\n" {
		t.Errorf("%s: status %d, stdout %q, stderr %q\nwant status %d and %q", name, e.status, e.stdout, e.stderr, status, line)
	}
}

// running is a demo in a process of its own.
type running struct {
	command  *exec.Cmd
	printed  string      // all of it, up to the line that says how to stop
	api      string      // URL
	identity string      // URL
	curl     string      // the line to paste
	later    chan string // the first lines behind that which says how to stop it

	stderr  bytes.Buffer
	waiting sync.Once
	status  int
}

// demoOn starts a demo and returns when it has said how to stop it. It is killed
// at the end of the test if it still runs.
func demoOn(t *testing.T, temporary string, arguments ...string) *running {
	t.Helper()
	return startOf(t, binary, temporary, arguments...)
}

// startOf is demoOn with a program built so.
func startOf(t *testing.T, program func() (string, error), temporary string, arguments ...string) *running {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatal(err)
	}
	d := &running{command: exec.Command(file, append([]string{"demo"}, arguments...)...), later: make(chan string, 100)}
	d.command.Env = append(os.Environ(), "TMPDIR="+temporary)
	d.command.Stderr = &d.stderr
	stdout, err := d.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.command.Process.Kill() // it has usually ended
		d.wait()
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		line := lines.Text()
		d.printed += line + "\n"
		switch {
		case strings.HasPrefix(line, "Sign-in "):
			d.identity = strings.TrimSuffix(strings.Fields(line)[1], "/<agency>")
		case strings.HasPrefix(line, "API "):
			d.api = strings.Fields(line)[1]
		case strings.HasPrefix(line, "curl "):
			d.curl = line
		case line == "Stop with Ctrl-C.":
			go d.follow(lines)
			return d
		}
	}
	d.wait()
	t.Fatalf("the demo ended before it had started: %s%s", d.printed, d.stderr.String())
	return nil
}

// follow reads what the demo prints to its end, so that it is never kept waiting.
func (d *running) follow(lines *bufio.Scanner) {
	for lines.Scan() {
		select {
		case d.later <- lines.Text():
		default:
		}
	}
}

func (d *running) wait() {
	d.waiting.Do(func() {
		_ = d.command.Wait() // the status says how it ended
		d.status = d.command.ProcessState.ExitCode()
	})
}

// stop presses Ctrl-C and returns how long the demo took to end.
func (d *running) stop(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := d.command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	d.wait()
	if d.status != 0 || d.stderr.Len() > 0 {
		t.Errorf("Ctrl-C ends the demo with status %d and %q", d.status, d.stderr.String())
	}
	return time.Since(begun)
}
