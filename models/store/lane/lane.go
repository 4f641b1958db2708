// Package lane carries changes into a database in two trips and lets those who
// wait at the same moment share one commit.
//
// A caller announces ordinary GORM reads, decides in Go, and writes with
// ordinary GORM calls. On PostgreSQL the lock and the reads travel as one
// batch, the writes are staged and travel with the COMMIT as another; work on
// one grid always goes through the same lane, and a lane takes whoever waits
// into one transaction, each with a part of its own. On SQLite there is one
// writing connection and a savepoint for each caller of a commit.
//
// It knows no table but the one handed in as Options.Lock, never looks at what
// is written, and never runs anything again whose commit may have happened.
//
// For decide, on both databases: it may run again, so ids and time are fixed
// before it and it keeps nothing from an earlier run; errors of staged writes
// come as InGrids' answer, not at Create; RowsAffected says 1 and means
// nothing; a write through DB() inside it would wait for itself for ever.
package lane

import (
	"context"
	"errors"
	"hash/maphash"
	"runtime"
	"slices"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Read announces one query, for example tx.Where("grid_id = ?", g).Find(&lots).
// First and Take make the caller's answer gorm.ErrRecordNotFound when there is
// no row. The target is emptied before each run. Raw().Scan, Preload and
// AfterFind hooks do not work in an announced read.
type Read func(tx *gorm.DB) *gorm.DB

// Options of a database; the zero value is sensible.
type Options struct {
	// Lanes is the number of transactions that are under way for InGrids at the
	// same moment on PostgreSQL; 0 means 2. SQLite has one writer.
	Lanes int
	// Batch is how many callers may share a commit: 0 means 32, 1 nobody.
	Batch int
	// Conns is the number of other connections: views, ordinary transactions
	// and work that runs alone. 0 means 16 on PostgreSQL, 4 readers on SQLite.
	Conns int
	// Lock makes the statement that locks the rows of these grids; they come
	// sorted and without repeats, and the rows must be taken in that order. It
	// is sent first after BEGIN as a statement of its own, because a statement
	// that also reads would read with a snapshot older than its wait. A grid
	// without a row is not locked: decide must see that its row was there. Nil
	// on SQLite, where the writer is alone anyway.
	Lock func(grids []string) (sql string, args []any)
	// LockWait is how long a shared transaction waits for a lock before its
	// members go on alone; 0 means one second.
	LockWait time.Duration
	// Now stamps GORM's automatic times; nil is the system's clock.
	Now func() time.Time
}

// Lanes is an open database. It is safe for concurrent use.
type Lanes struct {
	db     *gorm.DB
	engine engine
	queues []chan *member
	seed   maphash.Seed

	mu      sync.RWMutex
	closed  bool
	callers sync.WaitGroup
	workers sync.WaitGroup
}

// engine is what differs by database. Each member that is given to share or
// alone is answered exactly once.
type engine interface {
	// share runs members, one grid each, through one transaction if it can.
	share(ms []*member)
	// alone runs one member that has no company.
	alone(m *member)
	// crowd says whether members of several grids may share too.
	crowd() bool
	view(ctx context.Context, fn func(*gorm.DB) error) error
	read(ctx context.Context, reads []Read) error
	inTx(ctx context.Context, fn func(*gorm.DB) error) (handled bool, err error)
	close() error
}

// InGrids locks the grids, runs the announced reads, lets decide change things,
// and commits. The error of decide drops its writes and is the answer; all else
// is explained at the errors of this package. Once the work is taken up the
// answer is waited for even when ctx ends, because decide writes into the
// caller's variables.
func (l *Lanes) InGrids(ctx context.Context, grids []string, reads []Read, decide func(tx *gorm.DB) error) error {
	if len(grids) == 0 {
		return errors.New("lane: InGrids needs a grid")
	}
	if !l.enter() {
		return ErrClosed
	}
	defer l.callers.Done()
	grids = slices.Clone(grids)
	slices.Sort(grids)
	m := newMember(ctx, slices.Compact(grids), decide)
	var err error
	if m.reads, err = announce(ctx, l.db, reads); err != nil {
		return err
	}
	return l.submit(m)
}

// submit hands a member to its lane and waits for the answer. The channel has
// no buffer: who still stands before it when ctx ends may simply leave.
func (l *Lanes) submit(m *member) error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	if len(l.queues) == 0 || len(m.grids) > 1 && !l.engine.crowd() {
		l.engine.alone(m)
		return <-m.answer
	}
	queue := l.queues[0]
	if len(l.queues) > 1 {
		queue = l.queues[maphash.String(l.seed, m.grids[0])%uint64(len(l.queues))]
	}
	select {
	case queue <- m:
		return <-m.answer
	case <-m.ctx.Done():
		return m.ctx.Err()
	}
}

// work takes whoever waits at this moment, up to batch, into one transaction.
func (l *Lanes) work(queue <-chan *member, batch int) {
	defer l.workers.Done()
	for m := range queue {
		ms := append(make([]*member, 0, batch), m)
		// Those who were just answered come back at once if they may run first.
		runtime.Gosched()
		for len(ms) < batch {
			select {
			case m, open := <-queue:
				if open {
					ms = append(ms, m)
					continue
				}
			default:
			}
			break
		}
		l.engine.share(ms)
	}
}

// View gives fn one read snapshot. What it writes is refused by the database.
func (l *Lanes) View(ctx context.Context, fn func(tx *gorm.DB) error) error {
	if !l.enter() {
		return ErrClosed
	}
	defer l.callers.Done()
	return l.engine.view(ctx, fn)
}

// Read answers announced reads from one snapshot; on PostgreSQL they travel
// together, in one trip.
func (l *Lanes) Read(ctx context.Context, reads []Read) error {
	if !l.enter() {
		return ErrClosed
	}
	defer l.callers.Done()
	return l.engine.read(ctx, reads)
}

// InTx runs fn in an ordinary transaction whose statements are run one by one.
// fn may run again after a deadlock or a serialization failure.
func (l *Lanes) InTx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	if !l.enter() {
		return ErrClosed
	}
	defer l.callers.Done()
	if handled, err := l.engine.inTx(ctx, fn); handled {
		return err
	}
	m := newMember(ctx, nil, fn)
	m.ordinary = true
	return l.submit(m)
}

// DB is an ordinary GORM handle for what needs no door: migrations, counts, a
// doctor. On SQLite it reads from the readers and writes through the one
// writing connection; use it in no decide.
func (l *Lanes) DB() *gorm.DB { return l.db }

// Close waits for all callers to be answered and lets the database go.
func (l *Lanes) Close() error {
	l.mu.Lock()
	first := !l.closed
	l.closed = true
	l.mu.Unlock()
	if !first {
		return nil
	}
	l.callers.Wait()
	for _, queue := range l.queues {
		close(queue)
	}
	l.workers.Wait()
	return l.engine.close()
}

func (l *Lanes) enter() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if !l.closed {
		l.callers.Add(1)
	}
	return !l.closed
}

// start opens the lanes over an engine.
func start(db *gorm.DB, e engine, lanes, batch int) *Lanes {
	l := &Lanes{db: db, engine: e, seed: maphash.MakeSeed()}
	for range lanes {
		queue := make(chan *member)
		l.queues = append(l.queues, queue)
		l.workers.Add(1)
		go l.work(queue, batch)
	}
	return l
}

func (o Options) withDefaults(conns int) Options {
	set := func(n *int, to int) {
		if *n <= 0 {
			*n = to
		}
	}
	set(&o.Lanes, 2)
	set(&o.Batch, 32)
	set(&o.Conns, conns)
	if o.LockWait <= 0 {
		o.LockWait = time.Second
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
	}
	return o
}

// config of GORM. Its log is off: it would write values, which are personal.
func (o Options) config() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard,
		NowFunc:                o.Now,
	}
}
