package sqlite

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// request is a batch on its way to the writer, with everything that can be
// computed before its turn.
type request struct {
	batch   store.Batch
	bodies  [][]byte    // the stored form of each write
	records []tlog.Hash // the record hash of each entry
	outcome chan error  // holds one
}

// Apply implements store.Store.
func (s *Store) Apply(ctx context.Context, b store.Batch) error {
	if err := s.apply(ctx, b); err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	return nil
}

func (s *Store) apply(ctx context.Context, b store.Batch) error {
	if err := s.declared.CheckBatch(b); err != nil {
		return err //nolint:wrapcheck // Apply wraps
	}
	r := &request{batch: b, outcome: make(chan error, 1)}
	for _, w := range b.Writes {
		body, err := store.EncodeDocument(w.Document)
		if err != nil {
			return err //nolint:wrapcheck // Apply wraps
		}
		r.bodies = append(r.bodies, body)
	}
	for _, entry := range b.Entries {
		r.records = append(r.records, tlog.RecordHash(entry))
	}
	select {
	case <-s.closing:
		return store.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return err //nolint:wrapcheck // Apply wraps
	}
	select {
	case s.requests <- r:
		// Taken up: from here on only the outcome counts, whatever becomes of ctx.
		return <-r.outcome
	case <-s.closing:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // Apply wraps
	}
}

// maxGroup bounds how many batches share a commit, and so how long the first of
// them waits.
const maxGroup = 128

// write is the writer: it takes the batches that wait and commits them together,
// one sync to disk for all.
func (s *Store) write() {
	defer close(s.stopped)
	for {
		select {
		case <-s.closing:
			return
		case r := <-s.requests:
			s.writer.serve(s.gather(r))
		}
	}
}

func (s *Store) gather(first *request) []*request {
	group := []*request{first}
	for len(group) < maxGroup {
		select {
		case r := <-s.requests:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

// writer owns the connection that writes and the edge of the log.
type writer struct {
	store  *Store
	conn   *connection
	tree   *edge
	unsure bool // a commit failed: the file knows how long the log is, the edge may not
}

// serve commits a group and tells everyone in it what became of their batch,
// which nobody learns before the whole is durable: a batch may have been found
// stale because of another one of the group.
func (w *writer) serve(group []*request) {
	ctx := context.Background() // no single caller may call the group off
	outcomes, err := w.commit(ctx, group)
	for i, r := range group {
		if err != nil {
			r.outcome <- err
		} else {
			r.outcome <- outcomes[i]
		}
	}
}

func (w *writer) commit(ctx context.Context, group []*request) (outcomes []error, err error) {
	if w.unsure {
		var tree *edge
		if tree, err = loadEdge(ctx, w.conn); err != nil {
			return nil, err
		}
		w.tree, w.unsure = tree, false
	}
	if _, err = w.conn.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.unsure = true
			// SQLite may have rolled back already; the first error is the one to tell.
			_, _ = w.conn.exec(ctx, `ROLLBACK`)
		}
	}()
	outcomes = make([]error, len(group))
	done := 0
	for i, r := range group {
		if outcomes[i], err = w.attempt(ctx, r); err != nil {
			return nil, err
		}
		if outcomes[i] == nil {
			done++
		}
	}
	if done == 0 {
		if _, err := w.conn.exec(ctx, `ROLLBACK`); err != nil {
			return nil, err
		}
		return outcomes, nil
	}
	if err := w.signHead(ctx); err != nil {
		return nil, err
	}
	if _, err := w.conn.exec(ctx, `COMMIT`); err != nil {
		return nil, err
	}
	return outcomes, w.tree.settle()
}

// attempt applies one batch in a savepoint of its own, so that its failure leaves
// the rest of the group alone. err is set when the transaction itself is lost.
func (w *writer) attempt(ctx context.Context, r *request) (outcome, err error) {
	if _, err := w.conn.exec(ctx, `SAVEPOINT batch`); err != nil {
		return nil, err
	}
	if outcome = w.applyBatch(ctx, r); outcome != nil {
		if _, err := w.conn.exec(ctx, `ROLLBACK TO batch`); err != nil {
			return nil, errors.Join(outcome, err)
		}
	} else if err := w.extendLog(ctx, r); err != nil {
		// Nothing about an entry can be refused, so this is the file failing; and the
		// edge of the log has moved on.
		return nil, err
	}
	if _, err := w.conn.exec(ctx, `RELEASE batch`); err != nil {
		return nil, errors.Join(outcome, err)
	}
	return outcome, nil
}

// signHead stores the signed tree head if the log has grown.
func (w *writer) signHead(ctx context.Context) error {
	if w.tree.grown == 0 {
		return nil
	}
	head, err := w.tree.head()
	if err != nil {
		return err
	}
	signed, err := w.store.sign(head)
	if err != nil {
		return fmt.Errorf("sign the tree head: %w", err)
	}
	_, err = w.conn.exec(ctx, `INSERT OR REPLACE INTO checkpoint (one, size, root, signed) VALUES (1, ?, ?, ?)`,
		head.N, head.Hash[:], signed)
	return err
}
