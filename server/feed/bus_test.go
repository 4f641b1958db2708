package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/feed"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// node is a real NATS on loopback, which can go and come back on its port with
// nothing of what it knew.
type node struct {
	*server.Server
	addr *net.TCPAddr
}

func startNode(t *testing.T, port int) *node {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(patience) {
		t.Fatal("NATS does not start")
	}
	n := &node{s, s.Addr().(*net.TCPAddr)}
	t.Cleanup(n.stop)
	return n
}

func (n *node) url() string { return "nats://" + n.addr.String() }

func (n *node) stop() {
	n.Shutdown()
	n.WaitForShutdown()
}

// heardBy waits until so many instances listen: to what is revoked last. The node
// itself listens to subjects of its own, so that their number alone says nothing.
func (n *node) heardBy(t *testing.T, instances int) {
	t.Helper()
	eventually(t, "the subscriptions", func() bool {
		who, err := n.Subsz(&server.SubszOptions{Subscriptions: true, Test: "linli.revoked"})
		return err == nil && len(who.Subs) >= instances
	})
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(patience)
	for often := time.Tick(time.Millisecond); !holds(); {
		select {
		case <-often:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// instance is one of several processes on a database.
type instance struct {
	storetest.Bench
	hub *feed.Hub
	ear *ear
}

// join lets an instance follow the grid from its beginning. Where an event is
// there already the hub has read it when join returns, and so knows the epoch.
func join(t *testing.T, b storetest.Bench, grid models.ID, poll time.Duration, bus feed.BusOptions) instance {
	t.Helper()
	h := feed.New(feed.Options{Store: b.Store, Log: slog.New(slog.DiscardHandler), Poll: poll, Revocations: poll, Bus: bus})
	b.Store.OnCommit(h.Hint)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		h.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	e, w := listen(h)
	w.Follow(grid, 0)
	if n := len(table(t, b.Store, grid, 0)); n > 0 {
		e.until(t, "what was there", heard(grid, n))
	}
	return instance{b, h, e}
}

// town is a database with a place and its first event.
func town(t *testing.T, b storetest.Bench) *storetest.Place {
	t.Helper()
	err := b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SetMeta(store.MetaEpoch, "first") })
	if err != nil {
		t.Fatal(err)
	}
	p := b.Place(t)
	tell(t, b.Teller(p.Micro.ID), 1)
	return p
}

func TestBus_TheNextNumberIsHandedOnWithoutTheTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := town(t, b)
		n := startNode(t, -1)
		bus := feed.BusOptions{URLs: []string{n.url()}}
		here := join(t, b, p.Micro.ID, time.Hour, bus)
		there := join(t, storetest.Open(t, b.Database), p.Micro.ID, time.Hour, bus)
		n.heardBy(t, 2)
		before := there.hub.Figures()
		w := b.Teller(p.Micro.ID)
		for range 50 {
			tell(t, w, 2)
		}
		for _, i := range []instance{here, there} {
			i.ear.until(t, "the copies", heard(p.Micro.ID, 101))
			i.ear.same(t, b.Store, p.Micro.ID, 0)
		}
		now := there.hub.Figures()
		// Some are read when NATS says late that it is connected now.
		if copied, read := now.Copied-before.Copied, now.Read-before.Read; copied+read != 100 || copied < 80 {
			t.Errorf("of 100 events %d came as copies and %d from the table", copied, read)
		}
	})
}

// A commit may be longer than a message, and an event longer than any.
func TestBus_WhatDoesNotFitIsReadFromTheTable(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := town(t, b)
		n := startNode(t, -1)
		bus := feed.BusOptions{URLs: []string{n.url()}}
		join(t, b, p.Micro.ID, time.Hour, bus)
		there := join(t, storetest.Open(t, b.Database), p.Micro.ID, time.Hour, bus)
		n.heardBy(t, 2)
		w := b.Teller(p.Micro.ID)
		tell(t, w, 200)
		many := models.Audience{}
		for i := range 3000 {
			many.Persons = append(many.Persons, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
		}
		if err := w.Tell(t.Context(), "person.changed", 1, many); err != nil {
			t.Fatal(err)
		}
		tell(t, w, 1)
		there.ear.until(t, "all of it", heard(p.Micro.ID, 203))
		there.ear.same(t, b.Store, p.Micro.ID, 0)
	})
}

// nonsense is what may be heard of a grid that has come to number 1; at is
// where a copy would have to be trusted.
func nonsense(grid models.ID) map[string]string {
	copyOf := func(change func(map[string]any)) map[string]any {
		e := map[string]any{"grid": grid, "seq": 2, "id": grid, "kind": "need.opened", "thing": "need", "thing_id": grid,
			"version": 1, "state": "open", "at": "2026-12-18T02:00:00Z", "audience": map[string]any{"grid": true}}
		if change != nil {
			change(e)
		}
		return e
	}
	text := func(m map[string]any) string {
		all, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		return string(all)
	}
	of := func(epoch any, events ...any) string { return text(map[string]any{"epoch": epoch, "events": events}) }
	one := func(change func(map[string]any)) string { return of("first", copyOf(change)) }
	good := one(nil)
	cases := map[string]string{
		"nothing": "", "no JSON": "\x00\xff\x01", "a number": "2", "null": "null", "a list": "[]", "an empty object": "{}",
		"half of it": good[:len(good)/2], "something behind it": good + "{}", "an unknown field": `{"epoch":"first","seq":2,"phone":"1"}`,
		"no epoch": of(nil, copyOf(nil)), "an empty epoch": of("", copyOf(nil)), "another epoch": of("before", copyOf(nil)),
		"a number of another epoch": `{"epoch":"before","seq":900}`, "a number below zero": `{"epoch":"first","seq":-1}`,
		"a number and copies": `{"epoch":"first","seq":2,"events":` + "[" + text(copyOf(nil)) + "]}", "neither": `{"epoch":"first"}`,
		"too many copies": of("first", make([]any, 65)...), "too long": of("first", copyOf(func(e map[string]any) { e["kind"] = strings.Repeat("x", 70_000) })),
		"a number that is not there": `{"epoch":"first","seq":1000000}`, "the greatest number": `{"epoch":"first","seq":9223372036854775807}`,
		"a copy far ahead": one(func(e map[string]any) { e["seq"] = 90 }), "a copy of what was": one(func(e map[string]any) { e["seq"] = 1 }),
	}
	for field, value := range map[string]any{"grid": "00000000-0000-4000-8000-000000000000", "seq": 0, "id": "x", "kind": "", "thing": "",
		"thing_id": "", "at": "0001-01-01T00:00:00Z", "version": "1", "audience": "all", "name": "张婆婆"} {
		cases["a wrong "+field] = one(func(e map[string]any) { e[field] = value })
	}
	return cases
}

func TestBus_NonsenseIsNotHandedOn(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := town(t, b)
	n := startNode(t, -1)
	here := join(t, b, p.Micro.ID, time.Hour, feed.BusOptions{URLs: []string{n.url()}})
	n.heardBy(t, 1)
	stranger := connect(t, n)
	w := b.Teller(p.Micro.ID)
	told := 1
	for name, text := range nonsense(p.Micro.ID) {
		if err := stranger.Publish("linli.grid."+p.Micro.ID, []byte(text)); err != nil {
			t.Fatal(name, err)
		}
		if err := stranger.Publish("linli.grid."+p.Beside.ID, []byte(text)); err != nil { // nobody follows it
			t.Fatal(name, err)
		}
	}
	if err := stranger.Flush(); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		tell(t, w, 1)
		told++
	}
	here.ear.until(t, "the truth", heard(p.Micro.ID, told))
	here.ear.same(t, b.Store, p.Micro.ID, 0)
	if len(here.ear.lost) > 0 {
		t.Errorf("lost: %v", here.ear.lost)
	}
}

func connect(t *testing.T, n *node) *nats.Conn {
	t.Helper()
	conn, err := nats.Connect(n.url(), nats.MaxReconnects(-1), nats.ReconnectWait(5*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

// Two instances write and listen, while NATS is stopped and wiped and a third
// party repeats what it hears, late and in any order.
func TestBus_WhateverBecomesOfNATSEverybodyGetsEverything(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		random := rand.New(rand.NewPCG(seed, 2))
		p := town(t, b)
		n := startNode(t, -1)
		bus := feed.BusOptions{URLs: []string{n.url()}}
		const poll = 100 * time.Millisecond
		here := join(t, b, p.Micro.ID, poll, bus)
		there := join(t, storetest.Open(t, b.Database), p.Micro.ID, poll, bus)
		n.heardBy(t, 2)
		echo(t, connect(t, n), seed)
		const each = 60
		var writers sync.WaitGroup
		for _, i := range []instance{here, there} {
			writers.Go(func() {
				w := i.Teller(p.Micro.ID)
				for range each {
					tell(t, w, 1)
				}
			})
		}
		for range 3 {
			here.ear.until(t, "some events", heard(p.Micro.ID, 1+random.IntN(each)))
			n.stop()
			there.ear.until(t, "more events", heard(p.Micro.ID, 1+random.IntN(each)))
			n = startNode(t, n.addr.Port)
		}
		writers.Wait()
		for _, i := range []instance{here, there} {
			i.ear.until(t, "both writers", heard(p.Micro.ID, 1+2*each))
			i.ear.same(t, b.Store, p.Micro.ID, 0)
		}
	})
}

// echo repeats every message up to three times, some after others.
func echo(t *testing.T, conn *nats.Conn, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 3))
	var kept []*nats.Msg
	heard := 0
	_, err := conn.Subscribe("linli.grid.*", func(m *nats.Msg) {
		if heard++; heard > 2000 { // it hears itself
			return
		}
		kept = append(kept, m)
		random.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
		for range min(len(kept), random.IntN(4)) {
			_ = conn.Publish(m.Subject, kept[random.IntN(len(kept))].Data)
		}
		kept = kept[:min(len(kept), 20)]
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A NATS that takes the connection and then nothing more holds up nobody.
func TestBus_ASilentNATSHoldsUpNoCommit(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := town(t, b)
		silent := listenInSilence(t)
		bus := feed.BusOptions{URLs: []string{"nats://" + silent}}
		here := join(t, b, p.Micro.ID, 50*time.Millisecond, bus)
		there := join(t, storetest.Open(t, b.Database), p.Micro.ID, 50*time.Millisecond, bus)
		w := b.Teller(p.Micro.ID)
		for range 30 {
			tell(t, w, 1)
		}
		known := table(t, b.Store, p.Micro.ID, 30)
		began := time.Now()
		for range 10_000 { // more than the queue takes
			here.hub.Hint(known)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("10,000 hints took %s", took)
		}
		for _, i := range []instance{here, there} {
			i.ear.until(t, "all by the poll", heard(p.Micro.ID, 31))
			i.ear.same(t, b.Store, p.Micro.ID, 0)
		}
	})
}

// listenInSilence greets like a NATS and reads nothing.
func listenInSilence(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var conns []net.Conn
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = fmt.Fprintf(c, "INFO {\"server_id\":\"x\",\"max_payload\":1048576,\"proto\":1}\r\nPONG\r\n")
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range conns {
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

func TestBus_ARevocationIsHeardByTheOthersAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := town(t, b)
		worker := b.Session(t, p.Worker(t, p.Micro))
		n := startNode(t, -1)
		bus := feed.BusOptions{URLs: []string{n.url()}}
		here := join(t, b, p.Micro.ID, time.Hour, bus)
		there := join(t, storetest.Open(t, b.Database), p.Micro.ID, time.Hour, bus)
		n.heardBy(t, 2)
		err := b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.RevokeCredential(worker.CredentialID) })
		if err != nil {
			t.Fatal(err)
		}
		here.hub.HintRevoked()
		there.ear.until(t, "the revocation", func(e *ear) bool { return e.revoked[worker.CredentialID] })
	})
}

// The embedded NATS has no port: a process alone hears itself all the same.
func TestBus_TheEmbeddedServerIsEnoughForOneProcess(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := town(t, b)
	here := join(t, b, p.Micro.ID, time.Hour, feed.BusOptions{Embedded: true})
	tell(t, b.Teller(p.Micro.ID), 5)
	here.ear.until(t, "its own events", heard(p.Micro.ID, 6))
	here.ear.same(t, b.Store, p.Micro.ID, 0)
	if f := here.hub.Figures(); f.Copied != 5 {
		t.Errorf("%+v: its own events are read again", f)
	}
}
