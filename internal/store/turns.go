package store

import (
	"context"
	"fmt"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/mod/sumdb/tlog"
)

// Turns is where batches wait for the one who writes: a store commits those that
// wait together, at the price of one.
type Turns struct {
	waiting chan *Turn
	closing chan struct{}
	stopped chan struct{} // closed when the last batch has its outcome
	close   func()
}

// Turn is a batch on its way to the writer, with everything that can be computed
// before its turn.
type Turn struct {
	Batch   Batch
	Bodies  []bson.Raw  // the stored form of each write
	Records []tlog.Hash // the record hash of each entry
	outcome chan error  // holds one
}

// maxTogether bounds how many batches share a commit, and so how long the first
// of them waits.
const maxTogether = 128

// NewTurns serves turns, those that wait together, until Close. Commit returns
// what became of each; its error is that of all of them, whose outcome then is
// unknown. It is called by one goroutine, and no caller can call it off.
func NewTurns(commit func(ctx context.Context, together []*Turn) (outcomes []error, err error)) *Turns {
	t := &Turns{waiting: make(chan *Turn), closing: make(chan struct{}), stopped: make(chan struct{})}
	t.close = sync.OnceFunc(func() {
		close(t.closing)
		<-t.stopped
	})
	go t.serve(commit)
	return t
}

// Apply waits for the batch's turn and tells what became of it, as Store.Apply
// does.
func (t *Turns) Apply(ctx context.Context, declared *Declared, b Batch) error {
	if err := declared.CheckBatch(b); err != nil {
		return err
	}
	turn := &Turn{Batch: b, outcome: make(chan error, 1)}
	for _, w := range b.Writes {
		body, err := EncodeDocument(w.Document)
		if err != nil {
			return err
		}
		// It would take everything down that is committed with it.
		if len(body) > MaxDocumentBytes {
			return fmt.Errorf("document %q has %d bytes, more than %d", w.Document.ID, len(body), MaxDocumentBytes)
		}
		turn.Bodies = append(turn.Bodies, body)
	}
	for _, entry := range b.Entries {
		turn.Records = append(turn.Records, tlog.RecordHash(entry))
	}
	select {
	case <-t.closing:
		return ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err //nolint:wrapcheck // Store.Apply wraps
	}
	select {
	case t.waiting <- turn:
		// Taken up: from here on only the outcome counts, whatever becomes of ctx.
		return <-turn.outcome
	case <-t.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // Store.Apply wraps
	}
}

// Close stops taking turns and returns when the last one has its outcome. Closing
// again does nothing.
func (t *Turns) Close() { t.close() }

func (t *Turns) serve(commit func(context.Context, []*Turn) ([]error, error)) {
	defer close(t.stopped)
	for {
		select {
		case <-t.closing:
			return
		case first := <-t.waiting:
			together := t.gather(first)
			outcomes, err := commit(context.Background(), together)
			// Nobody learns before all is durable: a batch may have been found stale
			// because of another one of them.
			for i, turn := range together {
				if err != nil {
					turn.outcome <- err
				} else {
					turn.outcome <- outcomes[i]
				}
			}
		}
	}
}

func (t *Turns) gather(first *Turn) []*Turn {
	together := []*Turn{first}
	for len(together) < maxTogether {
		select {
		case turn := <-t.waiting:
			together = append(together, turn)
		default:
			return together
		}
	}
	return together
}
