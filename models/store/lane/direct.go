package lane

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// direct is the gorm.ConnPool of a transaction whose statements run at once: an
// InTx, and everything on SQLite. Its first error stays: PostgreSQL would abort
// the transaction, so nobody may go on after an error on SQLite either.
type direct struct {
	tx     *sql.Tx
	counts bool // tell true row counts
	detach bool // the caller's context does not interrupt a statement under way
	err    error
}

func (d *direct) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	result, err := d.tx.ExecContext(d.inner(ctx), query, args...)
	if err == nil && meantForOne(ctx, query) {
		if n, _ := result.RowsAffected(); n != 1 {
			err = ErrStale
		}
	}
	if err != nil {
		d.err = err
		return nil, err
	}
	if !d.counts {
		result = driver.RowsAffected(1) // what PostgreSQL says to a staged write
	}
	return result, nil
}

func (d *direct) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := d.ready(ctx); err != nil {
		return nil, err
	}
	rows, err := d.tx.QueryContext(d.inner(ctx), query, args...)
	if err != nil {
		d.err = err
	}
	return rows, err
}

func (d *direct) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if d.ready(ctx) != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		return d.tx.QueryRowContext(ended, query)
	}
	return d.tx.QueryRowContext(d.inner(ctx), query, args...)
}

func (d *direct) PrepareContext(context.Context, string) (*sql.Stmt, error) {
	return nil, errors.New("lane: no prepared statements in a transaction")
}

// ready stops an ordinary transaction between its statements when its caller
// has left; others are waited for.
func (d *direct) ready(ctx context.Context) error {
	if d.err == nil && d.counts {
		d.err = ctx.Err()
	}
	return d.err
}

// inner: interrupting a write on SQLite would roll back everybody.
func (d *direct) inner(ctx context.Context) context.Context {
	if d.detach {
		return context.Background()
	}
	return ctx
}
