package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"accord/internal/store"
)

// ErrNoStore says that there is no file to copy from.
var ErrNoStore = errors.New("there is no store of Accord in this place")

// SourceOptions say what is copied.
type SourceOptions struct {
	Path    string
	Kinds   []store.Kind
	Indexes []store.Index
	Now     time.Time // receipts that count then are read
}

// Source is a store's file, locked, and read as it is.
type Source struct {
	transfer
	file *LogFile
	lock *sql.DB
}

var _ store.Source = (*Source)(nil)

// OpenSource opens a store's file to be copied: as a program would, so that none can
// meanwhile, and without changing it. ErrInUse says that one has it open. The file is
// walked whole and refused when it is damaged, has lost what was acknowledged, or is
// of another version.
func OpenSource(ctx context.Context, options SourceOptions) (_ *Source, err error) {
	if _, absent := os.Stat(options.Path); errors.Is(absent, os.ErrNotExist) {
		return nil, ErrNoStore
	}
	declared, err := store.Declare(options.Kinds, options.Indexes)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	lock, err := lockFile(ctx, options.Path+".lock")
	if err != nil {
		return nil, refusal(err, nil)
	}
	s := &Source{lock: lock}
	defer func() {
		if err != nil {
			err = refusal(err, s.Close())
		}
	}()
	if s.file, err = OpenLog(ctx, options.Path); err != nil {
		return nil, err
	}
	contents, err := s.file.Contents(ctx)
	if err != nil {
		return nil, err
	}
	if known := versionAfter(forwardSteps); contents.Schema != known {
		return nil, fmt.Errorf("the store has schema version %d and this program knows %d: start this version of Accord on it once, and end it", contents.Schema, known)
	}
	if err = s.file.Check(ctx); err != nil {
		return nil, err
	}
	s.transfer = transfer{store: s.file.store, now: options.Now.UnixMilli()}
	err = s.store.read(ctx, func(ctx context.Context, c *connection) (err error) {
		// One transaction for as long as the source is open: one state.
		if _, err = c.exec(ctx, "BEGIN"); err != nil {
			return err
		}
		if s.state, err = loadState(ctx, c); err != nil {
			return err
		}
		if err = coversMark(ctx, options.Path+".mark", c, s.state.Tree); err != nil {
			return err
		}
		return checkFiled(ctx, c, declared)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// checkFiled holds documents and indexes against each other. The copy makes indexes
// of its own, so a document whose clear part was damaged would look right in it. What
// an older version has declared otherwise is not comparable.
func checkFiled(ctx context.Context, c *connection, declared *store.Declared) error {
	numbers := make(map[string]int64)
	stored, err := storedShapes(ctx, c, numbers)
	if err != nil {
		return err
	}
	wanted, err := shapesOf(declared)
	if err != nil || !maps.Equal(stored, wanted) {
		return err
	}
	return checkAllEntries(ctx, c, declared, numbers)
}

// loadState reads how far the log has come, and refuses one whose parts do not
// agree.
func loadState(ctx context.Context, c *connection) (store.State, error) {
	edge, err := loadEdge(ctx, c)
	if err != nil {
		return store.State{}, err
	}
	var state store.State
	err = c.row(ctx, `SELECT signed FROM checkpoint`, nil, &state.Signed)
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil // an empty log has no tree head
	}
	if err != nil {
		return state, err
	}
	state.Tree, err = edge.Head()
	return state, err //nolint:wrapcheck // it says what is damaged
}

// coversMark holds the log against its mark, if there is one.
func coversMark(ctx context.Context, path string, c *connection, log tlog.Tree) (err error) {
	file, err := os.Open(path) //nolint:gosec // the folder is the operator's
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return explainFile(err)
	}
	m := &mark{file}
	defer func() { err = errors.Join(err, m.close()) }()
	marked, err := m.read()
	if err != nil {
		return err
	}
	return covers(ctx, c, log, marked)
}

// Close lets programs open the store again.
func (s *Source) Close() error {
	var errs []error
	if s.file != nil {
		errs = append(errs, s.file.Close())
	}
	if err := errors.Join(append(errs, s.lock.Close())...); err != nil {
		return fmt.Errorf("close the source: %w", err)
	}
	return nil
}

// transfer reads a file part by part.
type transfer struct {
	store *Store
	state store.State
	now   int64
}

// State implements store.Source.
func (t *transfer) State() store.State { return t.state }

// Log implements store.Source.
func (t *transfer) Log() store.Log { return t.store.Log() }

const (
	documentsBehind  = `SELECT id, kind, fam, version, body FROM document WHERE id > ? ORDER BY id LIMIT ? + 0`
	exclusionsBehind = `SELECT principal, fam FROM excluded WHERE (principal, fam) > (?, ?) ORDER BY principal, fam LIMIT ? + 0`
	receiptsBehind   = `SELECT person, key, until, input, result FROM receipt
		WHERE (person, key) > (?, ?) AND until >= ? ORDER BY person, key LIMIT ? + 0`
	messagesFrom = `SELECT seq, id, topic, body FROM outbox WHERE seq >= ? ORDER BY seq LIMIT ? + 0`
	entriesFrom  = `SELECT n, data FROM log_entry WHERE n >= ? ORDER BY n LIMIT ? + 0`
)

// errFull ends the reading of a page.
var errFull = errors.New("the page is full")

// Page implements store.Source.
func (t *transfer) Page(ctx context.Context, part store.Part, from store.Place) (store.Copied, error) {
	page := store.Copied{Part: part, First: from.Number}
	err := t.store.read(ctx, func(ctx context.Context, c *connection) error {
		first, second := store.CutName(from.Name)
		switch part {
		case store.DocumentPart:
			return c.rows(ctx, documentsBehind, []any{from.Name, store.CopyRows}, takeDocument(&page))
		case store.ExclusionPart:
			return c.rows(ctx, exclusionsBehind, []any{first, second, store.CopyRows}, takeExclusion(&page))
		case store.ReceiptPart:
			return c.rows(ctx, receiptsBehind, []any{first, second, t.now, store.CopyRows}, takeReceipt(&page))
		case store.MessagePart:
			return c.rows(ctx, messagesFrom, []any{from.Number, store.CopyRows}, takeMessage(&page))
		case store.EntryPart:
			return c.rows(ctx, entriesFrom, []any{from.Number, store.CopyRows}, takeEntry(&page))
		default:
			return fmt.Errorf("a store has no %s", part)
		}
	})
	if err != nil && !errors.Is(err, errFull) {
		return store.Copied{}, err
	}
	return page, nil
}

// took ends the page when it is full.
func took(page *store.Copied, size int) error {
	if page.Took(size) {
		return errFull
	}
	return nil
}

func takeDocument(page *store.Copied) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var id, kind, family string
		var version int64
		var body []byte
		if err := scan(&id, &kind, &family, &version, &body); err != nil {
			return fmt.Errorf("read a document: %w", err)
		}
		d, err := store.DecodeDocument(body)
		if err != nil || d.ID != id || string(d.Kind) != kind || d.Family != family || d.Version != version {
			return damagedFile{because{fmt.Errorf("document %s is not as it is filed: %w", id, errors.Join(err))}}
		}
		page.Documents = append(page.Documents, store.Stored{Document: d, Body: body})
		return took(page, len(body))
	}
}

func takeExclusion(page *store.Copied) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var x store.Exclusion
		if err := scan(&x.Principal, &x.Family); err != nil {
			return fmt.Errorf("read an exclusion: %w", err)
		}
		page.Exclusions = append(page.Exclusions, x)
		return took(page, len(x.Principal)+len(x.Family))
	}
}

func takeReceipt(page *store.Copied) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var r store.Receipt
		var until int64
		var result []byte
		if err := scan(&r.Person, &r.Key, &until, &r.Input, &result); err != nil {
			return fmt.Errorf("read a receipt: %w", err)
		}
		r.Until = time.UnixMilli(until).UTC()
		if err := json.Unmarshal(result, &r.Result); err != nil {
			return damagedFile{because{fmt.Errorf("read the result of a receipt: %w", err)}}
		}
		page.Receipts = append(page.Receipts, r)
		return took(page, len(r.Input)+len(result))
	}
}

func takeMessage(page *store.Copied) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var m store.Posted
		if err := scan(&m.Sequence, &m.Message.ID, &m.Message.Topic, (*[]byte)(&m.Message.Body)); err != nil {
			return fmt.Errorf("read a message: %w", err)
		}
		page.Messages = append(page.Messages, m)
		return took(page, len(m.Message.Body))
	}
}

func takeEntry(page *store.Copied) func(scan func(...any) error) error {
	return func(scan func(...any) error) error {
		var n int64
		var data []byte
		if err := scan(&n, &data); err != nil {
			return fmt.Errorf("read an entry: %w", err)
		}
		if want := page.First + int64(len(page.Entries)); n != want {
			return damagedLog{because{fmt.Errorf("entry %d is missing", want)}}
		}
		page.Entries = append(page.Entries, data)
		return took(page, len(data))
	}
}
