package lane

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	driver "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const (
	// patience bounds one transaction, so that a dead network cannot hold a lane.
	patience = 30 * time.Second
	// lockPatience is how long work that disturbs nobody waits for a lock.
	lockPatience = 10 * time.Second
	// tries of work that collided with other work, or found no database.
	tries = 5
)

type postgres struct {
	db    *gorm.DB
	lanes *sql.DB // one connection each, with a short lock_timeout
	pool  *sql.DB // all other work
	lock  func([]string) (string, []any)
	loose sync.WaitGroup // members sent on their way alone
}

type postgresDialector struct{ *driver.Dialector }

func (postgresDialector) Translate(err error) error { return translate(err) }

// OpenPostgres connects to a PostgreSQL server by URL or key=value DSN.
func OpenPostgres(dsn string, opt Options) (*Lanes, error) {
	opt = opt.withDefaults(16)
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	lanes, batch := opt.Lanes, opt.Batch
	if batch == 1 {
		lanes = 0
	}
	e := &postgres{
		lanes: connect(config, opt.LockWait, lanes),
		pool:  connect(config, lockPatience, opt.Conns),
		lock:  opt.Lock,
	}
	dialector := driver.New(driver.Config{Conn: e.pool}).(*driver.Dialector)
	if e.db, err = gorm.Open(postgresDialector{dialector}, opt.config()); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return start(e.db, e, lanes, batch), nil
}

// connect opens a pool whose times are UTC in both directions.
func connect(config *pgx.ConnConfig, lockWait time.Duration, conns int) *sql.DB {
	config = config.Copy()
	for key, value := range map[string]string{
		"timezone":     "UTC",
		"lock_timeout": strconv.FormatInt(lockWait.Milliseconds(), 10),
	} {
		if _, set := config.RuntimeParams[key]; !set {
			config.RuntimeParams[key] = value
		}
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}))
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db
}

// crowd: several grids would have to be locked in the order of all members.
func (p *postgres) crowd() bool { return false }

// share gives everybody an answer or a second chance alone: who asked a
// question; everybody, when the server refused a statement of one of them; and
// who was dropped from a commit of which nobody knows what became, for that
// one wrote nothing.
func (p *postgres) share(ms []*member) {
	err := p.attempt(p.lanes, ms)
	for _, m := range ms {
		switch {
		case errors.Is(err, ErrUnknown) && !m.dropped():
			m.answer <- err
		case err == nil && !m.solo, err != nil && len(ms) == 1 && !p.again(err):
			m.answer <- first(translate(err), m.err)
		default:
			p.loose.Go(func() { p.alone(m) })
		}
	}
}

// again reports whether a member that was refused in a lane may have better
// luck alone.
func (p *postgres) again(err error) bool {
	return collided(err) || sqlState(err) == "55P03" || lost(err)
}

// alone runs one member on a connection of its own. It is run again only when
// it is certain that nothing is stored.
func (p *postgres) alone(m *member) {
	var err error
	started := time.Now()
	for try := 1; ; try++ {
		if err = m.ctx.Err(); err != nil {
			break
		}
		err = p.attempt(p.pool, []*member{m})
		over := try == tries || time.Since(started) > patience
		if over || errors.Is(err, ErrUnknown) || !collided(err) && !lost(err) {
			break
		}
		jitter(m.ctx, try)
	}
	m.answer <- first(translate(err), m.err)
}

// attempt carries members through one transaction: a trip for the locks and the
// first round's reads, one for each further round, and one for the COMMIT. Nil
// means that all who are not dropped are stored; any error but ErrUnknown that
// nobody is.
func (p *postgres) attempt(pool *sql.DB, ms []*member) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	waiting := ctx
	if len(ms) == 1 { // who waits for a connection may leave
		waiting = ms[0].ctx
	}
	conn, err := pool.Conn(waiting)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	t := newTalk(ctx, conn)
	defer t.end()
	if p.lock != nil {
		query, args := p.lock(gridsOf(ms))
		t.queue(nothing, query, args...)
	}
	stored := 0
	for _, round := range rounds(ms) {
		for _, m := range round {
			m.solo = false
			if m.err = m.ctx.Err(); m.err == nil {
				t.read(m)
			}
		}
		if err := t.send(); err != nil {
			return err
		}
		var kept []*part
		for _, m := range round {
			staged, err := p.decide(t, m, len(ms) == 1)
			if err != nil {
				return err
			}
			if !m.dropped() {
				stored++
				kept = append(kept, staged)
			}
		}
		t.merge(kept)
	}
	if stored == 0 || t.writes == 0 {
		return nil
	}
	return t.commit()
}

// decide lets m stage its part.
func (p *postgres) decide(t *talk, m *member, alone bool) (*part, error) {
	if m.err != nil {
		return nil, nil
	}
	staging := &part{pool: p.pool}
	if alone {
		staging.talk = t
	}
	m.err = m.run(p.db, staging)
	m.solo = staging.asked
	if staging.err != nil && !m.solo {
		return nil, staging.err
	}
	return staging, nil
}

func (p *postgres) close() error {
	p.loose.Wait()
	return errors.Join(p.lanes.Close(), p.pool.Close())
}

// rounds puts members of one grid into different rounds, in their order: the
// second must see what the first wrote.
func rounds(ms []*member) [][]*member {
	if len(ms) == 1 {
		return [][]*member{ms}
	}
	var all [][]*member
	seen := make(map[string]int, len(ms))
	for _, m := range ms {
		n := seen[m.grids[0]]
		seen[m.grids[0]]++
		if n == len(all) {
			all = append(all, nil)
		}
		all[n] = append(all[n], m)
	}
	return all
}

// jitter waits a moment so that those who collided do not meet again.
func jitter(ctx context.Context, try int) {
	timer := time.NewTimer(time.Duration(try) * time.Duration(5+rand.IntN(20)) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
