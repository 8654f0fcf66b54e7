package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// WithStep is a program that knows one step of the tables more, and the step is
// these statements.
func (o Options) WithStep(statements ...string) Options {
	o.steps = append(slices.Clip(o.steps), func(ctx context.Context, conn *sql.Conn) error {
		for _, statement := range statements {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("execute: %w", err)
			}
		}
		return nil
	})
	return o
}
