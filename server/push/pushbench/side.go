package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/server/feed"
	"linli/server/push"

	"github.com/gorilla/websocket"
)

// side is a hub behind a real server on loopback.
type side struct {
	address string
	publish func(grid models.ID) // hands in the next event without a commit
	sockets func() int
	stop    func()
}

// serve listens; a small write buffer lets a reader who does not read be felt
// within a run.
func serve(handler http.Handler, small bool) (*http.Server, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	if small {
		s.ConnState = func(c net.Conn, state http.ConnState) {
			if state == http.StateNew {
				_ = c.(*net.TCPConn).SetWriteBuffer(4096)
			}
		}
	}
	go func() { _ = s.Serve(listener) }() // ends with Close
	return s, listener.Addr().String(), nil
}

// ours is what the program serves: signed in by token, rights from the store,
// pings three times as often as it would. Wired, events come by commit, hook and feed;
// otherwise they are handed in.
func (x *town) ours(wired, small bool) (*side, error) {
	source := feed.New(feed.Options{Store: x.store, Log: quiet})
	var hub *push.Hub
	o := push.Options{Log: quiet, Sockets: 1 << 20, Ping: heartbeat, Spread: time.Second / 2,
		Authenticate: func(r *http.Request) (models.Actor, error) {
			token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			return x.registry.Actor(r.Context(), token)
		},
		Problem: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, fault.From(err).Reason, http.StatusServiceUnavailable)
		},
		Source: push.Source{Open: source.Open, Replay: source.Replay,
			Follow: func(models.ID, int64) {}, Leave: func(models.ID) {}}}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	if wired {
		watcher := source.Watch(feed.Listener{
			Events:  func(grid models.ID, events []models.Event) { hub.Deliver(grid, events) },
			Lost:    func(grid models.ID, seq int64) { hub.Lost(grid, seq) },
			Revoked: func(credentials, roles []models.ID) { hub.Revoked(credentials, roles) },
			Renewed: func() { hub.Renewed() }})
		o.Source.Follow, o.Source.Leave = watcher.Follow, watcher.Leave
	}
	hub = push.New(o)
	if wired {
		running.Go(func() { source.Run(ctx) })
		hook := source.Hint
		x.hook.Store(&hook)
	}
	server, address, err := serve(hub, small)
	if err != nil {
		cancel()
		return nil, err
	}
	next := map[models.ID]int64{}
	return &side{address: address, sockets: hub.Sockets,
		publish: func(grid models.ID) {
			next[grid]++
			hub.Deliver(grid, []models.Event{event(grid, next[grid])})
		},
		stop: func() {
			_ = hub.Shutdown(context.Background())
			_ = server.Close()
			cancel()
			running.Wait()
		}}, nil
}

func event(grid models.ID, seq int64) models.Event {
	return models.Event{GridID: grid, Seq: seq, ID: "00000000-0000-7000-9000-000000000000", Kind: "notice.posted",
		Thing: models.ThingNotice, ThingID: "00000000-0000-7000-9000-000000000001", Version: 1, State: "open",
		Audience: models.Audience{Grid: true}, At: time.Now()}
}

// bareHub is what people write with this library: a map of rooms, a channel
// and two goroutines for each socket, one prepared frame for all. It signs
// nobody in, and knows no rights, cursors, pings or replays.
type bareHub struct {
	town    *town
	mu      sync.RWMutex
	rooms   map[models.ID]map[*bareSocket]bool
	grid    map[string]models.ID // by token
	running sync.WaitGroup
}

type bareSocket struct {
	conn *websocket.Conn
	send chan *websocket.PreparedMessage
}

func (x *town) bare() (*side, error) {
	h := &bareHub{town: x, rooms: map[models.ID]map[*bareSocket]bool{}, grid: map[string]models.ID{}}
	for i, token := range x.tokens {
		h.grid[token] = x.grids[i/perGrid]
	}
	server, address, err := serve(h, false)
	if err != nil {
		return nil, err
	}
	next := map[models.ID]int64{}
	return &side{address: address, sockets: h.sockets,
		publish: func(grid models.ID) {
			next[grid]++
			h.publish(event(grid, next[grid]))
		},
		stop: func() {
			h.mu.Lock()
			for _, room := range h.rooms {
				for s := range room {
					close(s.send)
				}
			}
			h.mu.Unlock()
			h.running.Wait()
			_ = server.Close()
		}}, nil
}

func (h *bareHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	grid := h.grid[token]
	upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	if conn.WriteJSON(map[string]any{"type": "hello", "epoch": "bare", "grids": map[models.ID]int64{grid: 0}}) != nil {
		return
	}
	s := &bareSocket{conn: conn, send: make(chan *websocket.PreparedMessage, 256)}
	h.running.Add(2)
	go func() {
		defer h.running.Done()
		for wire := range s.send {
			_ = conn.SetWriteDeadline(time.Now().Add(8 * time.Second))
			if conn.WritePreparedMessage(wire) != nil {
				break
			}
		}
		_ = conn.Close()
	}()
	go func() {
		defer h.running.Done()
		_, _, _ = conn.ReadMessage() // its resume
		h.mu.Lock()
		if h.rooms[grid] == nil {
			h.rooms[grid] = map[*bareSocket]bool{}
		}
		h.rooms[grid][s] = true
		h.mu.Unlock()
		_, _, _ = conn.ReadMessage()
	}()
}

func (h *bareHub) publish(e models.Event) {
	text, err := json.Marshal(struct {
		Type  string       `json:"type"`
		Event models.Event `json:"event"`
	}{"event", e})
	if err != nil {
		panic(err) // our own type
	}
	wire, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		panic(err) // writes to memory
	}
	h.mu.RLock()
	defer h.mu.RUnlock()
	for s := range h.rooms[e.GridID] {
		select {
		case s.send <- wire:
		default: // a slow one loses it
		}
	}
}

func (h *bareHub) sockets() (n int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, room := range h.rooms {
		n += len(room)
	}
	return n
}
