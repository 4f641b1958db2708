package push

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/server/feed"
)

// truth is the one database of a schedule: what was committed, what is still
// kept, and who holds which right. Every reading takes its time, before and
// after the snapshot, so that everything else may happen in between.
type truth struct {
	mu     sync.Mutex
	random *rand.Rand // of the pauses alone: what happens is the driver's
	epoch  string
	epochs int
	logs   map[models.ID]*ledger
	people map[models.ID]*rights
	gone   []taken
	down   bool
}

// ledger is one grid; its events are kept from first on.
type ledger struct {
	first  int64
	events []models.Event // all there ever were, by number
}

// rights of one person: a session, and the role of a worker or none.
type rights struct {
	session int
	role    models.ID
}

// taken is a revocation.
type taken struct {
	id models.ID
	at time.Time
}

const revokedForGood = "signed_out"

func newTruth(random *rand.Rand, grids, people []models.ID) *truth {
	x := &truth{random: random, logs: map[models.ID]*ledger{}, people: map[models.ID]*rights{}}
	x.renew()
	for _, g := range grids {
		x.logs[g] = &ledger{first: 1}
	}
	for i, p := range people {
		x.people[p] = &rights{}
		if i%2 == 1 {
			x.people[p].role = p + "-worker-0"
		}
	}
	return x
}

func (x *truth) renew() {
	x.epochs++
	x.epoch = fmt.Sprint("epoch-", x.epochs)
}

func (l *ledger) seq() int64 { return int64(len(l.events)) }

// commit appends events of one transaction, and gives them back with their numbers.
func (x *truth) commit(grid models.ID, to models.Audience, n int) []models.Event {
	x.mu.Lock()
	defer x.mu.Unlock()
	l := x.logs[grid]
	for range n {
		seq := l.seq() + 1
		l.events = append(l.events, models.Event{GridID: grid, Seq: seq, ID: fmt.Sprint(x.epoch, "-", grid, "-", seq),
			Thing: models.ThingNeed, ThingID: "need", Version: int(seq), Audience: to, At: time.Now()})
	}
	return slices.Clone(l.events[l.seq()-int64(n):])
}

// trim drops the oldest events, restore the newest: a backup was put back.
func (x *truth) trim(grid models.ID, n int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	l := x.logs[grid]
	l.first = min(l.first+n, l.seq()+1)
}

func (x *truth) restore(n int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, l := range x.logs {
		l.events = l.events[:max(l.seq()-n, l.first-1)]
	}
	x.renew()
}

// revoke takes the session of a person, or her role.
func (x *truth) revoke(person models.ID, session bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := x.people[person]
	if session {
		x.gone = append(x.gone, taken{sessionOf(person, r.session), time.Now()})
		r.session++ // she signs in again
	} else if r.role != "" {
		x.gone = append(x.gone, taken{r.role, time.Now()})
		r.role = ""
	}
}

func (x *truth) setDown(down bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.down = down
}

func sessionOf(person models.ID, n int) models.ID { return fmt.Sprint(person, "-session-", n) }

var errDown = errors.New("the database is away")

// read lets virtual time pass around a snapshot.
func (x *truth) read(ctx context.Context, snapshot func() error) error {
	x.mu.Lock()
	before, after := x.pause(), x.pause()
	x.mu.Unlock()
	if err := wait(ctx, before); err != nil {
		return err
	}
	x.mu.Lock()
	err := errDown
	if !x.down {
		err = snapshot()
	}
	x.mu.Unlock()
	return errors.Join(err, wait(ctx, after))
}

func (x *truth) pause() time.Duration {
	if x.random.IntN(3) > 0 {
		return 0
	}
	return time.Duration(x.random.IntN(60)) * time.Millisecond
}

func wait(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// table is what a feed reads.
func (x *truth) table() *feed.Table {
	return &feed.Table{
		Now:  time.Now,
		Open: x.open,
		Epoch: func(ctx context.Context) (epoch string, err error) {
			err = x.read(ctx, func() error {
				epoch = x.epoch
				return nil
			})
			return epoch, err
		},
		Counters: func(ctx context.Context, grids []models.ID) (counters []models.GridSeq, err error) {
			err = x.read(ctx, func() error {
				for _, g := range grids {
					counters = append(counters, models.GridSeq{GridID: g, Seq: x.logs[g].seq(), FirstSeq: x.logs[g].first})
				}
				return nil
			})
			return counters, err
		},
		Events: func(ctx context.Context, asked []*feed.Reading, limit int) error {
			return x.read(ctx, func() error {
				for _, r := range asked {
					l := x.logs[r.Grid]
					if from := max(r.After, l.first-1); from < l.seq() {
						r.Events = slices.Clone(l.events[from:min(l.seq(), from+int64(limit))])
					}
				}
				return nil
			})
		},
		Revoked: func(ctx context.Context, since time.Time) (credentials, roles []models.ID, err error) {
			err = x.read(ctx, func() error {
				for _, g := range x.gone {
					if !g.at.Before(since) { // a hub looks for both in both
						credentials, roles = append(credentials, g.id), append(roles, g.id)
					}
				}
				return nil
			})
			return credentials, roles, err
		},
	}
}

// open is what feed.Hub.Open says: rights and numbers of one snapshot. A
// worker follows every grid and sees what is meant for workers, others the
// first grid only.
func (x *truth) open(ctx context.Context, actor models.Actor) (f models.Following, err error) {
	err = x.read(ctx, func() error {
		r := x.people[actor.PersonID]
		if actor.CredentialID != sessionOf(actor.PersonID, r.session) {
			return fault.New(fault.Unauthenticated, revokedForGood)
		}
		f = models.Following{Epoch: x.epoch, Actor: actor}
		if r.role != "" {
			f.Actor.Roles = []models.Role{{ID: r.role}}
		}
		for i, g := range modelGrids {
			if i == 0 || r.role != "" {
				f.Grids = append(f.Grids, models.FollowedGrid{GridID: g, Seq: x.logs[g].seq(), FirstSeq: x.logs[g].first,
					OfGrid: true, Worker: r.role != ""})
			}
		}
		return nil
	})
	if err == nil {
		ctx.Value(attemptKey{}).(*attempt).following.Store(&f)
	}
	return f, err
}
