package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"accord/internal/store"
)

const (
	applicationID = 0x41434344 // "ACCD": what kind of file this is
	copyingID     = 0x41434343 // "ACCC": a copy that has not been finished
	firstVersion  = 1          // of the tables that schema makes; steps lead on from it

	// A file up to this size is walked whole at every start. A larger one would
	// take too long: what is read of it is checked when it is read, and its log by
	// what it says of itself.
	checkedBytes = 8 << 20
)

// schema is version 1. What comes after it is a step in migrate.go.
var schema = []string{
	`CREATE TABLE schema (version INTEGER NOT NULL)`,
	`CREATE TABLE document (
		id TEXT PRIMARY KEY, kind TEXT NOT NULL, fam TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL)`,
	`CREATE INDEX document_kind_fam ON document (kind, fam, id)`,
	`CREATE TABLE declaration (ix INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, shape TEXT NOT NULL)`,
	`CREATE TABLE entry (
		ix INTEGER NOT NULL, token TEXT NOT NULL, key BLOB NOT NULL, id TEXT NOT NULL, fam TEXT NOT NULL,
		PRIMARY KEY (ix, token, key, id)) WITHOUT ROWID`,
	`CREATE TABLE excluded (
		principal TEXT NOT NULL, fam TEXT NOT NULL, PRIMARY KEY (principal, fam)) WITHOUT ROWID`,
	`CREATE TABLE receipt (
		person TEXT NOT NULL, key TEXT NOT NULL, until INTEGER NOT NULL, input BLOB, result BLOB NOT NULL,
		PRIMARY KEY (person, key)) WITHOUT ROWID`,
	`CREATE INDEX receipt_until ON receipt (until)`,
	`CREATE TABLE outbox (
		seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, topic TEXT NOT NULL, body BLOB)`,
	`CREATE TABLE log_entry (n INTEGER PRIMARY KEY, data BLOB NOT NULL)`,
	`CREATE TABLE log_hash (i INTEGER PRIMARY KEY, hash BLOB NOT NULL)`,
	`CREATE TABLE checkpoint (
		one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, signed BLOB NOT NULL)`,
}

// prepareSchema makes the tables of a new file, brings those of an older one
// forward, and refuses a file that is of another program, of a later version, or
// damaged.
func prepareSchema(ctx context.Context, conn *sql.Conn, steps []step) error {
	var application, tables, pages, pageSize int64
	for _, q := range []struct {
		text string
		into *int64
	}{
		{"PRAGMA application_id", &application},
		{"SELECT count(*) FROM sqlite_schema", &tables},
		{"PRAGMA page_count", &pages},
		{"PRAGMA page_size", &pageSize},
	} {
		if err := conn.QueryRowContext(ctx, q.text).Scan(q.into); err != nil {
			return fmt.Errorf("look at the file: %w", explain(err))
		}
	}
	if tables == 0 {
		if err := makeSchema(ctx, conn, applicationID); err != nil {
			return err
		}
		return migrate(ctx, conn, steps)
	}
	if application == copyingID {
		return store.ErrUnfinished
	}
	if application != applicationID {
		return errors.New("the file is not a store of Accord: check the name of the data folder")
	}
	if pages*pageSize <= checkedBytes {
		var verdict string
		if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
			return fmt.Errorf("check the file: %w", explain(err))
		}
		if verdict != "ok" {
			return damagedFile{because{errors.New(verdict)}}
		}
	}
	return migrate(ctx, conn, steps)
}

func makeSchema(ctx context.Context, conn *sql.Conn, application int) error {
	return inTransaction(ctx, conn, func() error {
		for _, statement := range schema {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("make the schema: %w", explain(err))
			}
		}
		if _, err := conn.ExecContext(ctx, "INSERT INTO schema VALUES (?)", firstVersion); err != nil {
			return fmt.Errorf("make the schema: %w", explain(err))
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", application)); err != nil {
			return fmt.Errorf("mark the file: %w", explain(err))
		}
		return nil
	})
}

func inTransaction(ctx context.Context, conn *sql.Conn, f func() error) (err error) {
	if _, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", explain(err))
	}
	defer func() {
		if err != nil {
			// The error that is under way says more than that of the rollback.
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if err := f(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", explain(err))
	}
	return nil
}
