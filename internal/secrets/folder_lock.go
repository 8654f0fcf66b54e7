package secrets

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// lockName is the name, in the key folder, of the file that says whose it is. Its
// lock is not that of keys.db, which a backup must be able to read meanwhile.
const lockName = databaseFile + ".lock"

// lockFolder holds an exclusive transaction on a file beside keys.db. The
// operating system lets go of it when the process dies.
func lockFolder(ctx context.Context, dir string) (*sql.DB, error) {
	path, err := filepath.Abs(filepath.Join(dir, lockName))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", lockName, err)
	}
	// A file that is there is left to SQLite: closing it here would let go of a lock
	// that this process may hold on it.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the folder is the operator's
	if err == nil {
		err = file.Close()
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("open %s: %w", lockName, err)
	}
	location := url.URL{Scheme: "file", Path: path}
	lock, err := sql.Open("sqlite", location.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", lockName, err)
	}
	lock.SetMaxOpenConns(1)
	lock.SetMaxIdleConns(1)
	lock.SetConnMaxLifetime(0)
	if _, err := lock.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		if refused, ok := errors.AsType[*sqlite.Error](err); ok && refused.Code()&0xff == sqlite3.SQLITE_BUSY {
			err = errors.New("another Accord is using this key folder")
		} else {
			err = fmt.Errorf("take %s: %w", lockName, err)
		}
		return nil, errors.Join(err, lock.Close())
	}
	return lock, nil
}
