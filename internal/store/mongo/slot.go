package mongo

import (
	"encoding/binary"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"accord/internal/store"
)

// keysField holds a document's keys, by slot.
const keysField = "k"

// slot is a field of documents, with an index of the cluster over it, that serves
// one declared index of each kind. A collection may have 64 indexes; so many
// slots are needed only as the kind with the most indexes has.
//
// What stands in it is the name of the declared index, the document's key in it
// and the document's id: one text that no other document has and that is in the
// order of the port. So every page is one range, and where it goes on is one text.
type slot struct {
	name    string // of the declared index
	visible bool   // behind the visibility tokens
	number  int    // from 1
}

func (s slot) field() string {
	if s.visible {
		return fmt.Sprintf("v%d", s.number)
	}
	return fmt.Sprintf("p%d", s.number)
}

// path is the slot as a query names it.
func (s slot) path() string { return keysField + "." + s.field() }

// index is the name of the cluster's index over the slot.
func (s slot) index() string {
	if s.visible {
		return fmt.Sprintf("visible_%d", s.number)
	}
	return fmt.Sprintf("plain_%d", s.number)
}

func (s slot) key(key string) string { return joined(s.name, key) }

// keysOf are the keys of a document, by slot. A document that is not in an index
// has nothing in its slot.
func (s *Store) keysOf(d store.Document) bson.D {
	keys := bson.D{}
	for _, x := range s.declared.Of(d.Kind) {
		if _, key, in := x.Key(d); in {
			at := s.slots[x.Name]
			keys = append(keys, bson.E{Key: at.field(), Value: at.key(key + d.ID)})
		}
	}
	return keys
}

// withKeys is the stored form of a document with its keys behind it.
func (s *Store) withKeys(d store.Document, body bson.Raw) (bson.Raw, error) {
	keys, err := bson.Marshal(bson.D{{Key: keysField, Value: s.keysOf(d)}})
	if err != nil {
		return nil, fmt.Errorf("encode the keys: %w", err)
	}
	// Two documents become one when the end of the first and the length of the
	// second are left out.
	whole := make(bson.Raw, 0, len(body)+len(keys)-4-1)
	whole = append(append(whole, body[:len(body)-1]...), keys[4:]...)
	binary.LittleEndian.PutUint32(whole, uint32(len(whole))) //nolint:gosec // at most 16 MB
	return whole, nil
}

// claimsOf are the keys that a document alone may have. They are documents of
// their own, since a unique index of a sharded cluster cannot hold over families,
// and since two documents may change keys within one batch.
func (s *Store) claimsOf(d store.Document) []string {
	var claims []string
	for _, x := range s.declared.Of(d.Kind) {
		if equal, _, in := x.Key(d); in && x.Unique {
			claims = append(claims, joined(x.Name, x.Near(equal)))
		}
	}
	return claims
}

// claim is the stored form of one.
type claim struct {
	ID       string `bson:"_id"`
	Document string `bson:"doc"`
}

func claimsByID(ids []string) lookup {
	return lookup{collection: claimCollection, filter: bson.D{anyOf("_id", ids)}, hint: byID}
}

// assignSlots keeps the slots that declared indexes have already, and gives new
// ones the lowest that is free for their kind.
func assignSlots(declared *store.Declared, kept map[string]slot) map[string]slot {
	slots := make(map[string]slot)
	type place struct {
		kind    store.Kind
		visible bool
		number  int
	}
	taken := make(map[place]bool)
	for _, x := range declared.Indexes() {
		if at, ok := kept[x.Name]; ok {
			slots[x.Name] = at
			taken[place{x.Kind, x.Visible, at.number}] = true
		}
	}
	for _, x := range declared.Indexes() {
		if _, ok := slots[x.Name]; ok {
			continue
		}
		at := place{x.Kind, x.Visible, 1}
		for taken[at] {
			at.number++
		}
		taken[at] = true
		slots[x.Name] = slot{name: x.Name, visible: x.Visible, number: at.number}
	}
	return slots
}

// indexOf is the declared index that a claim is of.
func indexOf(claim string) string {
	name, _, _ := strings.Cut(claim, "\x00")
	return name
}
