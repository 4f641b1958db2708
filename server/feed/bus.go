package feed

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// The subjects. A copy of an event travels on its grid's.
const (
	subjectGrid    = "linli.grid."
	subjectRevoked = "linli.revoked"
)

const (
	queuedCommits = 4096     // that wait to be published; more are dropped
	heardMessages = 64 << 10 // of others that wait to be looked at
	heardBytes    = 32 << 20
	stallWait     = 2 * time.Second  // for NATS to take what is written
	signOfLife    = 5 * time.Second  // without two of them the connection is given up
	retryWait     = time.Second      // between two tries of one address
	dialWait      = 2 * time.Second  // for one try
	quietWait     = time.Minute      // between two complaints about the same
	goodbyeWait   = time.Second      // for the last messages of a process
	embeddedWait  = 10 * time.Second // for the server in this process
)

// BusOptions say where NATS is.
type BusOptions struct {
	// URLs are those of an outside cluster (nats://user:password@host:4222).
	URLs []string
	// Embedded runs a server in this process, without an open port, when there
	// are no URLs.
	Embedded bool
}

// bus publishes what this process commits and hears what others do. It may
// lose, repeat and reorder: the Hub makes up for all of it. A NATS that is
// gone, slow or full never holds a commit up, because publishing only puts a
// slice into a bounded queue.
type bus struct {
	o    BusOptions
	hub  *Hub
	log  *slog.Logger
	out  chan []models.Event
	gone chan struct{} // something was revoked
	drop atomic.Int64  // commits that found the queue full, or no NATS

	mu    sync.Mutex
	quiet time.Time // until then nothing is said about slowness
}

func newBus(o BusOptions, h *Hub) *bus {
	return &bus{o: o, hub: h, log: h.log, out: make(chan []models.Event, queuedCommits), gone: make(chan struct{}, 1)}
}

func (b *bus) publish(events []models.Event) {
	select {
	case b.out <- events:
	default:
		b.drop.Add(1)
	}
}

func (b *bus) publishRevoked() { ring(b.gone) }

// run publishes and listens until ctx ends. Without NATS the poll remains.
func (b *bus) run(ctx context.Context) {
	conn, stop, err := b.connect()
	if err != nil {
		b.log.Error("no bus; other instances hear by the poll", "error", err)
		<-ctx.Done()
		return
	}
	defer stop()
	defer b.close(conn)
	if err := errors.Join(b.subscribe(conn, subjectGrid+"*", b.hearGrid), b.subscribe(conn, subjectRevoked, b.hearRevoked)); err != nil {
		b.log.Error("the bus is not heard", "error", err)
	}
	for {
		select {
		case <-ctx.Done():
			b.rest(conn)
			return
		case events := <-b.out:
			b.send(conn, events)
		case <-b.gone:
			b.put(conn, subjectRevoked, message{Epoch: b.hub.epochKnown()}.encode())
		}
	}
}

// rest sends what was committed before the end.
func (b *bus) rest(conn *nats.Conn) {
	for {
		select {
		case events := <-b.out:
			b.send(conn, events)
		default:
			return
		}
	}
}

func (b *bus) send(conn *nats.Conn, events []models.Event) {
	epoch := b.hub.epochKnown()
	if epoch == "" {
		return
	}
	for grid, text := range messages(epoch, events, int(conn.MaxPayload())) {
		b.put(conn, subjectGrid+grid, text)
	}
}

func (b *bus) put(conn *nats.Conn, subject string, text []byte) {
	if err := conn.Publish(subject, text); err != nil {
		b.drop.Add(1)
		b.complain("not published", err)
	}
}

func (b *bus) subscribe(conn *nats.Conn, subject string, hear nats.MsgHandler) error {
	s, err := conn.Subscribe(subject, hear)
	if err != nil {
		return err
	}
	return s.SetPendingLimits(heardMessages, heardBytes)
}

func (b *bus) hearGrid(m *nats.Msg) {
	id := strings.TrimPrefix(m.Subject, subjectGrid)
	if !b.hub.followed(id) { // most are of grids that nobody here looks at
		return
	}
	said, err := decode(id, m.Data)
	switch {
	case err != nil:
		b.complain("nonsense heard", err)
	case len(said.Events) > 0:
		b.hub.Hear(said.Epoch, said.events())
	default:
		b.hub.hearOf(said.Epoch, id, said.Seq)
	}
}

// hearRevoked takes any message for a reason to look: looking is harmless.
func (b *bus) hearRevoked(*nats.Msg) { b.hub.hearRevoked() }

// complain tells of what the poll covers, and not a thousand times.
func (b *bus) complain(what string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); now.After(b.quiet) {
		b.quiet = now.Add(quietWait)
		b.log.Warn("bus: "+what, "error", err, "dropped", b.drop.Load())
	}
}

func (b *bus) close(conn *nats.Conn) {
	_ = conn.FlushTimeout(goodbyeWait) // what does not arrive is polled
	conn.Close()
}

// connect opens the connection, which mends itself from then on; stop ends the
// embedded server.
func (b *bus) connect() (*nats.Conn, func(), error) {
	options := []nats.Option{nats.Name("linli"), nats.NoEcho(), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true),
		nats.Timeout(dialWait), nats.ReconnectWait(retryWait), nats.ReconnectJitter(retryWait, retryWait),
		nats.PingInterval(signOfLife), nats.MaxPingsOutstanding(2), nats.FlusherTimeout(stallWait),
		// What is published while nobody listens is old before it is heard.
		nats.ReconnectBufSize(-1),
		nats.ConnectHandler(func(*nats.Conn) { b.hub.missed() }),
		nats.ReconnectHandler(func(c *nats.Conn) {
			b.log.Info("bus: back", "at", c.ConnectedUrlRedacted())
			b.hub.missed()
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.log.Warn("bus: lost", "error", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.complain("slow or refused", err)
			b.hub.missed()
		}),
	}
	if len(b.o.URLs) > 0 {
		conn, err := nats.Connect(strings.Join(b.o.URLs, ","), options...)
		return conn, func() {}, err
	}
	inside, err := server.NewServer(&server.Options{ServerName: "linli", DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		return nil, nil, err
	}
	stop := func() {
		inside.Shutdown()
		inside.WaitForShutdown()
	}
	inside.Start()
	if !inside.ReadyForConnections(embeddedWait) {
		stop()
		return nil, nil, errors.New("the embedded server does not start")
	}
	conn, err := nats.Connect("", append(options, nats.InProcessServer(inside))...)
	if err != nil {
		stop()
		return nil, nil, err
	}
	return conn, stop, nil
}
