package push

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"
)

// follower is one person's app in a schedule: what it knows survives its
// sockets, and every message is held against the truth when it is read.
type follower struct {
	m      *model
	person models.ID
	on     *attempt // nil: offline
	known  map[models.ID]*knowledge
}

// knowledge is how far an app has come in one grid, and in which epoch.
type knowledge struct {
	epoch  string
	seq    int64
	afresh bool // refetches, and waits for its new number
}

// attempt is one connection, from the handshake to its end.
type attempt struct {
	instance  *instance
	near      net.Conn // the app's end
	far       *farEnd
	following atomic.Pointer[models.Following]
	said      string // the epoch of its resume
	ready     bool   // has resumed

	mu     sync.Mutex
	inbox  []message // arrived, not yet read by the app
	gate   chan struct{}
	code   int
	closed bool
}

type attemptKey struct{}

// farEnd is the server's end of a pipe, and tells whether it was closed.
type farEnd struct {
	net.Conn
	closed atomic.Bool
}

func (f *farEnd) Close() error {
	f.closed.Store(true)
	return f.Conn.Close()
}

// handing is the part of an HTTP server that a handshake needs.
type handing struct {
	conn    *farEnd
	header  http.Header
	refused atomic.Bool
}

func (h *handing) Header() http.Header         { return h.header }
func (h *handing) Write(b []byte) (int, error) { return len(b), nil }
func (h *handing) WriteHeader(int)             { h.refused.Store(true) }
func (h *handing) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReaderSize(h.conn, 16), bufio.NewWriterSize(h.conn, 256)), nil
}

// connect begins a handshake with an instance; the rest comes by itself.
func (f *follower) connect(x *instance) {
	near, far := net.Pipe()
	a := &attempt{instance: x, near: near, far: &farEnd{Conn: far}, gate: make(chan struct{})}
	close(a.gate)
	f.on = a
	f.m.truth.mu.Lock()
	session := sessionOf(f.person, f.m.truth.people[f.person].session)
	f.m.truth.mu.Unlock()
	r := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Host: "model", Header: http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"MDEyMzQ1Njc4OWFiY2RlZg=="}, "Authorization": {f.person + "/" + session}}}).
		WithContext(context.WithValue(x.ctx, attemptKey{}, a))
	w := &handing{conn: a.far, header: http.Header{}}
	go func() {
		x.push.ServeHTTP(w, r)
		if w.refused.Load() {
			_ = a.far.Close()
		}
	}()
	go a.listen()
}

// listen takes what arrives, as an operating system would, while the gate is open.
func (a *attempt) listen() {
	in := bufio.NewReaderSize(a.near, 1024)
	for line := ""; line != "\r\n"; {
		var err error
		if line, err = in.ReadString('\n'); err != nil {
			a.end(0)
			return
		}
	}
	for {
		a.mu.Lock()
		gate := a.gate
		a.mu.Unlock()
		<-gate
		kind, payload, err := readFrame(in)
		switch {
		case err != nil:
			a.end(0)
			return
		case kind == opClose:
			a.end(int(binary.BigEndian.Uint16([]byte(payload))))
			return
		case kind == opPing:
			if _, err := a.near.Write(rawFrame(fin|opPong, payload)); err != nil {
				a.end(0)
				return
			}
		default:
			var m message
			if err := json.Unmarshal([]byte(payload), &m); err != nil {
				panic(payload)
			}
			a.mu.Lock()
			a.inbox = append(a.inbox, m)
			a.mu.Unlock()
		}
	}
}

func (a *attempt) end(code int) {
	_ = a.near.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed, a.code = true, code
}

// pause stops reading from the connection, or goes on.
func (a *attempt) pause(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.gate:
		if on {
			a.gate = make(chan struct{})
		}
	default:
		if !on {
			close(a.gate)
		}
	}
}

// cut drops the connection, and what has arrived but was not read.
func (f *follower) cut() {
	if f.on != nil {
		f.on.pause(false)
		_ = f.on.near.Close()
		f.on = nil
	}
}

// read lets the app read up to n messages, and notice the end behind them.
func (f *follower) read(n int) {
	a := f.on
	if a == nil {
		return
	}
	a.mu.Lock()
	n = min(n, len(a.inbox))
	some, left, closed, code := a.inbox[:n:n], a.inbox[n:], a.closed, a.code
	a.inbox = left
	a.mu.Unlock()
	for _, m := range some {
		f.take(a, m)
	}
	if closed && len(left) == 0 {
		f.m.codes[code]++
		f.on = nil
	}
}

// take holds one message against the truth.
func (f *follower) take(a *attempt, m message) {
	f.m.truth.mu.Lock()
	defer f.m.truth.mu.Unlock()
	switch m.Type {
	case "hello":
		f.resume(a, m)
	case "event":
		f.m.events++
		k := f.of(a, m.Event.GridID, m)
		if void := k.epoch != f.m.truth.epoch; !void {
			if want := f.next(a, m.Event.GridID, k.seq); k.afresh || want == nil || want.ID != m.Event.ID {
				f.fail("received %d after %d, expected %+v (refetching %v)", m.Event.Seq, k.seq, want, k.afresh)
			}
		}
		k.seq = m.Event.Seq
	case "cursor":
		k := f.of(a, m.Grid, m)
		if void := k.epoch != f.m.truth.epoch; !void && !k.afresh {
			if hole := f.next(a, m.Grid, k.seq); hole != nil && hole.Seq <= m.Seq || m.Seq < k.seq {
				f.fail("the cursor went from %d to %d over %+v", k.seq, m.Seq, hole)
			}
		}
		k.seq, k.afresh = m.Seq, false
		if l := f.m.truth.logs[m.Grid]; k.epoch == f.m.truth.epoch && m.Seq > l.seq() {
			f.fail("the cursor is at %d of %d", m.Seq, l.seq())
		}
	case "resync":
		f.m.resyncs++
		k := f.of(a, m.Grid, m)
		epoch := a.following.Load().Epoch
		if l := f.m.truth.logs[m.Grid]; a.said == epoch && epoch == f.m.truth.epoch && k.seq+1 >= l.first && k.seq <= l.seq() {
			f.fail("resync at %d of %d to %d", k.seq, l.first, l.seq())
		}
		k.epoch, k.afresh = epoch, true
	default:
		f.fail("an unknown message")
	}
}

func (f *follower) of(a *attempt, grid models.ID, m message) *knowledge {
	if k := f.known[grid]; a.ready && k != nil {
		return k
	}
	f.fail("before resume or foreign: %+v", m)
	return &knowledge{}
}

// next is the first event after a number that this person may see.
func (f *follower) next(a *attempt, grid models.ID, seq int64) *models.Event {
	for _, g := range a.following.Load().Grids {
		if g.GridID != grid {
			continue
		}
		events := f.m.truth.logs[grid].events
		for i := max(seq, 0); i < int64(len(events)); i++ {
			if g.Sees(f.person, events[i]) {
				return &events[i]
			}
		}
	}
	return nil
}

// resume goes on from what it knows; a grid that is new it fetches at hello's
// numbers. When one grid is of another epoch, all must be fetched again.
func (f *follower) resume(a *attempt, hello message) {
	a.said, a.ready = hello.Epoch, true
	var from []string
	followed := map[models.ID]bool{}
	for grid, seq := range hello.Grids {
		followed[grid] = true
		k := f.known[grid]
		if k == nil || k.afresh {
			k = &knowledge{epoch: hello.Epoch, seq: seq}
			f.known[grid] = k
		}
		if k.epoch != hello.Epoch {
			a.said = k.epoch
		}
		from = append(from, fmt.Sprintf("%q:%d", grid, k.seq))
	}
	for grid := range f.known {
		if !followed[grid] {
			delete(f.known, grid)
		}
	}
	text := text(fmt.Sprintf(`{"type":"resume","epoch":%q,"grids":{%s}}`, a.said, strings.Join(from, ",")))
	go func() { _, _ = a.near.Write(text) }() // ends with the connection at the latest
}

// overdue checks that nobody listens on with a right that was taken away.
func (f *follower) overdue(since time.Time) {
	a := f.on
	if a == nil || a.far.closed.Load() || since.IsZero() { // without a database nothing can be taken away
		return
	}
	following := a.following.Load()
	if following == nil {
		return
	}
	f.m.truth.mu.Lock()
	defer f.m.truth.mu.Unlock()
	for _, g := range f.m.truth.gone {
		begun := g.at
		if since.After(begun) {
			begun = since
		}
		mine := g.id == following.Actor.CredentialID || len(following.Actor.Roles) > 0 && following.Actor.Roles[0].ID == g.id
		if mine && time.Since(begun) > 5*time.Second {
			f.fail("%s was taken away %v ago", g.id, time.Since(begun))
		}
	}
}

func (f *follower) fail(format string, args ...any) {
	f.m.fail("%s: %s", f.person, fmt.Sprintf(format, args...))
}
