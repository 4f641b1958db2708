package lane

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// view is a snapshot of one moment: REPEATABLE READ, read only.
func (p *postgres) view(ctx context.Context, fn func(*gorm.DB) error) error {
	tx, err := p.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return first(ctx.Err(), translate(err))
	}
	defer func() { _ = tx.Rollback() }()
	return fn(session(ctx, p.db, tx))
}

// read sends begin, the reads and commit together.
func (p *postgres) read(ctx context.Context, reads []Read) error {
	built, err := announce(ctx, p.db, reads)
	if err != nil {
		return err
	}
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return first(ctx.Err(), translate(err))
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	t := &talk{ctx: bounded, conn: conn, batch: &pgx.Batch{}}
	defer t.end()
	t.queue(nothing, "begin isolation level repeatable read read only")
	m := &member{reads: built}
	t.read(m)
	t.queue(nothing, "commit")
	if err := t.send(); err != nil {
		return translate(err)
	}
	t.over = true
	return m.err
}

func (p *postgres) inTx(ctx context.Context, fn func(*gorm.DB) error) (bool, error) {
	for try := 1; ; try++ {
		err := p.ordinary(ctx, fn)
		if try == tries || !collided(err) || errors.Is(err, ErrUnknown) {
			return true, err
		}
		jitter(ctx, try)
	}
}

// ordinary is one transaction, statement by statement. The context ends its
// statements but not its COMMIT, which would leave the outcome open.
func (p *postgres) ordinary(ctx context.Context, fn func(*gorm.DB) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := p.pool.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return first(ctx.Err(), translate(err))
	}
	defer func() { _ = tx.Rollback() }()
	d := &direct{tx: tx, counts: true}
	err = guarded(session(ctx, p.db, d), fn)
	if err = first(ctx.Err(), translate(d.err), err); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		if refused(err) {
			return translate(err)
		}
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return nil
}
