package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"accord/internal/store"
)

// What a head is declared to be while it is nobody's: fences.
const (
	copyFence  = "copying "
	buildFence = "building "
)

var (
	// ErrNoStore says that there is nothing to copy from.
	ErrNoStore = errors.New("there is no store of Accord in this database")
	// ErrWritten says that the source is no more what the copy was begun with.
	ErrWritten = errors.New("a program was started on the source while it was copied: end it, and run accord copy again")

	errStarting = errors.New("a program is starting on the database, or ended while it started: start it, end it when it has started, and run accord copy again")
)

// beingCopied is why a program cannot commit meanwhile. It is a type of its own,
// since a log names the types of an error and never its text.
type beingCopied struct{}

func (beingCopied) Error() string {
	return "the database is being copied, and nothing may be written meanwhile: end this program, and start it again on the copy, or here when the copy has ended"
}

// SameDatabase reports whether two addresses lead to one database, as far as they
// say.
func SameDatabase(one, other string) bool {
	a, err := parseAddress(one)
	b, otherErr := parseAddress(other)
	if err != nil || otherErr != nil || a.database != b.database {
		return false
	}
	hosts := strings.Split(b.hosts, ", ")
	return slices.ContainsFunc(strings.Split(a.hosts, ", "), func(host string) bool { return slices.Contains(hosts, host) })
}

// reach connects to a cluster and looks whether it is one to be trusted.
func reach(ctx context.Context, uri string, needed role) (_ *Store, err error) {
	where, err := parseAddress(uri)
	if err != nil {
		return nil, err
	}
	s := &Store{clock: func() time.Time { return time.Time{} }, patience: usualPatience} // no clock is compared
	if s.client, err = mongo.Connect(clientOptions(Options{URI: uri})); err != nil {
		return nil, errUnusable
	}
	s.database = s.client.Database(where.database)
	if err := s.inspect(ctx, where, 0, needed); err != nil {
		return nil, errors.Join(err, s.disconnect(ctx))
	}
	return s, nil
}

// Source is a database in which nobody commits while it is read.
type Source struct {
	transfer
	before string // whose the head was
}

var _ store.Source = (*Source)(nil)

// OpenSource opens a database to be copied. Its head is declared to be nobody's, so
// that no program commits; Close declares it as before. A process that dies leaves
// that to the next copy, or to the next program that starts. Receipts count if they
// count at the time given.
func OpenSource(ctx context.Context, uri string, now time.Time) (_ *Source, err error) {
	cluster, err := reach(ctx, uri, asProgram)
	if err != nil {
		return nil, err
	}
	s := &Source{transfer: transfer{store: cluster, now: now}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release(ctx))
		}
	}()
	before, known, err := cluster.declaredHead(ctx)
	if err != nil {
		return nil, err
	}
	s.before = before.Declared
	switch {
	case strings.HasPrefix(before.Declared, copyFence): // a copy was broken off: keys are as they were
		s.before = known.Fingerprint
	case strings.HasPrefix(before.Declared, buildFence):
		return nil, errStarting
	}
	fence := newFence()
	err = cluster.passOn(ctx, before.Declared, fence)
	switch {
	case errors.Is(err, errTakenOver), errors.Is(err, beingCopied{}):
		return nil, errStarting
	case err != nil:
		return nil, err
	}
	s.fence = fence
	err = cluster.read(ctx, func(ctx context.Context) error {
		return cluster.findOne(ctx, theHead(), &before)
	})
	if err != nil {
		return nil, err
	}
	s.commits = before.Commits
	if s.state, err = before.state(); err != nil {
		return nil, err
	}
	return s, nil
}

func newFence() string { return copyFence + bson.NewObjectID().Hex() }

// declaredHead is the head of a store, and what its documents have keys for.
func (s *Store) declaredHead(ctx context.Context) (h head, known declaration, err error) {
	err = s.read(ctx, func(ctx context.Context) error {
		if absent := s.findOne(ctx, theHead(), &h); absent != nil {
			return absent
		}
		absent := s.findOne(ctx, theDeclaration(), &known)
		if errors.Is(absent, store.ErrAbsent) { // as it is before the first start is over
			return nil
		}
		return absent
	})
	if errors.Is(err, store.ErrAbsent) {
		return h, known, ErrNoStore
	}
	if err != nil {
		return h, known, err
	}
	return h, known, h.known()
}

// known refuses a head that no store of this version has.
func (h head) known() error {
	switch h.Layout {
	case layout:
		return nil
	case copyLayout:
		return store.ErrUnfinished
	default:
		return fmt.Errorf("the database has layout %d and this program knows %d: start the program that made it", h.Layout, layout)
	}
}

// state is how far the log has come, if its parts agree.
func (h head) state() (store.State, error) {
	edge, err := h.edge()
	if err != nil || h.Size == 0 {
		return store.State{}, err
	}
	tree, err := edge.Head()
	return store.State{Tree: tree, Signed: h.Signed}, err //nolint:wrapcheck // it says what is damaged
}

// Close lets programs commit again.
func (s *Source) Close() error { return s.release(context.Background()) }

// release is said though the time of ctx is over.
func (s *Source) release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.store.patience.commit)
	defer cancel()
	var released error
	if s.fence != "" {
		released = s.store.passOn(ctx, s.fence, s.before)
		if errors.Is(released, errTakenOver) {
			released = nil // a program was started: it is the program's now
		}
	}
	if err := errors.Join(released, s.store.disconnect(ctx)); err != nil {
		return fmt.Errorf("close the source: %w", err)
	}
	return nil
}

// transfer reads a database part by part, and refuses a page when the head is no
// more the copy's.
type transfer struct {
	store   *Store
	state   store.State
	now     time.Time
	fence   string
	commits int64 // of the head, which nobody has changed since; 0 where the copy itself changes it
}

// State implements store.Source.
func (t *transfer) State() store.State { return t.state }

// Log implements store.Source.
func (t *transfer) Log() store.Log { return t.store.Log() }

// errFull ends the reading of a page.
var errFull = errors.New("the page is full")

// Page implements store.Source. The head is read in the page's snapshot.
func (t *transfer) Page(ctx context.Context, part store.Part, from store.Place) (store.Copied, error) {
	page := store.Copied{Part: part, First: from.Number}
	l, take, err := t.rowsOf(&page, from)
	if err != nil {
		return store.Copied{}, err
	}
	l.limit = store.CopyRows
	err = t.store.read(ctx, func(ctx context.Context) error {
		var h head
		if lost := t.store.findOne(ctx, theHead(), &h); lost != nil {
			return lost
		}
		if h.Declared != t.fence || t.commits > 0 && h.Commits != t.commits {
			return ErrWritten
		}
		return t.store.find(ctx, l, func(raw bson.Raw) error {
			if damaged := take(raw); damaged != nil {
				return damaged
			}
			if page.Took(len(raw)) {
				return errFull
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errFull) {
		return store.Copied{}, err
	}
	return page, nil
}

// rowsOf is how a part is read, and how a row of it joins the page.
func (t *transfer) rowsOf(page *store.Copied, from store.Place) (l lookup, take func(bson.Raw) error, err error) {
	l = lookup{hint: byID, filter: bson.D{equals("_id", bson.D{{Key: opAbove, Value: from.Name}})}, sort: bson.D{{Key: "_id", Value: 1}}}
	switch page.Part {
	case store.DocumentPart:
		l.collection, l.project = documentCollection, withoutKeys
		return l, func(raw bson.Raw) error { return takeDocument(page, raw) }, nil
	case store.ExclusionPart:
		l.collection = exclusionCollection
		return l, func(raw bson.Raw) error { return takeExclusion(page, raw) }, nil
	case store.ReceiptPart:
		l.collection = receiptCollection
		l.filter = append(l.filter, equals("until", bson.D{{Key: opFrom, Value: bson.NewDateTimeFromTime(t.now)}}))
		return l, func(raw bson.Raw) error { return takeReceipt(page, raw) }, nil
	case store.MessagePart:
		l.collection, l.hint, l.sort = outboxCollection, bySequence, bson.D{{Key: "seq", Value: 1}}
		l.filter = bson.D{equals("seq", bson.D{{Key: opFrom, Value: from.Number}})}
		return l, func(raw bson.Raw) error { return takeMessage(page, raw) }, nil
	case store.EntryPart:
		l.collection, l.project = logCollection, bson.D{{Key: "hashes", Value: 0}}
		l.filter = bson.D{equals("_id", bson.D{{Key: opFrom, Value: from.Number}})}
		return l, func(raw bson.Raw) error { return takeEntry(page, raw) }, nil
	default:
		return l, nil, fmt.Errorf("a store has no %s", page.Part)
	}
}

func takeDocument(page *store.Copied, raw bson.Raw) error {
	d, err := store.DecodeDocument(raw)
	page.Documents = append(page.Documents, store.Stored{Document: d, Body: raw})
	return err //nolint:wrapcheck // find says where it is read from
}

func takeExclusion(page *store.Copied, raw bson.Raw) error {
	var row struct {
		ID        string `bson:"_id"`
		Principal string `bson:"p"`
		Family    string `bson:"fam"`
	}
	err := decode(raw, &row)
	if err == nil && row.ID != joined(row.Principal, row.Family) {
		err = errors.New("an exclusion is not as it is filed")
	}
	page.Exclusions = append(page.Exclusions, store.Exclusion{Principal: row.Principal, Family: row.Family})
	return err
}

func takeReceipt(page *store.Copied, raw bson.Raw) error {
	var row receipt
	err := decode(raw, &row)
	r := store.Receipt{Input: row.Input, Result: row.Result, Until: row.Until.UTC()}
	r.Person, r.Key = store.CutName(row.ID)
	page.Receipts = append(page.Receipts, r)
	return err
}

func takeMessage(page *store.Copied, raw bson.Raw) error {
	var row message
	err := decode(raw, &row)
	page.Messages = append(page.Messages, store.Posted{
		Sequence: row.Sequence, Message: store.Message{ID: row.ID, Topic: row.Topic, Body: row.Body},
	})
	return err
}

func takeEntry(page *store.Copied, raw bson.Raw) error {
	var row logEntry
	if err := decode(raw, &row); err != nil {
		return err //nolint:wrapcheck // find says where it is read from
	}
	if want := page.First + int64(len(page.Entries)); row.Number != want {
		return fmt.Errorf("the log is damaged: entry %d is missing", want)
	}
	page.Entries = append(page.Entries, row.Data)
	return nil
}
