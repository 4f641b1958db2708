// Package feed hands committed events, in order, to whoever listens.
//
// The table of events is the truth. Hints flow in: the store's commit hook in
// this process, and a poll of the counters for what other processes commit.
// A hint only says that a grid has moved on; the events themselves are always
// read from the table by (grid, number), so that nothing is lost, doubled or
// out of order, whatever becomes of the hints. Each listener gets the events of
// the grids it follows in order and once, and hears of sessions and roles that
// were taken away. Going live and catching up are the same read.
//
// It never writes an event, never decides who sees one, and never waits for a
// listener.
package feed

import (
	"context"
	"log/slog"
	"slices"
	"sync"
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
}

// Hub reads on behalf of its watchers. It is safe for concurrent use.
type Hub struct {
	store       *store.Store
	table       Table
	log         *slog.Logger
	poll        time.Duration
	revocations time.Duration

	news  chan struct{} // some grid has moved on
	hurry chan struct{} // something was taken away in this process

	mu       sync.Mutex
	epoch    string // that every watcher's numbers belong to; "" before the first reading
	grids    map[models.ID]*grid
	stirred  map[models.ID]struct{} // grids to look at before the next poll
	watchers []*Watcher
}

// grid is a grid that somebody follows.
type grid struct {
	known   int64 // the highest number heard of
	unsure  bool  // the counter must be read first
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
	return &Hub{store: o.Store, table: *o.Table, log: o.Log, poll: o.Poll, revocations: o.Revocations,
		news: make(chan struct{}, 1), hurry: make(chan struct{}, 1),
		grids: map[models.ID]*grid{}, stirred: map[models.ID]struct{}{}}
}

// Run reads and hands out until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { h.runEvents(ctx) })
	both.Go(func() { h.runRevocations(ctx) })
	both.Wait()
}

// Hint is the store's commit hook: these events are in the table. It returns
// at once.
func (h *Hub) Hint(events []models.Event) {
	h.mu.Lock()
	stirred := false
	for _, e := range events {
		if g := h.grids[e.GridID]; g != nil && e.Seq > g.known {
			g.known = e.Seq
			h.stirred[e.GridID] = struct{}{}
			stirred = true
		}
	}
	h.mu.Unlock()
	if stirred {
		ring(h.news)
	}
}

// HintRevoked says that a session or a role was taken away in this process.
func (h *Hub) HintRevoked() { ring(h.hurry) }

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

func epochOf(tx *store.Tx) (string, error) {
	var facts []store.Meta
	if err := tx.Load(store.MetaOf([]string{store.MetaEpoch}, &facts)); err != nil || len(facts) == 0 {
		return "", err
	}
	return facts[0].Value, nil
}
