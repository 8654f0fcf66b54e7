package store

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/mod/sumdb/tlog"
)

// Index declares how documents of one kind may be found. A query that no
// declared index serves cannot be written.
//
// A document that lacks a field of an index is not in that index.
type Index struct {
	Name       string // unique
	Kind       Kind
	Equal      []string // fields compared for equality, in this order; may be empty
	Order      string   // the field results are ordered by; equal values are ordered by id; empty orders by id alone
	Descending bool     // order of both the field and the id
	Visible    bool     // found only through visibility tokens, never across an exclusion
	Unique     bool     // at most one document per value of Equal; not together with Visible
}

// Position returns where the document stands in the order of the index, so that
// a page can be continued behind it.
func (x Index) Position(d Document) Position {
	order, _ := d.Field(x.Order)
	return Position{Order: order, ID: d.ID}
}

// Query asks one declared index for a page. A query that breaks what is said
// here is an error of the program: it fails, and with none of the errors below.
type Query struct {
	Index    string
	Equal    []Value   // one for each field of Index.Equal
	Tokens   []string  // Visible: documents carrying at least one of these, each once; none finds nothing; at most MaxTokens
	Excluded string    // Visible: a principal; families it is excluded from are passed over; empty passes over none
	After    *Position // continue behind this position; nil starts at the beginning
	Limit    int       // 1 to MaxPage
}

// MaxPage bounds Query.Limit and every other list that is asked for or answered
// at once; MaxTokens bounds Query.Tokens.
const (
	MaxPage   = 1001
	MaxTokens = 64
)

// Position is a place in the order of an index. No document need stand there.
type Position struct {
	Order Value // ignored where Index.Order is empty
	ID    string
}

// Page is what a query found, in the order of the index.
type Page struct {
	Documents []Document
	More      bool // there is at least one more document behind the last
	Examined  int  // index keys gathered, at most tokens × (Limit + 1); those passed over for an exclusion are not counted
}

// Write is a guarded change of one document.
type Write struct {
	Document Document // Version must be Expect + 1
	Expect   int64    // the version stored now; 0 creates the document
}

// Guard holds a document still while a batch is committed: ErrStale when its
// version is another or when it is not there. A record that is written by what
// another says (its tokens by the head of its case) guards that other.
type Guard struct {
	ID      string
	Version int64 // as it was read, from 1
}

// Exclusion keeps a principal from everything in a family.
type Exclusion struct {
	Principal string
	Family    string
	Lifted    bool // true takes the exclusion away
}

// Receipt remembers a mutation so that a retry is answered, not repeated.
type Receipt struct {
	Person string
	Key    string
	Input  []byte    // hash of the input
	Result []string  // ids of what was changed
	Until  time.Time // forgotten after this; kept to the millisecond, in UTC
}

// Message is a consequence in another family, delivered at least once.
type Message struct {
	ID    string // unique among the messages not yet delivered
	Topic string
	Body  bson.Raw // ids only
}

// Batch is applied whole or not at all. Every document and every exclusion of it
// is of one family. Unique indexes are judged by what the batch leaves behind.
// Entries join the log in order, in the same commit. A batch that breaks what is
// said here is an error of the program: it fails, with none of the errors below,
// and nothing of it has happened.
type Batch struct {
	Family    string  // may be empty if there are no Writes, no Guards and nothing Excluded
	Writes    []Write // each of another document
	Guards    []Guard // documents of the family that are not written but must not have changed, each once
	Excluded  []Exclusion
	Receipt   *Receipt
	Outbox    []Message
	Delivered []string // ids of messages this batch is the consequence of; one delivered before is passed over
	Entries   [][]byte // none of them empty
}

// Errors a caller may branch on; everything else means the store cannot answer.
var (
	ErrAbsent    = errors.New("no such document")
	ErrStale     = errors.New("a document has changed since it was read")
	ErrDuplicate = errors.New("a unique index, a receipt or a message already holds this key")
	ErrClosed    = errors.New("the store is closed")
)

// Store holds documents. Every method is safe for concurrent use, and returns
// ErrClosed once Close was called. A read sees every batch whose Apply returned
// before the read began, and never a part of one. A context bounds how long a
// read waits for its turn.
type Store interface {
	// Get returns the document, or ErrAbsent.
	Get(ctx context.Context, id string) (Document, error)
	// GetMany returns the documents that exist, in the order of ids, at most
	// MaxPage ids; an id given twice is answered twice.
	GetMany(ctx context.Context, ids []string) ([]Document, error)
	// Families returns all documents of one kind in the given families, ordered
	// by family as given and then by id; at most limit of them for each family.
	// At most MaxPage families; limit is 1 to MaxPage.
	Families(ctx context.Context, kind Kind, families []string, limit int) ([]Document, error)
	// Find returns a page of a declared index.
	Find(ctx context.Context, q Query) (Page, error)
	// Count counts what Find would page through from After on, whatever
	// Query.Limit, and stops at limit, which is 1 to MaxPage.
	Count(ctx context.Context, q Query, limit int) (int, error)
	// Excluded returns the families the principal is excluded from, sorted.
	Excluded(ctx context.Context, principal string) ([]string, error)
	// Apply commits the batch: durable when it returns nil. ErrStale when a
	// guard does not hold, ErrDuplicate when the key of a unique index, a live
	// receipt or a message is taken; then nothing of the batch has happened.
	//
	// The context bounds how long the batch waits for its turn. Once it is taken
	// up, the context ending does not undo it, and Apply stays to tell what
	// became of it: an error of the context means that nothing has happened.
	// After any other error that is not named here the outcome is unknown, and
	// the guards tell on the next try.
	Apply(ctx context.Context, b Batch) error
	// Receipt returns the live receipt of a person's idempotency key, or
	// ErrAbsent.
	Receipt(ctx context.Context, person, key string) (Receipt, error)
	// Outbox returns undelivered messages, oldest first: in the order of the
	// batches, and within a batch as given. Limit is 1 to MaxPage.
	Outbox(ctx context.Context, limit int) ([]Message, error)
	// Log is the append-only log that Batch.Entries join.
	Log() Log
	// Close waits for what is under way and lets go of the data. Closing again
	// does nothing.
	Close() error
}

// Log is the append-only log and the hash tree over it (RFC 6962, tlog).
type Log interface {
	// Checkpoint returns the newest signed tree head, or ErrAbsent for an empty
	// log.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Entries returns up to limit entries from number first on, counted from 0;
	// behind the end there are none. Limit is 1 to MaxPage.
	Entries(ctx context.Context, first int64, limit int) ([][]byte, error)
	// Hashes reads stored tree hashes, by tlog.StoredHashIndex.
	Hashes(ctx context.Context) tlog.HashReader
}

// Sign turns a tree head into a signed checkpoint; it is called inside every
// commit that has entries, once, and nothing is committed if it fails.
type Sign func(tree tlog.Tree) ([]byte, error)
