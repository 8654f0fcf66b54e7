package secrets

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite" // the driver registers itself as "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// keySchema is version 1 of keys.db. A key row outlives its key: the row of a
// destroyed family has a time in destroyed and no wrapped key, so the family never
// gets another. Times are milliseconds since 1970.
const keySchema = `
CREATE TABLE key (
	family TEXT PRIMARY KEY,
	wrapped BLOB,
	created INTEGER NOT NULL,
	destroyed INTEGER,
	CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL))
) WITHOUT ROWID;
CREATE TABLE purpose (
	name TEXT PRIMARY KEY,
	wrapped BLOB NOT NULL,
	created INTEGER NOT NULL
) WITHOUT ROWID;
PRAGMA user_version = 1;`

const keySchemaVersion = 1

// openKeyDatabase opens keys.db, alone: the lock is held until it is closed.
func openKeyDatabase(ctx context.Context, dir string) (*sql.DB, error) {
	path, err := filepath.Abs(filepath.Join(dir, databaseFile))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", databaseFile, err)
	}
	// SQLite gives its journal the mode of the file, so the file is made first.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the folder is the operator's
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", databaseFile, err)
	}
	if err = file.Close(); err != nil {
		return nil, fmt.Errorf("open %s: %w", databaseFile, err)
	}
	// secure_delete overwrites what a destroyed key leaves in its page.
	source := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": {
		"locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)",
	}, "_txlock": {"immediate"}}.Encode()}
	database, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", databaseFile, err)
	}
	database.SetMaxOpenConns(1) // a second connection could not pass the lock
	database.SetConnMaxIdleTime(0)
	database.SetConnMaxLifetime(0)
	if err := prepareKeyDatabase(ctx, database); err != nil {
		return nil, errors.Join(err, database.Close())
	}
	if err := syncFolder(dir); err != nil {
		return nil, errors.Join(err, database.Close())
	}
	return database, nil
}

// prepareKeyDatabase makes the schema of a new file. Its transaction also takes
// the lock.
func prepareKeyDatabase(ctx context.Context, database *sql.DB) error {
	return inTransaction(ctx, database, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return fmt.Errorf("read the version of %s: %w", databaseFile, err)
		}
		switch version {
		case keySchemaVersion:
			return nil
		case 0:
			if _, err := tx.ExecContext(ctx, keySchema); err != nil {
				return fmt.Errorf("make the tables of %s: %w", databaseFile, err)
			}
			return nil
		default:
			return fmt.Errorf("%s is of version %d; this Accord reads version %d", databaseFile, version, keySchemaVersion)
		}
	})
}

func keyDatabaseEmpty(ctx context.Context, database *sql.DB) (bool, error) {
	var rows int
	err := database.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM key) + (SELECT count(*) FROM purpose)").Scan(&rows)
	if err != nil {
		return false, fmt.Errorf("read %s: %w", databaseFile, err)
	}
	return rows == 0, nil
}

// inTransaction commits what do did, durably, or nothing of it.
func inTransaction(ctx context.Context, database *sql.DB, do func(*sql.Tx) error) error {
	tx, err := database.BeginTx(ctx, nil)
	if err != nil {
		return busy(err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, rolledBack(tx))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit to %s: %w", databaseFile, err)
	}
	return nil
}

// rolledBack ends a transaction that a cancelled context may have ended already.
func rolledBack(tx *sql.Tx) error {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

func busy(err error) error {
	var refused *sqlite.Error
	if errors.As(err, &refused) && refused.Code()&0xff == sqlite3.SQLITE_BUSY {
		return errors.New("another Accord is using this key folder")
	}
	return fmt.Errorf("open %s: %w", databaseFile, err)
}
