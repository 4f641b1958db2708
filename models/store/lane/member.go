package lane

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"

	"gorm.io/gorm"
)

// member is one call on its way through a transaction.
type member struct {
	ctx      context.Context
	grids    []string
	reads    []*gorm.DB
	decide   func(*gorm.DB) error
	ordinary bool // an InTx: true row counts, and it ends with its context
	answer   chan error

	err  error // of the last run: refused, panicked or misread; its part is dropped
	solo bool  // decide asked a question, which only a run alone can answer
}

func newMember(ctx context.Context, grids []string, decide func(*gorm.DB) error) *member {
	return &member{ctx: ctx, grids: grids, decide: decide, answer: make(chan error, 1)}
}

// run calls decide with a session whose statements go to pool.
func (m *member) run(db *gorm.DB, pool gorm.ConnPool) error {
	return guarded(session(m.ctx, db, pool), m.decide)
}

// dropped reports whether nothing of this member goes into the commit.
func (m *member) dropped() bool { return m.err != nil || m.solo }

// session is db for one transaction, with the caller's context: serializers
// find their key there.
func session(ctx context.Context, db *gorm.DB, pool gorm.ConnPool) *gorm.DB {
	tx := db.Session(&gorm.Session{NewDB: true, Context: ctx})
	tx.Statement.ConnPool = pool
	return tx
}

func guarded(tx *gorm.DB, fn func(*gorm.DB) error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	return fn(tx)
}

// announce builds the SQL of the reads without sending it.
func announce(ctx context.Context, db *gorm.DB, reads []Read) ([]*gorm.DB, error) {
	built := make([]*gorm.DB, 0, len(reads))
	for _, read := range reads {
		q := read(db.Session(&gorm.Session{NewDB: true, DryRun: true, Context: ctx}))
		switch s := q.Statement; {
		case q.Error != nil:
			return nil, fmt.Errorf("lane: announced read: %w", q.Error)
		case s.SQL.Len() == 0 || s.Dest == nil:
			return nil, errors.New("lane: an announced read ends with Find, First, Take, Pluck or Count")
		case len(s.Preloads) > 0, s.Schema != nil && s.Schema.AfterFind && !s.SkipHooks:
			return nil, errors.New("lane: Preload and AfterFind do not work in an announced read")
		}
		built = append(built, q)
	}
	return built, nil
}

// scan fills the target of an announced read. It is emptied first: it may hold
// what an earlier run saw.
func scan(rows gorm.Rows, q *gorm.DB) error {
	if target := q.Statement.ReflectValue; target.CanSet() && target.Kind() != reflect.Map {
		target.SetZero()
	}
	q.Error = nil
	gorm.Scan(rows, q, 0)
	return q.Error
}

// gridsOf are the grids of all members, sorted and without repeats.
func gridsOf(ms []*member) []string {
	if len(ms) == 1 {
		return ms[0].grids
	}
	var grids []string
	for _, m := range ms {
		grids = append(grids, m.grids...)
	}
	slices.Sort(grids)
	return slices.Compact(grids)
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
