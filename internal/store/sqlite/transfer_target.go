package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"accord/internal/store"
)

// TargetOptions say where a copy is put and what the store will be asked.
type TargetOptions struct {
	Path    string // the file; made when missing, in a folder that exists
	Kinds   []store.Kind
	Indexes []store.Index
	Of      store.State // the source's
	Now     time.Time   // receipts that count then are read back
	Restart bool        // remove what was begun there before, never a finished store
}

// Target is a store's file that is being made. Until it is finished the file says
// of itself that it is not a store: an application id of its own, and a table with
// what it is a copy of and how far it has come.
type Target struct {
	transfer
	places []store.Place // by part
}

var _ store.Target = (*Target)(nil)

// OpenTarget begins a copy, or goes on with one of the same state of a source:
// store.ErrOtherCopy for one of another, store.ErrOccupied for anything else that
// is there.
func OpenTarget(ctx context.Context, options TargetOptions) (_ *Target, err error) {
	declared, err := store.Declare(options.Kinds, options.Indexes)
	if err != nil {
		return nil, fmt.Errorf("open the target: %w", err)
	}
	s := &Store{declared: declared, pool: 1, closing: make(chan struct{}), readers: make(chan *connection, 1)}
	t := &Target{transfer: transfer{store: s, state: options.Of, now: options.Now.UnixMilli()}}
	defer func() {
		if err != nil {
			err = refusal(probed(err, options.Path), t.Close())
		}
	}()
	if s.lock, err = lockFile(ctx, options.Path+".lock"); err != nil {
		return nil, err
	}
	begun, err := isBegun(ctx, options.Path)
	if err != nil {
		return nil, err
	}
	if begun && options.Restart {
		if err = removeCopy(options.Path); err != nil {
			return nil, err
		}
		begun = false
	}
	if err = makeForOwner(options.Path); err != nil {
		return nil, err
	}
	if s.db, err = sql.Open("sqlite", dataSource(options.Path)); err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	conn, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err = t.begin(ctx, conn, begun); err != nil {
		return nil, err
	}
	s.readers <- conn
	return t, nil
}

// isBegun reports whether a copy was begun in a file, and refuses one that holds
// anything else, which it leaves as it is.
func isBegun(ctx context.Context, path string) (begun bool, err error) {
	if !hasContent(path) && !hasContent(path+"-wal") {
		return false, nil
	}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", location.String())
	if err != nil {
		return false, fmt.Errorf("open the file: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var application, tables int64
	err = db.QueryRowContext(ctx, "SELECT count(*), (SELECT application_id FROM pragma_application_id) FROM sqlite_schema").
		Scan(&tables, &application)
	if refused, ok := errors.AsType[*sqlite.Error](err); ok && refused.Code()&0xff == sqlite3.SQLITE_NOTADB {
		return false, store.ErrOccupied
	}
	if err != nil {
		return false, fmt.Errorf("look at the file: %w", explain(err))
	}
	if tables > 0 && application != copyingID {
		return false, store.ErrOccupied
	}
	return tables > 0, nil
}

// begin makes the tables of an empty file, and reads how far the copy has come.
func (t *Target) begin(ctx context.Context, conn *connection, begun bool) error {
	if !begun {
		if err := makeSchema(ctx, conn.sql, copyingID); err != nil {
			return err
		}
	}
	if err := migrate(ctx, conn.sql, forwardSteps); err != nil {
		return err
	}
	t.places = make([]store.Place, len(store.Parts()))
	err := inTransaction(ctx, conn.sql, func() error {
		_, err := conn.exec(ctx, `CREATE TABLE IF NOT EXISTS copying (
			one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, places TEXT NOT NULL)`)
		if err != nil {
			return err
		}
		var of tlog.Tree
		var root []byte
		var places string
		err = conn.row(ctx, `SELECT size, root, places FROM copying`, nil, &of.N, &root, &places)
		if errors.Is(err, sql.ErrNoRows) { // nothing was put there
			return t.keepPlaces(ctx, conn, t.places)
		}
		if err != nil {
			return err
		}
		copy(of.Hash[:], root)
		if of != t.state.Tree {
			return store.ErrOtherCopy
		}
		if err := json.Unmarshal([]byte(places), &t.places); err != nil || len(t.places) != len(store.Parts()) {
			return damagedFile{because{fmt.Errorf("read how far the copy has come: %w", errors.Join(err))}}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.store.numbers, err = reconcile(ctx, conn, t.store.declared)
	return err
}

func (t *Target) keepPlaces(ctx context.Context, c *connection, places []store.Place) error {
	text, err := json.Marshal(places)
	if err != nil {
		return fmt.Errorf("encode how far the copy has come: %w", err)
	}
	_, err = c.exec(ctx, `INSERT OR REPLACE INTO copying (one, size, root, places) VALUES (1, ?, ?, ?)`,
		t.state.Tree.N, t.state.Tree.Hash[:], string(text))
	return err
}

// Place implements store.Target.
func (t *Target) Place(part store.Part) store.Place { return t.places[part] }

// Put implements store.Target: the page and how far the copy has come with it are
// one commit.
func (t *Target) Put(ctx context.Context, page store.Copied) error {
	page = page.From(t.places[page.Part])
	if page.Len() == 0 {
		return nil
	}
	places := slices.Clone(t.places)
	places[page.Part] = page.Behind()
	err := t.store.read(ctx, func(ctx context.Context, c *connection) error {
		return inTransaction(ctx, c.sql, func() error {
			if err := t.putPage(ctx, c, page); err != nil {
				return err
			}
			return t.keepPlaces(ctx, c, places)
		})
	})
	if err != nil {
		return err
	}
	t.places = places
	return nil
}

func (t *Target) putPage(ctx context.Context, c *connection, page store.Copied) error {
	switch page.Part {
	case store.DocumentPart:
		return t.putDocuments(ctx, c, page.Documents)
	case store.ExclusionPart:
		for _, x := range page.Exclusions {
			if _, err := c.exec(ctx, insertExclusion, x.Principal, x.Family); err != nil {
				return err
			}
		}
		return nil
	case store.ReceiptPart:
		for _, r := range page.Receipts {
			result, err := json.Marshal(r.Result)
			if err != nil {
				return fmt.Errorf("encode the result: %w", err)
			}
			if _, err := c.exec(ctx, insertReceipt, r.Person, r.Key, r.Until.UnixMilli(), blob(r.Input), result, t.now); err != nil {
				return err
			}
		}
		return nil
	case store.MessagePart:
		for _, m := range page.Messages {
			_, err := c.exec(ctx, `INSERT INTO outbox (seq, id, topic, body) VALUES (?, ?, ?, ?)`,
				m.Sequence, m.Message.ID, m.Message.Topic, blob(m.Message.Body))
			if err != nil {
				return err
			}
		}
		return nil
	case store.EntryPart:
		return t.putEntries(ctx, c, page)
	default:
		return fmt.Errorf("a store has no %s", page.Part)
	}
}

func (t *Target) putDocuments(ctx context.Context, c *connection, documents []store.Stored) error {
	for _, one := range documents {
		d := one.Document
		if err := t.store.declared.CheckKind(d.Kind); err != nil {
			return fmt.Errorf("document %s: %w", d.ID, err)
		}
		if _, err := c.exec(ctx, insertDocument, d.ID, string(d.Kind), d.Family, d.Version, []byte(one.Body)); err != nil {
			return err
		}
		for _, x := range t.store.declared.Of(d.Kind) {
			if err := place(ctx, c, t.store.numbers[x.Name], x, nil, d); err != nil {
				return err
			}
			if !x.Unique {
				continue
			}
			switch another, err := taken(ctx, c, t.store.numbers[x.Name], x, d); {
			case err != nil:
				return err
			case another:
				return fmt.Errorf("documents of the source share a key of index %s: %w", x.Name, store.ErrDuplicate)
			}
		}
	}
	return nil
}

// putEntries adds entries with their hashes. The tree head comes with the last of
// them, signed as it is in the source, if it is the source's.
func (t *Target) putEntries(ctx context.Context, c *connection, page store.Copied) error {
	edge, err := loadEdge(ctx, c)
	if err != nil {
		return err
	}
	for _, entry := range page.Entries {
		if err = appendEntry(ctx, c, edge, entry, tlog.RecordHash(entry)); err != nil {
			return err
		}
	}
	head, err := edge.Head()
	if err != nil {
		return err //nolint:wrapcheck // it says what is damaged
	}
	signed := []byte{}
	if head.N >= t.state.Tree.N {
		if head != t.state.Tree {
			return store.ErrNotItsLog
		}
		signed = t.state.Signed
	}
	_, err = c.exec(ctx, setCheckpoint, head.N, head.Hash[:], signed)
	return err
}

// Finish implements store.Target.
func (t *Target) Finish(ctx context.Context) error {
	return t.store.read(ctx, func(ctx context.Context, c *connection) error {
		copied, err := loadState(ctx, c)
		if err != nil {
			return err
		}
		if !copied.Same(t.state) {
			return store.ErrUnfinished
		}
		return inTransaction(ctx, c.sql, func() error {
			if _, err := c.sql.ExecContext(ctx, "DROP TABLE copying"); err != nil {
				return fmt.Errorf("finish the copy: %w", explain(err))
			}
			if _, err := c.sql.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
				return fmt.Errorf("mark the file: %w", explain(err))
			}
			return nil
		})
	})
}

// Close lets go of the file; what was put there is kept.
func (t *Target) Close() error { return t.store.release() }
