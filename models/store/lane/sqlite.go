package lane

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	driver "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

type sqlite struct {
	db      *gorm.DB
	writer  *sql.DB // a pool of one: its queue is the order of all writes
	readers *sql.DB // query_only
	lock    func([]string) (string, []any)
}

type sqliteDialector struct{ *driver.Dialector }

func (sqliteDialector) Translate(err error) error { return translate(err) }

// OpenSQLite opens or creates a database file.
func OpenSQLite(path string, opt Options) (*Lanes, error) {
	opt = opt.withDefaults(4)
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	e := &sqlite{lock: opt.Lock}
	if e.writer, err = openFile(path, 1, "_txlock=immediate"); err != nil {
		return nil, err
	}
	if e.readers, err = openFile(path, opt.Conns, "_txlock=deferred", "_query_only=1"); err != nil {
		return nil, err
	}
	// The writer first: it creates the file and sets WAL, which needs it alone.
	err = e.writer.Ping()
	if err == nil {
		dialector := driver.New(driver.Config{Conn: &router{e.writer, e.readers}}).(*driver.Dialector)
		e.db, err = gorm.Open(sqliteDialector{dialector}, opt.config())
	}
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return start(e.db, e, 1, opt.Batch), nil
}

// openFile gives a pool on the file. Times are text in UTC, so that they
// compare as text.
func openFile(path string, conns int, more ...string) (*sql.DB, error) {
	params := append([]string{
		"_pragma=busy_timeout(5000)", "_pragma=journal_mode(wal)", "_pragma=synchronous(full)",
		"_pragma=foreign_keys(1)", "_time_format=sqlite", "_timezone=UTC",
	}, more...)
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: strings.Join(params, "&")}
	connector, err := remembering(file.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// crowd: nothing is locked but the file, so all may share.
func (s *sqlite) crowd() bool { return true }

func (s *sqlite) alone(m *member) { s.share([]*member{m}) }

// share answers everybody. After a COMMIT that was turned down each runs again
// alone; so does who was dropped, for that was decided upon what the others
// had written.
func (s *sqlite) share(ms []*member) {
	tx, err := s.writer.BeginTx(context.Background(), nil)
	if err != nil {
		for _, m := range ms {
			m.answer <- translate(err)
		}
		return
	}
	err = s.attempt(tx, ms)
	for _, m := range ms {
		switch {
		case err == nil, len(ms) == 1, errors.Is(err, ErrUnknown) && !m.dropped():
			m.answer <- first(m.err, err)
		default:
			s.alone(m)
		}
	}
}

func (s *sqlite) attempt(tx *sql.Tx, ms []*member) error {
	defer func() { _ = tx.Rollback() }()
	stored := 0
	for _, m := range ms {
		if err := s.step(tx, m, len(ms) > 1); err != nil {
			return translate(err)
		}
		if !m.dropped() {
			stored++
		}
	}
	if stored == 0 {
		return nil
	}
	err := tx.Commit()
	if err != nil && !refused(err) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return translate(err)
}

// step runs one member, behind a savepoint if others share the transaction. An
// error means that the transaction itself is gone.
func (s *sqlite) step(tx *sql.Tx, m *member, shared bool) error {
	if m.err = m.ctx.Err(); m.err != nil {
		return nil
	}
	if !shared {
		m.err = s.run(tx, m)
		return nil
	}
	if _, err := tx.Exec("SAVEPOINT member"); err != nil {
		return err
	}
	if m.err = s.run(tx, m); m.err != nil {
		if _, err := tx.Exec("ROLLBACK TO member"); err != nil {
			return err
		}
	}
	_, err := tx.Exec("RELEASE member")
	return err
}

func (s *sqlite) run(tx *sql.Tx, m *member) error {
	if s.lock != nil && len(m.grids) > 0 {
		query, args := s.lock(m.grids)
		if _, err := tx.Exec(query, args...); err != nil {
			return translate(err)
		}
	}
	if err := fill(context.Background(), tx, m.reads); err != nil {
		return err
	}
	d := &direct{tx: tx, counts: m.ordinary, detach: true}
	err := m.run(s.db, d)
	if m.ordinary {
		d.err = first(d.err, m.ctx.Err())
	}
	return first(translate(d.err), err)
}

// view is a snapshot from its first read on.
func (s *sqlite) view(ctx context.Context, fn func(*gorm.DB) error) error {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return first(ctx.Err(), translate(err))
	}
	defer func() { _ = tx.Rollback() }()
	return fn(session(ctx, s.db, tx))
}

// read refuses what PostgreSQL would have to refuse.
func (s *sqlite) read(ctx context.Context, reads []Read) error {
	built, err := announce(ctx, s.db, reads)
	if err != nil {
		return err
	}
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return first(ctx.Err(), translate(err))
	}
	defer func() { _ = tx.Rollback() }()
	return fill(ctx, tx, built)
}

// fill sends announced reads one by one.
func fill(ctx context.Context, tx *sql.Tx, reads []*gorm.DB) error {
	for _, q := range reads {
		rows, err := tx.QueryContext(ctx, q.Statement.SQL.String(), q.Statement.Vars...)
		if err != nil {
			return first(ctx.Err(), translate(err))
		}
		err = scan(rows, q)
		if err = errors.Join(err, rows.Close()); err != nil {
			return err
		}
	}
	return nil
}

// inTx queues for the same commit as everybody.
func (s *sqlite) inTx(context.Context, func(*gorm.DB) error) (bool, error) { return false, nil }

func (s *sqlite) close() error { return errors.Join(s.readers.Close(), s.writer.Close()) }

// router sends the questions of an ordinary handle to the readers, and all else
// to the one writer.
type router struct{ writer, readers *sql.DB }

func (r *router) to(query string) *sql.DB {
	query = strings.TrimLeft(query, " \t\r\n")
	if len(query) >= 6 && strings.EqualFold(query[:6], "SELECT") {
		return r.readers
	}
	return r.writer
}

func (r *router) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return r.to(query).PrepareContext(ctx, query)
}

func (r *router) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return r.writer.ExecContext(ctx, query, args...)
}

func (r *router) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.to(query).QueryContext(ctx, query, args...)
}

func (r *router) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return r.to(query).QueryRowContext(ctx, query, args...)
}

func (r *router) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	if opts != nil && opts.ReadOnly {
		return r.readers.BeginTx(ctx, opts)
	}
	return r.writer.BeginTx(ctx, opts)
}

// GetDBConn gives migrations the writer.
func (r *router) GetDBConn() (*sql.DB, error) { return r.writer, nil }
