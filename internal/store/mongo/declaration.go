package mongo

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"accord/internal/store"
)

// layout is the version of how everything is stored.
const layout = 1

// declaration is what is remembered of the indexes that documents have keys for.
type declaration struct {
	ID          string     `bson:"_id"`         // declarationID
	Fingerprint string     `bson:"fingerprint"` // of all of them, once every document has its keys
	Indexes     []assigned `bson:"indexes"`
}

type assigned struct {
	Name    string `bson:"name"`
	Kind    string `bson:"kind"`
	Shape   string `bson:"shape"` // the index as declared, and the form of keys
	Visible bool   `bson:"visible"`
	Slot    int32  `bson:"slot"`
}

const declarationID = "declaration"

func theDeclaration() lookup {
	return lookup{collection: stateCollection, filter: bson.D{equals("_id", declarationID)}, hint: byID}
}

func shapeOf(x store.Index) (string, error) {
	shape, err := json.Marshal(struct {
		KeyForm int
		store.Index
	}{store.KeyForm, x})
	if err != nil {
		return "", fmt.Errorf("describe index %s: %w", x.Name, err)
	}
	return string(shape), nil
}

// reconcile makes the database hold what is declared: collections, indexes, and
// in every document the keys of its kind. Keys are made behind a fence: until all
// are there, the head is nobody's but this program's, and a program that was
// declared otherwise commits nothing any more.
func (s *Store) reconcile(ctx context.Context) error {
	if err := s.makeCollections(ctx); err != nil {
		return err
	}
	h, before, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if strings.HasPrefix(h.Declared, copyFence) {
		// A copy of the database was broken off, or will be now: keys are as they were.
		if err = s.passOn(ctx, h.Declared, before.Fingerprint); err != nil {
			return err
		}
		h.Declared = before.Fingerprint
	}
	if h.Declared != before.Fingerprint {
		before.Indexes = nil // keys were being made when the program ended: which, nobody knows
	}
	next, kept, err := s.plan(before)
	if err != nil {
		return err
	}
	if err := s.makeIndexes(ctx); err != nil {
		return err
	}
	s.fingerprint = next.Fingerprint
	if h.Declared == s.fingerprint && before.Fingerprint == s.fingerprint {
		return nil
	}
	return s.rebuild(ctx, next, kept)
}

func (s *Store) state() *mongo.Collection { return s.database.Collection(stateCollection) }

func (s *Store) makeCollections(ctx context.Context) error {
	there, err := s.collectionNames(ctx)
	if err != nil {
		return err
	}
	var refused error
	for _, name := range collections() {
		if !there[name] {
			refused = cmp.Or(refused, s.database.CreateCollection(ctx, name))
		}
	}
	if refused == nil {
		return nil
	}
	// Another program may have made them at the same time.
	if there, err = s.collectionNames(ctx); err != nil {
		return err
	}
	for _, name := range collections() {
		if !there[name] {
			return failed(refused, "make the collections")
		}
	}
	return nil
}

func (s *Store) collectionNames(ctx context.Context) (map[string]bool, error) {
	names, err := s.database.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return nil, failed(err, "list the collections")
	}
	there := make(map[string]bool, len(names))
	for _, name := range names {
		there[name] = true
	}
	return there, nil
}

// begin makes the head of an empty database, and reads what is declared.
func (s *Store) begin(ctx context.Context) (h head, before declaration, err error) {
	err = s.findOne(ctx, theHead(), &h)
	if errors.Is(err, store.ErrAbsent) {
		if err = s.makeHead(ctx); err == nil {
			err = s.findOne(ctx, theHead(), &h)
		}
	}
	if err != nil {
		return h, before, err
	}
	if err = h.known(); err != nil {
		return h, before, err
	}
	if _, err = h.edge(); err != nil {
		return h, before, err
	}
	err = s.findOne(ctx, theDeclaration(), &before)
	if errors.Is(err, store.ErrAbsent) {
		err = nil
	}
	return h, before, err
}

// makeHead makes the head of an empty database only: a database that holds
// documents or entries and no head has lost its log.
func (s *Store) makeHead(ctx context.Context) error {
	for _, name := range []string{logCollection, documentCollection} {
		var first bson.M
		err := s.findOne(ctx, lookup{collection: name, filter: bson.D{}, hint: byID}, &first)
		switch {
		case err == nil:
			return fmt.Errorf("the log is damaged: there are %ss and no head", name)
		case !errors.Is(err, store.ErrAbsent):
			return err
		}
	}
	_, err := s.state().InsertOne(ctx, head{ID: headID, Layout: layout, Root: []byte{}, Edge: []byte{}, Signed: []byte{}})
	if err != nil && !mongo.IsDuplicateKeyError(err) { // another program made it at the same time
		return failed(err, "make the head")
	}
	return nil
}

// plan assigns the slots and says what is to be remembered; kept are the indexes
// that documents have the keys of already.
func (s *Store) plan(before declaration) (next declaration, kept map[string]bool, err error) {
	stored := make(map[string]assigned, len(before.Indexes))
	for _, a := range before.Indexes {
		stored[a.Name] = a
	}
	had, kept := make(map[string]slot), make(map[string]bool)
	shapes := make(map[string]string)
	for _, x := range s.declared.Indexes() {
		if shapes[x.Name], err = shapeOf(x); err != nil {
			return next, nil, err
		}
		if a, ok := stored[x.Name]; ok && a.Shape == shapes[x.Name] {
			had[x.Name], kept[x.Name] = slot{name: x.Name, visible: x.Visible, number: int(a.Slot)}, true
		}
	}
	s.slots = assignSlots(s.declared, had)
	next.ID = declarationID
	for _, name := range slices.Sorted(maps.Keys(s.slots)) {
		x, at := shapes[name], s.slots[name]
		index, undeclared := s.declared.Index(name)
		if undeclared != nil {
			return next, nil, undeclared //nolint:wrapcheck // cannot be: it is declared
		}
		next.Indexes = append(next.Indexes, assigned{
			Name: name, Kind: string(index.Kind), Shape: x, Visible: at.visible, Slot: int32(at.number), //nolint:gosec // small
		})
	}
	text, err := json.Marshal(next.Indexes)
	if err != nil {
		return next, nil, fmt.Errorf("describe the indexes: %w", err)
	}
	sum := sha256.Sum256(text)
	next.Fingerprint = hex.EncodeToString(sum[:])
	return next, kept, nil
}
