package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"accord/internal/store"
)

// Snapshot is a copy of a store's file as it was at one moment: every batch that
// was acknowledged before, and none by half. It is read like a LogFile and is gone
// when it is closed.
type Snapshot struct {
	*LogFile
	Path string // of the copy: one whole file, with nothing beside it
	lock *sql.DB
}

// maxWaiting is how long the write-ahead log may become meanwhile: it cannot shrink
// while the store is copied, because the copy reads the file without it.
const maxWaiting = 1 << 30

// TakeSnapshot copies the store at path to another path, on a disk with room for
// it. It takes no lock of the store, whose program may go on writing, and keeps
// nothing in memory. A copy left there by a process that died is replaced; ErrInUse
// says that somebody else is copying to this path.
func TakeSnapshot(ctx context.Context, path, to string) (_ *Snapshot, err error) {
	lock, err := lockFile(ctx, to+".lock")
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Path: to, lock: lock}
	defer func() {
		if err != nil {
			err = refusal(err, s.Close())
		}
	}()
	if err = removeCopy(to); err != nil {
		return nil, err
	}
	err = bounded(ctx, path, maxWaiting, func(ctx context.Context) error { return copyStore(ctx, path, to) })
	if err != nil {
		return nil, err
	}
	if s.LogFile, err = OpenLog(ctx, to); err != nil {
		return nil, err
	}
	return s, nil
}

// Close removes the copy.
func (s *Snapshot) Close() error {
	var errs []error
	if s.LogFile != nil {
		errs = append(errs, s.LogFile.Close())
	}
	if err := errors.Join(append(errs, removeCopy(s.Path), s.lock.Close())...); err != nil {
		return fmt.Errorf("remove the copy of the store: %w", err)
	}
	return nil
}

// removeCopy removes a copy and what SQLite may have left beside it.
func removeCopy(path string) error {
	var errs []error
	for _, beside := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Remove(path + beside); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, explainFile(err))
		}
	}
	return errors.Join(errs...)
}

// bounded copies a store, and gives up when its write-ahead log grows beyond the
// bound.
func bounded(ctx context.Context, path string, bound int64, copyAll func(context.Context) error) error {
	copying, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := make(chan error, 1)
	go func() { ended <- copyAll(copying) }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			if cause := context.Cause(copying); cause != nil {
				return cause //nolint:wrapcheck // why it was stopped says more than that it was
			}
			return err
		case <-tick.C:
		}
		if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > bound {
			stop(errors.New("the store is written to faster than it can be copied: try again when less is written"))
		}
	}
}

// copyStore writes the pages that are in use, in order, into a new file. It reads
// in one transaction, which sees one moment and keeps nobody from writing.
func copyStore(ctx context.Context, path, to string) (err error) {
	location := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path),
		// Not query_only, which refuses this statement too.
		RawQuery: url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "cell_size_check(ON)"}}.Encode(),
	}
	db, err := sql.Open("sqlite", location.String())
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := makeForOwner(to); err != nil { // SQLite fills a file that is empty
		return err
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy the store: %w", explain(err))
	}
	return nil
}

// Contents says what a store's file holds, without a word of it.
type Contents struct {
	Schema    int64
	Documents []KindCount // in the order of the kinds' names
}

// KindCount is how many documents of a kind there are.
type KindCount struct {
	Kind   store.Kind
	Number int64
}

// Contents counts what the file holds. It refuses a file that is not a store of
// Accord, or of a later version.
func (f *LogFile) Contents(ctx context.Context) (contents Contents, err error) {
	err = f.store.read(ctx, func(ctx context.Context, c *connection) error {
		var application int64
		if err = c.row(ctx, "PRAGMA application_id", nil, &application); err != nil {
			return err
		}
		if application != applicationID {
			return errors.New("the file is not a store of Accord")
		}
		if err = c.row(ctx, "SELECT version FROM schema", nil, &contents.Schema); err != nil {
			return err
		}
		if known := versionAfter(forwardSteps); contents.Schema > known {
			return laterVersion{found: contents.Schema, known: known}
		}
		return c.rows(ctx, "SELECT kind, count(*) FROM document GROUP BY kind ORDER BY kind", nil, func(scan func(...any) error) error {
			var count KindCount
			if err = scan((*string)(&count.Kind), &count.Number); err != nil {
				return fmt.Errorf("count documents: %w", err)
			}
			contents.Documents = append(contents.Documents, count)
			return nil
		})
	})
	return contents, err
}

// Check walks every page and every index of the file, and returns an error when it
// is damaged.
func (f *LogFile) Check(ctx context.Context) error {
	// Long, unlike other reading: it ends with the caller's context.
	return f.store.read(ctx, func(_ context.Context, c *connection) error {
		var verdict string
		if err := c.row(ctx, "PRAGMA integrity_check(1)", nil, &verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return damagedFile{because{errors.New(verdict)}}
		}
		return nil
	})
}
