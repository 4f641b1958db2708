package lane

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	lite "modernc.org/sqlite"
)

// Beside these, answers may be gorm.ErrDuplicatedKey, ErrForeignKeyViolated and
// ErrCheckConstraintViolated (the cause inside names the constraint),
// ErrRecordNotFound from an announced First, a *PanicError, the caller's own
// error, or its context's. After every answer but ErrUnknown it is certain
// whether the work is stored: nil says yes, all others no.
var (
	// ErrStale: an UPDATE or DELETE that was meant for exactly one row met
	// another number (see Many). Somebody was quicker.
	ErrStale = errors.New("lane: not exactly one row changed")
	// ErrUnknown: the connection died while the COMMIT was under way. The work
	// may be stored; only an idempotency key can tell.
	ErrUnknown = errors.New("lane: outcome of the commit is unknown")
	// ErrBusy: a lock was not to be had in time.
	ErrBusy = errors.New("lane: a lock was not to be had in time")
	// ErrUnavailable: the database is not there, or was lost on the way.
	ErrUnavailable = errors.New("lane: database unavailable")
	// ErrClosed: Close was called.
	ErrClosed = errors.New("lane: closed")
)

// PanicError is the answer to a caller whose decide panicked. Others who share
// its transaction go on.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("lane: panic: %v\n%s", e.Value, e.Stack) }

type manyKey struct{}

// Many says that the writes of this session are meant for as many rows as there
// are, also none. Without it every UPDATE and DELETE must change exactly one.
func Many(tx *gorm.DB) *gorm.DB {
	return tx.WithContext(context.WithValue(tx.Statement.Context, manyKey{}, true))
}

// meantForOne reports whether the statement must change exactly one row.
func meantForOne(ctx context.Context, query string) bool {
	query = strings.TrimLeft(query, " \t\r\n")
	if len(query) < 6 || !strings.EqualFold(query[:6], "UPDATE") && !strings.EqualFold(query[:6], "DELETE") {
		return false
	}
	return ctx.Value(manyKey{}) == nil
}

var postgresCodes = map[string]error{
	"23505": gorm.ErrDuplicatedKey,
	"23503": gorm.ErrForeignKeyViolated,
	"23514": gorm.ErrCheckConstraintViolated,
	"55P03": ErrBusy,
}

// sqliteCodes are extended result codes; the dialector of GORM knows only those
// of another driver.
var sqliteCodes = map[int]error{
	1555: gorm.ErrDuplicatedKey, // primary key
	2067: gorm.ErrDuplicatedKey, // unique
	2579: gorm.ErrDuplicatedKey, // rowid
	787:  gorm.ErrForeignKeyViolated,
	275:  gorm.ErrCheckConstraintViolated,
}

const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteFull       = 13
	sqliteConstraint = 19
)

// translate gives what a database refused the name it has on both. The cause
// stays inside.
func translate(err error) error {
	if err == nil || errors.Is(err, ErrUnknown) || errors.Is(err, ErrStale) || errors.Is(err, ErrUnavailable) {
		return err
	}
	var known error
	if e := new(pgconn.PgError); errors.As(err, &e) {
		known = postgresCodes[e.Code]
	} else if e := new(lite.Error); errors.As(err, &e) {
		if known = sqliteCodes[e.Code()]; e.Code()&0xff == sqliteBusy || e.Code()&0xff == sqliteLocked {
			known = ErrBusy
		}
	}
	if known == nil && lost(err) {
		known = ErrUnavailable
	}
	if known == nil || errors.Is(err, known) {
		return err
	}
	return fmt.Errorf("%w: %w", known, err)
}

// refused reports whether the server, or the driver before anything was sent,
// turned the statement down: then nothing is stored. FATAL is no refusal: the
// COMMIT before it may have happened.
func refused(err error) bool {
	if errors.As(err, new(pgx.ErrPreprocessingBatch)) || errors.Is(err, pgx.ErrTxCommitRollback) {
		return true
	}
	if e := new(lite.Error); errors.As(err, &e) {
		code := e.Code() & 0xff
		return code == sqliteConstraint || code == sqliteBusy || code == sqliteFull
	}
	e := new(pgconn.PgError)
	return errors.As(err, &e) && !fatal(e)
}

// lost reports whether the connection is the trouble, not the work.
func lost(err error) bool {
	if e := new(pgconn.PgError); errors.As(err, &e) {
		return fatal(e)
	}
	var network net.Error
	return errors.As(err, &network) || errors.As(err, new(*pgconn.ConnectError)) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn)
}

// fatal: the server ended the connection. Severity may be translated.
func fatal(e *pgconn.PgError) bool {
	severity := e.SeverityUnlocalized
	if severity == "" {
		severity = e.Severity
	}
	return severity != "ERROR"
}

// collided reports whether transactions got in each other's way, so that
// running the whole closure again is the cure.
func collided(err error) bool {
	code := sqlState(err)
	return code == "40001" || code == "40P01"
}

func sqlState(err error) string {
	if e := new(pgconn.PgError); errors.As(err, &e) {
		return e.Code
	}
	return ""
}
