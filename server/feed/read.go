package feed

import (
	"context"
	"maps"
	"slices"

	"linli/models"
	"linli/models/store"
)

const (
	countersAtOnce = 500 // ids in one question
	gridsAtOnce    = 64  // grids read in one snapshot
	eventsAtOnce   = 256 // events of one grid in one read
)

// catchUp reads until nobody is behind. all asks the counters of every grid;
// otherwise only of those somebody has just begun to follow.
func (h *Hub) catchUp(ctx context.Context, all bool) error {
	h.handCopies() // they wait for no database
	if err := h.readCounters(ctx, h.unsure(all)); err != nil {
		return err
	}
	for {
		h.handCopies()
		behind := h.behind()
		if len(behind) == 0 {
			return nil
		}
		if err := h.readEvents(ctx, behind); err != nil {
			return err
		}
	}
}

// unsure lists the grids whose counter must be read, and marks who follows
// them before the reading begins.
func (h *Hub) unsure(all bool) map[models.ID]*grid {
	h.mu.Lock()
	defer h.mu.Unlock()
	asked := map[models.ID]*grid{}
	take := func(id models.ID, g *grid) {
		asked[id] = g
		for _, f := range g.follows {
			f.settled = true
		}
	}
	if !all {
		for id := range h.stirred {
			if g := h.grids[id]; g.unsure {
				take(id, g)
			}
		}
		return asked
	}
	for id, g := range h.grids {
		take(id, g)
		h.stirred[id] = struct{}{}
	}
	return asked
}

func (h *Hub) readCounters(ctx context.Context, asked map[models.ID]*grid) error {
	for some := range slices.Chunk(slices.Collect(maps.Keys(asked)), countersAtOnce) {
		var counters []models.GridSeq
		err := h.store.View(ctx, func(tx *store.Tx) error { return tx.Load(store.Counters(some, &counters)) })
		if err != nil {
			return err
		}
		for _, c := range counters {
			h.compare(c, asked[c.GridID])
		}
	}
	return nil
}

// compare takes the counter for what it is, and jumps where events between a
// follower and the table are gone: trimmed, or undone by a restore. Who began
// to follow after the reading may rightly be ahead of it.
func (h *Hub) compare(c models.GridSeq, asked *grid) {
	h.mu.Lock()
	g := h.grids[c.GridID]
	if g == nil || g != asked {
		h.mu.Unlock()
		return
	}
	g.unsure = false
	var lost []*follow
	for _, f := range g.follows {
		if f.settled && (f.seq+1 < c.FirstSeq || f.seq > c.Seq) {
			f.seq = c.Seq
			lost = append(lost, f)
		}
	}
	g.known = max(g.known, c.Seq)
	h.mu.Unlock()
	tellLost(c.GridID, c.Seq, lost)
}

func tellLost(id models.ID, seq int64, lost []*follow) {
	for _, f := range lost {
		f.watcher.to.Lost(id, seq)
	}
}

// reading is a question for the events of one grid after a number.
type reading struct {
	grid   models.ID
	after  int64
	events []models.Event
}

func (h *Hub) behind() []*reading {
	h.mu.Lock()
	defer h.mu.Unlock()
	var behind []*reading
	for id := range h.stirred {
		g := h.grids[id]
		if low := g.lowest(); low < g.known {
			if behind = append(behind, &reading{grid: id, after: low}); len(behind) == gridsAtOnce {
				break
			}
		} else if !g.unsure {
			delete(h.stirred, id)
			g.copies = nil // everybody has them
		}
	}
	return behind
}

func (h *Hub) readEvents(ctx context.Context, behind []*reading) error {
	err := h.store.View(ctx, func(tx *store.Tx) error {
		for _, r := range behind {
			if err := tx.Load(store.EventsAfter(r.grid, r.after, eventsAtOnce, &r.events)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range behind {
		h.read.Add(int64(len(r.events)))
		h.handOut(r)
	}
	return nil
}

// handOut gives each follower what it lacks. Who began to follow during the
// read from an older number has its turn at the next.
func (h *Hub) handOut(r *reading) {
	h.mu.Lock()
	g := h.grids[r.grid]
	if g == nil {
		h.mu.Unlock()
		return
	}
	if len(r.events) == 0 { // a number without an event; the next poll asks the counter anyway
		g.known, g.copies = r.after, nil
		h.mu.Unlock()
		return
	}
	type parcel struct {
		to     *follow
		events []models.Event
	}
	var parcels []parcel
	var lost []*follow
	last := r.events[len(r.events)-1].Seq
	for _, f := range g.follows {
		if f.seq < r.after || f.seq >= last {
			continue
		}
		from := slices.IndexFunc(r.events, func(e models.Event) bool { return e.Seq > f.seq })
		if r.events[from].Seq == f.seq+1 {
			parcels = append(parcels, parcel{f, r.events[from:]})
		} else {
			lost = append(lost, f)
		}
		f.seq = last
	}
	h.mu.Unlock()
	for _, p := range parcels {
		p.to.watcher.to.Events(r.grid, p.events)
	}
	tellLost(r.grid, last, lost)
}

// Replay reads up to limit events of a grid after a number, for a listener
// that must go back further than it remembers.
func (h *Hub) Replay(ctx context.Context, grid models.ID, after int64, limit int) ([]models.Event, error) {
	var events []models.Event
	err := h.store.View(ctx, func(tx *store.Tx) error {
		return tx.Load(store.EventsAfter(grid, after, limit, &events))
	})
	return events, err
}
