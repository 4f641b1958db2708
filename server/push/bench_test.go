package push

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

// The shape of both sides: so many grids with so many sockets each, and never
// more events under way than the queues hold.
const (
	benchGrids   = 10
	benchPerGrid = 50
	benchAhead   = 100
)

// BenchmarkDeliver compares deliveries a second of the hub, which knows
// cursors, rights and replays, with a bare hub of the same library, which
// knows nothing. Publishing is not counted: it is a committed write elsewhere.
func BenchmarkDeliver(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		h := &bareHub{grids: map[models.ID][]*bareSocket{}}
		server := httptest.NewServer(h)
		defer server.Close()
		measure(b, server.URL, h.joined, h.publish)
		h.close()
	})
	b.Run("linli", func(b *testing.B) {
		w := newWorld(b, Options{PerPerson: 1 << 20, Source: Source{Open: openBench,
			Follow: func(models.ID, int64) {}, Leave: func(models.ID) {}}})
		measure(b, w.url, w.hub.joined, func(e models.Event) { w.hub.Deliver(e.GridID, []models.Event{e}) })
	})
}

// measure connects everybody, and publishes b.N events over the grids without
// getting too far ahead of what was received.
func measure(b *testing.B, url string, joined func() int, publish func(models.Event)) {
	b.Helper()
	t := &tally{moved: make(chan struct{}, 1)}
	var closing sync.WaitGroup
	for n := range benchGrids * benchPerGrid {
		t.drink(b, url, n, &closing)
	}
	send := func(n int) {
		publish(models.Event{GridID: benchGrid(n), Seq: int64(n/benchGrids) + 1, ID: "00000000-0000-7000-9000-000000000000",
			Kind: "need.opened", Thing: models.ThingNeed, ThingID: "00000000-0000-7000-9000-000000000001", Version: 1,
			State: "open", Quantities: map[string]int{"requested": 6, "open": 6}, Audience: everybody})
	}
	for joined() < benchGrids*benchPerGrid {
		runtime.Gosched() // the servers say nothing of it
	}
	for n := range benchGrids {
		send(n)
	}
	t.wait(benchGrids * benchPerGrid)
	used := cpu(b)
	b.ResetTimer()
	for n := range b.N {
		send(benchGrids + n)
		t.wait((benchGrids + n - benchAhead) * benchPerGrid)
	}
	t.wait((benchGrids + b.N) * benchPerGrid)
	b.StopTimer()
	b.ReportMetric(float64(b.N*benchPerGrid)/b.Elapsed().Seconds(), "deliveries/s")
	b.ReportMetric((cpu(b)-used).Seconds()*1e6/float64(b.N*benchPerGrid), "cpu-µs/delivery") // both ends
	b.ReportMetric(0, "ns/op")
	for _, conn := range t.conns {
		_ = conn.Close()
	}
	closing.Wait()
}

// cpu is what this process has used; unlike time it does not depend on who else
// is at work.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchGrid(n int) models.ID { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n%benchGrids) }

// openBench lets each person follow one grid.
func openBench(_ context.Context, actor models.Actor) (models.Following, error) {
	var n int
	_, err := fmt.Sscanf(actor.PersonID, "person-%d", &n)
	return models.Following{Epoch: "memory", Actor: actor,
		Grids: []models.FollowedGrid{{GridID: benchGrid(n), FirstSeq: 1, OfGrid: true}}}, err
}

// tally counts frames at the clients' ends, and costs both sides the same.
type tally struct {
	received atomic.Int64
	moved    chan struct{}
	conns    []net.Conn
}

func (t *tally) wait(received int) {
	for t.received.Load() < int64(received) {
		<-t.moved
	}
}

// drink is a client that shakes hands, resumes and counts frames.
func (t *tally) drink(b *testing.B, url string, n int, closing *sync.WaitGroup) {
	b.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	t.conns = append(t.conns, conn)
	in := bufio.NewReader(conn)
	_, err = fmt.Fprintf(conn, "GET /%d HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nAuthorization: person-%d/s\r\n\r\n", n, n)
	if err != nil {
		b.Fatal(err)
	}
	if answer, err := http.ReadResponse(in, nil); err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		b.Fatal(answer, err)
	}
	if err := skip(in); err != nil { // hello
		b.Fatal(err)
	}
	resume := text(fmt.Sprintf(`{"type":"resume","epoch":"memory","grids":{%q:0}}`, benchGrid(n)))
	if _, err := conn.Write(resume); err != nil {
		b.Fatal(err)
	}
	closing.Go(func() {
		for skip(in) == nil {
			t.received.Add(1)
			select {
			case t.moved <- struct{}{}:
			default:
			}
		}
	})
}

// skip reads one frame of a server.
func skip(in *bufio.Reader) error {
	head := make([]byte, 4)
	if _, err := io.ReadFull(in, head[:2]); err != nil {
		return err
	}
	length := int(head[1])
	if length == 126 {
		if _, err := io.ReadFull(in, head[2:]); err != nil {
			return err
		}
		length = int(binary.BigEndian.Uint16(head[2:]))
	}
	_, err := in.Discard(length)
	return err
}

// bareHub is what the library's own chat example does, indexed by grid: a
// channel and a writer for each socket, one prepared frame for all.
type bareHub struct {
	mu      sync.RWMutex
	grids   map[models.ID][]*bareSocket
	running sync.WaitGroup
}

type bareSocket struct {
	send chan *websocket.PreparedMessage
}

func (h *bareHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	var n int
	_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
	s := &bareSocket{send: make(chan *websocket.PreparedMessage, 256)}
	s.send <- prepare(hello{Type: "hello"})
	h.running.Add(2)
	go func() {
		defer h.running.Done()
		for wire := range s.send {
			_ = conn.SetWriteDeadline(soon(8 * time.Second))
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
		h.grids[benchGrid(n)] = append(h.grids[benchGrid(n)], s)
		h.mu.Unlock()
		_, _, _ = conn.ReadMessage()
	}()
}

func (h *bareHub) publish(e models.Event) {
	wire := prepare(eventMessage(e))
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, s := range h.grids[e.GridID] {
		select {
		case s.send <- wire:
		default: // a slow one; none here
		}
	}
}

func (h *bareHub) joined() (n int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, sockets := range h.grids {
		n += len(sockets)
	}
	return n
}

// joined counts the places in all topics.
func (h *Hub) joined() (n int) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, t := range h.topics {
		t.mu.Lock()
		n += len(t.followers)
		t.mu.Unlock()
	}
	return n
}

func (h *bareHub) close() {
	for _, sockets := range h.grids {
		for _, s := range sockets {
			close(s.send)
		}
	}
	h.running.Wait()
}
