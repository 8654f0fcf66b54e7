package store

import (
	"fmt"
	"strings"
)

// A key says in one string where a document stands in an index, the equality
// fields first and then the order field, so that comparing keys by their bytes
// compares the values one by one:
//
//	number   n, the value with its sign bit turned as 16 hexadecimal digits, 00
//	text     t, the text with 00 written as 01 01 and 01 as 01 02, 00
//	nothing  00, where an index has neither equality nor order field
//
// A key is well-formed UTF-8, since it is made of well-formed parts: every
// adapter can keep it as text. Keys ascend whatever the index; a descending one is
// read backwards.
const (
	numberTag = 'n'
	textTag   = 't'
	partEnd   = "\x00"
	afterEnd  = "\x01" // no part goes on with anything lower behind its end
	afterTags = "\x7f" // comes behind every tag
)

// KeyForm is the version of the form of keys: an index built in another form is
// built again.
const KeyForm = 2

var escapeText = strings.NewReplacer("\x00", "\x01\x01", "\x01", "\x01\x02")

func keyPart(v Value) string {
	if v.IsText {
		return string(textTag) + escapeText.Replace(v.Text) + partEnd
	}
	return fmt.Sprintf("%c%016x%s", numberTag, uint64(v.Number)^(1<<63), partEnd) //nolint:gosec // the bits, not the number
}

func keyOfAll(values []Value) string {
	var key strings.Builder
	for _, v := range values {
		key.WriteString(keyPart(v))
	}
	return key.String()
}

// Near comes before the keys of all documents with these equality fields, or is
// the key of one of them; whatever is appended to a key comes behind it.
func (x Index) Near(equal []Value) string {
	if len(equal) == 0 {
		return partEnd
	}
	return keyOfAll(equal)
}

// Far comes behind the keys of all documents with these equality fields, whatever
// is appended to them.
func (x Index) Far(equal []Value) string {
	if len(equal) == 0 {
		return afterTags
	}
	return strings.TrimSuffix(keyOfAll(equal), partEnd) + afterEnd
}

// KeyAt is the key of a document with these fields; order is ignored where the
// index has no order field.
func (x Index) KeyAt(equal []Value, order Value) string {
	if x.Order == "" {
		return x.Near(equal)
	}
	return keyOfAll(equal) + keyPart(order)
}

// Key returns the equality fields and the key of a document, or false when it
// lacks a field of the index and so is not in it.
func (x Index) Key(d Document) (equal []Value, key string, in bool) {
	equal = make([]Value, len(x.Equal))
	for i, name := range x.Equal {
		if equal[i], in = d.Field(name); !in {
			return nil, "", false
		}
	}
	var order Value
	if x.Order != "" {
		if order, in = d.Field(x.Order); !in {
			return nil, "", false
		}
	}
	return equal, x.KeyAt(equal, order), true
}
