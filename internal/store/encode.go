package store

import (
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The stored form of a document is one BSON document, the same in every adapter:
//
//	_id   string   Document.ID
//	kind  string
//	fam   string   Document.Family
//	v     int64    Document.Version
//	vis   array of strings, Document.Tokens
//	f     document of strings and int64s by name, Document.Fields
//	h     document, Document.Head; missing when nil
//	s     array of {n: string, v: int64, b: binary}, Document.Sections
//
// Sections are an array because their names hold dots, which a field name of a
// query language would read as a path.
type storedDocument struct {
	ID       string          `bson:"_id"`
	Kind     string          `bson:"kind"`
	Family   string          `bson:"fam"`
	Version  int64           `bson:"v"`
	Tokens   []string        `bson:"vis"`
	Fields   bson.D          `bson:"f"`
	Head     bson.Raw        `bson:"h,omitempty"`
	Sections []storedSection `bson:"s"`
}

type storedSection struct {
	Name    string `bson:"n"`
	Version int64  `bson:"v"`
	Sealed  []byte `bson:"b"`
}

// EncodeDocument returns the stored form of a document.
func EncodeDocument(d Document) (bson.Raw, error) {
	stored := storedDocument{
		ID:       d.ID,
		Kind:     string(d.Kind),
		Family:   d.Family,
		Version:  d.Version,
		Tokens:   d.Tokens,
		Fields:   make(bson.D, 0, len(d.Fields)),
		Head:     d.Head,
		Sections: make([]storedSection, 0, len(d.Sections)),
	}
	if stored.Tokens == nil {
		stored.Tokens = []string{}
	}
	for _, f := range d.Fields {
		if f.Value.IsText {
			stored.Fields = append(stored.Fields, bson.E{Key: f.Name, Value: f.Value.Text})
		} else {
			stored.Fields = append(stored.Fields, bson.E{Key: f.Name, Value: f.Value.Number})
		}
	}
	for _, s := range d.Sections {
		sealed := s.Sealed
		if sealed == nil {
			sealed = []byte{}
		}
		stored.Sections = append(stored.Sections, storedSection{Name: s.Name, Version: s.Version, Sealed: sealed})
	}
	raw, err := bson.Marshal(stored)
	if err != nil {
		return nil, fmt.Errorf("encode document: %w", err)
	}
	return raw, nil
}
