package feed

import (
	"context"
	"maps"
	"slices"

	"linli/models"
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
		counters, err := h.table.Counters(ctx, some)
		if err != nil {
			return err
		}
		for _, c := range counters {
			h.compare(c, asked[c.GridID])
		}
	}
	return nil
}

// compare takes the counter for what it is. Where events between a follower and
// the table are gone it goes on at the first that is kept; where they were
// undone by a restore, at the last. Who began to follow after the reading may
// rightly be ahead of it.
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
		switch {
		case !f.settled: // it began during the reading
			g.unsure = true
			continue
		case f.seq+1 < c.FirstSeq:
			f.seq = c.FirstSeq - 1
		case f.seq > c.Seq:
			f.seq = c.Seq
		default:
			continue
		}
		lost = append(lost, f)
	}
	g.known = max(g.known, c.Seq)
	h.mu.Unlock()
	tellLost(c.GridID, lost)
}

func tellLost(id models.ID, lost []*follow) {
	for _, f := range lost {
		f.watcher.to.Lost(id, f.seq) // the reader alone moves it
	}
}

func (h *Hub) behind() []*Reading {
	h.mu.Lock()
	defer h.mu.Unlock()
	var behind []*Reading
	for id := range h.stirred {
		g := h.grids[id]
		if low := g.lowest(); low < g.known {
			if behind = append(behind, &Reading{Grid: id, After: low}); len(behind) == gridsAtOnce {
				break
			}
		} else if !g.unsure {
			delete(h.stirred, id)
			g.copies = nil // everybody has them
		}
	}
	return behind
}

func (h *Hub) readEvents(ctx context.Context, behind []*Reading) error {
	if err := h.table.Events(ctx, behind, eventsAtOnce); err != nil {
		return err
	}
	for _, r := range behind {
		h.read.Add(int64(len(r.Events)))
		h.handOut(r)
	}
	return nil
}

// handOut gives each follower what it lacks. Who began to follow during the
// read from an older number has its turn at the next.
func (h *Hub) handOut(r *Reading) {
	h.mu.Lock()
	g := h.grids[r.Grid]
	if g == nil {
		h.mu.Unlock()
		return
	}
	if len(r.Events) == 0 { // a number without an event; the next poll asks the counter anyway
		g.known, g.copies = r.After, nil
		h.mu.Unlock()
		return
	}
	type parcel struct {
		to     *follow
		events []models.Event
	}
	var parcels []parcel
	var lost []*follow
	last := r.Events[len(r.Events)-1].Seq
	for _, f := range g.follows {
		if f.seq < r.After || f.seq >= last {
			continue
		}
		from := slices.IndexFunc(r.Events, func(e models.Event) bool { return e.Seq > f.seq })
		if r.Events[from].Seq == f.seq+1 {
			parcels = append(parcels, parcel{f, r.Events[from:]})
		} else {
			lost = append(lost, f)
			f.seq = r.Events[from].Seq - 1 // and reads on from there
			continue
		}
		f.seq = last
	}
	h.mu.Unlock()
	for _, p := range parcels {
		p.to.watcher.to.Events(r.Grid, p.events)
	}
	tellLost(r.Grid, lost)
}

// Replay reads up to limit events of a grid after a number, for a listener
// that must go back further than it remembers.
func (h *Hub) Replay(ctx context.Context, grid models.ID, after int64, limit int) ([]models.Event, error) {
	r := &Reading{Grid: grid, After: after}
	err := h.table.Events(ctx, []*Reading{r}, limit)
	return r.Events, err
}
