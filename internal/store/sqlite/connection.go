package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"accord/internal/store"
)

// connection is one connection with the statements it has prepared. It is used
// by one goroutine at a time.
type connection struct {
	sql        *sql.Conn
	statements map[string]*sql.Stmt
}

func (s *Store) connect(ctx context.Context) (*connection, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", explain(err))
	}
	c := &connection{sql: conn, statements: make(map[string]*sql.Stmt)}
	s.all = append(s.all, c)
	return c, nil
}

// close closes the statements too: the connection does not, and SQLite would keep
// the file open for their sake.
func (c *connection) close() error {
	var errs []error
	for _, st := range c.statements {
		errs = append(errs, st.Close())
	}
	return errors.Join(append(errs, c.sql.Close())...)
}

// statement prepares a text once. Texts are constants and the shapes of find.go,
// so there are at most some dozens.
func (c *connection) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if st, ok := c.statements[text]; ok {
		return st, nil
	}
	st, err := c.sql.PrepareContext(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", explain(err))
	}
	c.statements[text] = st
	return st, nil
}

func (c *connection) exec(ctx context.Context, text string, arguments ...any) (int64, error) {
	st, err := c.statement(ctx, text)
	if err != nil {
		return 0, err
	}
	result, err := st.ExecContext(ctx, arguments...)
	if err != nil {
		return 0, fmt.Errorf("execute: %w", explain(err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("execute: %w", explain(err))
	}
	return n, nil
}

// row scans the only row there can be, or returns sql.ErrNoRows.
func (c *connection) row(ctx context.Context, text string, arguments []any, into ...any) error {
	st, err := c.statement(ctx, text)
	if err != nil {
		return err
	}
	if err := st.QueryRowContext(ctx, arguments...).Scan(into...); err != nil {
		return fmt.Errorf("query: %w", explain(err))
	}
	return nil
}

// rows calls each for every row, with a function that scans it.
func (c *connection) rows(ctx context.Context, text string, arguments []any, each func(scan func(...any) error) error) (err error) {
	st, err := c.statement(ctx, text)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, arguments...)
	if err != nil {
		return fmt.Errorf("query: %w", explain(err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("query: %w", explain(err))
	}
	return nil
}

// read lends an idle reader to f. The context bounds the wait for it; the reading
// itself is short and goes to its end, because watching a context costs the
// driver a goroutine for every statement.
func (s *Store) read(ctx context.Context, f func(context.Context, *connection) error) error {
	select {
	case <-s.closing:
		return store.ErrClosed
	default:
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	select {
	case c := <-s.readers:
		defer func() { s.readers <- c }()
		return f(context.WithoutCancel(ctx), c)
	case <-s.closing:
		return store.ErrClosed
	case <-ctx.Done():
		return fmt.Errorf("read: %w", ctx.Err())
	}
}

func isBusy(err error) bool {
	failure, ok := errors.AsType[*sqlite.Error](err)
	return ok && failure.Code()&0xff == sqlite3.SQLITE_BUSY
}
