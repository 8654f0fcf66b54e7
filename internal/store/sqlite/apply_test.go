package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
	"accord/internal/store/sqlite"
	"accord/internal/store/storetest"
)

// held is a Sign that lets a test stand inside a commit.
type held struct {
	entered chan tlog.Tree
	proceed chan error
}

func (h held) sign(tree tlog.Tree) ([]byte, error) {
	h.entered <- tree
	if err := <-h.proceed; err != nil {
		return nil, err
	}
	return storetest.Sign(tree)
}

func openHeld(t *testing.T) (*sqlite.Store, held) {
	t.Helper()
	h := held{entered: make(chan tlog.Tree), proceed: make(chan error)}
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: filepath.Join(t.TempDir(), "store.db"), Indexes: []store.Index{byUpdate}, Sign: h.sign, Clock: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, h
}

func TestABatchTakenUpIsNotUndoneByItsContext(t *testing.T) {
	s, h := openHeld(t)
	ctx, cancel := context.WithCancel(t.Context())
	outcome := make(chan error, 1)
	go func() { outcome <- change(ctx, s, 1, 0) }()
	<-h.entered
	cancel()
	h.proceed <- nil
	if err := <-outcome; err != nil {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Get(t.Context(), "case_000001"); err != nil {
		t.Fatal(err)
	}
}

func TestABatchNotTakenUpEndsWithItsContext(t *testing.T) {
	s, h := openHeld(t)
	first := make(chan error, 1)
	go func() { first <- change(t.Context(), s, 1, 0) }()
	<-h.entered // the writer is busy
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() { second <- change(ctx, s, 2, 0) }()
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	h.proceed <- nil
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "case_000002"); !errors.Is(err, store.ErrAbsent) {
		t.Fatalf("got %v", err)
	}
}

func TestNothingIsCommittedUnsigned(t *testing.T) {
	s, h := openHeld(t)
	outcome := make(chan error, 1)
	apply := func(signed error) error {
		go func() { outcome <- change(t.Context(), s, 1, 0) }()
		<-h.entered
		h.proceed <- signed
		return <-outcome
	}
	refused := errors.New("the signer is away")
	if err := apply(refused); !errors.Is(err, refused) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Get(t.Context(), "case_000001"); !errors.Is(err, store.ErrAbsent) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Log().Checkpoint(t.Context()); !errors.Is(err, store.ErrAbsent) {
		t.Fatalf("got %v", err)
	}
	if err := apply(nil); err != nil { // the log goes on as if nothing had been
		t.Fatal(err)
	}
	if tree := storetest.VerifyLog(t, s); tree.N != 1 {
		t.Fatalf("the log has %d entries", tree.N)
	}
}

// While one commit is under way the batches that come wait, and then share one
// commit: one signature, though some of them are refused.
func TestWaitingBatchesShareACommit(t *testing.T) {
	s, h := openHeld(t)
	first := make(chan error, 1)
	go func() { first <- change(t.Context(), s, 0, 0) }()
	<-h.entered

	const callers = 12
	var all, begun sync.WaitGroup
	outcomes := make([]error, callers)
	for i := range callers {
		begun.Add(1)
		all.Go(func() {
			begun.Done()
			outcomes[i] = change(t.Context(), s, 1+i/2, 0) // two for each case: one comes too late
		})
	}
	begun.Wait()
	h.proceed <- nil
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	finished := make(chan struct{})
	go func() { all.Wait(); close(finished) }()
	commits, size := 0, int64(0)
	for done := false; !done; {
		select {
		case tree := <-h.entered:
			commits, size = commits+1, tree.N
			h.proceed <- nil
		case <-finished:
			done = true
		}
	}
	saved := 0
	for _, err := range outcomes {
		switch {
		case err == nil:
			saved++
		case !errors.Is(err, store.ErrStale):
			t.Errorf("got %v", err)
		}
	}
	if saved != callers/2 || size != 1+callers/2 {
		t.Fatalf("%d batches were saved and the log has %d entries", saved, size)
	}
	if commits >= saved {
		t.Errorf("%d commits for %d batches", commits, saved)
	}
	storetest.VerifyLog(t, s)
}

func TestAReceiptLivesToItsLastMillisecond(t *testing.T) {
	now := noon()
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Path: filepath.Join(t.TempDir(), "store.db"), Sign: storetest.Sign, Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	keep := func(key string) error {
		return s.Apply(t.Context(), store.Batch{Receipt: &store.Receipt{Person: "ann", Key: key, Until: noon().Add(time.Hour)}})
	}
	for i := range 30 {
		if err := keep(fmt.Sprint("k", i)); err != nil {
			t.Fatal(err)
		}
	}
	now = noon().Add(time.Hour)
	if _, err := s.Receipt(t.Context(), "ann", "k0"); err != nil {
		t.Fatal(err)
	}
	if err := keep("k0"); !errors.Is(err, store.ErrDuplicate) {
		t.Fatalf("got %v", err)
	}
	now = now.Add(time.Millisecond)
	if _, err := s.Receipt(t.Context(), "ann", "k0"); !errors.Is(err, store.ErrAbsent) {
		t.Fatalf("got %v", err)
	}
	if err := keep("k0"); err != nil {
		t.Fatal(err)
	}
}
