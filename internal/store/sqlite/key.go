package sqlite

import (
	"encoding/binary"
	"strings"

	"accord/internal/store"
)

// A key is the bytes of the equality fields and then of the order field, made so
// that comparing keys as bytes compares the values one by one:
//
//	number  01, then the value with its sign bit turned, big endian
//	text    02, then the bytes with 00 written as 00 FF, then 00
//	nothing 00, where an index has neither equality nor order field
//
// Keys ascend whatever the index: a descending index is read backwards.
const (
	keyOfNothing = 0x00
	numberTag    = 0x01
	textTag      = 0x02
	keyEnd       = 0xff // comes after the tag of any value that may follow
)

func appendKey(key []byte, v store.Value) []byte {
	if !v.IsText {
		return binary.BigEndian.AppendUint64(append(key, numberTag), uint64(v.Number)^(1<<63)) //nolint:gosec // the bits, not the number
	}
	key = append(key, textTag)
	for text := v.Text; ; {
		zero := strings.IndexByte(text, 0)
		if zero < 0 {
			return append(append(key, text...), 0)
		}
		key = append(append(key, text[:zero]...), 0, 0xff)
		text = text[zero+1:]
	}
}

// keyPrefix is what the keys of all documents with these equality fields begin
// with, and keyBehind comes behind all of them.
func keyPrefix(equal []store.Value) []byte {
	if len(equal) == 0 {
		// SQLite's driver binds an empty slice as NULL, so no bound is empty.
		return []byte{keyOfNothing}
	}
	var key []byte
	for _, v := range equal {
		key = appendKey(key, v)
	}
	return key
}

func keyBehind(equal []store.Value) []byte {
	if len(equal) == 0 {
		return []byte{keyEnd}
	}
	return append(keyPrefix(equal), keyEnd)
}

// keyAt is the key of a document with these fields.
func keyAt(x store.Index, equal []store.Value, order store.Value) []byte {
	if x.Order == "" {
		return keyPrefix(equal)
	}
	var key []byte
	for _, v := range equal {
		key = appendKey(key, v)
	}
	return appendKey(key, order)
}

// keyOf returns the equality fields and the key of a document, or false when it
// lacks a field of the index and so is not in it.
func keyOf(x store.Index, d store.Document) (equal []store.Value, key []byte, in bool) {
	equal = make([]store.Value, len(x.Equal))
	for i, name := range x.Equal {
		if equal[i], in = d.Field(name); !in {
			return nil, nil, false
		}
	}
	var order store.Value
	if x.Order != "" {
		if order, in = d.Field(x.Order); !in {
			return nil, nil, false
		}
	}
	return equal, keyAt(x, equal, order), true
}

// everybody is the token under which an index that is not visible keeps its
// entries. No document carries it, since a token is never empty.
const everybody = ""

// tokensIn are the tokens under which a document stands in an index.
func tokensIn(x store.Index, d store.Document) []string {
	if x.Visible {
		return d.Tokens
	}
	return []string{everybody}
}
