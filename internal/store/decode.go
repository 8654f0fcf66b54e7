package store

import (
	"bytes"
	"encoding/binary"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
)

var errMalformed = errors.New("the stored document is malformed")

// DecodeDocument reads the stored form. Head and what the sections hold point
// into raw, which the caller leaves as it is from then on.
//
// It walks the bytes itself: it runs for every document of every page, and the
// bson package takes ten times as long to hand out the same elements.
func DecodeDocument(raw bson.Raw) (Document, error) {
	var d Document
	var seen [7]bool // every part but the head must be there
	ok := eachElement(raw, func(e element) (ok bool) {
		switch string(e.name) {
		case "_id":
			d.ID, ok = e.text()
			seen[0] = true
		case "kind":
			var kind string
			kind, ok = e.text()
			d.Kind = Kind(kind)
			seen[1] = true
		case "fam":
			d.Family, ok = e.text()
			seen[2] = true
		case "v":
			d.Version, ok = e.number()
			seen[3] = true
		case "vis":
			d.Tokens, ok = e.texts()
			seen[4] = true
		case "f":
			d.Fields, ok = e.fields()
			seen[5] = true
		case "h":
			d.Head = bson.Raw(e.value)
			ok = e.kind == bson.TypeEmbeddedDocument && d.Head.Validate() == nil
		case "s":
			d.Sections, ok = e.sections()
			seen[6] = true
		}
		return ok
	})
	if !ok || seen != [7]bool{true, true, true, true, true, true, true} {
		return Document{}, errMalformed
	}
	return d, nil
}

// element is one named value of a BSON document: https://bsonspec.org/spec.html.
type element struct {
	kind  bson.Type
	name  []byte
	value []byte // with its length prefix, if the type has one
}

// eachElement calls each for every element until it returns false, and reports
// whether all were well-formed and wanted. Types the stored form does not use
// are not well-formed.
func eachElement(document []byte, each func(element) bool) bool {
	size, ok := length(document)
	if !ok || size != len(document) || size < 5 || document[size-1] != 0 {
		return false
	}
	for rest := document[4 : size-1]; len(rest) > 0; {
		end := bytes.IndexByte(rest[1:], 0)
		if end < 0 {
			return false
		}
		e := element{kind: bson.Type(rest[0]), name: rest[1 : 1+end]}
		rest = rest[end+2:]
		size, ok := e.size(rest)
		if !ok || size > len(rest) {
			return false
		}
		e.value, rest = rest[:size:size], rest[size:]
		if !each(e) {
			return false
		}
	}
	return true
}

func length(b []byte) (int, bool) {
	if len(b) < 4 {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(b)
	return int(n), n < 1<<31
}

func (e element) size(rest []byte) (int, bool) {
	if e.kind == bson.TypeInt64 {
		return 8, true
	}
	n, ok := length(rest)
	switch e.kind { // the types of the stored form
	case bson.TypeString:
		return 4 + n, ok && n >= 1
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		return n, ok && n >= 5
	case bson.TypeBinary:
		return 5 + n, ok
	default:
		return 0, false
	}
}

// bytesOfText returns the text without its length and its closing zero.
func (e element) bytesOfText() ([]byte, bool) {
	if e.kind != bson.TypeString || e.value[len(e.value)-1] != 0 {
		return nil, false
	}
	return e.value[4 : len(e.value)-1], true
}

func (e element) text() (string, bool) {
	b, ok := e.bytesOfText()
	return string(b), ok
}

func (e element) number() (int64, bool) {
	if e.kind != bson.TypeInt64 {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint64(e.value)), true //nolint:gosec // the bits, not the number
}

// texts returns an array of strings, all of them parts of one, so that a
// document's many tokens cost one piece of memory.
func (e element) texts() ([]string, bool) {
	if e.kind != bson.TypeArray {
		return nil, false
	}
	all := make([]byte, 0, len(e.value))
	var ends []int
	ok := eachElement(e.value, func(e element) bool {
		b, ok := e.bytesOfText()
		all = append(all, b...)
		ends = append(ends, len(all))
		return ok
	})
	if !ok || len(ends) == 0 {
		return nil, ok
	}
	joined, texts, start := string(all), make([]string, len(ends)), 0
	for i, end := range ends {
		texts[i], start = joined[start:end], end
	}
	return texts, true
}

func (e element) fields() ([]Field, bool) {
	if e.kind != bson.TypeEmbeddedDocument {
		return nil, false
	}
	var fields []Field
	ok := eachElement(e.value, func(e element) (ok bool) {
		f := Field{Name: string(e.name)}
		if e.kind == bson.TypeInt64 {
			f.Value.Number, ok = e.number()
		} else {
			f.Value.IsText = true
			f.Value.Text, ok = e.text()
		}
		fields = append(fields, f)
		return ok
	})
	return fields, ok
}

func (e element) sections() ([]Section, bool) {
	if e.kind != bson.TypeArray {
		return nil, false
	}
	var sections []Section
	ok := eachElement(e.value, func(e element) bool {
		s, ok := e.section()
		sections = append(sections, s)
		return ok
	})
	return sections, ok
}

func (e element) section() (Section, bool) {
	if e.kind != bson.TypeEmbeddedDocument {
		return Section{}, false
	}
	var s Section
	var seen [3]bool
	ok := eachElement(e.value, func(e element) (ok bool) {
		switch string(e.name) {
		case "n":
			s.Name, ok = e.text()
			seen[0] = true
		case "v":
			s.Version, ok = e.number()
			seen[1] = true
		case "b":
			if ok = e.kind == bson.TypeBinary; ok {
				s.Sealed = e.value[5:]
			}
			seen[2] = true
		}
		return ok
	})
	return s, ok && seen == [3]bool{true, true, true}
}
