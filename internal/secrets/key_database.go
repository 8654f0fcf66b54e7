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
) WITHOUT ROWID;`

// keySchemaKept is what version 2 adds: the newest checkpoint of the audit log
// that the keys have seen, and when a log was accepted that lacks some of it.
const keySchemaKept = `
CREATE TABLE checkpoint (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	signed BLOB NOT NULL,
	kept INTEGER NOT NULL
);
CREATE TABLE acceptance (
	n INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	told BLOB NOT NULL
);
PRAGMA user_version = 2;`

// keySchemaExcluded is what version 3 adds: who is kept from which family. Data
// that is put back to an older state has lost newer exclusions; the keys have not.
const keySchemaExcluded = `
CREATE TABLE excluded (
	principal TEXT NOT NULL,
	family TEXT NOT NULL,
	PRIMARY KEY (principal, family)
) WITHOUT ROWID;
PRAGMA user_version = 3;`

const keySchemaVersion = 3

// openKeyDatabase opens keys.db. The caller holds the lock of the folder; a backup
// may read beside it.
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
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(ON)",
	}, "_txlock": {"immediate"}}.Encode()}
	database, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", databaseFile, err)
	}
	database.SetMaxOpenConns(1)
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

// errDamaged is for a keys.db that is not what was written.
var errDamaged = errors.New(databaseFile + " is damaged: stop Accord, keep a copy of the key folder, and restore the newest backup of the keys into an empty folder")

// advised says what to do about a damaged keys.db, which SQLite meets wherever it
// reads.
func advised(err error) error {
	refused, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	switch refused.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return errDamaged
	default:
		return err
	}
}

// prepareKeyDatabase makes the schema of a new file, and brings an older one up to
// this version.
func prepareKeyDatabase(ctx context.Context, database *sql.DB) error {
	return inTransaction(ctx, database, func(tx *sql.Tx) error {
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return fmt.Errorf("read the version of %s: %w", databaseFile, err)
		}
		steps := []string{keySchema, keySchemaKept, keySchemaExcluded}
		if version < 0 || version > keySchemaVersion {
			return fmt.Errorf("%s is of version %d; this Accord reads version %d", databaseFile, version, keySchemaVersion)
		}
		for _, step := range steps[version:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("make the tables of %s: %w", databaseFile, err)
			}
		}
		return nil
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
		return fmt.Errorf("write to %s: %w", databaseFile, err)
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
