package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"

	"accord/internal/store"
)

// Apply implements store.Store.
func (s *Store) Apply(ctx context.Context, b store.Batch) error {
	if err := s.turns.Apply(ctx, s.declared, b); err != nil {
		return fmt.Errorf("apply: %w", err)
	}
	return nil
}

// commit commits turns that waited together in one transaction. The driver runs
// it again as often as the cluster says that it may, and asks again what became of
// a commit whose answer was lost; when it gives up, the outcome is unknown.
func (s *Store) commit(ctx context.Context, together []*store.Turn) (outcomes []error, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience.commit)
	defer cancel()
	err = s.transact(ctx, s.fingerprint, func(ctx context.Context, h head) error {
		outcomes, err = s.attempt(ctx, h, together)
		return err
	})
	return outcomes, err
}

// errTakenOver says that documents are now written with other keys than this
// program knows: it would write documents that no page finds.
var errTakenOver = errors.New("another version of the program has taken the database over: end this one, or start it again when the other has ended")

// transact runs f in a transaction that holds the head, if the head is declared to
// be whose.
func (s *Store) transact(ctx context.Context, whose string, f func(context.Context, head) error) error {
	session, err := s.client.StartSession()
	if err != nil {
		return failed(err, "start a session")
	}
	defer func() {
		leaving, cancel := s.leaving(ctx)
		defer cancel()
		session.EndSession(leaving)
	}()
	var refused error // by f, or before it: then it says itself what failed
	_, err = session.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		var h head
		if h, refused = s.hold(ctx, whose); refused == nil {
			refused = f(ctx, h)
		}
		return nil, refused
	}, options.Transaction().SetReadConcern(readconcern.Snapshot()).
		SetWriteConcern(onDisks()).SetReadPreference(readpref.Primary()))
	if refused != nil {
		return err //nolint:wrapcheck // f's, or the driver's that says so
	}
	return failed(err, "commit")
}

// hold changes the head first: to be in nobody's way later. Who comes second
// begins again before it has done anything.
func (s *Store) hold(ctx context.Context, whose string) (h head, err error) {
	err = s.state().FindOneAndUpdate(ctx, bson.D{equals("_id", headID)},
		bson.D{{Key: opAdd, Value: bson.D{equals("commits", int64(1))}}},
		options.FindOneAndUpdate().SetReturnDocument(options.Before).SetHint(byID)).Decode(&h)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return h, errors.New("the log is damaged: there is no head")
	case err != nil:
		return h, failed(err, "hold the head")
	case h.Declared != whose && strings.HasPrefix(h.Declared, copyFence):
		return h, beingCopied{}
	case h.Declared != whose:
		return h, errTakenOver
	}
	return h, nil
}

func (s *Store) attempt(ctx context.Context, h head, together []*store.Turn) ([]error, error) {
	l, err := s.readLedger(ctx, h, together)
	if err != nil {
		return nil, err
	}
	outcomes := make([]error, len(together))
	entered := 0
	for i, turn := range together {
		outcomes[i] = l.enter(turn)
		if lost, ok := errors.AsType[errLedgerLost](outcomes[i]); ok {
			return nil, lost.error
		}
		if outcomes[i] == nil {
			entered++
		}
	}
	if entered == 0 {
		// The head's change is committed all the same: what a transaction has read is
		// a majority's only once it is, and a refusal is told as a fact.
		return outcomes, nil
	}
	return outcomes, s.write(ctx, l)
}

// write puts what a ledger leaves into the cluster, in the transaction of ctx. All
// it needs to know was read there, so nothing here is refused but by the cluster
// failing.
func (s *Store) write(ctx context.Context, l *ledger) error {
	for _, part := range []func(context.Context, *ledger) error{
		s.writeDocuments, s.writeClaims, s.writeExclusions, s.writeReceipts, s.writeMessages, s.writeLog,
	} {
		if err := part(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) insert(ctx context.Context, collection string, rows any) error {
	if _, err := s.database.Collection(collection).InsertMany(ctx, rows); err != nil {
		return failed(err, "insert into %s", collection)
	}
	return nil
}

func (s *Store) remove(ctx context.Context, collection string, ids []string) error {
	_, err := s.database.Collection(collection).DeleteMany(ctx, bson.D{anyOf("_id", ids)}, options.DeleteMany().SetHint(byID))
	if err != nil {
		return failed(err, "delete from %s", collection)
	}
	return nil
}

func (s *Store) writeDocuments(ctx context.Context, l *ledger) error {
	var created []bson.Raw
	var changed []mongo.WriteModel
	for _, id := range l.written {
		body, err := s.withKeys(l.documents[id], l.bodies[id])
		if err != nil {
			return err
		}
		before, there := l.stored[id]
		if !there {
			created = append(created, body)
			continue
		}
		changed = append(changed, mongo.NewReplaceOneModel().SetHint(byID).SetReplacement(body).
			SetFilter(bson.D{equals("_id", id), equals("fam", before.Family), equals("v", before.Version)}))
	}
	if len(created) > 0 {
		if err := s.insert(ctx, documentCollection, created); err != nil {
			return err
		}
	}
	if len(changed) == 0 {
		return nil
	}
	result, err := s.database.Collection(documentCollection).BulkWrite(ctx, changed)
	if err != nil {
		return failed(err, "replace documents")
	}
	if result.MatchedCount != int64(len(changed)) {
		return errors.New("replace documents: the cluster found others than it had shown")
	}
	return nil
}

// writeClaims gives back before it takes: a key may go from one document to
// another.
func (s *Store) writeClaims(ctx context.Context, l *ledger) error {
	var back []string
	var taken []claim
	for id, holder := range l.claimed {
		if l.claims[id] != holder {
			back = append(back, id)
		}
	}
	for id, holder := range l.claims {
		if l.claimed[id] != holder {
			taken = append(taken, claim{ID: id, Document: holder})
		}
	}
	if len(back) > 0 {
		if err := s.remove(ctx, claimCollection, back); err != nil {
			return err
		}
	}
	if len(taken) == 0 {
		return nil
	}
	return s.insert(ctx, claimCollection, taken)
}

func (s *Store) writeExclusions(ctx context.Context, l *ledger) error {
	models := make([]mongo.WriteModel, 0, len(l.excluded))
	for x, stands := range l.excluded {
		models = append(models, putOrRemove(exclusionRow(x), stands))
	}
	return s.bulk(ctx, exclusionCollection, models)
}

func exclusionRow(x store.Exclusion) bson.D {
	return bson.D{equals("_id", joined(x.Principal, x.Family)), equals("p", x.Principal), equals("fam", x.Family)}
}

func receiptRow(r store.Receipt) bson.D {
	return bson.D{
		equals("_id", joined(r.Person, r.Key)), equals("until", bson.NewDateTimeFromTime(r.Until)), equals("input", r.Input), equals("result", r.Result),
	}
}

func (s *Store) writeReceipts(ctx context.Context, l *ledger) error {
	models := make([]mongo.WriteModel, 0, len(l.kept))
	for _, r := range l.kept {
		models = append(models, putOrRemove(receiptRow(r), true))
	}
	return s.bulk(ctx, receiptCollection, models)
}

// putOrRemove makes the row with this id what it is here, or not there. The id is
// its first element.
func putOrRemove(row bson.D, there bool) mongo.WriteModel {
	if there {
		return mongo.NewReplaceOneModel().SetFilter(row[:1]).SetReplacement(row).SetUpsert(true).SetHint(byID)
	}
	return mongo.NewDeleteOneModel().SetFilter(row[:1]).SetHint(byID)
}

func (s *Store) bulk(ctx context.Context, collection string, models []mongo.WriteModel) error {
	if len(models) == 0 {
		return nil
	}
	if _, err := s.database.Collection(collection).BulkWrite(ctx, models); err != nil {
		return failed(err, "write into %s", collection)
	}
	return nil
}

func (s *Store) writeMessages(ctx context.Context, l *ledger) error {
	if len(l.delivered) > 0 {
		ids := make([]string, 0, len(l.delivered))
		for id := range l.delivered {
			ids = append(ids, id)
		}
		if err := s.remove(ctx, outboxCollection, ids); err != nil {
			return err
		}
	}
	if len(l.messages) == 0 {
		return nil
	}
	return s.insert(ctx, outboxCollection, l.messages)
}

// writeLog writes the entries, and the head that ends with them.
func (s *Store) writeLog(ctx context.Context, l *ledger) error {
	if len(l.entries) > 0 {
		if err := s.insert(ctx, logCollection, l.entries); err != nil {
			return err
		}
	}
	set, err := l.signedHead(s.sign)
	if err != nil {
		return err
	}
	_, err = s.state().UpdateOne(ctx, bson.D{equals("_id", headID)}, bson.D{{Key: opSet, Value: set}}, options.UpdateOne().SetHint(byID))
	if err != nil {
		return failed(err, "write the head")
	}
	return nil
}
