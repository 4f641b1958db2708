package push

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

const (
	farewell = time.Second     // for the close frame to be taken, and answered
	patience = 3 * time.Second // from the cut to the end, whatever the client does
)

// socket is one open stream. Its writer (write.go) alone writes messages and
// moves its places, and ends when there was nothing to write for a while; its
// reader (listen.go) alone reads. So an idle socket is one goroutine.
type socket struct {
	hub     *Hub
	conn    *websocket.Conn
	who     identity
	leave   func() // gives the seat back
	opened  time.Time
	life    time.Duration
	places  []*place // set once, under hub.mu
	left    bool     // under hub.mu
	renewed int      // the hub's count that its numbers belong to

	mu      sync.Mutex
	news    []*place // with something to write, in order of arrival
	due     bool     // a sign of life must be asked for
	writing bool     // a writer runs; for good once the socket has ended
	signal  chan struct{}

	ping   *time.Timer // asks for signs of life; the writer's
	sent   int         // events; the writer's
	lively bool        // signs of life extend the deadline; the reader's

	closing atomic.Pointer[Closing] // the first reason counts
	last    *time.Timer             // ends the connection after the cut, come what may
	done    chan struct{}           // closed with the cut
	heard   chan struct{}           // closed when the reader has ended
}

// identity is all that a socket remembers of whom it belongs to: what is read for
// the handshake goes once she has resumed, for idle sockets come by the thousand.
type identity struct {
	person, credential models.ID
	roles              []models.ID
}

func identityOf(actor models.Actor) identity {
	who := identity{person: actor.PersonID, credential: actor.CredentialID}
	for _, r := range actor.Roles {
		who.roles = append(who.roles, r.ID)
	}
	return who
}

// place is where a socket stands in one grid.
type place struct {
	socket  *socket
	grid    models.FollowedGrid
	topic   *topic
	slot    int  // in topic.followers, under its lock
	lost    int  // the topic's losses it knows of
	waiting bool // stands in socket.news, under its lock

	// The writer's own:
	at     int64 // everything up to here is done
	told   int64 // the last number the client heard
	afresh bool  // the client must refetch first
	live   bool  // has caught up once: from then on the tail is enough
}

// open starts a socket on an upgraded connection.
func (h *Hub) open(conn *websocket.Conn, following models.Following, seat seat) {
	s := &socket{hub: h, conn: conn, who: identityOf(following.Actor), opened: time.Now(), life: jittered(h.o.Life), renewed: seat.renewed,
		writing: true, signal: make(chan struct{}, 1), done: make(chan struct{}), heard: make(chan struct{})}
	h.mu.Lock()
	h.sockets[s] = struct{}{}
	closed, stale := h.closed, h.renewed != s.renewed
	h.mu.Unlock()
	switch {
	case closed:
		s.cut(closeRestart)
	case stale: // read before the restore
		s.cut(closeEpoch)
	}
	s.leave = seat.leave
	go s.listen(following)
	go s.greet(following)
}

// wake says that the place has something to write.
func (s *socket) wake(p *place) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !p.waiting {
		p.waiting = true
		s.news = append(s.news, p)
		s.startLocked()
	}
}

// startLocked sees to it that a writer runs and looks.
func (s *socket) startLocked() {
	if !s.writing {
		s.writing = true
		go s.write()
		return
	}
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

// work is what a writer finds to do.
type work struct {
	news []*place
	due  bool // a sign of life
	over bool // the socket has ended: say goodbye
	rest bool // nothing, and the writer ends; another starts when there is
}

// next takes what there is. A writer that stays waits for a signal and asks again.
func (s *socket) next(taken []*place, stays bool) work {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended() {
		return work{over: true} // it stays the writer: nobody writes after it
	}
	w := work{news: append(taken[:0], s.news...), due: s.due}
	clear(s.news)
	s.news, s.due = s.news[:0], false
	for _, p := range w.news {
		p.waiting = false
	}
	w.rest = len(w.news) == 0 && !w.due && !stays
	s.writing = !w.rest
	return w
}

// cut ends the socket for a reason. It does not block: the writer says
// goodbye. A write under way gets a moment more, and nothing can hold the
// connection open for long, also not a client that does not read.
func (s *socket) cut(why Closing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended() {
		return
	}
	s.last = time.AfterFunc(patience, func() { _ = s.conn.Close() })
	s.closing.Store(&why)
	close(s.done)
	_ = s.conn.NetConn().SetWriteDeadline(soon(farewell))
	s.startLocked()
}

func (s *socket) ended() bool { return s.closing.Load() != nil }

// join takes the places of a resume, or refuses a grid that hello did not name.
func (s *socket) join(following models.Following, r resume) (Closing, bool) {
	known := make(map[models.ID]models.FollowedGrid, len(following.Grids))
	for _, g := range following.Grids {
		known[g.GridID] = g
	}
	room, places := make([]place, len(r.grids)), make([]*place, 0, len(r.grids))
	for grid, at := range r.grids {
		g, ok := known[grid]
		if !ok {
			return closeForeign, false
		}
		p := &room[len(places)]
		*p = place{socket: s, grid: g, at: at, told: at}
		p.afresh = r.epoch != following.Epoch || at+1 < g.FirstSeq || at > g.Seq
		if p.afresh {
			p.at = g.Seq
		}
		places = append(places, p)
	}
	s.hub.enter(s, places)
	return Closing{}, true
}

// enter puts the places into their topics and wakes the writer for each.
func (h *Hub) enter(s *socket, places []*place) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.left || s.renewed != h.renewed { // it is on its way out
		return
	}
	s.places = places
	for _, p := range places {
		t := h.topics[p.grid.GridID]
		if t == nil {
			t = &topic{grid: p.grid.GridID, seq: p.grid.Seq}
			h.topics[t.grid] = t
			h.o.Source.Follow(t.grid, t.seq)
		}
		p.topic, p.grid.GridID = t, t.grid // one copy of the name for all
		t.enter(p)
		s.wake(p)
	}
}

// standing lists the places of a socket that has resumed.
func (h *Hub) standing(s *socket) []*place {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return s.places
}

// remove forgets the socket; a grid that nobody follows is left.
func (h *Hub) remove(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sockets, s)
	s.left = true
	for _, p := range s.places {
		if p.topic.leave(p) && h.topics[p.grid.GridID] == p.topic {
			delete(h.topics, p.grid.GridID)
			h.o.Source.Leave(p.grid.GridID)
		}
	}
}

func (s *socket) log() {
	why := s.closing.Load()
	s.hub.o.Log.LogAttrs(context.Background(), slog.LevelInfo, "socket",
		slog.String("person", s.who.person), slog.Int("code", why.Code), slog.String("why", why.Text),
		slog.Int("grids", len(s.hub.standing(s))), slog.Int("events", s.sent),
		slog.Duration("open", time.Since(s.opened).Round(time.Millisecond)))
}
