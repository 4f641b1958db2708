package push

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
)

// tableOf reads the truth as one person may see it.
func tableOf(t testing.TB, s *store.Store, grid models.FollowedGrid, person models.ID, after int64) []int64 {
	t.Helper()
	var events []models.Event
	err := s.View(t.Context(), func(tx *store.Tx) error {
		return tx.Load(store.EventsAfter(grid.GridID, after, 1_000_000, &events))
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []int64
	for _, e := range events {
		if grid.Sees(person, e) {
			seen = append(seen, e.Seq)
		}
	}
	return seen
}

func numbers(events []models.Event) []int64 {
	var seen []int64
	for _, e := range events {
		seen = append(seen, e.Seq)
	}
	return seen
}

// Three writers, three kinds of readers, and every socket cut at random
// moments: each reader ends with exactly what it may see, in order, once.
func TestEveryVisibleEventArrivesOnceAcrossReconnections(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		resident := b.Session(t, p.Neighbour(t, p.Micro, "1-1-101", "张秀英", models.CareNone).Actor)
		worker := b.Session(t, p.Worker(t, p.Community))
		stranger := b.Session(t, p.Neighbour(t, p.Beside, "1-1-101", "旁人", models.CareNone).Actor)
		// A short tail and few readings at once: both ways of catching up are used.
		w := onStore(t, b, Options{Tail: 16, Replays: 2, PerPerson: 1000}, 50*time.Millisecond)
		audiences := []models.Audience{{Grid: true}, {Workers: true}, {Persons: []models.ID{resident.PersonID}},
			{Persons: []models.ID{stranger.PersonID}}, {}}
		var writers, readers sync.WaitGroup
		for i := range 3 {
			random := rand.New(rand.NewPCG(seed, uint64(i)))
			writers.Go(func() {
				here, there := b.Teller(p.Micro.ID), b.Teller(p.Beside.ID)
				for range 80 {
					teller := here
					if random.IntN(3) == 0 {
						teller = there
					}
					if err := teller.Tell(t.Context(), "person.changed", 1+random.IntN(3), audiences[random.IntN(len(audiences))]); err != nil {
						t.Error(err)
					}
				}
			})
		}
		clients := []*client{w.client(t, resident), w.client(t, worker), w.client(t, stranger)}
		for i, micro := range []int{1, 2, 1} {
			clients[i].micro = micro
		}
		over := make(chan struct{})
		for i, c := range clients {
			random := rand.New(rand.NewPCG(seed, uint64(100+i)))
			readers.Go(func() { c.wander(random, over) })
		}
		writers.Wait()
		for _, grid := range []models.Grid{p.Micro, p.Beside} { // all readers know when they are at the end
			if err := b.Teller(grid.ID).Tell(t.Context(), "person.last", 1, models.Audience{Grid: true}); err != nil {
				t.Fatal(err)
			}
		}
		close(over)
		readers.Wait()
		both := map[models.ID]string{p.Micro.ID: "", p.Beside.ID: ""}
		for i, sees := range []map[models.ID]models.FollowedGrid{
			{p.Micro.ID: {GridID: p.Micro.ID, OfGrid: true}},
			{p.Micro.ID: {GridID: p.Micro.ID, OfGrid: true, Worker: true}, p.Beside.ID: {GridID: p.Beside.ID, OfGrid: true, Worker: true}},
			{p.Beside.ID: {GridID: p.Beside.ID, OfGrid: true}},
		} {
			c := clients[i]
			for grid := range both {
				var want []int64
				if g, ok := sees[grid]; ok {
					want = tableOf(t, b.Store, g, c.actor.PersonID, 0)
				}
				if got := numbers(c.events[grid]); !slices.Equal(got, want) {
					t.Errorf("client %d, grid %s:\n got %v\nwant %v", i, grid, got, want)
				}
			}
			if len(c.resyncs) > 0 {
				t.Errorf("client %d was told to refetch: %v", i, c.resyncs)
			}
		}
	})
}

// wander reads for a moment, drops its connection without a word, perhaps in
// the middle of a frame, and comes back; when the writers are done it reads to
// the last events.
func (c *client) wander(random *rand.Rand, over <-chan struct{}) {
	for last := false; !last; {
		select {
		case <-over:
			last = true
		default:
		}
		c.until = time.Now().Add(waitAtMost)
		c.connect()
		if len(c.cursors) == 0 { // from the very beginning, not from hello
			for grid := range c.grids {
				c.cursors[grid] = 0
			}
		}
		c.resume()
		if !last {
			c.until = time.Now().Add(time.Duration(random.IntN(30)) * time.Millisecond)
		}
		for err := error(nil); err == nil && !(last && c.atTheEnd()); {
			if _, err = c.next(); err != nil && last {
				c.t.Error("before the last event: ", err)
			}
		}
		_ = c.conn.Close()
	}
}

// atTheEnd reports whether the last event of each of its micro-grids is there.
func (c *client) atTheEnd() bool {
	ends := 0
	for _, events := range c.events {
		if len(events) > 0 && events[len(events)-1].Kind == "person.last" {
			ends++
		}
	}
	return ends == c.micro
}
