package store

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Part is one of the parts of a store.
type Part int

// The parts of a store. Whoever copies them brings the log last: a log without its
// documents could be taken for whole.
const (
	DocumentPart  Part = iota // by id
	ExclusionPart             // by principal, then by family
	ReceiptPart               // by person, then by key; those alone that still count
	MessagePart               // oldest first
	EntryPart                 // by number
)

// Parts returns all of them, in the order in which they are copied.
func Parts() []Part { return []Part{DocumentPart, ExclusionPart, ReceiptPart, MessagePart, EntryPart} }

func (p Part) String() string {
	switch p {
	case DocumentPart:
		return "documents"
	case ExclusionPart:
		return "exclusions"
	case ReceiptPart:
		return "receipts"
	case MessagePart:
		return "messages"
	case EntryPart:
		return "entries"
	default:
		return fmt.Sprintf("part %d", int(p))
	}
}

// Place is where a part is gone on with. The zero value is its beginning.
type Place struct {
	Name   string // documents, exclusions, receipts: behind the row of this name
	Number int64  // messages, entries: from this number on
}

// Stored is a document and its stored form.
type Stored struct {
	Document Document
	Body     bson.Raw
}

// Posted is a message and where it stands in the order of all of them.
type Posted struct {
	Sequence int64
	Message  Message
}

// Copied is a page of one part; only the rows of that part are set.
type Copied struct {
	Part       Part
	Documents  []Stored
	Exclusions []Exclusion // Lifted is never set
	Receipts   []Receipt
	Messages   []Posted
	First      int64 // number of the first of Entries
	Entries    [][]byte

	size int // bytes, about
}

// Len is how many rows there are.
func (c *Copied) Len() int {
	return len(c.Documents) + len(c.Exclusions) + len(c.Receipts) + len(c.Messages) + len(c.Entries)
}

// Took adds to what the rows weigh, in bytes, and reports whether the page is full.
func (c *Copied) Took(size int) (full bool) {
	c.size += size
	return c.Len() >= CopyRows || c.size >= CopyBytes
}

// JoinNames makes one name of two, in whose order the two are.
func JoinNames(first, second string) string { return first + "\x00" + second }

// CutName makes two of it again.
func CutName(name string) (first, second string) {
	first, second, _ = strings.Cut(name, "\x00")
	return first, second
}

// behind is the place behind row i.
func (c *Copied) behind(i int) Place {
	switch c.Part {
	case DocumentPart:
		return Place{Name: c.Documents[i].Document.ID}
	case ExclusionPart:
		return Place{Name: JoinNames(c.Exclusions[i].Principal, c.Exclusions[i].Family)}
	case ReceiptPart:
		return Place{Name: JoinNames(c.Receipts[i].Person, c.Receipts[i].Key)}
	case MessagePart:
		return Place{Number: c.Messages[i].Sequence + 1}
	case EntryPart:
		return Place{Number: c.First + int64(i) + 1}
	default:
		return Place{}
	}
}

// Behind is the place behind the last row.
func (c *Copied) Behind() Place { return c.behind(c.Len() - 1) }

// From is the page without the rows before a place.
func (c *Copied) From(place Place) Copied {
	passed := 0
	for passed < c.Len() && !before(place, c.behind(passed)) {
		passed++
	}
	rest := *c
	rest.Documents = skip(c.Documents, passed)
	rest.Exclusions = skip(c.Exclusions, passed)
	rest.Receipts = skip(c.Receipts, passed)
	rest.Messages = skip(c.Messages, passed)
	rest.Entries = skip(c.Entries, passed)
	rest.First += int64(passed)
	return rest
}

func before(a, b Place) bool { return a.Name < b.Name || a.Number < b.Number }

func skip[T any](rows []T, n int) []T { return rows[min(n, len(rows)):] }

// CopiedRow says of a row what has to be the same in a copy.
type CopiedRow struct {
	Name    string // without a word of what is in it
	Kind    Kind   // of a document
	Version int64  // of a document
	Sum     [sha256.Size]byte
}

// row describes row i.
func (c *Copied) row(i int) CopiedRow {
	switch c.Part {
	case DocumentPart:
		d := c.Documents[i]
		return CopiedRow{
			Name: "document " + d.Document.ID, Kind: d.Document.Kind, Version: d.Document.Version, Sum: sha256.Sum256(d.Body),
		}
	case ExclusionPart:
		x := c.Exclusions[i]
		return CopiedRow{Name: "the exclusion of " + x.Principal + " from " + x.Family, Sum: sumOf(nil, x.Principal, x.Family)}
	case ReceiptPart:
		r := c.Receipts[i]
		until := binary.BigEndian.AppendUint64(nil, uint64(r.Until.UnixMilli()))
		parts := slices.Concat([]string{r.Person, r.Key, string(r.Input)}, r.Result)
		return CopiedRow{Name: "a receipt of " + r.Person, Sum: sumOf(until, parts...)}
	case MessagePart:
		m := c.Messages[i]
		sequence := binary.BigEndian.AppendUint64(nil, uint64(m.Sequence)) //nolint:gosec // the bits, not the number
		return CopiedRow{Name: "message " + m.Message.ID, Sum: sumOf(sequence, m.Message.ID, m.Message.Topic, string(m.Message.Body))}
	case EntryPart:
		return CopiedRow{Name: fmt.Sprintf("entry %d", c.First+int64(i)), Sum: sha256.Sum256(c.Entries[i])}
	default:
		return CopiedRow{}
	}
}

// sumOf hashes parts so that none runs into the next.
func sumOf(first []byte, parts ...string) [sha256.Size]byte {
	text := slices.Clone(first)
	for _, part := range parts {
		text = binary.AppendUvarint(text, uint64(len(part)))
		text = append(text, part...)
	}
	return sha256.Sum256(text)
}
