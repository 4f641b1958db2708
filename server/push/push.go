// Package push keeps the live sockets of GET /api/v1/stream.
//
// Committed events are handed in, in order per grid, and flow out as text
// frames to the sockets that follow the grid and may see them. A socket has no
// queue of its own: it has a place in each of its grids, and draws from the
// grid's tail of prepared frames, or from the table where it must go back
// further. So reconnecting, catching up and going live are one read, memory
// does not grow with slow readers, and who falls out of the tail is cut with a
// code that says "come back" and loses nothing.
//
// It never reads a database, never writes an event, and takes nothing from a
// client but its cursors.
package push

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

// Source is where events come from. Follow and Leave must not block and may be
// called under a lock; each event of a followed grid is then handed to Deliver.
type Source struct {
	// Open says what the person may follow now.
	Open func(ctx context.Context, actor models.Actor) (models.Following, error)
	// Follow asks for every event of the grid after a number, Leave ends it.
	Follow func(grid models.ID, after int64)
	Leave  func(grid models.ID)
	// Replay reads up to limit events of a grid after a number.
	Replay func(ctx context.Context, grid models.ID, after int64, limit int) ([]models.Event, error)
}

// Options of a Hub. Every zero limit is replaced by a sensible one.
type Options struct {
	Source Source
	// Authenticate says who shakes hands, by header or ticket.
	Authenticate func(r *http.Request) (models.Actor, error)
	// Problem answers a handshake that is refused.
	Problem func(w http.ResponseWriter, r *http.Request, err error)
	// Origins are allowed besides the server's own ("https://app.example.cn").
	Origins []string
	Log     *slog.Logger

	Sockets   int // of this process
	PerPerson int
	Tail      int // frames kept of a grid for its live sockets
	Replays   int // readings of the table at the same moment

	ResumeWait time.Duration // from hello to resume
	WriteWait  time.Duration // for one frame to be taken
	Ping       time.Duration
	Pong       time.Duration // without a sign of life
	Life       time.Duration // then the client must come back and sign in anew
	Spread     time.Duration // over which Shutdown sends everybody away
}

// Hub holds the sockets of this process. It is safe for concurrent use.
type Hub struct {
	o        Options
	upgrader websocket.Upgrader
	replays  chan struct{}
	running  sync.WaitGroup
	ctx      context.Context // ends when the hub has shut down
	stop     context.CancelFunc

	mu      sync.RWMutex
	topics  map[models.ID]*topic
	sockets map[*socket]struct{}
	seats   map[models.ID]int // taken, by person
	taken   int
	closed  bool
	renewed int // how often the epoch has changed
}

// New makes a Hub.
func New(o Options) *Hub {
	o.setDefaults()
	h := &Hub{o: o, replays: make(chan struct{}, o.Replays), topics: map[models.ID]*topic{},
		sockets: map[*socket]struct{}{}, seats: map[models.ID]int{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: o.WriteWait,
		// A client says little, and a prepared frame needs no buffer.
		ReadBufferSize: 256, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
		CheckOrigin:       func(*http.Request) bool { return true }, // done before, see handshake.go
		Error:             h.notAHandshake,
		EnableCompression: false, // small frames and secrets beside chosen text: not worth it
	}
	return h
}

func (o *Options) setDefaults() {
	number := func(n *int, to int) {
		if *n <= 0 {
			*n = to
		}
	}
	wait := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	number(&o.Sockets, 20_000)
	number(&o.PerPerson, 16)
	number(&o.Tail, 1024)
	number(&o.Replays, 8)
	wait(&o.ResumeWait, 10*time.Second)
	wait(&o.WriteWait, 8*time.Second)
	wait(&o.Ping, 30*time.Second)
	wait(&o.Pong, 75*time.Second)
	wait(&o.Life, 12*time.Hour)
	wait(&o.Spread, 2*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Deliver takes the next events of a grid. It does not block.
func (h *Hub) Deliver(grid models.ID, events []models.Event) {
	if t := h.topic(grid); t != nil {
		t.add(events, h.o.Tail)
	}
}

// Lost says that events of the grid up to seq are not to be had: whoever stands
// before it must start afresh.
func (h *Hub) Lost(grid models.ID, seq int64) {
	if t := h.topic(grid); t != nil {
		t.lose(seq)
	}
}

func (h *Hub) topic(grid models.ID) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[grid]
}

// Revoked closes the sockets whose session is gone for good, and lets those
// come back who lost a role: with the rights that remain.
func (h *Hub) Revoked(credentials, roles []models.ID) {
	gone := map[models.ID]bool{}
	for _, id := range slices.Concat(credentials, roles) {
		gone[id] = true
	}
	for _, s := range h.all() {
		if gone[s.who.credential] {
			s.cut(closeSession)
			continue
		}
		if slices.ContainsFunc(s.who.roles, func(role models.ID) bool { return gone[role] }) {
			s.cut(closeRights)
		}
	}
}

// Renewed lets everybody come back, because the epoch has changed. No frame of
// before may reach a socket of after: the topics are begun anew, and who was
// admitted before and has yet to enter is sent back too (open, enter).
func (h *Hub) Renewed() {
	h.mu.Lock()
	h.renewed++
	for grid := range h.topics {
		h.o.Source.Leave(grid)
	}
	clear(h.topics)
	h.mu.Unlock()
	for _, s := range h.all() {
		s.cut(closeEpoch)
	}
}

// Sockets counts those that are open.
func (h *Hub) Sockets() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.sockets)
}

func (h *Hub) all() []*socket {
	h.mu.RLock()
	defer h.mu.RUnlock()
	all := make([]*socket, 0, len(h.sockets))
	for s := range h.sockets {
		all = append(all, s)
	}
	return all
}

// Shutdown takes no more sockets and sends the open ones away with "restart",
// spread over a short time so that they do not all come back at once. When ctx
// ends first, what is left is closed without a word.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	defer h.stop()
	all := h.all()
	pace := time.NewTicker(max(h.o.Spread/time.Duration(len(all)+1), time.Microsecond))
	defer pace.Stop()
	for _, s := range all {
		select {
		case <-pace.C:
		case <-ctx.Done():
		}
		s.cut(closeRestart)
	}
	done := make(chan struct{})
	go func() {
		h.running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		h.stop()
		for _, s := range h.all() {
			_ = s.conn.Close()
		}
		<-done
		return ctx.Err()
	}
}
