package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/sqlite"
)

// Rounds and seed of the test below, from the environment: `make crash` runs 200,
// and a seed that failed can be given again.
const (
	crashRounds = "ACCORD_CRASH_ROUNDS"
	crashSeed   = "ACCORD_CRASH_SEED"
)

// Nothing that was acknowledged is lost when the process is killed, whatever it
// was about, and nothing is there by half.
func TestAKilledStoreLosesNothingItAcknowledged(t *testing.T) {
	rounds := int(number(t, crashRounds, 10))
	seed := number(t, crashSeed, rand.Uint64())
	t.Logf("%s=%d %s=%d", crashRounds, rounds, crashSeed, seed)
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "store.db")

	w := newWitness()
	var opened []time.Duration
	for round := range rounds {
		for n, m := range momentsOf(round, random) {
			w.hear(t, killedAt(t, path, fmt.Sprintf("%d.%d", round, n), m))
		}
		begun := time.Now() //nolint:forbidigo // how long it takes is what is reported
		s, err := openCrashed(t.Context(), path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		opened = append(opened, time.Since(begun)) //nolint:forbidigo // as above
		w.check(t, s, round%20 == 19 || round == rounds-1)
		w.hear(t, goOn(t, s, round))
		shut(t, s)
		if t.Failed() {
			t.Fatalf("after round %d", round)
		}
	}
	slices.Sort(opened)
	t.Logf("%d rounds: %d batches acknowledged and found, %d more found that nobody heard of, %d documents, %d entries",
		rounds, len(w.acknowledged), w.unheard(), len(w.documents), len(w.entries))
	t.Logf("open after a kill: median %s, longest %s", opened[len(opened)/2], opened[len(opened)-1])
	if len(w.acknowledged) == 0 {
		t.Error("no batch was ever acknowledged: the rounds prove nothing")
	}
}

func number(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s is no number: %v", name, err)
	}
	return n
}

// goOn makes an open store go on where it was, and returns what it acknowledged:
// guards, log and indexes fit.
func goOn(t *testing.T, s *sqlite.Store, round int) (acknowledged []string) {
	t.Helper()
	l := &load{store: s, name: fmt.Sprint(round, ".after"), say: func(line string) {
		acknowledged = append(acknowledged, strings.TrimPrefix(line, sayAcknowledged))
	}}
	batch := l.batch()
	b, err := l.wholeFamily(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.apply(t.Context(), told{Batch: batch}, b); err != nil {
		t.Fatal(err)
	}
	return acknowledged
}

// moment is when a process is killed: some time after it said a line, the given
// one or the first.
type moment struct {
	line        string
	times       int // how often it said it
	after       time.Duration
	checkpoints bool
}

// momentsOf are when the processes of a round are killed, one after the other,
// before anybody looks: while opening what another left behind, at the very first
// batches, in the middle of everything, and while checkpoints are made.
func momentsOf(round int, random *rand.Rand) []moment {
	within := func(d time.Duration) time.Duration { return time.Duration(random.Int64N(int64(d))) }
	underLoad := moment{line: sayOpen, times: 1, after: within(400 * time.Millisecond)}
	switch round % 4 {
	case 0:
		return []moment{{line: sayAcknowledged, times: 1 + random.IntN(5)}}
	case 1:
		underLoad.checkpoints = true
		return []moment{underLoad}
	case 2:
		opening := moment{line: sayOpening, times: 1, after: within(20 * time.Millisecond)}
		return []moment{underLoad, opening}
	default:
		return []moment{underLoad}
	}
}

// killedAt starts a process under load, kills it at a moment, and returns what it
// acknowledged.
func killedAt(t *testing.T, path, name string, m moment) (acknowledged []string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program)
	command.Env = append(os.Environ(), crashFile+"="+path, crashName+"="+name)
	if m.checkpoints {
		command.Env = append(command.Env, crashCheckpoints+"=1")
	}
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() { _ = command.Process.Kill() } // Wait tells whether it was killed
	said := 0
	for lines := bufio.NewReader(output); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the end, with a line cut short or without
		}
		line = strings.TrimSuffix(line, "\n")
		if entry, ok := strings.CutPrefix(line, sayAcknowledged); ok {
			acknowledged = append(acknowledged, entry)
		}
		if strings.HasPrefix(line, m.line) {
			said++
			if said == m.times {
				time.AfterFunc(m.after, kill)
			}
		}
	}
	err = command.Wait()
	ended, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		t.Fatalf("round %s: the process ended by itself: %v %s", name, err, complaints.String())
	}
	if status, ok := ended.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("round %s: the process was not killed but ended: %v %s", name, err, complaints.String())
	}
	return acknowledged
}

// page asks for a page of documents behind an id.
func page(t *testing.T, s store.Store, q store.Query) store.Page {
	t.Helper()
	q.Limit = store.MaxPage
	found, err := s.Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
