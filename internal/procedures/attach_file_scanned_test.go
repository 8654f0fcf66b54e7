package procedures_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"accord/cmd/accord/program"
	"accord/cmd/accord/stage"
	"accord/domain/fault"
	"accord/internal/audit"
	"accord/internal/malware"
	"accord/internal/procedures"
)

// scannerDaemon is a malware scanner in process that speaks as clamd does. It finds
// something in whatever holds the word.
type scannerDaemon struct {
	address  string
	listener net.Listener
	read     atomic.Int64 // bytes of content
}

const foundIn = "EICAR-LIKE"

func newScanner(t *testing.T) *scannerDaemon {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", filepath.Join(t.TempDir(), "clamd.ctl"))
	if err != nil {
		t.Fatal(err)
	}
	d := &scannerDaemon{address: "unix://" + listener.Addr().String(), listener: listener}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			d.answer(connection)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return d
}

func (d *scannerDaemon) answer(connection net.Conn) {
	defer connection.Close()
	from := bufio.NewReader(connection)
	command, err := from.ReadString(0)
	if err != nil || command == "zPING\x00" {
		_, _ = io.WriteString(connection, "PONG\x00")
		return
	}
	var content []byte
	for {
		var length uint32
		if binary.Read(from, binary.BigEndian, &length) != nil {
			return
		}
		if length == 0 {
			break
		}
		part := make([]byte, length)
		if _, err := io.ReadFull(from, part); err != nil {
			return
		}
		content = append(content, part...)
	}
	d.read.Add(int64(len(content)))
	if bytes.Contains(content, []byte(foundIn)) {
		_, _ = io.WriteString(connection, "stream: Win.Test.Finding FOUND\x00")
		return
	}
	_, _ = io.WriteString(connection, "stream: OK\x00")
}

// Every file is shown to the scanner before it is kept. What it finds something in is
// not kept, and neither is what nobody could look at; both are entered, and what was
// found is told to the log alone.
func TestWhatTheScannerDoesNotCallCleanIsNotKept(t *testing.T) {
	daemon := newScanner(t)
	s := stage.New(t, stage.Options{MalwareScanner: daemon.address})
	of := recordsThatTakeFiles(t, s)
	clean := evidence(of.incident)
	attaches(t, s, "pc.ahmed", clean)
	if got := daemon.read.Load(); got != int64(len(clean.Content)) {
		t.Errorf("the scanner read %d bytes of %d", got, len(clean.Content))
	}
	infected := evidence(of.incident)
	infected.Content = attachedPDF(foundIn)
	before := s.Entered(t)
	refusal := s.Attach(t, "pc.ahmed", infected)
	if code, rule := codeOf(t, refusal.Body); refusal.Status != http.StatusBadRequest || code != "RULE_VIOLATION" || rule != "ATTACHMENT_MALWARE" {
		t.Errorf("what the scanner found something in: %d %s", refusal.Status, refusal.Body)
	}
	mustBeEntered(t, s, before, "ATTACHMENT_MALWARE")
	if strings.Contains(string(refusal.Body), "Win.Test") || !strings.Contains(s.Log(), `"signature":"Win.Test.Finding"`) {
		t.Errorf("what was found is told to whoever sent it, or to nobody: %s", refusal.Body)
	}
	s.Attach(t, "pc.ward", infected)
	if daemon.read.Load() != int64(len(clean.Content)+len(infected.Content)) {
		t.Error("the scanner is asked for whoever may not attach")
	}

	if err := daemon.listener.Close(); err != nil {
		t.Fatal(err)
	}
	before = s.Entered(t)
	down := s.Attach(t, "pc.ahmed", clean)
	if code, _ := codeOf(t, down.Body); down.Status != http.StatusServiceUnavailable || code != "UNAVAILABLE" || !strings.Contains(string(down.Body), "Nothing was changed") {
		t.Errorf("while the scanner is down: %d %s", down.Status, down.Body)
	}
	mustBeEntered(t, s, before, "UNAVAILABLE")
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 1 {
		t.Errorf("kept %v", seen)
	}
}

func mustBeEntered(t *testing.T, s *stage.Stage, from int64, rule audit.Rule) {
	t.Helper()
	if entries := s.Entries(t, from); !slices.ContainsFunc(entries, func(e audit.Entry) bool {
		return e.Action == "attachFile" && e.Operation == audit.Alteration && e.Outcome == audit.Refused && e.Rule == rule
	}) || slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Outcome == audit.Done }) {
		t.Errorf("entered as %+v", entries)
	}
}

// slow is a scanner that answers when nobody waits any more.
type slow struct{ asked chan struct{} }

func (s slow) Scan(ctx context.Context, _ io.Reader) (malware.Verdict, error) {
	close(s.asked)
	<-ctx.Done()
	return malware.Verdict{}, ctx.Err()
}

// broken is a scanner that says nothing, and no error either.
type broken struct{}

func (broken) Scan(context.Context, io.Reader) (malware.Verdict, error) {
	return malware.Verdict{}, nil
}

// A scanner that does not come to an end in the time of the request has called nothing
// clean; neither has one that has no words for it.
func TestAScannerThatDoesNotAnswerHasCalledNothingClean(t *testing.T) {
	s := stage.New(t, stage.Options{})
	of := recordsThatTakeFiles(t, s)
	file := procedures.FileAttachment{Record: of.incident, Name: "a.pdf", DeclaredType: "application/pdf", Content: attachedPDF("a")}
	ctx, cancel := context.WithCancel(t.Context())
	asked := slow{make(chan struct{})}
	go func() {
		<-asked.asked
		cancel()
	}()
	before := s.Entered(t)
	_, err := procedures.AttachFile(ctx, s.As(t, "pc.ahmed"), asked, file)
	if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a slow scanner: %v", err)
	}
	mustBeEntered(t, s, before, "UNAVAILABLE")
	if _, err := procedures.AttachFile(t.Context(), s.As(t, "pc.ahmed"), broken{}, file); fault.Of(err) == nil || fault.Of(err).Rule != "ATTACHMENT_MALWARE" {
		t.Errorf("a scanner that says nothing: %v", err)
	}
	if seen := attachmentsSeen(t, s, "pc.ahmed", of.caseID); len(seen) != 0 {
		t.Errorf("kept %v", seen)
	}
}

// A program whose scanner does not answer does not start, and has made nothing.
func TestNothingStartsWithoutTheScannerItIsToldToAsk(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct{ address, says string }{
		{"unix://" + filepath.Join(folder, "nobody.ctl"), "the malware scanner is configured and does not answer"},
		{"tcp://192.0.2.1:3310", "must be on this machine"},
		{"clamd", "unix://"},
	} {
		opened, err := program.Open(t.Context(), program.Config{
			Data: filepath.Join(folder, "data"), Keys: filepath.Join(folder, "keys"), MalwareScanner: c.address,
			Logger: slog.New(slog.DiscardHandler),
		})
		if err == nil {
			_ = opened.Close()
			t.Fatalf("started with %s", c.address)
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.address, err)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
			t.Errorf("made %v", left)
		}
	}
}
