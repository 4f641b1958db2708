package feed_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/feed"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The throw-away server of pgtemp is waited for as long as the process lives.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
}

const patience = 30 * time.Second // a test that waits longer has failed

var everybody = models.Audience{Grid: true}

// start runs a hub over a store until the test ends. Without hints only the
// poll tells of commits.
func start(t *testing.T, s *store.Store, hints bool, poll time.Duration) *feed.Hub {
	t.Helper()
	h := feed.New(feed.Options{Store: s, Log: slog.New(slog.DiscardHandler), Poll: poll, Revocations: poll})
	if hints {
		s.OnCommit(h.Hint)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		h.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return h
}

// ear remembers what a watcher was told.
type ear struct {
	mu      sync.Mutex
	events  map[models.ID][]models.Event
	lost    map[models.ID][]int64
	revoked map[models.ID]bool
	renewed int
	changed chan struct{}
}

func listen(h *feed.Hub) (*ear, *feed.Watcher) {
	e := &ear{events: map[models.ID][]models.Event{}, lost: map[models.ID][]int64{}, revoked: map[models.ID]bool{},
		changed: make(chan struct{}, 1)}
	note := func(change func()) {
		e.mu.Lock()
		change()
		e.mu.Unlock()
		select {
		case e.changed <- struct{}{}:
		default:
		}
	}
	return e, h.Watch(feed.Listener{
		Events: func(grid models.ID, events []models.Event) {
			note(func() { e.events[grid] = append(e.events[grid], events...) })
		},
		Lost: func(grid models.ID, seq int64) { note(func() { e.lost[grid] = append(e.lost[grid], seq) }) },
		Revoked: func(credentials, roles []models.ID) {
			note(func() {
				for _, id := range append(credentials, roles...) {
					e.revoked[id] = true
				}
			})
		},
		Renewed: func() { note(func() { e.renewed++ }) },
	})
}

// until waits for news until the condition holds.
func (e *ear) until(t *testing.T, what string, holds func(e *ear) bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		e.mu.Lock()
		ok := holds(e)
		e.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-e.changed:
		case <-deadline:
			t.Fatalf("waited in vain for %s; heard %d grids, lost %v", what, len(e.events), e.lost)
		}
	}
}

// table reads the truth.
func table(t *testing.T, s *store.Store, grid models.ID, after int64) []models.Event {
	t.Helper()
	var events []models.Event
	err := s.View(t.Context(), func(tx *store.Tx) error {
		return tx.Load(store.EventsAfter(grid, after, 1_000_000, &events))
	})
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// same fails unless the ear heard exactly what the table holds after a number.
func (e *ear) same(t *testing.T, s *store.Store, grid models.ID, after int64) {
	t.Helper()
	truth := table(t, s, grid, after)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !reflect.DeepEqual(truth, e.events[grid]) {
		t.Errorf("grid %s: heard %d events, the table has %d after %d", grid, len(e.events[grid]), len(truth), after)
	}
}

func heard(grid models.ID, n int) func(*ear) bool {
	return func(e *ear) bool { return len(e.events[grid]) >= n }
}

func tell(t *testing.T, w *storetest.Teller, n int) {
	t.Helper()
	if err := w.Tell(t.Context(), "person.changed", n, everybody); err != nil {
		t.Error(err) // also called beside the test's own goroutine
	}
}

func TestThreeWritersAreHeardInOrderAndOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		h := start(t, b.Store, true, time.Hour) // hints alone must do
		e, w := listen(h)
		w.Follow(p.Micro.ID, 0)
		w.Follow(p.Beside.ID, 0)
		const each = 60
		var writers sync.WaitGroup
		for i := range 3 {
			writers.Go(func() {
				here, there := b.Teller(p.Micro.ID), b.Teller(p.Beside.ID)
				for range each {
					tell(t, here, 1+i)
					tell(t, there, 1)
				}
			})
		}
		writers.Wait()
		e.until(t, "all events", func(e *ear) bool {
			return heard(p.Micro.ID, 6*each)(e) && heard(p.Beside.ID, 3*each)(e)
		})
		e.same(t, b.Store, p.Micro.ID, 0)
		e.same(t, b.Store, p.Beside.ID, 0)
	})
}

func TestWhatNoHintToldOfIsFoundByThePoll(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		e, w := listen(start(t, b.Store, false, 20*time.Millisecond))
		w.Follow(p.Micro.ID, 0)
		tell(t, b.Teller(p.Micro.ID), 700) // more than one reading takes
		e.until(t, "polled events", heard(p.Micro.ID, 700))
		e.same(t, b.Store, p.Micro.ID, 0)
	})
}

func TestTwoProcessesOnOneDatabaseHearEachOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		other := storetest.Open(t, b.Database)
		here, w := listen(start(t, b.Store, true, 20*time.Millisecond))
		w.Follow(p.Micro.ID, 0)
		there, w := listen(start(t, other.Store, true, 20*time.Millisecond))
		w.Follow(p.Micro.ID, 0)
		mine, theirs := b.Teller(p.Micro.ID), other.Teller(p.Micro.ID)
		for range 30 {
			tell(t, mine, 1)
			tell(t, theirs, 1)
		}
		for _, e := range []*ear{here, there} {
			e.until(t, "both writers", heard(p.Micro.ID, 60))
			e.same(t, b.Store, p.Micro.ID, 0)
		}
	})
}

// Followers come and go at random numbers while writers write: each must get
// exactly what follows its number.
func TestFollowingAtAnyMomentLeavesNoHole(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		random := rand.New(rand.NewPCG(seed, 1))
		p := b.Place(t)
		h := start(t, b.Store, true, 50*time.Millisecond)
		const total = 200
		var writer sync.WaitGroup
		writer.Go(func() {
			w := b.Teller(p.Micro.ID)
			for range total {
				tell(t, w, 1)
			}
		})
		type begun struct {
			ear   *ear
			after int64
		}
		var ears []begun
		for range 40 {
			now := table(t, b.Store, p.Micro.ID, 0)
			after := random.Int64N(int64(len(now)) + 1)
			e, w := listen(h)
			w.Follow(p.Micro.ID, after)
			if random.IntN(4) == 0 { // think again, and start afresh
				w.Leave(p.Micro.ID)
				after = int64(len(now))
				e.mu.Lock()
				clear(e.events)
				e.mu.Unlock()
				e, w = listen(h)
				w.Follow(p.Micro.ID, after)
			}
			ears = append(ears, begun{e, after})
		}
		writer.Wait()
		for _, x := range ears {
			x.ear.until(t, "the rest", heard(p.Micro.ID, total-int(x.after)))
			x.ear.same(t, b.Store, p.Micro.ID, x.after)
		}
	})
}

func TestEventsThatAreGoneAreSaidToBeLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		w := b.Teller(p.Micro.ID)
		tell(t, w, 10)
		b.Clock.Add(8 * 24 * time.Hour)
		tell(t, w, 2)
		err := b.Store.InGrids(t.Context(), []models.ID{p.Micro.ID}, nil, func(tx *store.Tx) error {
			return tx.TrimEvents(p.Micro.ID, b.Clock.Now().Add(-7*24*time.Hour), 1000)
		})
		if err != nil {
			t.Fatal(err)
		}
		h := start(t, b.Store, true, time.Hour)
		// Ahead first: the next comes while the hub still finds out that there is no 13.
		for _, after := range []int64{13, 0, 9, 10, 12} {
			goesOn, lost := after, after == 13 || after < 10
			switch {
			case after == 13: // were undone
				goesOn = 12
			case lost: // were trimmed; what is kept follows
				goesOn = 10
			}
			e, watcher := listen(h)
			watcher.Follow(p.Micro.ID, after)
			if lost {
				e.until(t, fmt.Sprintf("loss after %d", after), func(e *ear) bool {
					return len(e.lost[p.Micro.ID]) == 1 && e.lost[p.Micro.ID][0] == goesOn
				})
			}
			e.until(t, fmt.Sprintf("events after %d", after), heard(p.Micro.ID, 12-int(goesOn)))
		}
	})
}

func TestARenewedEpochIsTold(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	set := func(epoch string) {
		if err := b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SetMeta(store.MetaEpoch, epoch) }); err != nil {
			t.Fatal(err)
		}
	}
	set("first")
	p := b.Place(t)
	h := start(t, b.Store, true, 10*time.Millisecond)
	e, w := listen(h)
	w.Follow(p.Micro.ID, 0)
	tell(t, b.Teller(p.Micro.ID), 1)
	e.until(t, "an event", heard(p.Micro.ID, 1)) // the hub runs: it knows the first epoch
	set("second")
	e.until(t, "the new epoch", func(e *ear) bool { return e.renewed == 1 })
}

// Numbers of the new epoch must not meet listeners of the old one.
func TestAfterARestoreNobodyOpensBeforeAllHaveHeardOfIt(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	worker := b.Session(t, p.Worker(t, p.Micro))
	h := feed.New(feed.Options{Store: b.Store, Log: slog.New(slog.DiscardHandler)}) // does not run
	set := func(epoch string) {
		if err := b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SetMeta(store.MetaEpoch, epoch) }); err != nil {
			t.Fatal(err)
		}
	}
	set("first")
	if _, err := h.Open(t.Context(), worker); err != nil {
		t.Fatal(err)
	}
	set("second")
	if _, err := h.Open(t.Context(), worker); !fault.Is(err, fault.Unavailable) {
		t.Fatal("opened a stream of another epoch: ", err)
	}
}

func TestRevocationsAreHeardInTimeAndAtOnceWhenHinted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		worker := b.Session(t, p.Worker(t, p.Micro))
		other := storetest.Open(t, b.Database)
		polled, _ := listen(start(t, b.Store, false, 10*time.Millisecond))
		hinting := start(t, other.Store, false, time.Hour)
		hinted, _ := listen(hinting)
		err := b.Store.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.RevokeRole(worker.Roles[0].ID); err != nil {
				return err
			}
			return tx.RevokeCredential(worker.CredentialID)
		})
		if err != nil {
			t.Fatal(err)
		}
		both := func(e *ear) bool { return e.revoked[worker.CredentialID] && e.revoked[worker.Roles[0].ID] }
		polled.until(t, "the revocations", both)
		hinting.HintRevoked()
		hinted.until(t, "the revocations at once", both)
	})
}
