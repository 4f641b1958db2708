package feed

import (
	"slices"

	"linli/models"
)

// copiesAtMost is how many copies of a grid's events wait to be handed out;
// who has more to catch up reads the table.
const copiesAtMost = eventsAtOnce

// Hint is the store's commit hook: these events are in the table. It returns
// at once, and hands them on to the other instances.
func (h *Hub) Hint(events []models.Event) {
	h.keep(events)
	if h.bus != nil {
		h.bus.publish(events)
	}
}

// Hear takes copies that another instance has sent. They count only when they
// are of the database that this one reads.
func (h *Hub) Hear(epoch string, events []models.Event) {
	if epoch != "" && epoch == h.epochKnown() {
		h.keep(events)
	}
}

// hearOf takes the news that a grid has come to a number.
func (h *Hub) hearOf(epoch string, id models.ID, seq int64) {
	if epoch == "" || epoch != h.epochKnown() {
		return
	}
	h.mu.Lock()
	stirred := h.advance(id, seq) != nil
	h.mu.Unlock()
	if stirred {
		ring(h.news)
	}
}

// keep lays copies by. Those that arrive in another order, as those of a shared
// commit do, are put in order here; what is missing when they are looked at is
// read from the table, and with it all that comes after.
func (h *Hub) keep(events []models.Event) {
	h.mu.Lock()
	stirred := false
	for _, e := range events {
		if g := h.advance(e.GridID, e.Seq); g != nil {
			g.lay(e)
			stirred = true
		}
	}
	h.mu.Unlock()
	if stirred {
		ring(h.news)
	}
}

// advance finds the grid, if somebody follows it and still lacks that number.
func (h *Hub) advance(id models.ID, seq int64) *grid {
	g := h.grids[id]
	if g == nil || seq <= g.lowest() {
		return nil
	}
	g.known = max(g.known, seq)
	h.stirred[id] = struct{}{}
	return g
}

func (g *grid) lay(e models.Event) {
	if len(g.copies) >= copiesAtMost {
		g.copies = nil
		return
	}
	at := len(g.copies)
	for at > 0 && g.copies[at-1].Seq > e.Seq {
		at--
	}
	if at > 0 && g.copies[at-1].Seq == e.Seq {
		return // heard twice
	}
	g.copies = slices.Insert(g.copies, at, e)
}

// handCopies hands out what was heard of without reading the table: only the
// very next numbers, as far as there is no hole.
func (h *Hub) handCopies() {
	h.mu.Lock()
	var runs []*Reading
	for id := range h.stirred {
		g := h.grids[id]
		low := g.lowest()
		g.forget(low)
		n := 0
		for n < len(g.copies) && g.copies[n].Seq == low+int64(n)+1 {
			n++
		}
		if n > 0 {
			runs = append(runs, &Reading{Grid: id, After: low, Events: g.copies[:n:n]})
			g.copies = slices.Clone(g.copies[n:])
		}
	}
	h.mu.Unlock()
	for _, r := range runs {
		h.copied.Add(int64(len(r.Events)))
		h.handOut(r)
	}
}

// forget drops copies of what everybody has.
func (g *grid) forget(upTo int64) {
	g.copies = slices.DeleteFunc(g.copies, func(e models.Event) bool { return e.Seq <= upTo })
}

// followed says whether anybody here looks at the grid.
func (h *Hub) followed(id models.ID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.grids[id] != nil
}
