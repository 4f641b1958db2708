package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"linli/migrations"
	"linli/models"
	"linli/models/fault"
	"linli/models/store/lane"

	"gorm.io/gorm"
)

// dialect is all that differs between the two databases.
type dialect struct {
	name migrations.Dialect
	open func(o Options) (*lane.Lanes, error)
}

func dialectOf(database string) dialect {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return dialect{name: migrations.Postgres, open: func(o Options) (*lane.Lanes, error) {
			return lane.OpenPostgres(o.Database, o.laneOptions(lockRows))
		}}
	}
	return dialect{name: migrations.SQLite, open: func(o Options) (*lane.Lanes, error) {
		return lane.OpenSQLite(o.Database, o.laneOptions(nil))
	}}
}

func (o Options) laneOptions(lock func([]string) (string, []any)) lane.Options {
	return lane.Options{Lanes: o.Lanes, Batch: o.Batch, Lock: lock}
}

// lockRows takes the counters of the grids in id order. NO KEY: a household
// inserted meanwhile references the grid and must not wait.
func lockRows(grids []models.ID) (string, []any) {
	return "SELECT grid_id FROM grid_seq WHERE grid_id = ANY($1::uuid[]) ORDER BY grid_id FOR NO KEY UPDATE",
		[]any{grids}
}

// dayOf is the calendar day in Shanghai (UTC+8 all year) of a time.
func (d dialect) dayOf(at string) string {
	if d.name == migrations.Postgres {
		return "to_char(" + at + " AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
	}
	return "strftime('%Y-%m-%d', " + at + ", '+8 hours')"
}

// lockOne takes the counter of a grid inside an ordinary transaction. SQLite
// has one writer, and this is it.
func (d dialect) lockOne(db *gorm.DB, grid models.ID) error {
	if d.name == migrations.SQLite {
		return nil
	}
	return db.Session(&gorm.Session{NewDB: true}).
		Exec("SELECT grid_id FROM grid_seq WHERE grid_id = ? FOR NO KEY UPDATE", grid).Error
}

// leaseTerms are the end of a lease that begins now, from one argument, and
// whether one is over.
func (d dialect) leaseTerms() (until, over string) {
	if d.name == migrations.Postgres { // not now(): the row may have been waited for
		return "clock_timestamp() + make_interval(secs => ?)", "leases.until <= clock_timestamp()"
	}
	return "?", "true"
}

// shared keeps what was read as it is until the transaction ends.
func (d dialect) shared() string {
	if d.name == migrations.Postgres {
		return " FOR SHARE"
	}
	return ""
}

// lockRow takes one row of a table by its id, to the end of the transaction.
// SQLite has one writer, and this is it.
func (d dialect) lockRow(db *gorm.DB, table string, id models.ID) error {
	if d.name == migrations.SQLite {
		return nil
	}
	return db.Session(&gorm.Session{NewDB: true}).Exec("SELECT id FROM "+table+" WHERE id = ? FOR NO KEY UPDATE", id).Error
}

// many says that a write is meant for as many rows as there are, also none.
func many(db *gorm.DB) *gorm.DB { return lane.Many(db) }

// translate turns what the databases refuse into faults; a fault of a use
// case passes as it is.
func translate(err error) error {
	var known *fault.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Unavailable, "took_too_long").Because(err)
	case errors.Is(err, lane.ErrStale):
		return fault.New(fault.Conflict, "stale").Because(err)
	case errors.Is(err, lane.ErrUnknown):
		return fault.New(fault.Unavailable, "outcome_unknown").Because(err)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fault.New(fault.Conflict, "already_there").Because(err)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return fault.New(fault.NotFound, "not_found").Because(err)
	}
	return fault.New(fault.Unavailable, "database").Because(err)
}

// duplicateOf reports whether err is a second row for a key of that table.
// Both drivers name the table in the cause that translation kept.
func duplicateOf(err error, table string) bool {
	return errors.Is(err, gorm.ErrDuplicatedKey) && strings.Contains(err.Error(), table)
}

// Migrate brings the schema up to date.
func (s *Store) Migrate(ctx context.Context) (version int64, ran int, err error) {
	err = s.withSQL(func(db *sql.DB) error {
		version, ran, err = migrations.Up(ctx, db, s.dialect.name)
		return err
	})
	return version, ran, err
}

// Pending reports whether a migration is missing.
func (s *Store) Pending(ctx context.Context) (pending bool, err error) {
	err = s.withSQL(func(db *sql.DB) error {
		pending, err = migrations.Pending(ctx, db, s.dialect.name)
		return err
	})
	return pending, err
}

func (s *Store) withSQL(fn func(db *sql.DB) error) error {
	db, err := s.lanes.DB().DB()
	if err != nil {
		return err
	}
	return fn(db)
}

// schemaVersion is the number of the last migration that ran.
func (s *Store) schemaVersion(ctx context.Context) (version int64, err error) {
	err = s.withSQL(func(db *sql.DB) error {
		version, err = migrations.Version(ctx, db, s.dialect.name)
		return err
	})
	return version, err
}
