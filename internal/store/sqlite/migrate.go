package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// A step brings the tables of a file from one version to the next. It has the file
// to itself and moves what SQLite can move at once: it adds or renames tables and
// columns. What is inside a document is not the adapter's; records bring that
// forward while they serve.
type step func(ctx context.Context, conn *sql.Conn) error

// forwardSteps lead from firstVersion on, in order: the first to version 2. A new
// file goes the same way, so that no version is made in two ways. A step that was
// released never changes.
var forwardSteps []step

// versionAfter is the version of a file that has taken the steps.
func versionAfter(steps []step) int64 { return int64(firstVersion + len(steps)) }

// laterVersion is a file that a later program has written.
type laterVersion struct{ found, known int64 }

func (v laterVersion) Error() string {
	return fmt.Sprintf("the store has schema version %d and this program knows %d: start the version of Accord that wrote it, or a later one", v.found, v.known)
}

// migrate takes the steps that the file has not taken yet, all of them or none,
// with the version that they lead to.
func migrate(ctx context.Context, conn *sql.Conn, steps []step) error {
	known := versionAfter(steps)
	return inTransaction(ctx, conn, func() error {
		var version int64
		if err := conn.QueryRowContext(ctx, "SELECT version FROM schema").Scan(&version); err != nil {
			return fmt.Errorf("read the version of the schema: %w", explain(err))
		}
		if version == known {
			return nil
		}
		if version > known {
			return laterVersion{found: version, known: known}
		}
		if version < firstVersion {
			return fmt.Errorf("the store has schema version %d, which no program has written", version)
		}
		for ; version < known; version++ {
			if err := steps[version-firstVersion](ctx, conn); err != nil {
				return fmt.Errorf("bring the store from schema version %d to %d: %w", version, version+1, explain(err))
			}
		}
		if _, err := conn.ExecContext(ctx, "UPDATE schema SET version = ?", known); err != nil {
			return fmt.Errorf("keep the version of the schema: %w", explain(err))
		}
		return nil
	})
}
