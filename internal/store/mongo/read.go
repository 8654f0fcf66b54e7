package mongo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"accord/internal/store"
)

// lookup is a find: every one names its index, its order and how much it reads.
type lookup struct {
	collection string
	filter     bson.D
	hint       string
	sort       bson.D // nil where there is one order only, or none is asked for
	project    bson.D // nil for all
	limit      int    // 0 for all there are
}

func (l lookup) options() *options.FindOptionsBuilder {
	o := options.Find().SetHint(l.hint)
	if l.sort != nil {
		o.SetSort(l.sort)
	}
	if l.project != nil {
		o.SetProjection(l.project)
	}
	if l.limit > 0 {
		o.SetLimit(int64(l.limit)).SetBatchSize(l.batch())
	}
	return o
}

// batch brings a page in one answer: at most MaxPage and one more.
func (l lookup) batch() int32 { return int32(l.limit) } //nolint:gosec // small

// withoutKeys leaves out what only the indexes need.
var withoutKeys = bson.D{{Key: keysField, Value: 0}}

// find calls each for every document found, whose bytes are each's to keep.
func (s *Store) find(ctx context.Context, l lookup, each func(bson.Raw) error) (err error) {
	cursor, err := s.database.Collection(l.collection).Find(ctx, l.filter, l.options())
	if err != nil {
		return failed(err, "find in %s", l.collection)
	}
	defer func() {
		leaving, cancel := s.leaving(ctx)
		defer cancel()
		if closed := cursor.Close(leaving); err == nil && closed != nil {
			err = failed(closed, "find in %s", l.collection)
		}
	}()
	for cursor.Next(ctx) {
		// The cursor reads its next batch into the same memory.
		if err := each(bytes.Clone(cursor.Current)); err != nil {
			return fmt.Errorf("read from %s: %w", l.collection, err)
		}
	}
	if err := cursor.Err(); err != nil {
		return failed(err, "find in %s", l.collection)
	}
	return nil
}

var errMalformed = errors.New("what is stored is malformed")

// decode reads a stored document that is not a store.Document. What the driver
// says of a malformed one may repeat its values.
func decode(raw bson.Raw, into any) error {
	if bson.Unmarshal(raw, into) != nil {
		return errMalformed
	}
	return nil
}

// findDocuments appends what is found.
func (s *Store) findDocuments(ctx context.Context, l lookup, into *[]store.Document) error {
	return s.find(ctx, l, func(raw bson.Raw) error {
		d, err := store.DecodeDocument(raw)
		*into = append(*into, d)
		return err //nolint:wrapcheck // find says where it is read from
	})
}

// findOne decodes the only document there can be, or returns store.ErrAbsent.
func (s *Store) findOne(ctx context.Context, l lookup, into any) error {
	l.limit = 1
	found := false
	err := s.find(ctx, l, func(raw bson.Raw) error {
		found = true
		return decode(raw, into)
	})
	if err == nil && !found {
		return store.ErrAbsent
	}
	return err
}

// read runs f in a session whose finds all see one state, which a majority of the
// cluster holds: everything that was committed before read began is in it. After
// an election under way f is run again, so it begins by forgetting what it found.
func (s *Store) read(ctx context.Context, f func(context.Context) error) error {
	s.reading.RLock()
	defer s.reading.RUnlock()
	if s.closed {
		return store.ErrClosed
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience.read)
	defer cancel()
	for {
		if err := s.settle(ctx); err != nil {
			return err
		}
		if err := s.readOnce(ctx, f); err != nil || !s.elections.due() {
			return err
		}
	}
}

func (s *Store) readOnce(ctx context.Context, f func(context.Context) error) error {
	session, err := s.client.StartSession(options.Session().SetSnapshot(true))
	if err != nil {
		return failed(err, "start a session")
	}
	defer session.EndSession(ctx)
	return f(mongo.NewSessionContext(ctx, session))
}

// Get implements store.Store.
func (s *Store) Get(ctx context.Context, id string) (store.Document, error) {
	documents, err := s.GetMany(ctx, []string{id})
	if err == nil && len(documents) == 0 {
		err = store.ErrAbsent
	}
	if err != nil {
		return store.Document{}, fmt.Errorf("get: %w", err)
	}
	return documents[0], nil
}

func documentsByID(ids []string) lookup {
	return lookup{collection: documentCollection, filter: bson.D{anyOf("_id", ids)}, hint: byID, project: withoutKeys}
}

// GetMany implements store.Store.
func (s *Store) GetMany(ctx context.Context, ids []string) ([]store.Document, error) {
	if err := store.CheckList(len(ids)); err != nil {
		return nil, fmt.Errorf("get many: %w", err)
	}
	var found []store.Document
	err := s.read(ctx, func(ctx context.Context) error {
		if found = nil; len(ids) == 0 {
			return nil
		}
		return s.findDocuments(ctx, documentsByID(ids), &found)
	})
	if err != nil {
		return nil, fmt.Errorf("get many: %w", err)
	}
	byID := make(map[string]store.Document, len(found))
	for _, d := range found {
		byID[d.ID] = d
	}
	documents := make([]store.Document, 0, len(ids))
	for _, id := range ids {
		if d, ok := byID[id]; ok {
			documents = append(documents, d)
		}
	}
	return documents, nil
}

// Families implements store.Store. What a family holds above the limit is read
// and dropped: no find can say "so many of each".
func (s *Store) Families(ctx context.Context, kind store.Kind, families []string, limit int) ([]store.Document, error) {
	err := cmp.Or(s.declared.CheckKind(kind), store.CheckList(len(families)), store.CheckLimit(limit))
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	var found []store.Document
	err = s.read(ctx, func(ctx context.Context) error {
		if found = nil; len(families) == 0 {
			return nil
		}
		return s.findDocuments(ctx, lookup{
			collection: documentCollection, filter: bson.D{equals("kind", string(kind)), anyOf("fam", families)},
			hint: byFamily, sort: bson.D{{Key: "fam", Value: 1}, {Key: "_id", Value: 1}}, project: withoutKeys,
		}, &found)
	})
	if err != nil {
		return nil, fmt.Errorf("families: %w", err)
	}
	byFamily := make(map[string][]store.Document, len(families))
	for _, d := range found {
		if members := byFamily[d.Family]; len(members) < limit {
			byFamily[d.Family] = append(members, d)
		}
	}
	documents := make([]store.Document, 0, len(found))
	for _, family := range families {
		documents = append(documents, byFamily[family]...)
	}
	return documents, nil
}

// Find implements store.Store.
func (s *Store) Find(ctx context.Context, q store.Query) (store.Page, error) {
	x, err := s.declared.CheckQuery(q)
	if err == nil {
		err = store.CheckLimit(q.Limit)
	}
	if err != nil {
		return store.Page{}, fmt.Errorf("find: %w", err)
	}
	var found []store.Document
	err = s.read(ctx, func(ctx context.Context) error {
		found = nil
		l, failed := s.pageOf(ctx, x, q, q.Limit+1)
		if failed != nil || l.limit == 0 {
			return failed
		}
		return s.findDocuments(ctx, l, &found)
	})
	if err != nil {
		return store.Page{}, fmt.Errorf("find in index %s: %w", x.Name, err)
	}
	// What the server read is told by explain alone; this is what it gathered.
	page := store.Page{Documents: found, More: len(found) > q.Limit, Examined: len(found)}
	if page.More {
		page.Documents = found[:q.Limit]
	}
	return page, nil
}

// Count implements store.Store.
func (s *Store) Count(ctx context.Context, q store.Query, limit int) (int, error) {
	x, err := s.declared.CheckQuery(q)
	if err == nil {
		err = store.CheckLimit(limit)
	}
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	n := 0
	err = s.read(ctx, func(ctx context.Context) error {
		n = 0
		l, failed := s.pageOf(ctx, x, q, limit)
		if failed != nil || l.limit == 0 {
			return failed
		}
		l.project = bson.D{{Key: "_id", Value: 0}, {Key: s.slots[x.Name].path(), Value: 1}} // the index holds it
		return s.find(ctx, l, func(bson.Raw) error {
			n++
			return nil
		})
	})
	if err != nil {
		return 0, fmt.Errorf("count in index %s: %w", x.Name, err)
	}
	return n, nil
}

// pageOf is the lookup of a query, without a limit when it can find nothing. It is
// one range of one index for each token, which the server merges in the order
// asked for; a document with several of the tokens is found once.
func (s *Store) pageOf(ctx context.Context, x store.Index, q store.Query, limit int) (lookup, error) {
	at := s.slots[x.Name]
	near, far := at.key(x.Near(q.Equal)), at.key(x.Far(q.Equal))
	direction := 1
	if x.Descending {
		direction = -1
	}
	if q.After != nil {
		behind := at.key(x.KeyAt(q.Equal, q.After.Order) + q.After.ID)
		if x.Descending {
			far = min(far, behind)
		} else {
			near = max(near, behind)
		}
	}
	l := lookup{
		collection: documentCollection, hint: at.index(), project: withoutKeys, limit: limit,
		sort: bson.D{{Key: at.path(), Value: direction}},
	}
	keys := equals(at.path(), bson.D{{Key: opAbove, Value: near}, {Key: opBelow, Value: far}})
	if !x.Visible {
		l.filter = bson.D{keys}
		return l, nil
	}
	if len(q.Tokens) == 0 {
		return lookup{}, nil
	}
	l.filter = bson.D{anyOf("vis", q.Tokens), keys}
	if q.Excluded == "" {
		return l, nil
	}
	families, err := s.excluded(ctx, q.Excluded)
	if err != nil {
		return lookup{}, err
	}
	if len(families) > 0 {
		l.filter = append(l.filter, equals("fam", bson.D{{Key: opNotIn, Value: families}}))
	}
	return l, nil
}

// Excluded implements store.Store.
func (s *Store) Excluded(ctx context.Context, principal string) (families []string, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		families, err = s.excluded(ctx, principal)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("excluded: %w", err)
	}
	return families, nil
}

func (s *Store) excluded(ctx context.Context, principal string) ([]string, error) {
	var families []string
	err := s.find(ctx, lookup{
		collection: exclusionCollection, filter: bson.D{equals("p", principal)}, hint: byPrincipal,
		sort: bson.D{{Key: "fam", Value: 1}}, project: bson.D{{Key: "_id", Value: 0}, {Key: "fam", Value: 1}},
	}, func(raw bson.Raw) error {
		var row struct {
			Family string `bson:"fam"`
		}
		err := decode(raw, &row)
		families = append(families, row.Family)
		return err
	})
	return families, err
}

// receipt is the stored form of a store.Receipt.
type receipt struct {
	ID     string    `bson:"_id"`
	Until  time.Time `bson:"until"`
	Input  []byte    `bson:"input"`
	Result []string  `bson:"result"`
}

func receiptsByID(ids []string) lookup {
	return lookup{collection: receiptCollection, filter: bson.D{anyOf("_id", ids)}, hint: byID}
}

// Receipt implements store.Store.
func (s *Store) Receipt(ctx context.Context, person, key string) (store.Receipt, error) {
	var kept receipt
	err := s.read(ctx, func(ctx context.Context) error {
		return s.findOne(ctx, receiptsByID([]string{joined(person, key)}), &kept)
	})
	if err == nil && !lives(kept.Until, s.clock()) {
		err = store.ErrAbsent
	}
	if err != nil {
		return store.Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	return store.Receipt{Person: person, Key: key, Input: kept.Input, Result: kept.Result, Until: kept.Until.UTC()}, nil
}

// lives reports whether a receipt kept until then still counts.
func lives(until, now time.Time) bool { return now.UnixMilli() <= until.UnixMilli() }

// message is the stored form of a store.Message.
type message struct {
	ID       string   `bson:"_id"`
	Sequence int64    `bson:"seq"`
	Topic    string   `bson:"topic"`
	Body     bson.Raw `bson:"body,omitempty"`
}

// Outbox implements store.Store.
func (s *Store) Outbox(ctx context.Context, limit int) ([]store.Message, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	var messages []store.Message
	err := s.read(ctx, func(ctx context.Context) error {
		messages = nil
		return s.find(ctx, lookup{
			collection: outboxCollection, filter: bson.D{equals("seq", bson.D{{Key: opFrom, Value: int64(0)}})}, hint: bySequence,
			sort: bson.D{{Key: "seq", Value: 1}}, limit: limit,
		}, func(raw bson.Raw) error {
			var m message
			err := decode(raw, &m)
			messages = append(messages, store.Message{ID: m.ID, Topic: m.Topic, Body: slices.Clip(m.Body)})
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return messages, nil
}
