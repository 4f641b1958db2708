// Package feed hands committed events, in order, to whoever listens.
//
// The table of events is the truth. Copies flow in: from the store's commit hook
// in this process, and over NATS (see bus.go) from the others. The copy of a
// grid's very next number is handed on as it is; whoever hears a gap, nonsense
// or nothing reads the table by (grid, number), at the latest when the counters
// are polled. So nothing is lost, doubled or out of order, whatever becomes of
// the copies. Each listener gets the events of the grids it follows in order
// and once, and hears of sessions and roles that were taken away. Going live
// and catching up are the same read.
//
// It never writes an event, never decides who sees one, and never waits for a
// listener or for NATS.
package feed

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"
	"linli/models/store"
)

// Options of a Hub.
type Options struct {
	Store *store.Store
	Table *Table // nil: the store's
	Log   *slog.Logger
	// Poll is how often counters are read for commits that no hint told of;
	// 0 means two seconds. A promise of five seconds stands behind it.
	Poll time.Duration
	// Revocations is how often they are read without a hint; 0 means one second.
	Revocations time.Duration
	// Bus leads to the other instances; the zero value leads to none.
	Bus BusOptions
}

// Hub reads on behalf of its watchers. It is safe for concurrent use.
type Hub struct {
	store       *store.Store
	table       Table
	log         *slog.Logger
	poll        time.Duration
	revocations time.Duration
	bus         *bus // nil without one

	news  chan struct{} // some grid has moved on
	hurry chan struct{} // something was taken away in this process

	mu       sync.Mutex
	epoch    string // that every watcher's numbers belong to; "" before the first reading
	grids    map[models.ID]*grid
	stirred  map[models.ID]struct{} // grids to look at before the next poll
	watchers []*Watcher

	copied, read atomic.Int64 // events handed out as copies, and from the table
}

// grid is a grid that somebody follows.
type grid struct {
	known   int64          // the highest number heard of
	unsure  bool           // the counter must be read first
	copies  []models.Event // heard of and not yet handed out, in order, perhaps with holes
	follows []*follow
}

// New makes a Hub; nothing happens until Run.
func New(o Options) *Hub {
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	if o.Revocations <= 0 {
		o.Revocations = time.Second
	}
	if o.Table == nil {
		table := tableOf(o.Store)
		o.Table = &table
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &Hub{store: o.Store, table: *o.Table, log: o.Log, poll: o.Poll, revocations: o.Revocations,
		news: make(chan struct{}, 1), hurry: make(chan struct{}, 1),
		grids: map[models.ID]*grid{}, stirred: map[models.ID]struct{}{}}
	if o.Bus.Embedded || len(o.Bus.URLs) > 0 {
		h.bus = newBus(o.Bus, h)
	}
	return h
}

// Run reads and hands out until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { h.runEvents(ctx) })
	all.Go(func() { h.runRevocations(ctx) })
	if h.bus != nil {
		all.Go(func() { h.bus.run(ctx) })
	}
	all.Wait()
}

// Figures count the events handed out so far: as copies, and from the table.
type Figures struct{ Copied, Read int64 }

// Figures so far.
func (h *Hub) Figures() Figures { return Figures{Copied: h.copied.Load(), Read: h.read.Load()} }

// HintRevoked says that a session or a role was taken away in this process; the
// others hear of it too.
func (h *Hub) HintRevoked() {
	ring(h.hurry)
	if h.bus != nil {
		h.bus.publishRevoked()
	}
}

// hearRevoked: something was taken away in another process.
func (h *Hub) hearRevoked() { ring(h.hurry) }

// missed says that copies may have been lost: every counter is read now.
func (h *Hub) missed() {
	h.mu.Lock()
	for id, g := range h.grids {
		g.unsure = true
		h.stirred[id] = struct{}{}
	}
	h.mu.Unlock()
	ring(h.news)
	ring(h.hurry)
}

// ring leaves a note in a letter box of one.
func ring(box chan struct{}) {
	select {
	case box <- struct{}{}:
	default:
	}
}

func (h *Hub) runEvents(ctx context.Context) {
	ticker := time.NewTicker(h.poll)
	defer ticker.Stop()
	h.checkEpoch(ctx)
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-h.news:
			err = h.catchUp(ctx, false)
		case <-ticker.C:
			h.checkEpoch(ctx)
			err = h.catchUp(ctx, true)
		}
		if err != nil && ctx.Err() == nil {
			// What was not read is still behind; the next poll tries again.
			h.log.Warn("events not read", "error", err)
		}
	}
}

// checkEpoch tells everybody when the database is no longer the one it was,
// because a backup was restored. Only then does Open let numbers of the new
// epoch in: nobody joins who could be handed events that were undone.
func (h *Hub) checkEpoch(ctx context.Context) {
	now, err := h.table.Epoch(ctx)
	if err != nil || h.sameEpoch(now) {
		return
	}
	h.mu.Lock()
	watchers := slices.Clone(h.watchers)
	h.mu.Unlock()
	for _, w := range watchers {
		w.to.Renewed()
	}
	h.mu.Lock()
	h.epoch = now
	for _, g := range h.grids {
		g.copies = nil // of events that were undone
	}
	h.mu.Unlock()
}

// sameEpoch compares with the epoch of all numbers here; the first one counts.
func (h *Hub) sameEpoch(epoch string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.epoch == "" {
		h.epoch = epoch
	}
	return h.epoch == epoch
}

func (h *Hub) epochKnown() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.epoch
}

func epochOf(tx *store.Tx) (string, error) {
	var facts []store.Meta
	if err := tx.Load(store.MetaOf([]string{store.MetaEpoch}, &facts)); err != nil || len(facts) == 0 {
		return "", err
	}
	return facts[0].Value, nil
}
