package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"accord/internal/store"
)

// trial is the TB of a program that is no test.
type trial struct {
	ctx  context.Context //nolint:containedctx // a TB has one
	name string

	mu       sync.Mutex
	failures []string
	cleanups []func()
}

var _ TB = (*trial)(nil)

func (t *trial) Context() context.Context { return t.ctx }
func (t *trial) Name() string             { return t.name }
func (*trial) Helper()                    {}
func (*trial) Logf(string, ...any)        {}

func (t *trial) Cleanup(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cleanups = append(t.cleanups, f)
}

func (t *trial) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.failures) > 0
}

func (t *trial) Error(arguments ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = append(t.failures, strings.TrimSpace(fmt.Sprintln(arguments...)))
}

func (t *trial) Errorf(format string, arguments ...any) { t.Error(fmt.Sprintf(format, arguments...)) }

func (t *trial) Fatal(arguments ...any) {
	t.Error(arguments...)
	runtime.Goexit()
}

func (t *trial) Fatalf(format string, arguments ...any) { t.Fatal(fmt.Sprintf(format, arguments...)) }

// failure is the first of them on one line; nil when there is none.
func (t *trial) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.failures) == 0 {
		return nil
	}
	printable := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || unicode.IsSpace(r) {
			return r
		}
		return unicode.ReplacementChar
	}, t.failures[0])
	return errors.New(strings.Join(strings.Fields(printable), " "))
}

// grace is how long a trial that is called off may take to end.
const grace = 15 * time.Second

// Try runs check outside of a test, for no longer than patience, and returns the
// first thing it found, as one line. What the check opens is closed at its end. A
// check that does not end is left behind.
func Try(ctx context.Context, name string, patience time.Duration, check func(TB)) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	letGo, release := context.WithCancel(within)
	defer release()
	t := &trial{ctx: letGo, name: name}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer t.cleanUp(release)
		t.guarded(func() { check(t) })
	}()
	select {
	case <-ended:
	case <-within.Done():
		select {
		case <-ended:
		case <-time.After(grace):
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("broken off: %w", err)
		}
		return fmt.Errorf("not done after %s", patience)
	}
	return t.failure()
}

// guarded makes a failure of a panic.
func (t *trial) guarded(f func()) {
	defer func() {
		if panicked := recover(); panicked != nil {
			t.Errorf("panic: %v", panicked)
		}
	}()
	f()
}

// cleanUp ends the context of a trial that failed first, so that whoever still
// reads and writes for it lets go.
func (t *trial) cleanUp(release func()) {
	if t.Failed() {
		release()
	}
	t.mu.Lock()
	cleanups := t.cleanups
	t.cleanups = nil
	t.mu.Unlock()
	for _, cleanup := range slices.Backward(cleanups) {
		t.guarded(cleanup)
	}
}

// Opener opens an empty store with these indexes.
type Opener func(ctx context.Context, indexes []store.Index) (store.Store, error)

// Opened makes an Open of an opener: what does not open fails the contract, and
// what was opened is closed with it.
func (open Opener) Opened(t TB, indexes []store.Index) store.Store {
	t.Helper()
	s, err := open(t.Context(), indexes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// Hold holds a store to the contract outside of a test, and returns what broke
// it, as one line; nil when nothing did.
func (c Contract) Hold(ctx context.Context, open Opener) error {
	return Try(ctx, c.Group+": "+c.Sentence, c.Patience, func(t TB) { c.Check(t, open.Opened) })
}
