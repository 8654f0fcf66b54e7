package sqlite

import (
	"context"
	"errors"
	"fmt"

	"accord/internal/store"
)

// Apply implements store.Store.
func (s *Store) Apply(ctx context.Context, b store.Batch) error {
	if err := s.turns.Apply(ctx, s.declared, b); err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	return nil
}

// writer owns the connection that writes and the edge of the log.
type writer struct {
	store  *Store
	conn   *connection
	tree   *store.Edge
	unsure bool // a commit failed: the file knows how long the log is, the edge may not
}

// commit commits turns that waited together, each in a savepoint of its own.
func (w *writer) commit(ctx context.Context, together []*store.Turn) (outcomes []error, err error) {
	if w.unsure {
		var tree *store.Edge
		if tree, err = loadEdge(ctx, w.conn); err != nil {
			return nil, err
		}
		w.tree, w.unsure = tree, false
	}
	defer func() {
		if err != nil {
			w.unsure = true
			// SQLite may have rolled back already; the first error is the one to tell.
			_, _ = w.conn.exec(ctx, `ROLLBACK`)
		}
	}()
	if _, err = w.conn.exec(ctx, `BEGIN IMMEDIATE`); err != nil {
		return nil, err
	}
	outcomes = make([]error, len(together))
	done := 0
	for i, turn := range together {
		if outcomes[i], err = w.attempt(ctx, turn, len(together) == 1); err != nil {
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
	if err := w.tree.Settle(); err != nil {
		return nil, err
	}
	w.markLog()
	return outcomes, nil
}

// markLog marks how far the log has come, which is durable whether that can be
// written or not.
func (w *writer) markLog() {
	if head, err := w.tree.Head(); err == nil {
		_ = w.store.mark.set(head)
	}
}

// attempt applies one batch in a savepoint of its own, so that its failure leaves
// the rest alone; a batch that is alone has no need of one, whose copies of pages
// would be a third of the work. err is set when the transaction itself is lost.
func (w *writer) attempt(ctx context.Context, turn *store.Turn, alone bool) (outcome, err error) {
	if alone {
		if outcome = w.applyBatch(ctx, turn); outcome != nil {
			return outcome, nil
		}
		return nil, w.extendLog(ctx, turn)
	}
	if _, err := w.conn.exec(ctx, `SAVEPOINT batch`); err != nil {
		return nil, err
	}
	if outcome = w.applyBatch(ctx, turn); outcome != nil {
		if _, err := w.conn.exec(ctx, `ROLLBACK TO batch`); err != nil {
			return nil, errors.Join(outcome, err)
		}
	} else if err := w.extendLog(ctx, turn); err != nil {
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
	if w.tree.Grown() == 0 {
		return nil
	}
	head, err := w.tree.Head()
	if err != nil {
		return err
	}
	signed, err := w.store.sign(head)
	if err != nil {
		return fmt.Errorf("sign the tree head: %w", err)
	}
	_, err = w.conn.exec(ctx, setCheckpoint,
		head.N, head.Hash[:], signed)
	return err
}
