// Package store is the port between Accord and whatever holds its documents: a
// document store with declared indexes, visibility tokens and one append-only
// log. It knows nothing of cases or meetings and can read no sealed section.
//
// Adapters prove themselves with storetest.Run.
package store

import "go.mongodb.org/mongo-driver/v2/bson"

// Kind names a kind of document, such as "case".
type Kind string

// Document is one stored record. Nothing in it but Sections may hold a value a
// person gave; Sections are sealed before they get here. A nil slice and an
// empty one mean the same. A document that was read shares memory with what the
// store read it from: it is not to be written into.
type Document struct {
	ID       string // unique over all kinds
	Kind     Kind
	Family   string    // the document whose batch it is written with, and the shard it lives on
	Version  int64     // 1 when created, one more with every change
	Tokens   []string  // visibility tokens: who may reach it, sorted, unique, at most MaxDocumentTokens
	Fields   []Field   // clear index fields, sorted by name
	Head     bson.Raw  // clear facts that decide reach: ids and states only; may be nil
	Sections []Section // sealed content, sorted by name
}

// MaxDocumentTokens bounds the visibility tokens of one document, and
// MaxDocumentBytes its stored form: what any adapter can keep with what it adds.
const (
	MaxDocumentTokens = 512
	MaxDocumentBytes  = 12 << 20
)

// Field is a clear value that a declared index may use. Its name holds no dot
// and does not begin with a dollar sign.
type Field struct {
	Name  string
	Value Value
}

// Value is a string or an integer; dates are days, times are milliseconds.
// Integers come before strings, and strings are ordered by their UTF-8 bytes.
type Value struct {
	Text   string
	Number int64
	IsText bool
}

// Text is a string value.
func Text(s string) Value { return Value{Text: s, IsText: true} }

// Number is an integer value.
func Number(n int64) Value { return Value{Number: n} }

// Section is a sealed part of a document: one data class at one level.
type Section struct {
	Name    string // such as "VICTIM_IDENTITY" or "VICTIM_IDENTITY.masked"
	Version int64  // the document version it was sealed at
	Sealed  []byte
}

// Field returns the named field.
func (d Document) Field(name string) (Value, bool) {
	for _, f := range d.Fields {
		if f.Name == name {
			return f.Value, true
		}
	}
	return Value{}, false
}

// Section returns the named section.
func (d Document) Section(name string) (Section, bool) {
	for _, s := range d.Sections {
		if s.Name == name {
			return s, true
		}
	}
	return Section{}, false
}
