package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/feed"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The throw-away server of pgtemp is waited for as long as the process lives.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("os/exec.(*Cmd).Wait"),
		goleak.IgnoreAnyFunction("os/exec.(*Cmd).writerDescriptor.func1"))
}

const waitAtMost = 30 * time.Second // a test that waits longer has failed

// world is a hub behind a real server on loopback.
type world struct {
	hub  *Hub
	url  string
	ends chan ending // one for each socket that has ended
}

// ending is what the log says of a socket.
type ending struct {
	Person string
	Code   int
	Why    string
}

// newWorld serves a hub; whoever is named in the header is believed.
func newWorld(t testing.TB, o Options) *world {
	t.Helper()
	w := &world{ends: make(chan ending, 10_000)}
	o.Log = slog.New(&endings{to: w.ends})
	if o.Authenticate == nil {
		o.Authenticate = func(r *http.Request) (models.Actor, error) {
			person, credential, ok := strings.Cut(r.Header.Get("Authorization"), "/")
			if !ok {
				return models.Actor{}, fault.New(fault.Unauthenticated, "signed_out")
			}
			return models.Actor{PersonID: person, CredentialID: credential}, nil
		}
	}
	o.Problem = func(w http.ResponseWriter, _ *http.Request, err error) {
		status := map[fault.Code]int{fault.Unauthenticated: 401, fault.Forbidden: 403, fault.RateLimited: 429,
			fault.Unavailable: 503, fault.Invalid: 422}[fault.From(err).Code]
		http.Error(w, fault.From(err).Reason, status)
	}
	w.hub = New(o)
	server := httptest.NewUnstartedServer(w.hub)
	server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateNew { // so that a reader who does not read is felt soon
			_ = c.(*net.TCPConn).SetWriteBuffer(4096)
		}
	}
	server.Start()
	w.url = server.URL
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), waitAtMost)
		defer cancel()
		if err := w.hub.Shutdown(ctx); err != nil {
			t.Error("shutdown:", err)
		}
		server.Close()
	})
	return w
}

// onStore serves a hub over a real store through a real feed.
func onStore(t testing.TB, b storetest.Bench, o Options, poll time.Duration) *world {
	t.Helper()
	source := feed.New(feed.Options{Store: b.Store, Log: slog.New(slog.DiscardHandler), Poll: poll, Revocations: poll})
	b.Store.OnCommit(source.Hint)
	var w *world
	watcher := source.Watch(feed.Listener{
		Events:  func(grid models.ID, events []models.Event) { w.hub.Deliver(grid, events) },
		Lost:    func(grid models.ID, seq int64) { w.hub.Lost(grid, seq) },
		Revoked: func(credentials, roles []models.ID) { w.hub.Revoked(credentials, roles) },
		Renewed: func() { w.hub.Renewed() },
	})
	o.Source = Source{Open: source.Open, Follow: watcher.Follow, Leave: watcher.Leave, Replay: source.Replay}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() {
		stop()
		<-done
	})
	w = newWorld(t, o) // cleaned up first
	go func() {
		source.Run(ctx)
		close(done)
	}()
	return w
}

// endings is a log handler that hands on the line of each socket.
type endings struct {
	slog.Handler
	to chan ending
}

func (*endings) Enabled(context.Context, slog.Level) bool { return true }

func (h *endings) Handle(_ context.Context, r slog.Record) error {
	var e ending
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "person":
			e.Person = a.Value.String()
		case "code":
			e.Code = int(a.Value.Int64())
		case "why":
			e.Why = a.Value.String()
		}
		return true
	})
	h.to <- e
	return nil
}

func (w *world) ended(t testing.TB) ending {
	t.Helper()
	select {
	case e := <-w.ends:
		return e
	case <-time.After(waitAtMost):
		t.Fatal("no socket has ended")
		return ending{}
	}
}

// client is one person's end of streams: what it knows survives its socket.
type client struct {
	t     testing.TB
	w     *world
	actor models.Actor

	conn  *websocket.Conn
	epoch string
	grids map[models.ID]int64 // from hello

	until time.Time // it reads; zero: as long as a test may take
	micro int       // grids in which it awaits a last event

	cursors map[models.ID]int64
	events  map[models.ID][]models.Event
	resyncs map[models.ID]int
}

func (w *world) client(t testing.TB, actor models.Actor) *client {
	return &client{t: t, w: w, actor: actor, cursors: map[models.ID]int64{}, events: map[models.ID][]models.Event{},
		resyncs: map[models.ID]int{}}
}

// message is any message of the server.
type message struct {
	Type  string
	Epoch string
	Grids map[models.ID]int64
	Grid  models.ID
	Seq   int64
	Event models.Event
}

func (w *world) dial(header http.Header) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{HandshakeTimeout: waitAtMost, NetDial: func(network, address string) (net.Conn, error) {
		c, err := net.Dial(network, address)
		if err == nil {
			_ = c.(*net.TCPConn).SetReadBuffer(4096)
		}
		return c, err
	}}
	return dialer.Dial("ws"+strings.TrimPrefix(w.url, "http")+"/api/v1/stream", header)
}

func authorization(actor models.Actor) http.Header {
	return http.Header{"Authorization": {actor.PersonID + "/" + actor.CredentialID}}
}

// connect shakes hands and reads hello.
func (c *client) connect() {
	c.t.Helper()
	conn, answer, err := c.w.dial(authorization(c.actor))
	if err != nil {
		c.t.Fatal("handshake: ", err, answer)
	}
	c.conn = conn
	c.t.Cleanup(func() { _ = conn.Close() })
	hello, err := c.next()
	if err != nil || hello.Type != "hello" {
		c.t.Fatal("hello: ", hello, err)
	}
	c.epoch, c.grids = hello.Epoch, hello.Grids
}

// resume goes on from its own cursors, and from hello's numbers where it has none.
func (c *client) resume() {
	c.t.Helper()
	from := map[models.ID]int64{}
	for grid, seq := range c.grids {
		if known, ok := c.cursors[grid]; ok {
			seq = known
		}
		from[grid], c.cursors[grid] = seq, seq
	}
	c.say(map[string]any{"type": "resume", "epoch": c.epoch, "grids": from})
}

func (c *client) say(message any) {
	c.t.Helper()
	if err := c.conn.WriteJSON(message); err != nil {
		c.t.Fatal("resume: ", err)
	}
}

// next reads one message and keeps what it says.
func (c *client) next() (message, error) {
	var m message
	until := c.until
	if until.IsZero() {
		until = time.Now().Add(waitAtMost)
	}
	_ = c.conn.SetReadDeadline(until)
	_, text, err := c.conn.ReadMessage()
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s: %w", text, err)
	}
	switch m.Type {
	case "event":
		c.events[m.Event.GridID] = append(c.events[m.Event.GridID], m.Event)
		c.cursors[m.Event.GridID] = m.Event.Seq
	case "cursor":
		c.cursors[m.Grid] = m.Seq
	case "resync":
		c.resyncs[m.Grid]++
	}
	return m, nil
}

// await reads on until the condition holds.
func (c *client) await(what string, holds func() bool) {
	c.t.Helper()
	for !holds() {
		if m, err := c.next(); err != nil {
			c.t.Fatalf("waiting for %s after %v: %v", what, m.Type, err)
		}
	}
}

// closed reads on until the server ends the socket, and gives the code.
func (c *client) closed() int {
	c.t.Helper()
	for {
		if _, err := c.next(); err != nil {
			var end *websocket.CloseError
			if !errors.As(err, &end) {
				c.t.Fatal("the socket ended without a close code: ", err)
			}
			return end.Code
		}
	}
}

// memory is a log of events without a database, for what needs none: it hands
// in at once what is published.
type memory struct {
	mu     sync.Mutex
	hub    func() *Hub
	grids  []models.ID
	reach  models.FollowedGrid
	first  int64 // the first number still kept
	events map[models.ID][]models.Event
	left   atomic.Int64 // grids that nobody followed any more; told under the hub's lock
}

func newMemory(grids ...models.ID) *memory {
	return &memory{grids: grids, reach: models.FollowedGrid{OfGrid: true}, first: 1,
		events: map[models.ID][]models.Event{}}
}

// inMemory serves a hub over a memory.
func inMemory(t testing.TB, m *memory, o Options) *world {
	var w *world
	m.hub = func() *Hub { return w.hub }
	o.Source = Source{Open: m.open, Follow: m.follow, Leave: m.leave, Replay: m.replay}
	w = newWorld(t, o)
	return w
}

func (m *memory) open(_ context.Context, actor models.Actor) (models.Following, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := models.Following{Epoch: "memory", Actor: actor}
	for _, id := range m.grids {
		g := m.reach
		g.GridID, g.Seq, g.FirstSeq = id, int64(len(m.events[id])), m.first
		f.Grids = append(f.Grids, g)
	}
	return f, nil
}

// follow hands in what came since, as a feed does, from a goroutine of its own.
func (m *memory) follow(grid models.ID, after int64) {
	go func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.hub().Deliver(grid, m.events[grid][after:])
	}()
}

func (m *memory) leave(models.ID) { m.left.Add(1) }

func (m *memory) replay(_ context.Context, grid models.ID, after int64, limit int) ([]models.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	events := m.events[grid][max(after, m.first-1):]
	return events[:min(limit, len(events))], nil
}

func (m *memory) trim(first int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.first = first
}

func (m *memory) publish(grid models.ID, kind string, to models.Audience) {
	m.mu.Lock()
	defer m.mu.Unlock()
	seq := int64(len(m.events[grid])) + 1
	e := models.Event{GridID: grid, Seq: seq, ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", seq), Kind: kind,
		Thing: models.ThingNeed, ThingID: "00000000-0000-7000-9000-000000000001", Version: int(seq), State: "open",
		Quantities: map[string]int{"requested": 6, "open": 6}, Audience: to, At: storetest.Start}
	m.events[grid] = append(m.events[grid], e)
	if h := m.hub; h != nil {
		h().Deliver(grid, []models.Event{e})
	}
}
