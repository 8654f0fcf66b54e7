package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// failure is what the disk or the file refuses, in words for whoever runs Accord:
// what is wrong and what to do. Each is a type of its own, since a log names the
// types of an error and never its text.
type failure interface {
	error
	failed()
}

// because is what lies under a failure.
type because struct{ cause error }

func (b because) Unwrap() error { return b.cause }
func (because) failed()         {}

type (
	fullDisk     struct{ because }
	readOnlyDisk struct{ because }
	failingDisk  struct{ because }
	missingFile  struct{ because }
	lockedFile   struct{ because }
	damagedFile  struct{ because }
	damagedLog   struct{ because }
	shortLog     struct{ because }
	damagedMark  struct{ because }
)

const restore = ": stop Accord, keep a copy of the data folder, and restore the last good backup"

func (fullDisk) Error() string {
	return "the disk of the data folder is full: make room on it"
}

func (readOnlyDisk) Error() string {
	return "the data folder or its disk is read-only: make the folder and the files in it writable for the user that Accord runs as"
}

func (failingDisk) Error() string {
	return "the disk of the data folder fails to read or write: see what the system says about the disk"
}

func (missingFile) Error() string {
	return "the store cannot be opened: check that the data folder is there and that Accord may read and write in it"
}

func (lockedFile) Error() string {
	return "another program holds the store locked: end that program"
}

func (damagedFile) Error() string { return "the store is damaged" + restore }

func (damagedLog) Error() string { return "the audit log is damaged" + restore }

func (shortLog) Error() string {
	return "the store has lost changes that were acknowledged" + restore
}

func (damagedMark) Error() string {
	return "accord.db.mark, which says how far the audit log had come, is damaged: stop Accord, keep a copy of the data folder, and see what audit verify says of the copy"
}

// explain says what an error of SQLite means, where it is the disk or the file
// that fails and not the statement.
func explain(err error) error {
	refused, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch refused.Code() & 0xff { // the bits above say where it happened
	case sqlite3.SQLITE_FULL:
		return fullDisk{because{err}}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return readOnlyDisk{because{err}}
	case sqlite3.SQLITE_IOERR:
		return failingDisk{because{err}}
	case sqlite3.SQLITE_CANTOPEN:
		return missingFile{because{err}}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return lockedFile{because{err}}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damagedFile{because{err}}
	default:
		return err
	}
}

// explainFile does the same for a file beside the store.
func explainFile(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fullDisk{because{err}}
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return readOnlyDisk{because{err}}
	case errors.Is(err, os.ErrNotExist):
		return missingFile{because{err}}
	default:
		return failingDisk{because{err}}
	}
}

// refusal is why a store does not open. The disk and the file speak for themselves,
// and whatever fails beside them fails because of them.
func refusal(err, released error) error {
	if errors.Is(err, ErrInUse) {
		return ErrInUse
	}
	if f, ok := errors.AsType[failure](err); ok {
		return f
	}
	return errors.Join(fmt.Errorf("open store: %w", err), released)
}

// probed finds out why a file could not be opened, which SQLite does not say.
func probed(err error, path string) error {
	if _, missing := errors.AsType[missingFile](err); !missing {
		return err
	}
	probe, refused := os.CreateTemp(filepath.Dir(path), ".probe-")
	if refused != nil {
		return explainFile(errors.Join(refused, err))
	}
	_ = probe.Close() // nothing is in it
	_ = os.Remove(probe.Name())
	return err
}
