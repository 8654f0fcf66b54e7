package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

const (
	insertDocument = `INSERT INTO document (id, kind, fam, version, body) VALUES (?, ?, ?, ?, ?)`
	updateDocument = `UPDATE document SET version = ?, body = ? WHERE id = ?`

	selectVersion = `SELECT fam, version FROM document WHERE id = ?`

	setCheckpoint = `INSERT OR REPLACE INTO checkpoint (one, size, root, signed) VALUES (1, ?, ?, ?)`

	insertMessage = `INSERT INTO outbox (id, topic, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`
	deleteMessage = `DELETE FROM outbox WHERE id = ?`

	insertExclusion = `INSERT OR IGNORE INTO excluded (principal, fam) VALUES (?, ?)`
	deleteExclusion = `DELETE FROM excluded WHERE principal = ? AND fam = ?`

	// Every new receipt takes a few dead ones with it.
	sweepReceipts = `DELETE FROM receipt WHERE (person, key) IN (
		SELECT person, key FROM receipt WHERE until < ? ORDER BY until LIMIT 8)`
	insertReceipt = `INSERT INTO receipt (person, key, until, input, result) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (person, key) DO UPDATE SET until = excluded.until, input = excluded.input, result = excluded.result
		WHERE until < ?`
)

// applyBatch does what the batch says, but for the log, within the savepoint of
// attempt.
func (w *writer) applyBatch(ctx context.Context, turn *store.Turn) error {
	if err := w.keepReceipt(ctx, turn.Batch.Receipt); err != nil {
		return err
	}
	if err := w.writeDocuments(ctx, turn); err != nil {
		return err
	}
	for _, x := range turn.Batch.Excluded {
		text := insertExclusion
		if x.Lifted {
			text = deleteExclusion
		}
		if _, err := w.conn.exec(ctx, text, x.Principal, x.Family); err != nil {
			return err
		}
	}
	for _, id := range turn.Batch.Delivered {
		if _, err := w.conn.exec(ctx, deleteMessage, id); err != nil {
			return err
		}
	}
	for _, m := range turn.Batch.Outbox {
		posted, err := w.conn.exec(ctx, insertMessage, m.ID, m.Topic, blob(m.Body))
		if err != nil {
			return err
		}
		if posted == 0 {
			return fmt.Errorf("message: %w", store.ErrDuplicate)
		}
	}
	return nil
}

// blob makes NULL of an empty slice, which the driver would do anyway.
func blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// keepReceipt comes before the guards, so that a retry learns that it is one
// though its guards no longer hold.
func (w *writer) keepReceipt(ctx context.Context, r *store.Receipt) error {
	if r == nil {
		return nil
	}
	now := w.store.clock().UnixMilli()
	result, err := json.Marshal(r.Result)
	if err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	kept, err := w.conn.exec(ctx, insertReceipt, r.Person, r.Key, r.Until.UnixMilli(), blob(r.Input), result, now)
	if err != nil {
		return err
	}
	if kept == 0 {
		return fmt.Errorf("receipt: %w", store.ErrDuplicate)
	}
	_, err = w.conn.exec(ctx, sweepReceipts, now)
	return err
}

// writeDocuments checks every guard before it writes the first document, and
// unique indexes when all are written.
func (w *writer) writeDocuments(ctx context.Context, turn *store.Turn) error {
	for _, g := range turn.Batch.Guards {
		if err := w.holds(ctx, turn.Batch.Family, g); err != nil {
			return err
		}
	}
	before := make([]*store.Document, len(turn.Batch.Writes))
	for i, write := range turn.Batch.Writes {
		old, err := w.guard(ctx, write)
		if err != nil {
			return err
		}
		before[i] = old
	}
	for i, write := range turn.Batch.Writes {
		d := write.Document
		var err error
		if before[i] == nil {
			_, err = w.conn.exec(ctx, insertDocument, d.ID, string(d.Kind), d.Family, d.Version, []byte(turn.Bodies[i]))
		} else {
			_, err = w.conn.exec(ctx, updateDocument, d.Version, []byte(turn.Bodies[i]), d.ID)
		}
		if err != nil {
			return err
		}
		for _, x := range w.store.declared.Of(d.Kind) {
			if err := place(ctx, w.conn, w.store.numbers[x.Name], x, before[i], d); err != nil {
				return err
			}
		}
	}
	for _, write := range turn.Batch.Writes {
		for _, x := range w.store.declared.Of(write.Document.Kind) {
			if !x.Unique {
				continue
			}
			switch another, err := taken(ctx, w.conn, w.store.numbers[x.Name], x, write.Document); {
			case err != nil:
				return err
			case another:
				return fmt.Errorf("index %s: %w", x.Name, store.ErrDuplicate)
			}
		}
	}
	return nil
}

// holds checks the guard of a document that is not written.
func (w *writer) holds(ctx context.Context, family string, g store.Guard) error {
	var stored string
	var version int64
	err := w.conn.row(ctx, selectVersion, []any{g.ID}, &stored, &version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrStale
	case err != nil:
		return err
	case stored != family:
		return fmt.Errorf("document %q is guarded by a batch of another family", g.ID)
	case version != g.Version:
		return store.ErrStale
	}
	return nil
}

// guard returns the document as it is stored, or nil when the write creates it.
func (w *writer) guard(ctx context.Context, write store.Write) (*store.Document, error) {
	var body []byte
	err := w.conn.row(ctx, selectOne, []any{write.Document.ID}, &body)
	if errors.Is(err, sql.ErrNoRows) {
		if write.Expect != 0 {
			return nil, store.ErrStale
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	old, err := store.DecodeDocument(body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the document before: %w", err)
	case old.Version != write.Expect:
		return nil, store.ErrStale
	case old.Family != write.Document.Family || old.Kind != write.Document.Kind:
		return nil, fmt.Errorf("document %q would change its family or kind", old.ID)
	}
	return &old, nil
}

func (w *writer) extendLog(ctx context.Context, turn *store.Turn) error {
	for i, entry := range turn.Batch.Entries {
		if err := appendEntry(ctx, w.conn, w.tree, entry, turn.Records[i]); err != nil {
			return err
		}
	}
	return nil
}

func appendEntry(ctx context.Context, c *connection, tree *store.Edge, entry []byte, record tlog.Hash) error {
	n, at, hashes, err := tree.Append(record)
	if err != nil {
		return err //nolint:wrapcheck // it says what it is about
	}
	if _, err := c.exec(ctx, `INSERT INTO log_entry (n, data) VALUES (?, ?)`, n, entry); err != nil {
		return err
	}
	for i, hash := range hashes {
		if _, err := c.exec(ctx, `INSERT INTO log_hash (i, hash) VALUES (?, ?)`, at+int64(i), hash[:]); err != nil {
			return err
		}
	}
	return nil
}
