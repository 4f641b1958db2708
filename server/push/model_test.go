package push

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/server/feed"
)

// The model plays seeded schedules of commits, cut sockets, dying instances, a
// bus that loses, delays, repeats and reorders, a database that goes away, is
// trimmed and is restored, in virtual time. Feed, sockets and protocol are the
// real ones; only the database, the bus and the wire are played. Every app
// holds each message against the truth: what it may see, in order, once, no
// hole, and resync only where numbers mean nothing.
//
//	go test ./server/push -run Model -schedules 100000          many
//	go test ./server/push -run Model -seed 7 -schedules 1       one again
//	go test ./server/push -run Model -seed 7 -again 1000        one, often
//
// The seed fixes what happens and when; goroutines that are ready at the same
// instant still run in any order, and -again tries many of them.
var (
	schedules = flag.Int("schedules", 1000, "how many the model plays")
	firstSeed = flag.Uint64("seed", 0, "of the first schedule; 0: by the clock")
	again     = flag.Int("again", 0, "play the first schedule so often instead")
)

var modelGrids = []models.ID{gridA, gridB}

func TestModelEveryAppReceivesTheTruth(t *testing.T) {
	t.Parallel()
	seed := *firstSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	n, step := *schedules, uint64(1)
	if *again > 0 {
		n, step = *again, 0
	}
	t.Logf("%d schedules from seed %d", n, seed)
	var next, events, resyncs atomic.Int64
	var codes [5000]atomic.Int64
	begun := time.Now()
	t.Run("play", func(t *testing.T) {
		for range runtime.GOMAXPROCS(0) {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for i := next.Add(1); i <= int64(n) && !t.Failed(); i = next.Add(1) {
					synctest.Test(t, func(t *testing.T) {
						m := newModel(t, seed+uint64(i-1)*step)
						m.play()
						events.Add(int64(m.events))
						resyncs.Add(int64(m.resyncs))
						for code, n := range m.codes {
							codes[code].Add(int64(n))
						}
					})
				}
			})
		}
	})
	var ends []string
	for code := range codes {
		if n := codes[code].Load(); n > 0 {
			ends = append(ends, fmt.Sprintf("%d×%d", n, code))
		}
	}
	t.Logf("%d events and %d resyncs received, sockets ended %s, in %v", events.Load(), resyncs.Load(),
		strings.Join(ends, " "), time.Since(begun).Round(time.Millisecond))
}

// model is one schedule.
type model struct {
	t         *testing.T
	seed      uint64
	random    *rand.Rand
	truth     *truth
	instances []*instance // alive or not
	apps      []*follower
	busDown   bool
	upSince   time.Time // the database's
	story     []string

	events, resyncs int
	codes           map[int]int
}

// instance is one process.
type instance struct {
	feed  *feed.Hub
	push  *Hub
	ctx   context.Context
	kill  context.CancelFunc
	alive bool // takes sockets
	watch map[models.ID]int64
}

const modelInstances = 2

func newModel(t *testing.T, seed uint64) *model {
	random := rand.New(rand.NewPCG(seed, 1))
	people := []models.ID{"anna", "bo", "cai", "dan"}
	m := &model{t: t, seed: seed, random: random, codes: map[int]int{}, upSince: time.Now(),
		truth: newTruth(rand.New(rand.NewPCG(seed, 2)), modelGrids, people)}
	for range modelInstances {
		m.instances = append(m.instances, m.start())
	}
	for _, p := range people {
		m.apps = append(m.apps, &follower{m: m, person: p, known: map[models.ID]*knowledge{}})
	}
	return m
}

// start begins a process, wired as server.New wires it.
func (m *model) start() *instance {
	x := &instance{alive: true, watch: map[models.ID]int64{}}
	x.ctx, x.kill = context.WithCancel(context.Background())
	x.feed = feed.New(feed.Options{Table: m.truth.table(), Log: slog.New(slog.DiscardHandler)})
	var watcher *feed.Watcher
	x.push = New(Options{Tail: 4, Replays: 2, Log: slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (models.Actor, error) {
			person, session, _ := strings.Cut(r.Header.Get("Authorization"), "/")
			return models.Actor{PersonID: person, CredentialID: session}, nil
		},
		Problem: func(w http.ResponseWriter, _ *http.Request, err error) {
			w.WriteHeader(map[fault.Code]int{fault.Unauthenticated: 401}[fault.From(err).Code])
		},
		Source: Source{Open: x.feed.Open, Replay: x.feed.Replay,
			Follow: func(g models.ID, after int64) { watcher.Follow(g, after) },
			Leave:  func(g models.ID) { watcher.Leave(g) }}})
	watcher = x.feed.Watch(feed.Listener{Events: x.push.Deliver, Lost: x.push.Lost, Revoked: x.push.Revoked, Renewed: x.push.Renewed})
	m.chat(x)
	go x.feed.Run(x.ctx)
	return x
}

// chat is a second listener, as robots are: it follows a grid from its
// beginning and must get every event, or hear that some are lost.
func (m *model) chat(x *instance) {
	ignore := func([]models.ID, []models.ID) {}
	w := x.feed.Watch(feed.Listener{Revoked: ignore, Renewed: func() {},
		Events: func(grid models.ID, events []models.Event) {
			for _, e := range events {
				if e.Seq != x.watch[grid]+1 {
					m.fail("a listener got %d after %d", e.Seq, x.watch[grid])
				}
				x.watch[grid] = e.Seq
			}
		},
		Lost: func(grid models.ID, seq int64) { x.watch[grid] = seq }})
	w.Follow(gridA, 0)
}

func (m *model) play() {
	defer func() {
		for _, x := range m.instances {
			m.stop(x)
		}
	}()
	for range 10 + m.random.IntN(20) {
		wait := time.Duration(m.random.IntN(300)) * time.Millisecond
		if m.random.IntN(12) == 0 {
			wait = time.Duration(m.random.IntN(6000)) * time.Millisecond
		}
		m.pass(wait)
		m.happen()
	}
	m.heal()
}

// pass lets virtual time go by; then the apps look at what has come.
func (m *model) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
	for _, f := range m.apps {
		if m.random.IntN(4) > 0 {
			f.read(1 + m.random.IntN(40))
		}
		f.overdue(m.upSince)
		if f.on == nil && m.random.IntN(3) == 0 {
			m.bring(f)
		}
	}
	if m.t.Failed() {
		m.t.FailNow()
	}
}

func (m *model) bring(f *follower) {
	if x := m.instances[m.random.IntN(modelInstances)]; x.alive {
		f.connect(x)
	}
}

// happen does one thing of the schedule.
func (m *model) happen() {
	app := m.apps[m.random.IntN(len(m.apps))]
	which := m.random.IntN(modelInstances)
	x := m.instances[which]
	grid := modelGrids[m.random.IntN(len(modelGrids))]
	switch dice := m.random.IntN(100); {
	case dice < 49:
		m.commit(grid, 1+m.random.IntN(3), true)
	case dice < 55:
		m.commit(grid, 6+m.random.IntN(14), true)
	case dice < 56:
		m.commit(grid, hiddenAtMost+10, true)
	case dice < 66:
		m.tell("%s is cut", app.person)
		app.read(m.random.IntN(5))
		app.cut()
	case dice < 72:
		if app.on != nil {
			m.tell("%s does not read, or reads again", app.person)
			app.on.pause(m.random.IntN(2) == 0)
		}
	case dice < 77:
		if x.alive {
			m.tell("instance %d is killed", which)
			m.stop(x)
		}
	case dice < 79:
		if x.alive {
			m.tell("instance %d drains", which)
			x.alive = false
			go func() {
				ctx, cancel := context.WithTimeout(x.ctx, 10*time.Second)
				defer cancel()
				_ = x.push.Shutdown(ctx)
			}()
		}
	case dice < 85:
		if !x.alive {
			m.tell("instance %d is there again", which)
			m.stop(x)
			m.instances[which] = m.start()
		}
	case dice < 88:
		m.busDown = !m.busDown
		m.tell("bus down: %v", m.busDown)
	case dice < 91:
		m.database(m.upSince.IsZero())
	case dice < 94 && !m.upSince.IsZero():
		n := int64(1 + m.random.IntN(20))
		m.tell("%s is trimmed by %d", grid, n)
		m.truth.trim(grid, n)
	case dice < 97 && !m.upSince.IsZero():
		n := int64(m.random.IntN(8))
		m.tell("a backup is restored, %d events are undone", n)
		m.truth.restore(n)
	case !m.upSince.IsZero():
		session := m.random.IntN(2) == 0
		m.tell("%s loses: session %v", app.person, session)
		m.truth.revoke(app.person, session)
		if m.random.IntN(2) == 0 {
			for _, x := range m.instances {
				x.feed.HintRevoked()
			}
		}
	}
}

func (m *model) database(up bool) {
	m.tell("database up: %v", up)
	m.truth.setDown(!up)
	m.upSince = time.Time{}
	if up {
		m.upSince = time.Now()
	}
}

// commit writes events by one instance and hints all of them, as the bus allows.
func (m *model) commit(grid models.ID, n int, hinted bool) {
	if m.upSince.IsZero() {
		return
	}
	to := []models.Audience{everybody, everybody, {Workers: true}, {Persons: []models.ID{"anna"}}, nobody}[m.random.IntN(5)]
	events := m.truth.commit(grid, to, n)
	m.tell("%d events up to %d in %s for %+v", n, events[n-1].Seq, grid, to)
	if !hinted {
		return
	}
	writer := m.random.IntN(modelInstances)
	for i, x := range m.instances {
		if i == writer && m.random.IntN(10) > 0 { // its own commit hook; killed before it, one time in ten
			x.feed.Hint(events)
			continue
		}
		copies := []int{0, 1, 1, 1, 1, 1, 2, 3}[m.random.IntN(8)]
		if m.busDown {
			copies = 0
		}
		for range copies {
			late := time.Duration(m.random.IntN(50)) * time.Millisecond
			if m.random.IntN(4) == 0 {
				late = time.Duration(m.random.IntN(8000)) * time.Millisecond
			}
			epoch := m.truth.epoch
			time.AfterFunc(late, func() { x.feed.Hear(epoch, events) })
		}
	}
}

// stop ends a process at once: nobody hears a word of it.
func (m *model) stop(x *instance) {
	x.alive = false
	for _, f := range m.apps {
		if f.on != nil && f.on.instance == x {
			f.cut()
		}
	}
	x.kill()
	x.push.stop()
}

// heal ends all troubles but the bus's, which is dead from here on: every app
// must come to the end of the truth, and a last event within five seconds.
func (m *model) heal() {
	m.tell("all is well")
	m.database(true)
	for i, x := range m.instances {
		if !x.alive {
			m.stop(x)
			m.instances[i] = m.start()
		}
	}
	for range 8 { // who is slow is cut, and comes back
		m.pass(time.Second)
		for _, f := range m.apps {
			if f.read(1 << 20); f.on != nil {
				f.on.pause(false)
			} else {
				m.bring(f)
			}
		}
	}
	m.last()
	m.complete(5 * time.Second)
	if m.random.IntN(3) == 0 {
		m.between()
	}
}

// last commits an event in each grid that no bus tells of.
func (m *model) last() {
	for _, g := range modelGrids {
		m.commit(g, 1, false)
	}
}

func (m *model) complete(within time.Duration) {
	<-time.After(within)
	synctest.Wait()
	for _, f := range m.apps {
		f.read(1 << 20)
		f.complete()
	}
}

// between commits after hello and before resume, when nobody follows yet and
// nobody is told: what was read for hello and what is live must meet, and not
// only at the next poll.
func (m *model) between() {
	m.tell("all come back at once")
	for _, f := range m.apps {
		f.cut()
	}
	<-time.After(patience + time.Second)
	for _, f := range m.apps {
		m.bring(f)
	}
	<-time.After(time.Second / 2)
	synctest.Wait()
	m.last()
	for _, f := range m.apps {
		f.read(1)
	}
	m.complete(time.Second)
}

// complete checks that an app has everything there is.
func (f *follower) complete() {
	if f.on == nil || !f.on.ready {
		f.fail("is offline, though all is well")
		return
	}
	f.m.truth.mu.Lock()
	defer f.m.truth.mu.Unlock()
	for grid, k := range f.known {
		if e := f.next(f.on, grid, k.seq); e != nil || k.epoch != f.m.truth.epoch || k.afresh {
			f.fail("stands at %+v and lacks %+v", *k, e)
		}
	}
}

func (m *model) tell(format string, args ...any) {
	m.story = append(m.story, fmt.Sprintf("%9.3f ", float64(time.Now().UnixMilli()%1e7)/1000)+fmt.Sprintf(format, args...))
}

func (m *model) fail(format string, args ...any) {
	m.t.Errorf("%s\n%s\nagain: go test ./server/push -run Model -seed %d -again 1000", fmt.Sprintf(format, args...),
		strings.Join(slices.Clone(m.story), "\n"), m.seed)
}
