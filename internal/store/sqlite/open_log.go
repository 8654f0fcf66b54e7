package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"accord/internal/store"
)

// LogFile is the log of a store's file, opened to be read and proved. It changes
// nothing and can be opened beside the store.
type LogFile struct {
	store.Log
	store *Store
	path  string
}

// OpenLog opens the log of an existing file, on a read-only disk too if the store
// was closed before it came there.
func OpenLog(ctx context.Context, path string) (*LogFile, error) {
	file, err := openLog(ctx, path, url.Values{"mode": {"ro"}})
	if _, missing := errors.AsType[missingFile](err); missing && !hasContent(path+"-wal") {
		// SQLite makes a file for its locks beside the store, unless it is told that
		// nobody writes: on a disk where it cannot make one, nobody does.
		file, err = openLog(ctx, path, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	}
	return file, err
}

func openLog(ctx context.Context, path string, parameters url.Values) (_ *LogFile, err error) {
	s := &Store{pool: 1, closing: make(chan struct{}), readers: make(chan *connection, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open log: %w", err), s.release())
		}
	}()
	parameters["_pragma"] = []string{"busy_timeout(5000)", "query_only(1)"}
	location := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: parameters.Encode()}
	if s.db, err = sql.Open("sqlite", location.String()); err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	reader, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	// Whether a file can be read is met when it is.
	var tables int64
	if err := reader.row(ctx, `SELECT count(*) FROM sqlite_schema`, nil, &tables); err != nil {
		return nil, err
	}
	var application int64
	if err := reader.row(ctx, `PRAGMA application_id`, nil, &application); err != nil {
		return nil, err
	}
	if application == copyingID {
		return nil, store.ErrUnfinished
	}
	s.readers <- reader
	return &LogFile{Log: s.Log(), store: s, path: path}, nil
}

func hasContent(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}

// HoldsDocuments reports whether the file holds any document.
func (f *LogFile) HoldsDocuments(ctx context.Context) (holds bool, err error) {
	err = f.store.read(ctx, func(ctx context.Context, c *connection) error {
		return c.row(ctx, `SELECT EXISTS (SELECT 1 FROM document)`, nil, &holds)
	})
	return holds, err
}

// Missing is what a log lacks that its mark has seen.
type Missing struct {
	Found  int64 // entries of the log
	Marked int64 // entries that were acknowledged, by the mark
	Other  bool  // the log is not one that goes on from the marked one
}

// markReadings is how often a mark is read that looks damaged: the program beside
// may be writing it.
const markReadings = 5

// HoldToMark holds the log against the mark beside the store, if there is one:
// nil when the log has everything the mark has seen. An error that IsDamagedMark
// says that the mark tells nothing.
func (f *LogFile) HoldToMark(ctx context.Context) (missing *Missing, err error) {
	file, err := os.Open(f.path + ".mark")
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // nothing is missing
	}
	if err != nil {
		return nil, explainFile(err)
	}
	m := &mark{file}
	defer func() { err = errors.Join(err, m.close()) }()
	marked, err := m.read()
	for again := 1; again < markReadings && IsDamagedMark(err); again++ {
		marked, err = m.read()
	}
	if err != nil || marked.N == 0 {
		return nil, err
	}
	// The mark is never before the log, and was read first.
	err = f.store.read(ctx, func(ctx context.Context, c *connection) (err error) {
		if _, err = c.exec(ctx, "BEGIN"); err != nil { // one state, whatever is written beside
			return err
		}
		defer func() {
			_, ended := c.exec(ctx, "ROLLBACK")
			err = errors.Join(err, ended)
		}()
		edge, err := loadEdge(ctx, c)
		if err != nil {
			return err
		}
		log, err := edge.Head()
		if err != nil {
			return err //nolint:wrapcheck // it says what is damaged
		}
		err = covers(ctx, c, log, marked)
		_, short := errors.AsType[shortLog](err)
		_, other := errors.AsType[damagedLog](err)
		if short || other {
			missing, err = &Missing{Found: log.N, Marked: marked.N, Other: other}, nil
		}
		return err
	})
	return missing, err
}

// IsDamagedMark reports whether a mark cannot be read as one.
func IsDamagedMark(err error) bool {
	_, damaged := errors.AsType[damagedMark](err)
	return damaged
}

// IsDamaged reports whether a file is not what was written, as Check finds.
func IsDamaged(err error) bool {
	_, damaged := errors.AsType[damagedFile](err)
	return damaged
}

// Close lets go of the file.
func (f *LogFile) Close() error { return f.store.release() }
