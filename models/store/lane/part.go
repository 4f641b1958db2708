package lane

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"reflect"
)

// statement is one write with the values it had when it was staged.
type statement struct {
	sql  string
	args []any
	one  bool // wrapped so that the server refuses any count but one
}

// part is the gorm.ConnPool of one member's decide on PostgreSQL. Writes are
// kept for the next trip; their row counts are only known when the COMMIT is
// already on its way, so the server must check them.
type part struct {
	staged []statement
	pool   *sql.DB
	talk   *talk // set when the member runs alone: questions may be asked
	asked  bool  // a question was put while others shared the transaction
	err    error
}

var errAlone = errors.New("lane: a query inside decide runs alone")

func (p *part) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if p.err != nil {
		return nil, p.err
	}
	for i := range args {
		value, err := settled(args[i])
		if err != nil {
			return nil, err
		}
		args[i] = value
	}
	s := statement{sql: query, args: args, one: meantForOne(ctx, query)}
	if s.one {
		// The count comes too late to be checked here: 1/0 is the server's veto.
		s.sql = "WITH w AS (" + query + " RETURNING 1) SELECT 1/(count(*) = 1)::int FROM w"
	}
	p.staged = append(p.staged, s)
	return driver.RowsAffected(1), nil
}

// ask sends what is staged, so that the question sees it.
func (p *part) ask() error {
	switch {
	case p.err != nil:
		return p.err
	case p.talk == nil:
		p.asked = true
		p.err = errAlone
		return p.err
	}
	p.talk.zip([]*part{p})
	p.staged = nil
	p.err = p.talk.send()
	return p.err
}

func (p *part) QueryContext(_ context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := p.ask(); err != nil {
		return nil, err
	}
	rows, err := p.talk.conn.QueryContext(p.talk.ctx, query, args...)
	if err != nil {
		p.err = err
	}
	return rows, err
}

// QueryRowContext cannot say an error by itself; a context that has ended says
// it in a way that asks nobody.
func (p *part) QueryRowContext(_ context.Context, query string, args ...any) *sql.Row {
	if err := p.ask(); err != nil {
		ended, end := context.WithCancel(context.Background())
		end()
		return p.pool.QueryRowContext(ended, query)
	}
	return p.talk.conn.QueryRowContext(p.talk.ctx, query, args...)
}

func (p *part) PrepareContext(context.Context, string) (*sql.Stmt, error) {
	return nil, errors.New("lane: no prepared statements in a transaction")
}

// settled takes the value an argument has now: it is sent later, when what it
// points to may have changed.
func settled(arg any) (any, error) {
	switch v := arg.(type) {
	case nil, string, bool, int, int64:
		return arg, nil
	case []byte:
		return bytes.Clone(v), nil
	case driver.Valuer:
		if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
			return nil, nil
		}
		return v.Value()
	}
	if rv := reflect.ValueOf(arg); rv.Kind() == reflect.Pointer {
		if rv.IsNil() {
			return nil, nil
		}
		return settled(rv.Elem().Interface())
	}
	return arg, nil
}
