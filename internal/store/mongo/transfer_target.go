package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// copyLayout stands in the head where the layout does, until a copy is finished:
// no version of the program takes it for a store.
const copyLayout = -1

// TargetOptions say where a copy is put and what the store will be asked.
type TargetOptions struct {
	URI     string
	Kinds   []store.Kind
	Indexes []store.Index
	Of      store.State // the source's
	Now     time.Time   // receipts that count then are read back
	Restart bool        // remove what was begun there before, never a finished store
}

// Target is a database that is being made.
type Target struct {
	transfer
	places []store.Place // by part
}

var _ store.Target = (*Target)(nil)

// copied is what a database that is being made remembers: what it is a copy of, and
// how far it has come.
type copied struct {
	ID     string   `bson:"_id"` // copyID
	Size   int64    `bson:"size"`
	Root   []byte   `bson:"root"`
	Places []placed `bson:"places"` // by part
}

type placed struct {
	Name   string `bson:"name"`
	Number int64  `bson:"number"`
}

const copyID = "copy"

var errCopiedElsewhere = errors.New("another accord copy goes on with the copy in this database: end one of them")

// OpenTarget begins a copy in an empty database, or goes on with one of the same
// state of a source: store.ErrOtherCopy for one of another, store.ErrOccupied for
// anything else that is there.
func OpenTarget(ctx context.Context, o TargetOptions) (_ *Target, err error) {
	declared, err := store.Declare(o.Kinds, o.Indexes)
	if err != nil {
		return nil, fmt.Errorf("open the target: %w", err)
	}
	cluster, err := reach(ctx, o.URI, asProgram)
	if err != nil {
		return nil, err
	}
	cluster.declared = declared
	t := &Target{transfer: transfer{store: cluster, state: o.Of, now: o.Now, fence: newFence()}}
	next, _, err := cluster.plan(declaration{})
	cluster.fingerprint = next.Fingerprint
	for _, step := range []func(context.Context) error{
		t.take, cluster.makeCollections, cluster.makeIndexes,
		func(ctx context.Context) error { return t.begin(ctx, next, o.Restart) },
	} {
		if err == nil {
			err = step(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, cluster.disconnect(ctx))
	}
	return t, nil
}

// take makes the head of the database this copy's. It changes nothing in a database
// that is something else.
func (t *Target) take(ctx context.Context) error {
	there, err := t.store.collectionNames(ctx)
	if err != nil {
		return err
	}
	var h head
	err = store.ErrAbsent
	if there[stateCollection] {
		err = t.store.findOne(ctx, theHead(), &h)
	}
	switch {
	case err == nil && h.Layout == copyLayout:
		return elsewhere(t.store.passOn(ctx, h.Declared, t.fence))
	case err == nil:
		return store.ErrOccupied
	case !errors.Is(err, store.ErrAbsent):
		return err
	}
	for name := range there {
		if strings.HasPrefix(name, "system.") {
			continue // the cluster's own
		}
		if !slices.Contains(collections(), name) {
			return store.ErrOccupied
		}
		var first bson.M
		err = t.store.findOne(ctx, lookup{collection: name, filter: bson.D{}, hint: byID}, &first)
		switch {
		case err == nil:
			return store.ErrOccupied
		case !errors.Is(err, store.ErrAbsent):
			return err
		}
	}
	_, err = t.store.state().InsertOne(ctx, head{
		ID: headID, Layout: copyLayout, Declared: t.fence, Root: []byte{}, Edge: []byte{}, Signed: []byte{},
	})
	if mongo.IsDuplicateKeyError(err) {
		return errCopiedElsewhere
	}
	return failed(err, "make the head")
}

// begin reads how far the copy has come. Where nothing says so it has come nowhere,
// or was being removed: whatever is there goes.
func (t *Target) begin(ctx context.Context, next declaration, restart bool) error {
	t.places = make([]store.Place, len(store.Parts()))
	var begun copied
	err := t.store.findOne(ctx, lookup{collection: stateCollection, filter: bson.D{equals("_id", copyID)}, hint: byID}, &begun)
	if errors.Is(err, store.ErrAbsent) || err == nil && restart {
		if err = t.empty(ctx); err != nil {
			return err
		}
		return t.transact(ctx, func(ctx context.Context, _ head) error {
			_, failure := t.store.state().ReplaceOne(ctx, bson.D{equals("_id", declarationID)}, next, options.Replace().SetUpsert(true).SetHint(byID))
			if failure != nil {
				return failed(failure, "remember the indexes")
			}
			return t.keepPlaces(ctx, t.places)
		})
	}
	if err != nil {
		return err
	}
	of := tlog.Tree{N: begun.Size}
	copy(of.Hash[:], begun.Root)
	if of != t.state.Tree || len(begun.Places) != len(t.places) {
		return store.ErrOtherCopy
	}
	var known declaration
	if err := t.store.findOne(ctx, theDeclaration(), &known); err != nil {
		return err
	}
	if known.Fingerprint != next.Fingerprint {
		return errors.New("another version of the program began this copy: go on with that one, or run accord copy again with --restart")
	}
	for i, place := range begun.Places {
		t.places[i] = store.Place(place)
	}
	return nil
}

// empty removes what was copied, what says how far first, each page in a
// transaction: nothing is removed that is another's by now.
func (t *Target) empty(ctx context.Context) error {
	err := t.transact(ctx, func(ctx context.Context, _ head) error {
		if err := t.store.remove(ctx, stateCollection, []string{copyID}); err != nil {
			return err
		}
		return t.set(ctx, bson.D{
			equals("posted", int64(0)), equals("size", int64(0)), equals("root", []byte{}), equals("edge", []byte{}), equals("signed", []byte{}),
		})
	})
	for _, name := range collections() {
		for more := err == nil && name != stateCollection; more; {
			err = t.transact(ctx, func(ctx context.Context, _ head) (err error) {
				more, err = t.removePage(ctx, name)
				return err
			})
			more = more && err == nil
		}
	}
	return err
}

func (t *Target) removePage(ctx context.Context, collection string) (more bool, err error) {
	ids := bson.A{}
	err = t.store.find(ctx, lookup{
		collection: collection, filter: bson.D{}, hint: byID, project: bson.D{{Key: "_id", Value: 1}}, limit: store.CopyRows,
	}, func(raw bson.Raw) error {
		ids = append(ids, raw.Lookup("_id"))
		return nil
	})
	if err != nil || len(ids) == 0 {
		return false, err
	}
	_, err = t.store.database.Collection(collection).DeleteMany(ctx,
		bson.D{equals("_id", bson.D{{Key: opIn, Value: ids}})}, options.DeleteMany().SetHint(byID))
	return true, failed(err, "delete from %s", collection)
}

// transact runs f in a transaction that holds the head of this copy.
func (t *Target) transact(ctx context.Context, f func(context.Context, head) error) error {
	return elsewhere(t.store.transact(ctx, t.fence, f))
}

// elsewhere says of a head that is not this copy's any more whose it is.
func elsewhere(err error) error {
	if errors.Is(err, errTakenOver) || errors.Is(err, beingCopied{}) {
		return errCopiedElsewhere
	}
	return err
}

func (t *Target) set(ctx context.Context, fields bson.D) error {
	_, err := t.store.state().UpdateOne(ctx, bson.D{equals("_id", headID)}, bson.D{{Key: opSet, Value: fields}}, options.UpdateOne().SetHint(byID))
	return failed(err, "write the head")
}

func (t *Target) keepPlaces(ctx context.Context, places []store.Place) error {
	row := copied{ID: copyID, Size: t.state.Tree.N, Root: t.state.Tree.Hash[:]}
	for _, place := range places {
		row.Places = append(row.Places, placed(place))
	}
	_, err := t.store.state().ReplaceOne(ctx, bson.D{equals("_id", copyID)}, row, options.Replace().SetUpsert(true).SetHint(byID))
	return failed(err, "remember how far the copy has come")
}

// Place implements store.Target.
func (t *Target) Place(part store.Part) store.Place { return t.places[part] }

// Put implements store.Target: the page and how far the copy has come with it are
// one transaction.
func (t *Target) Put(ctx context.Context, page store.Copied) error {
	page = page.From(t.places[page.Part])
	if page.Len() == 0 {
		return nil
	}
	places := slices.Clone(t.places)
	places[page.Part] = page.Behind()
	err := t.transact(ctx, func(ctx context.Context, h head) error {
		if err := t.putPage(ctx, h, page); err != nil {
			return err
		}
		return t.keepPlaces(ctx, places)
	})
	if err != nil {
		return err
	}
	t.places = places
	return nil
}

func (t *Target) putPage(ctx context.Context, h head, page store.Copied) error {
	switch page.Part {
	case store.DocumentPart:
		return t.putDocuments(ctx, page.Documents)
	case store.ExclusionPart:
		rows := make([]bson.D, len(page.Exclusions))
		for i, x := range page.Exclusions {
			rows[i] = exclusionRow(x)
		}
		return t.store.insert(ctx, exclusionCollection, rows)
	case store.ReceiptPart:
		rows := make([]bson.D, len(page.Receipts))
		for i, r := range page.Receipts {
			rows[i] = receiptRow(r)
		}
		return t.store.insert(ctx, receiptCollection, rows)
	case store.MessagePart:
		rows := make([]message, len(page.Messages))
		for i, m := range page.Messages {
			rows[i] = message{ID: m.Message.ID, Sequence: m.Sequence, Topic: m.Message.Topic, Body: m.Message.Body}
		}
		if err := t.store.insert(ctx, outboxCollection, rows); err != nil {
			return err
		}
		return t.set(ctx, bson.D{equals("posted", page.Behind().Number)})
	case store.EntryPart:
		return t.putEntries(ctx, h, page)
	default:
		return fmt.Errorf("a store has no %s", page.Part)
	}
}

func (t *Target) putDocuments(ctx context.Context, documents []store.Stored) error {
	rows := make([]bson.Raw, len(documents))
	claims := make(map[string]string)
	for i, one := range documents {
		if err := t.store.declared.CheckKind(one.Document.Kind); err != nil {
			return fmt.Errorf("document %s: %w", one.Document.ID, err)
		}
		var err error
		if rows[i], err = t.store.withKeys(one.Document, one.Body); err != nil {
			return err
		}
		for _, id := range t.store.claimsOf(one.Document) {
			if _, taken := claims[id]; taken {
				return fmt.Errorf("documents share a key of index %s: %w", indexOf(id), store.ErrDuplicate)
			}
			claims[id] = one.Document.ID
		}
	}
	if err := t.store.insert(ctx, documentCollection, rows); err != nil {
		return err
	}
	return t.store.claimAll(ctx, claims)
}

// putEntries adds entries with their hashes. The tree head comes with the last of
// them, signed as it is in the source, if it is the source's.
func (t *Target) putEntries(ctx context.Context, h head, page store.Copied) error {
	edge, err := h.edge()
	if err != nil {
		return err
	}
	rows := make([]logEntry, len(page.Entries))
	for i, entry := range page.Entries {
		n, _, hashes, damaged := edge.Append(tlog.RecordHash(entry))
		if damaged != nil {
			return damaged //nolint:wrapcheck // it says what it is about
		}
		rows[i] = logEntry{Number: n, Data: entry, Hashes: joinHashes(hashes)}
	}
	tree, err := edge.Head()
	if err != nil {
		return err //nolint:wrapcheck // it says what is damaged
	}
	signed := []byte{}
	if tree.N >= t.state.Tree.N {
		if tree != t.state.Tree {
			return store.ErrNotItsLog
		}
		signed = t.state.Signed
	}
	hashes, err := edge.Hashes()
	if err != nil {
		return err //nolint:wrapcheck // it says what is damaged
	}
	if err := t.store.insert(ctx, logCollection, rows); err != nil {
		return err
	}
	return t.set(ctx, bson.D{
		equals("size", tree.N), equals("root", tree.Hash[:]), equals("edge", joinHashes(hashes)), equals("signed", signed),
	})
}

// Finish implements store.Target.
func (t *Target) Finish(ctx context.Context) error {
	return t.transact(ctx, func(ctx context.Context, h head) error {
		there, err := h.state()
		if err != nil {
			return err
		}
		if !there.Same(t.state) {
			return store.ErrUnfinished
		}
		if err := t.store.remove(ctx, stateCollection, []string{copyID}); err != nil {
			return err
		}
		return t.set(ctx, bson.D{equals("layout", int64(layout)), equals("declared", t.store.fingerprint)})
	})
}

// Close lets go of the cluster; what was put there is kept.
func (t *Target) Close() error {
	if err := t.store.disconnect(context.Background()); err != nil {
		return fmt.Errorf("close the target: %w", err)
	}
	return nil
}
