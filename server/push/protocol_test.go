package push

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/feed"

	"github.com/gorilla/websocket"
)

const (
	gridA = "00000000-0000-7000-8000-00000000000a"
	gridB = "00000000-0000-7000-8000-00000000000b"
)

var (
	everybody = models.Audience{Grid: true}
	nobody    = models.Audience{}
)

func person(n int) models.Actor {
	return models.Actor{PersonID: fmt.Sprintf("person-%d", n), CredentialID: fmt.Sprintf("session-%d", n)}
}

func TestNothingComesBeforeResumeAndThenWhatIsLive(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA, gridB)
	w := inMemory(t, m, Options{})
	c := w.client(t, person(1))
	c.connect()
	m.publish(gridA, "need.opened", everybody)
	c.resume()
	m.publish(gridB, "need.opened", everybody)
	c.await("both events", func() bool { return len(c.events[gridA]) == 1 && len(c.events[gridB]) == 1 })
	got := c.events[gridA][0]
	want := m.events[gridA][0]
	want.Audience = models.Audience{} // is not told
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v\nwant %v", got, want)
	}
}

func TestAGridLeftOutOfTheResumeIsNotFollowed(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA, gridB)
	w := inMemory(t, m, Options{})
	c := w.client(t, person(1))
	c.connect()
	c.say(map[string]any{"type": "resume", "epoch": c.epoch, "grids": map[string]int{gridB: 0}})
	for range 10 {
		m.publish(gridA, "need.opened", everybody)
		m.publish(gridB, "need.opened", everybody)
	}
	c.await("ten events", func() bool { return len(c.events[gridB]) == 10 })
	if len(c.events[gridA]) > 0 {
		t.Fatal("events of a grid that was not asked for")
	}
}

func TestAGridIsLeftWithItsLastSocketAndFollowedAgain(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{})
	first, second := w.client(t, person(1)), w.client(t, person(2))
	for _, c := range []*client{first, second} {
		c.connect()
		c.resume()
	}
	m.publish(gridA, "need.opened", everybody)
	for _, c := range []*client{first, second} { // both follow before one of them goes
		c.await("an event", func() bool { return len(c.events[gridA]) == 1 })
	}
	for i, c := range []*client{first, second} {
		_ = c.conn.Close()
		if w.ended(t); m.left.Load() != int64(i) {
			t.Fatalf("left %d times after %d of 2 sockets went", m.left.Load(), i+1)
		}
	}
	m.publish(gridA, "need.opened", everybody) // nobody is there
	first.connect()
	first.resume()
	m.publish(gridA, "need.opened", everybody)
	first.await("what was missed and what is live", func() bool { return len(first.events[gridA]) == 3 })
}

func TestHiddenEventsMoveTheCursor(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{Ping: 20 * time.Millisecond})
	for range 10 {
		m.publish(gridA, "need.opened", nobody)
	}
	c := w.client(t, person(1))
	c.connect()
	c.cursors[gridA] = 0
	c.resume()
	c.await("the cursor after catching up", func() bool { return c.cursors[gridA] == 10 })
	for range hiddenAtMost {
		m.publish(gridA, "need.opened", nobody)
	}
	c.await("the cursor after many", func() bool { return c.cursors[gridA] == 10+hiddenAtMost })
	m.publish(gridA, "need.opened", nobody)
	c.await("the cursor after a while", func() bool { return c.cursors[gridA] == 11+hiddenAtMost })
	m.publish(gridA, "need.opened", everybody)
	c.await("an event", func() bool { return len(c.events[gridA]) == 1 })
	if len(c.resyncs) > 0 {
		t.Fatal("told to refetch for a gap that is normal")
	}
}

func TestResyncWhereNumbersMeanNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		epoch  string
		seq    int64
		resync bool
	}{
		"right":           {"memory", 100, false},
		"last kept":       {"memory", 49, false},
		"below first_seq": {"memory", 48, true},
		"ahead":           {"memory", 121, true},
		"another epoch":   {"other", 100, true},
		"no epoch":        {"", 120, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMemory(gridA)
			m.first = 50
			w := inMemory(t, m, Options{})
			for range 120 {
				m.publish(gridA, "need.opened", everybody)
			}
			x := w.client(t, person(1))
			x.connect()
			x.say(map[string]any{"type": "resume", "epoch": c.epoch, "grids": map[string]int64{gridA: c.seq}})
			m.publish(gridA, "need.opened", everybody)
			x.await("the new event", func() bool { return x.cursors[gridA] == 121 && len(x.events[gridA]) > 0 })
			want := []int64{121} // after a resync it goes on from hello's number
			if !c.resync {
				want = nil
				for seq := c.seq + 1; seq <= 121; seq++ {
					want = append(want, seq)
				}
			}
			if got := numbers(x.events[gridA]); !slices.Equal(got, want) || (x.resyncs[gridA] == 1) != c.resync {
				t.Fatalf("resyncs %d, events %v", x.resyncs[gridA], got)
			}
		})
	}
}

func TestLostEventsMakeEveryFollowerRefetch(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{})
	c := w.client(t, person(1))
	c.connect()
	c.resume()
	m.publish(gridA, "need.opened", everybody)
	c.await("an event", func() bool { return len(c.events[gridA]) == 1 })
	w.hub.Lost(gridA, 7)
	c.await("resync and the new number", func() bool { return c.resyncs[gridA] == 1 && c.cursors[gridA] == 7 })
}

func TestEventsTrimmedDuringTheResumeMakeItRefetch(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{Tail: 4})
	for range 20 {
		m.publish(gridA, "need.opened", everybody)
	}
	c := w.client(t, person(1))
	c.connect()
	m.trim(10) // after hello said that all are there
	c.cursors[gridA] = 5
	c.resume()
	c.await("resync", func() bool { return c.resyncs[gridA] == 1 && c.cursors[gridA] == 20 })
}

func TestAClientThatDoesNotResumeMustComeBack(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{ResumeWait: 50 * time.Millisecond})
	c := w.client(t, person(1))
	c.connect()
	if code := c.closed(); code != closeNoResume.Code {
		t.Fatal(code)
	}
}

func TestASilentClientIsLetGo(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{Ping: 50 * time.Millisecond, Pong: 3 * time.Second})
	lively, silent := w.client(t, person(1)), w.client(t, person(2))
	lively.connect()
	lively.resume()
	silent.connect()
	silent.conn.SetPingHandler(func(string) error { return nil })
	silent.resume()
	done := make(chan int)
	go func() { done <- lively.closed() }()
	if code := silent.closed(); code != closeSilent.Code {
		t.Fatal(code)
	}
	if e := w.ended(t); e.Person != silent.actor.PersonID {
		t.Fatal("the wrong one went", e)
	}
	select {
	case code := <-done:
		t.Fatal("the lively one went", code)
	default:
	}
	w.hub.Renewed()
	if code := <-done; code != closeEpoch.Code {
		t.Fatal(code)
	}
}

func TestASocketIsRenewedAfterItsLife(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{Ping: 10 * time.Millisecond, Life: 50 * time.Millisecond})
	c := w.client(t, person(1))
	c.connect()
	c.resume()
	if code := c.closed(); code != closeRenew.Code {
		t.Fatal(code)
	}
}

// The reader stops reading until far more was published than its tail and all
// buffers hold, reads what there is, and comes back.
func TestASlowReaderIsCutAndLosesNothing(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{Tail: 64, WriteWait: waitAtMost})
	slow, quick := w.client(t, person(1)), w.client(t, person(2))
	for _, c := range []*client{slow, quick} {
		c.connect()
		c.resume()
	}
	m.publish(gridA, "need.opened", everybody)
	slow.await("the first", func() bool { return len(slow.events[gridA]) == 1 }) // it is live
	const total = 3000
	for i := range total {
		m.publish(gridA, "need.opened", everybody)
		quick.await("its turn", func() bool { return len(quick.events[gridA]) == i+2 })
	}
	if code := slow.closed(); code != closeSlow.Code {
		t.Fatal("cut with ", code)
	}
	before := len(slow.events[gridA])
	if before >= total {
		t.Fatal("was not slow at all")
	}
	slow.connect()
	slow.resume()
	slow.await("the rest", func() bool { return len(slow.events[gridA]) == total+1 })
	for i, seq := range numbers(slow.events[gridA]) {
		if seq != int64(i+1) {
			t.Fatalf("event %d after %d", seq, i)
		}
	}
}

func TestAReaderThatNeverReadsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	w := inMemory(t, m, Options{WriteWait: 200 * time.Millisecond, Tail: 64})
	stuck := w.client(t, person(1))
	stuck.connect()
	stuck.resume()
	m.publish(gridA, "need.opened", everybody)
	stuck.await("the first", func() bool { return len(stuck.events[gridA]) == 1 })
	for range 3000 {
		m.publish(gridA, "need.opened", everybody)
	}
	if e := w.ended(t); e.Code != closeSlow.Code {
		t.Fatal(e)
	}
	if n := w.hub.Sockets(); n != 0 {
		t.Fatal(n, "sockets left")
	}
}

func TestATakenSessionClosesForGoodAndATakenRoleComesBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		w := onStore(t, b, Options{}, 0) // as in production: read every second
		signedOut := w.client(t, b.Session(t, p.Neighbour(t, p.Micro, "1-1-101", "张秀英", models.CareNone).Actor))
		demoted := w.client(t, b.Session(t, p.Worker(t, p.Community)))
		other := w.client(t, b.Session(t, p.Worker(t, p.Micro)))
		stuck := w.client(t, b.Session(t, p.Neighbour(t, p.Micro, "1-1-102", "不读", models.CareNone).Actor))
		for _, c := range []*client{signedOut, demoted, other, stuck} {
			c.connect()
			c.resume()
		}
		begun := time.Now()
		err := b.Store.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.RevokeRole(demoted.actor.Roles[0].ID); err != nil {
				return err
			}
			if err := tx.RevokeCredential(stuck.actor.CredentialID); err != nil {
				return err
			}
			return tx.RevokeCredential(signedOut.actor.CredentialID)
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // also the one that does not answer
			w.ended(t)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Fatal("closed after ", took)
		}
		if code := signedOut.closed(); code != closeSession.Code {
			t.Fatal("signed out with ", code)
		}
		if code := demoted.closed(); code != closeRights.Code {
			t.Fatal("demoted with ", code)
		}
		if _, answer, err := w.dial(authorization(signedOut.actor)); err == nil || answer.StatusCode != http.StatusUnauthorized {
			t.Fatal("a session that ended opens a stream", err)
		}
		demoted.connect()
		if _, follows := demoted.grids[p.Beside.ID]; follows {
			t.Fatal("still follows the grids of the role that was taken")
		}
		if w.hub.Sockets() != 2 {
			t.Fatal("the other worker went too")
		}
	})
}

// Its writer waits for the table and cannot say goodbye; it must go all the same.
func TestARevokedSocketIsClosedEvenWhileTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	m := newMemory(gridA)
	for range 10 {
		m.publish(gridA, "need.opened", everybody)
	}
	w := inMemory(t, m, Options{})
	asked, hang := make(chan struct{}), make(chan struct{})
	w.hub.o.Source.Replay = func(context.Context, models.ID, int64, int) ([]models.Event, error) {
		close(asked)
		<-hang
		return nil, nil
	}
	defer close(hang)
	c := w.client(t, person(1))
	c.connect()
	c.cursors[gridA] = 0
	c.resume()
	<-asked
	begun := time.Now()
	w.hub.Revoked([]models.ID{c.actor.CredentialID}, nil)
	if _, err := c.next(); err == nil || time.Since(begun) > 5*time.Second {
		t.Fatal("open after ", time.Since(begun), err)
	}
}

func TestApprovalBringsTheRightsOfANeighbour(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	n := p.Neighbour(t, p.Micro, "1-1-101", "张秀英", models.CareNone)
	become := func(state models.PersonState) {
		n.Person.State = state
		err := b.Store.InGrids(t.Context(), []models.ID{p.Micro.ID}, nil, func(tx *store.Tx) error {
			return tx.SavePerson(&n.Person, "person."+string(state), models.Audience{Workers: true, Persons: []models.ID{n.PersonID}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	become(models.PersonPending)
	w := onStore(t, b, Options{}, 0)
	c := w.client(t, b.Session(t, n.Actor))
	c.connect()
	c.resume()
	teller := b.Teller(p.Micro.ID)
	tell := func() {
		if err := teller.Tell(t.Context(), "person.changed", 1, everybody); err != nil {
			t.Fatal(err)
		}
	}
	tell() // not for her yet
	become(models.PersonApproved)
	if code := c.closed(); code != closeRights.Code {
		t.Fatal(code)
	}
	if got := c.events[p.Micro.ID]; len(got) != 1 || got[0].State != "approved" {
		t.Fatal("before approval she saw", got)
	}
	c.connect()
	c.resume()
	tell()
	c.await("the neighbours' event", func() bool { return len(c.events[p.Micro.ID]) == 2 })
	become(models.PersonLeft)
	if code := c.closed(); code != closeSession.Code {
		t.Fatal(code)
	}
}

func TestATicketOpensOneSocketThatDiesWithItsSession(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	tickets := feed.New(feed.Options{Store: b.Store})
	w := onStore(t, b, Options{Authenticate: func(r *http.Request) (models.Actor, error) {
		return tickets.RedeemTicket(r.Context(), r.URL.Query().Get("ticket"))
	}}, 0)
	actor := b.Session(t, p.Worker(t, p.Micro))
	ticket, err := tickets.IssueTicket(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	url := "ws" + strings.TrimPrefix(w.url, "http") + "/api/v1/stream?ticket=" + ticket.Ticket
	c := w.client(t, actor)
	if c.conn, _, err = websocket.DefaultDialer.Dial(url, nil); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.conn.Close() }()
	if _, answer, err := websocket.DefaultDialer.Dial(url, nil); err == nil || answer.StatusCode != http.StatusUnauthorized {
		t.Fatal("a ticket opened twice", err)
	}
	err = b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.RevokeCredential(actor.CredentialID) })
	if err != nil {
		t.Fatal(err)
	}
	if code := c.closed(); code != closeSession.Code {
		t.Fatal(code)
	}
}

func TestShutdownSendsEverybodyAwayToComeBack(t *testing.T) {
	t.Parallel()
	w := inMemory(t, newMemory(gridA), Options{Spread: 100 * time.Millisecond})
	var clients []*client
	for i := range 20 {
		c := w.client(t, person(i))
		c.connect()
		c.resume()
		clients = append(clients, c)
	}
	codes := make(chan int, len(clients))
	for _, c := range clients {
		go func() { codes <- c.closed() }()
	}
	if err := w.hub.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range clients {
		if code := <-codes; code != closeRestart.Code {
			t.Fatal(code)
		}
	}
	if _, answer, err := w.dial(authorization(person(1))); err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Fatal("a stopping server took a socket", err)
	}
}
