package lane

import (
	"context"
	"database/sql/driver"
	"errors"

	lite "modernc.org/sqlite"
)

// remembered bounds the statements kept on a connection; lists of changing
// length make new ones for ever.
const remembered = 256

// remembering opens connections that keep their prepared statements: the driver
// would compile each one anew, which costs more than running it.
func remembering(dsn string) (driver.Connector, error) {
	inner, err := lite.NewConnector(dsn)
	return memory{inner}, err
}

type memory struct{ driver.Connector }

func (m memory) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := m.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &rememberingConn{liteConn: conn.(liteConn), kept: map[string]liteStmt{}}, nil
}

// liteConn and liteStmt are what every connection and statement of the driver
// can do.
type liteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type liteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type rememberingConn struct {
	liteConn
	kept map[string]liteStmt // those not in use
}

// Unwrap shows the connection to the driver's own functions.
func (c *rememberingConn) Unwrap() driver.Conn { return c.liteConn }

func (c *rememberingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := stmt.ExecContext(ctx, args)
	return result, errors.Join(err, c.keep(query, stmt))
}

func (c *rememberingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.keep(query, stmt))
	}
	return &rememberedRows{liteRows: rows.(liteRows), done: func() error { return c.keep(query, stmt) }}, nil
}

// take removes the statement from those kept: while its rows are read the same
// text needs another one.
func (c *rememberingConn) take(ctx context.Context, query string) (liteStmt, error) {
	if stmt, ok := c.kept[query]; ok {
		delete(c.kept, query)
		return stmt, nil
	}
	stmt, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.(liteStmt), nil
}

func (c *rememberingConn) keep(query string, stmt liteStmt) error {
	if _, there := c.kept[query]; there {
		return stmt.Close()
	}
	var err error
	if len(c.kept) == remembered {
		for some, old := range c.kept {
			delete(c.kept, some)
			err = old.Close()
			break
		}
	}
	c.kept[query] = stmt
	return err
}

func (c *rememberingConn) Close() error {
	var errs []error
	for _, stmt := range c.kept {
		errs = append(errs, stmt.Close())
	}
	clear(c.kept)
	return errors.Join(append(errs, c.liteConn.Close())...)
}

type liteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

// rememberedRows give their statement back when they are closed.
type rememberedRows struct {
	liteRows
	done func() error
}

func (r *rememberedRows) Close() error {
	err := r.liteRows.Close()
	if r.done != nil {
		err = errors.Join(err, r.done())
		r.done = nil
	}
	return err
}
