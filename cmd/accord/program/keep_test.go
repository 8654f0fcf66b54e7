package program

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"accord/internal/audit"
	"accord/internal/secrets"
	"accord/internal/store"
)

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// opened are the keys and the store of a new folder.
func opened(t *testing.T) (*Program, *secrets.Keyring, store.Store) {
	t.Helper()
	p, folder := &Program{logger: slog.New(slog.DiscardHandler)}, t.TempDir()
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(os.Mkdir(filepath.Join(folder, DataFolder), 0o700), os.Mkdir(filepath.Join(folder, KeyFolder), 0o700)); err != nil {
		t.Fatal(err)
	}
	keyring, documents, err := p.openData(t.Context(), Config{
		Data: filepath.Join(folder, DataFolder), Keys: filepath.Join(folder, KeyFolder), Clock: noon, Entropy: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, keyring, documents
}

func enterOne(t *testing.T, keyring *secrets.Keyring, documents store.Store) []byte {
	t.Helper()
	entry := audit.Entry{
		At: noon(), Request: audit.ID(keyring.Identifiers().New("request")), System: "a test",
		Operation: audit.Consultation, Action: "look", Outcome: audit.Done,
	}
	encoded, err := entry.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := documents.Apply(t.Context(), store.Batch{Entries: [][]byte{encoded}}); err != nil {
		t.Fatal(err)
	}
	head, err := documents.Log().Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func keptBy(t *testing.T, keyring *secrets.Keyring) []byte {
	t.Helper()
	kept, err := keyring.KeptCheckpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestTheKeysSeeTheLogGrowAndNothingElse(t *testing.T) {
	_, keyring, documents := opened(t)
	origin, _, err := originOf(keyring)
	if err != nil {
		t.Fatal(err)
	}
	keeper, err := newKeeper(t.Context(), keyring, documents.Log(), origin)
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.keep(t.Context()); err != nil || keptBy(t, keyring) != nil {
		t.Fatalf("of an empty log is kept %s, %v", keptBy(t, keyring), err)
	}
	for range 20 {
		head := enterOne(t, keyring, documents)
		if err := keeper.keep(t.Context()); err != nil || !bytes.Equal(keptBy(t, keyring), head) {
			t.Fatalf("kept is %s, %v, want %s", keptBy(t, keyring), err, head)
		}
	}
	// The file is put back under the program: what was seen stays seen.
	seen := keptBy(t, keyring)
	_, other, another := opened(t)
	enterOne(t, other, another)
	keeper.log = another.Log()
	if err := keeper.keep(t.Context()); err == nil || !bytes.Equal(keptBy(t, keyring), seen) {
		t.Errorf("another log is kept: %v", err)
	}
}

func TestTheNewestCheckpointIsKeptAtTheStartAndAtTheEnd(t *testing.T) {
	p, keyring, documents := opened(t)
	head := enterOne(t, keyring, documents)
	if err := p.keepLog(t.Context(), keyring, documents.Log()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(keptBy(t, keyring), head) {
		t.Error("at the start it is not kept")
	}
	for _, stop := range p.stops {
		stop()
	}
	p.stops = nil
	head = enterOne(t, keyring, documents)
	keeper := p.close[len(p.close)-1]
	if err := keeper.Close(); err != nil || !bytes.Equal(keptBy(t, keyring), head) {
		t.Errorf("at the end it is not kept: %v", err)
	}
}

func TestWhatRunsBesideTheRequestsIsDoneAtOnceAgainAndUntilClose(t *testing.T) {
	p := &Program{}
	done := make(chan struct{})
	p.beside(t.Context(), time.Millisecond, func(running context.Context) {
		select {
		case done <- struct{}{}:
		case <-running.Done():
		}
	})
	for range 3 {
		<-done
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
		t.Error("it goes on after Close")
	default:
	}
}
