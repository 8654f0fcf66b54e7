package mongo

import (
	"context"
	"errors"
	"testing"
	"time"

	"accord/internal/store"
	"accord/internal/store/mongo/mongotest"
)

// mute lets every command of these names wait until the test ends.
func mute(server *mongotest.Server, names ...string) {
	for _, name := range names {
		server.Fail(mongotest.Failure{Command: name, Times: 1000, Until: make(chan struct{})})
	}
}

func TestAReadThatIsNeverAnsweredEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for sentence, command := range map[string]string{"at first": "find", "for its next part": "getMore"} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			s, server := alone(t, waiting(brief))
			apply(t, s, many(450))
			mute(server, command, "killCursors")
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			told := make(chan error, 1)
			go func() {
				_, err := s.Families(ctx, "note", []string{"many"}, store.MaxPage)
				told <- err
			}()
			select {
			case err := <-told:
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			case <-time.After(10 * time.Second):
				t.Error("the reader is still waiting")
				server.Close() // so that the store can be closed
			}
		})
	}
}

func TestAReadThatIsNeverAnsweredEndsWithPatience(t *testing.T) {
	t.Parallel()
	s, server := alone(t, waiting(brief))
	mute(server, "find")
	_, err := s.Get(context.Background(), "n")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// A commit that is never answered ends with patience, at whatever command; what
// became of it, the guards tell.
func TestACommitThatIsNeverAnsweredEndsWithPatience(t *testing.T) {
	t.Parallel()
	for sentence, c := range map[string]struct {
		failure mongotest.Failure
		mute    []string
		happens bool
	}{
		"at its first command":          {failure: mongotest.Failure{Command: "findAndModify"}},
		"at a read":                     {failure: mongotest.Failure{Command: "find"}},
		"at a write":                    {failure: mongotest.Failure{Command: "insert"}},
		"at a write, nor when it ends":  {failure: mongotest.Failure{Command: "insert"}, mute: []string{"abortTransaction"}},
		"at its end, before the effect": {failure: mongotest.Failure{Command: "commitTransaction"}},
		"at its end, after the effect":  {failure: mongotest.Failure{Command: "commitTransaction", AfterApplying: true}, happens: true},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			server := mongotest.Start(t, mongotest.Options{})
			other := opened(t, server)
			prepare(t, other)
			s := opened(t, server, waiting(brief))
			f := c.failure
			f.Until = make(chan struct{})
			if f.Command == "commitTransaction" {
				f.Times = 100 // it is asked again what became of it
			}
			server.Fail(f)
			mute(server, c.mute...)
			err := s.Apply(context.Background(), wide())
			if err == nil || errors.Is(err, store.ErrStale) || errors.Is(err, store.ErrDuplicate) || errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			if _, err := other.Get(t.Context(), "x"); c.happens != (err == nil) || err != nil && !errors.Is(err, store.ErrAbsent) {
				t.Errorf("whether it happened should be %t, and reading it says %v", c.happens, err)
			}
		})
	}
}

func TestACallerWhoGoesAwayIsToldWhatBecameOfTheBatch(t *testing.T) {
	t.Parallel()
	s, server := alone(t)
	arrived, until := make(chan struct{}), make(chan struct{})
	server.Fail(mongotest.Failure{Command: "commitTransaction", Arrived: arrived, Until: until})
	ctx, cancel := context.WithCancel(t.Context())
	taken := make(chan error)
	go func() { taken <- s.Apply(ctx, logging("one")) }()
	<-arrived
	cancel()
	// Who is not taken up yet may go, and nothing has happened.
	if err := s.Apply(ctx, logging("two")); !errors.Is(err, context.Canceled) {
		t.Errorf("who waits for a turn and goes is told %v", err)
	}
	select {
	case err := <-taken:
		t.Errorf("the batch is under way, and its caller is told %v", err)
	default:
	}
	close(until)
	if err := <-taken; err != nil {
		t.Errorf("the batch is committed, and its caller is told %v", err)
	}
	if all := entries(t, s); len(all) != 1 || all[0] != "one" {
		t.Errorf("the log holds %v", all)
	}
}
