package mongo

import (
	"context"
	"fmt"
	"maps"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// ledger judges batches that wait together, one after the other, against what
// their transaction has read, and gathers what all of them leave to be written.
// A batch that is refused leaves nothing in it.
type ledger struct {
	store *Store
	now   time.Time
	edge  *store.Edge

	stored    map[string]store.Document // documents as the cluster holds them
	documents map[string]store.Document // and as they are after the batches so far
	bodies    map[string]bson.Raw       // of those written
	written   []string                  // their ids, in order

	claimed map[string]string // claims as the cluster holds them: who has each
	claims  map[string]string // and after the batches so far

	receipts map[string]bool // live ones
	kept     map[string]store.Receipt

	excluded map[store.Exclusion]bool // Lifted is never set in the key; the value says whether it stands

	posted    int64           // messages posted so far, over all time
	waiting   map[string]bool // undelivered, of those that are asked about
	delivered map[string]bool // to be taken out of the cluster
	messages  []message       // to be put there

	entries []logEntry
}

// read loads everything the batches ask about, in the transaction of ctx.
func (s *Store) readLedger(ctx context.Context, h head, together []*store.Turn) (*ledger, error) {
	edge, err := h.edge()
	if err != nil {
		return nil, err
	}
	l := &ledger{
		store: s, now: s.clock(), edge: edge, posted: h.Posted,
		stored: map[string]store.Document{}, documents: map[string]store.Document{}, bodies: map[string]bson.Raw{},
		claimed: map[string]string{}, claims: map[string]string{},
		receipts: map[string]bool{}, kept: map[string]store.Receipt{}, excluded: map[store.Exclusion]bool{},
		waiting: map[string]bool{}, delivered: map[string]bool{},
	}
	var documents, claims, receipts, messages []string
	for _, turn := range together {
		for _, w := range turn.Batch.Writes {
			documents = append(documents, w.Document.ID)
			claims = append(claims, s.claimsOf(w.Document)...)
		}
		for _, g := range turn.Batch.Guards {
			documents = append(documents, g.ID)
		}
		if r := turn.Batch.Receipt; r != nil {
			receipts = append(receipts, joined(r.Person, r.Key))
		}
		for _, m := range turn.Batch.Outbox {
			messages = append(messages, m.ID)
		}
		messages = append(messages, turn.Batch.Delivered...)
	}
	// What failed has ended the transaction: nothing more is asked in it.
	if err = l.readDocuments(ctx, documents, claims); err == nil {
		err = l.readReceipts(ctx, receipts)
	}
	if err == nil {
		err = l.readMessages(ctx, messages)
	}
	return l, err
}

func (l *ledger) readDocuments(ctx context.Context, ids, claims []string) error {
	if len(ids) == 0 {
		return nil
	}
	var found []store.Document
	if err := l.store.findDocuments(ctx, documentsByID(ids), &found); err != nil {
		return err
	}
	for _, d := range found {
		l.stored[d.ID], l.documents[d.ID] = d, d
		claims = append(claims, l.store.claimsOf(d)...)
	}
	if len(claims) == 0 {
		return nil
	}
	return l.store.find(ctx, claimsByID(claims), func(raw bson.Raw) error {
		var c claim
		err := decode(raw, &c)
		l.claimed[c.ID], l.claims[c.ID] = c.Document, c.Document
		return err
	})
}

func (l *ledger) readReceipts(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return l.store.find(ctx, receiptsByID(ids), func(raw bson.Raw) error {
		var r receipt
		err := decode(raw, &r)
		l.receipts[r.ID] = lives(r.Until, l.now)
		return err
	})
}

func (l *ledger) readMessages(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return l.store.find(ctx, lookup{
		collection: outboxCollection, filter: bson.D{anyOf("_id", ids)}, hint: byID, project: bson.D{{Key: "_id", Value: 1}},
	}, func(raw bson.Raw) error {
		var m message
		err := decode(raw, &m)
		l.waiting[m.ID] = true
		return err
	})
}

// enter takes a batch in, or says why not: then nothing of it is in the ledger.
func (l *ledger) enter(turn *store.Turn) error {
	b := turn.Batch
	// The receipt first, so that a retry learns that it is one though its guards no
	// longer hold.
	if b.Receipt != nil && l.receipts[joined(b.Receipt.Person, b.Receipt.Key)] {
		return fmt.Errorf("receipt: %w", store.ErrDuplicate)
	}
	for _, g := range b.Guards {
		switch d, there := l.documents[g.ID]; {
		case !there:
			return store.ErrStale
		case d.Family != b.Family:
			return fmt.Errorf("document %q is guarded by a batch of another family", g.ID)
		case d.Version != g.Version:
			return store.ErrStale
		}
	}
	for _, w := range b.Writes {
		switch d, there := l.documents[w.Document.ID]; {
		case d.Version != w.Expect: // 0 when it is not there
			return store.ErrStale
		case there && (d.Family != w.Document.Family || d.Kind != w.Document.Kind):
			return fmt.Errorf("document %q would change its family or kind", d.ID)
		}
	}
	claims, err := l.claimsAfter(b)
	if err != nil {
		return err
	}
	delivered := make(map[string]bool, len(b.Delivered))
	for _, id := range b.Delivered {
		delivered[id] = true
	}
	for _, m := range b.Outbox {
		if l.waiting[m.ID] && !delivered[m.ID] {
			return fmt.Errorf("message: %w", store.ErrDuplicate)
		}
	}
	if err := l.takeEntries(turn); err != nil {
		return err
	}
	l.takeDocuments(turn, claims)
	l.takeRest(b)
	return nil
}

// claimsAfter are the claims of the documents the batch writes, if it leaves no
// two documents with one.
func (l *ledger) claimsAfter(b store.Batch) (map[string]string, error) {
	written := make(map[string]bool, len(b.Writes))
	for _, w := range b.Writes {
		written[w.Document.ID] = true
	}
	claims := make(map[string]string)
	for _, w := range b.Writes {
		for _, id := range l.store.claimsOf(w.Document) {
			_, twice := claims[id]
			// What a document of the batch has now is given back by it.
			if holder := l.claims[id]; twice || holder != "" && !written[holder] {
				return nil, fmt.Errorf("index %s: %w", indexOf(id), store.ErrDuplicate)
			}
			claims[id] = w.Document.ID
		}
	}
	return claims, nil
}

// takeEntries comes first of what is taken, since it alone can fail.
func (l *ledger) takeEntries(turn *store.Turn) error {
	for i, entry := range turn.Batch.Entries {
		n, _, hashes, err := l.edge.Append(turn.Records[i])
		if err != nil {
			return errLedgerLost{err}
		}
		l.entries = append(l.entries, logEntry{Number: n, Data: entry, Hashes: joinHashes(hashes)})
	}
	return nil
}

// errLedgerLost is no outcome of a batch: the edge has moved on, and nothing in
// the ledger can be trusted.
type errLedgerLost struct{ error }

func (l *ledger) takeDocuments(turn *store.Turn, claims map[string]string) {
	for i, w := range turn.Batch.Writes {
		d := w.Document
		if before, there := l.documents[d.ID]; there {
			for _, id := range l.store.claimsOf(before) {
				if l.claims[id] == d.ID {
					delete(l.claims, id)
				}
			}
		}
		if _, again := l.bodies[d.ID]; !again {
			l.written = append(l.written, d.ID)
		}
		l.documents[d.ID], l.bodies[d.ID] = d, turn.Bodies[i]
	}
	maps.Copy(l.claims, claims)
}

func (l *ledger) takeRest(b store.Batch) {
	for _, x := range b.Excluded {
		l.excluded[store.Exclusion{Principal: x.Principal, Family: x.Family}] = !x.Lifted
	}
	if r := b.Receipt; r != nil {
		id := joined(r.Person, r.Key)
		l.receipts[id], l.kept[id] = lives(r.Until, l.now), *r
	}
	for _, id := range b.Delivered {
		l.deliver(id)
	}
	for _, m := range b.Outbox {
		l.waiting[m.ID] = true
		l.messages = append(l.messages, message{ID: m.ID, Sequence: l.posted, Topic: m.Topic, Body: m.Body})
		l.posted++
	}
}

// deliver takes a message out of what the batches before have posted, or out of
// the cluster.
func (l *ledger) deliver(id string) {
	if !l.waiting[id] {
		return // delivered before
	}
	l.waiting[id] = false
	for i, m := range l.messages {
		if m.ID == id {
			l.messages = append(l.messages[:i], l.messages[i+1:]...)
			return
		}
	}
	l.delivered[id] = true
}

// signedHead is the head of the log with everything entered, signed if it has
// grown.
func (l *ledger) signedHead(sign store.Sign) (bson.D, error) {
	set := bson.D{equals("posted", l.posted)}
	if l.edge.Grown() == 0 {
		return set, nil
	}
	tree, err := l.edge.Head()
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what is damaged
	}
	signed, err := sign(tree)
	if err != nil {
		return nil, fmt.Errorf("sign the tree head: %w", err)
	}
	var hashes []tlog.Hash
	if hashes, err = l.edge.Hashes(); err != nil {
		return nil, err //nolint:wrapcheck // it says what is damaged
	}
	return append(set, equals("size", tree.N), equals("root", tree.Hash[:]), equals("edge", joinHashes(hashes)), equals("signed", signed)), nil
}
