package lane

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// talk is one PostgreSQL transaction, spoken in batches: what is queued
// travels together at send, and each answer is read by the function beside it.
// The zero batch begins with BEGIN, so a talk costs no trip of its own.
type talk struct {
	ctx    context.Context // bounds the talk; the callers' contexts do not end it
	conn   *sql.Conn
	batch  *pgx.Batch
	hear   []func(pgx.BatchResults) error
	writes int // statements that go into the commit
	over   bool
}

func newTalk(ctx context.Context, conn *sql.Conn) *talk {
	t := &talk{ctx: ctx, conn: conn, batch: &pgx.Batch{}}
	t.queue(nothing, "begin")
	return t
}

func (t *talk) queue(hear func(pgx.BatchResults) error, query string, args ...any) {
	t.batch.Queue(query, args...)
	t.hear = append(t.hear, hear)
}

// read queues the announced reads of m. A row that cannot be scanned spoils the
// whole batch; a target that refuses its value spoils only m.
func (t *talk) read(m *member) {
	for _, q := range m.reads {
		t.queue(func(results pgx.BatchResults) error {
			rows, err := results.Query()
			if err != nil {
				return err
			}
			defer rows.Close()
			misread := scan(answerRows{rows}, q)
			rows.Close()
			if rows.Err() != nil {
				return rows.Err()
			}
			if m.err == nil {
				m.err = misread
			}
			return nil
		}, q.Statement.SQL.String(), q.Statement.Vars...)
	}
}

// write queues a staged statement.
func (t *talk) write(s statement) {
	hear := nothing
	if s.one {
		hear = oneRow
	}
	t.queue(hear, s.sql, s.args...)
	t.writes++
}

// send makes one trip with all that is queued.
func (t *talk) send() (err error) {
	batch, hear := t.batch, t.hear
	t.batch, t.hear = &pgx.Batch{}, nil
	if batch.Len() == 0 {
		return nil
	}
	lost := t.conn.Raw(func(driverConn any) error {
		results := driverConn.(*stdlib.Conn).Conn().SendBatch(t.ctx, batch)
		for _, listen := range hear {
			if err = listen(results); err != nil {
				break
			}
		}
		if closed := results.Close(); err == nil {
			err = closed
		}
		return nil
	})
	return errors.Join(err, lost)
}

// commit sends what is queued together with the COMMIT. An error that is no
// refusal leaves open what became of it.
func (t *talk) commit() error {
	t.queue(func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		if err == nil && tag.String() != "COMMIT" {
			err = pgx.ErrTxCommitRollback // an error was swallowed on the way
		}
		return err
	}, "commit")
	err := t.send()
	t.over = err == nil
	if err != nil && !refused(err) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return err
}

// end rolls back what is not committed and gives the connection back. One that
// cannot be cleaned is closed, which rolls back too.
func (t *talk) end() {
	if !t.over {
		_ = t.conn.Raw(func(driverConn any) error {
			c := driverConn.(*stdlib.Conn).Conn()
			if c.IsClosed() || c.PgConn().TxStatus() == 'I' {
				return nil
			}
			if _, err := c.PgConn().Exec(t.ctx, "rollback").ReadAll(); err != nil {
				return c.Close(t.ctx)
			}
			return nil
		})
	}
	_ = t.conn.Close()
}

func nothing(results pgx.BatchResults) error {
	_, err := results.Exec()
	return err
}

func oneRow(results pgx.BatchResults) error {
	_, err := results.Exec()
	if sqlState(err) == "22012" {
		return fmt.Errorf("%w: %w", ErrStale, err)
	}
	return err
}

// answerRows lets gorm.Scan read a batch. Column types are only asked for maps
// without a model; without them GORM lets the driver choose.
type answerRows struct{ pgx.Rows }

var _ gorm.Rows = answerRows{}

func (r answerRows) Columns() ([]string, error) {
	fields := r.FieldDescriptions()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	return names, nil
}

func (answerRows) ColumnTypes() ([]*sql.ColumnType, error) { return nil, nil }

func (r answerRows) Close() error {
	r.Rows.Close()
	return r.Rows.Err()
}
