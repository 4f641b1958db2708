package feed

import (
	"slices"

	"linli/models"
)

// Listener is where a watcher's news go. Its functions are called one after
// the other for events, but beside them for revocations, and must not block.
type Listener struct {
	// Events are the next ones of a grid, in order, none left out.
	Events func(grid models.ID, events []models.Event)
	// Lost says that events up to seq are no longer to be had; it goes on
	// after seq, with what is still kept.
	Lost func(grid models.ID, seq int64)
	// Revoked names credentials and roles that were taken away, perhaps again.
	Revoked func(credentials, roles []models.ID)
	// Renewed says that the epoch has changed: every number is void.
	Renewed func()
}

// Watcher follows grids for one listener.
type Watcher struct {
	hub *Hub
	to  Listener
}

// follow is one grid of one watcher, and how far it has come.
type follow struct {
	watcher *Watcher
	seq     int64
	settled bool // a counter was read since it began
}

// Watch makes a watcher that follows nothing yet.
func (h *Hub) Watch(to Listener) *Watcher {
	w := &Watcher{hub: h, to: to}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.watchers = append(h.watchers, w)
	return w
}

// Follow hands over every event of the grid after that number, from now on.
// To follow again starts afresh.
func (w *Watcher) Follow(id models.ID, after int64) {
	h := w.hub
	h.mu.Lock()
	g := h.grids[id]
	if g == nil {
		g = &grid{known: after}
		h.grids[id] = g
	}
	g.drop(w)
	g.follows = append(g.follows, &follow{watcher: w, seq: after})
	// Between the caller's number and this line nobody listened to hints.
	g.unsure = true
	h.stirred[id] = struct{}{}
	h.mu.Unlock()
	ring(h.news)
}

// Leave ends it; what is being handed over at this moment may still arrive.
func (w *Watcher) Leave(id models.ID) {
	h := w.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	g := h.grids[id]
	if g == nil {
		return
	}
	if g.drop(w); len(g.follows) == 0 {
		delete(h.grids, id)
		delete(h.stirred, id)
	}
}

func (g *grid) drop(w *Watcher) {
	g.follows = slices.DeleteFunc(g.follows, func(f *follow) bool { return f.watcher == w })
}

// lowest is the number from which on somebody still lacks events.
func (g *grid) lowest() int64 {
	low := g.known
	for _, f := range g.follows {
		low = min(low, f.seq)
	}
	return low
}
