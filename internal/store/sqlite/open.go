// Package sqlite keeps documents in one SQLite file, in process: the store of a
// single machine. One writer commits waiting batches together; readers never wait
// for it.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"accord/internal/store"
)

// Options say where the store is and what it holds.
type Options struct {
	Path    string           // the database file; made when missing, in a folder that exists
	Kinds   []store.Kind     // kinds without an index of their own; may be nil
	Indexes []store.Index    // every index that may be asked
	Sign    store.Sign       // signs the log's tree head; required
	Clock   func() time.Time // decides which receipts still live; required

	steps []step // of the tables, beyond forwardSteps: a test's
}

// ErrInUse says that another store, here or in another process, has the file.
var ErrInUse = errors.New("another Accord has the data folder open: stop that one, or start this one on another folder")

// Store is a store.Store over one SQLite file.
type Store struct {
	declared *store.Declared
	numbers  map[string]int64 // the number of each index in the entry table, by name
	sign     store.Sign
	clock    func() time.Time

	readers chan *connection // idle ones
	pool    int              // how many there are
	writer  *writer
	all     []*connection
	turns   *store.Turns
	closing chan struct{}
	close   func() error

	lock, db *sql.DB
	mark     *mark
}

var _ store.Store = (*Store)(nil)

// Open opens or makes the store. It returns ErrInUse when somebody else has it
// open, and an error when the file is damaged, is of a later version, or holds
// documents that break a newly declared unique index. When it returns, every
// declared index is complete.
func Open(ctx context.Context, options Options) (_ *Store, err error) {
	if options.Path == "" || options.Sign == nil || options.Clock == nil {
		return nil, errors.New("open store: path, sign and clock are required")
	}
	declared, err := store.Declare(options.Kinds, options.Indexes)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{
		declared: declared,
		sign:     options.Sign,
		clock:    options.Clock,
		pool:     max(4, runtime.GOMAXPROCS(0)),
		closing:  make(chan struct{}),
	}
	s.close = sync.OnceValue(s.shut)
	defer func() {
		if err != nil {
			err = refusal(probed(err, options.Path), s.release())
		}
	}()
	if s.lock, err = lockFile(ctx, options.Path+".lock"); err != nil {
		return nil, err
	}
	if err = makeForOwner(options.Path); err != nil {
		return nil, err
	}
	if s.db, err = sql.Open("sqlite", dataSource(options.Path)); err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	s.db.SetMaxOpenConns(s.pool + 1)
	if err := s.start(ctx, options.Path, slices.Concat(forwardSteps, options.steps)); err != nil {
		return nil, err
	}
	s.turns = store.NewTurns(s.writer.commit) //nolint:contextcheck // the writer lives until Close, whatever becomes of the caller who opened
	return s, nil
}

func (s *Store) start(ctx context.Context, path string, steps []step) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	if err = prepareSchema(ctx, conn.sql, steps); err != nil {
		return err
	}
	if s.numbers, err = reconcile(ctx, conn, s.declared); err != nil {
		return err
	}
	if err = checkEntries(ctx, conn, s.declared, s.numbers); err != nil {
		return err
	}
	s.writer = &writer{store: s, conn: conn}
	if s.writer.tree, err = loadEdge(ctx, conn); err != nil {
		return err
	}
	head, err := s.writer.tree.Head()
	if err != nil {
		return fmt.Errorf("load the log: %w", err)
	}
	if s.mark, err = openMark(ctx, path+".mark", conn, head); err != nil {
		return err
	}
	s.readers = make(chan *connection, s.pool)
	for range s.pool {
		reader, err := s.connect(ctx)
		if err != nil {
			return err
		}
		if _, err = reader.sql.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
			return fmt.Errorf("make a reader: %w", explain(err))
		}
		s.readers <- reader
	}
	return nil
}

// makeForOwner makes a file that is not there yet, for its owner alone: SQLite
// would let others read it, and gives what it makes beside a file the mode of the
// file. One that is there is left to SQLite: to close it here would let go of the
// locks that this process holds on it.
func makeForOwner(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the folder is the operator's
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return explainFile(err)
	}
	return nil
}

func dataSource(path string) string {
	parameters := url.Values{"_pragma": {
		"busy_timeout(5000)",
		"journal_mode(WAL)",
		"synchronous(FULL)",
		"foreign_keys(0)",
		"cell_size_check(ON)", // a damaged page is met when it is read, not when it has done harm
		"temp_store(MEMORY)",
		"cache_size(-16384)",           // 16 MB for each connection
		"journal_size_limit(67108864)", // the write-ahead log shrinks back to 64 MB
	}}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: parameters.Encode()}
	return location.String()
}

// lockFile holds an exclusive transaction on a file beside the store for as long
// as the store is open. The tree head of the log lives in memory between commits,
// so two writers would fork the log. The operating system lets go of the lock
// when the process dies.
func lockFile(ctx context.Context, path string) (*sql.DB, error) {
	if err := makeForOwner(path); err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	db, err := sql.Open("sqlite", location.String())
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxLifetime(0)
	if _, err := db.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if isBusy(err) {
			err = ErrInUse
		} else {
			err = fmt.Errorf("take the lock: %w", explain(err))
		}
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close implements store.Store.
func (s *Store) Close() error { return s.close() }

func (s *Store) shut() error {
	close(s.closing)
	s.turns.Close()
	for range s.pool {
		<-s.readers // what is being read is read to the end
	}
	return s.release()
}

// release lets go of whatever Open has taken so far.
func (s *Store) release() error {
	var errs []error
	for _, c := range s.all {
		errs = append(errs, c.close())
	}
	errs = append(errs, s.mark.close())
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}
