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
type Index struct {
	Name       string // unique
	Kind       Kind
	Equal      []string // fields compared for equality, in this order
	Order      string   // the field results are ordered by; equal values are ordered by id
	Descending bool     // order of both the field and the id
	Visible    bool     // found only through visibility tokens, never across an exclusion
	Unique     bool     // at most one document per value of Equal; not together with Visible
}

// A document that lacks a field of an index is not in that index.

// Query asks one declared index for a page.
type Query struct {
	Index    string
	Equal    []Value   // one for each field of Index.Equal
	Tokens   []string  // Visible: documents carrying at least one of these; none finds nothing
	Excluded string    // Visible: a principal; families it is excluded from are passed over
	After    *Position // continue behind this position; nil starts at the beginning
	Limit    int       // 1 to MaxPage
}

// MaxPage bounds Query.Limit; MaxTokens bounds Query.Tokens.
const (
	MaxPage   = 1001
	MaxTokens = 64
)

// Position is a place in the order of an index.
type Position struct {
	Order Value
	ID    string
}

// Page is what a query found, in the order of the index.
type Page struct {
	Documents []Document
	More      bool // there is at least one more document behind the last
	Examined  int  // index keys looked at
}

// Write is a guarded change of one document.
type Write struct {
	Document Document // Version must be Expect + 1
	Expect   int64    // the version stored now; 0 creates the document
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
	Until  time.Time // forgotten after this
}

// Message is a consequence in another family, delivered at least once.
type Message struct {
	ID    string
	Topic string
	Body  bson.Raw // ids only
}

// Batch is applied whole or not at all. Every document of it is of one family.
// Entries join the log in order, in the same commit.
type Batch struct {
	Family    string
	Writes    []Write
	Excluded  []Exclusion
	Receipt   *Receipt
	Outbox    []Message
	Delivered []string // ids of messages this batch is the consequence of
	Entries   [][]byte
}

// Errors a caller may branch on; everything else means the store cannot answer.
var (
	ErrAbsent    = errors.New("no such document")
	ErrStale     = errors.New("a document has changed since it was read")
	ErrDuplicate = errors.New("a unique index or a receipt already holds this key")
	ErrClosed    = errors.New("the store is closed")
)

// Store holds documents. Every method is safe for concurrent use. A read sees
// every batch whose Apply returned before the read began.
type Store interface {
	// Get returns the document, or ErrAbsent.
	Get(ctx context.Context, id string) (Document, error)
	// GetMany returns the documents that exist, in the order of ids, at most
	// MaxPage ids.
	GetMany(ctx context.Context, ids []string) ([]Document, error)
	// Families returns all documents of one kind in the given families, ordered
	// by family as given and then by id; at most limit of them for each family.
	Families(ctx context.Context, kind Kind, families []string, limit int) ([]Document, error)
	// Find returns a page of a declared index.
	Find(ctx context.Context, q Query) (Page, error)
	// Count counts what Find would page through, and stops at limit.
	Count(ctx context.Context, q Query, limit int) (int, error)
	// Excluded returns the families the principal is excluded from, sorted.
	Excluded(ctx context.Context, principal string) ([]string, error)
	// Apply commits the batch: durable when it returns nil. ErrStale when a
	// guard does not hold, ErrDuplicate when a unique index or receipt is taken;
	// then nothing of the batch has happened.
	Apply(ctx context.Context, b Batch) error
	// Receipt returns the live receipt of a person's idempotency key, or
	// ErrAbsent.
	Receipt(ctx context.Context, person, key string) (Receipt, error)
	// Outbox returns undelivered messages, oldest first.
	Outbox(ctx context.Context, limit int) ([]Message, error)
	// Log is the append-only log that Batch.Entries join.
	Log() Log
	Close() error
}

// Log is the append-only log and the hash tree over it (RFC 6962, tlog).
type Log interface {
	// Checkpoint returns the newest signed tree head, or ErrAbsent for an empty
	// log.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Entries returns up to limit entries from number first on.
	Entries(ctx context.Context, first int64, limit int) ([][]byte, error)
	// Hashes reads stored tree hashes.
	Hashes(ctx context.Context) tlog.HashReader
}

// Sign turns a tree head into a signed checkpoint; it is called inside every
// commit that has entries.
type Sign func(tree tlog.Tree) ([]byte, error)
