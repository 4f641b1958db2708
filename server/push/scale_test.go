package push

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"linli/models"
)

// An idle socket keeps neither the handshake's request nor the HTTP server's
// buffers: two goroutines and a few hundred bytes. Not parallel: it looks at
// the memory of the whole process, clients' ends included.
func TestAnIdleSocketHoldsLittle(t *testing.T) {
	const sockets = 400
	w := inMemory(t, newMemory(gridA), Options{PerPerson: 2 * sockets, Ping: 200 * time.Millisecond})
	open := func(n int) (clients []*raw) {
		for range n {
			r := w.raw(t, 1)
			if _, err := r.Write(text(goodResume)); err != nil {
				t.Fatal(err)
			}
			r.in = nil
			clients = append(clients, r)
		}
		for until := time.Now().Add(waitAtMost); w.hub.joined() < w.hub.Sockets() || w.hub.writers() > w.hub.Sockets()/20; runtime.Gosched() {
			if time.Now().After(until) {
				t.Fatal("they do not join, or do not rest")
			}
		}
		return clients
	}
	held := func() uint64 {
		var m runtime.MemStats
		for range 2 { // pools are emptied by the second
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	first := open(sockets / 4) // what the process needs once
	before := held()
	rest := open(sockets)
	each := (held() - before) / sockets
	t.Logf("%d bytes per idle socket, both ends", each)
	if each > 12<<10 {
		t.Errorf("an idle socket holds %d bytes", each)
	}
	for _, r := range append(first, rest...) {
		_ = r.Close()
		w.ended(t)
	}
}

// writers counts the sockets that have a second goroutine.
func (h *Hub) writers() (n int) {
	for _, s := range h.all() {
		s.mu.Lock()
		if s.writing {
			n++
		}
		s.mu.Unlock()
	}
	return n
}

// A worker's socket costs for what is delivered, not for the grids that exist.
func TestOneSocketFollowsAThousandGrids(t *testing.T) {
	t.Parallel()
	var grids []models.ID
	for i := range models.MaxFollowed {
		grids = append(grids, fmt.Sprintf("00000000-0000-7000-8000-%012d", i))
	}
	m := newMemory(grids...)
	w := inMemory(t, m, Options{})
	c := w.client(t, person(1))
	c.connect()
	c.resume()
	told := func() (n int) {
		for _, events := range c.events {
			n += len(events)
		}
		return n
	}
	for i := 0; i < len(grids); i += 100 {
		m.publish(grids[i], "need.opened", everybody)
		m.publish(grids[i], "need.opened", nobody)
	}
	c.await("ten events", func() bool { return told() == 10 })
	if c.w.hub.joined() != len(grids) {
		t.Fatal("follows ", c.w.hub.joined())
	}
	_ = c.conn.Close()
	if e := w.ended(t); e.Code != closeGone.Code {
		t.Fatal(e)
	}
	if n := m.left.Load(); n != int64(len(grids)) || len(w.hub.topics) != 0 {
		t.Fatalf("left %d grids, %d topics remain", n, len(w.hub.topics))
	}
}

// Who is sent away together would come back together.
func TestShutdownIsSpreadOverTime(t *testing.T) {
	t.Parallel()
	const spread, sockets = 400 * time.Millisecond, 20
	w := inMemory(t, newMemory(gridA), Options{Spread: spread})
	ends := make(chan time.Time, sockets)
	for i := range sockets {
		c := w.client(t, person(i))
		c.connect()
		c.resume()
		go func() {
			c.closed()
			ends <- time.Now()
		}()
	}
	if err := w.hub.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, last := <-ends, time.Time{}
	for range sockets - 1 {
		last = <-ends
	}
	if took := last.Sub(first); took < spread/2 {
		t.Fatalf("all were sent away within %v", took)
	}
}
