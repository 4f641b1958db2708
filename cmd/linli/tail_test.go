package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server"
	"linli/server/config"
	"linli/server/registry"
)

// terminal keeps what was written, and can be waited on.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

func (t *terminal) shows(tb testing.TB, text string, times int) {
	tb.Helper()
	late := time.After(30 * time.Second)
	for often := time.Tick(5 * time.Millisecond); strings.Count(t.String(), text) < times; {
		select {
		case <-often:
		case <-late:
			tb.Fatalf("waited in vain for %q:\n%s", text, t)
		}
	}
}

// serving is a server that can be stopped and started on its address.
type serving struct {
	bench storetest.Bench
	addr  string
	stop  func()
}

func (s *serving) start(t *testing.T) {
	t.Helper()
	srv, err := server.New(config.Serve{Addr: "localhost:8080", Lanes: 2}, s.bench.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if s.addr == "" {
		s.addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- srv.Run(ctx, l) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(s.stop)
}

func TestTail_ShowsEachEventOnceThroughARestart(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	r := registry.New(b.Store)
	if err := r.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	token, err := r.MintSession(t.Context(), p.Neighbour(t, p.Micro, "1-1-101", "张婆婆", "").PersonID)
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{bench: b}
	s.start(t)
	w := b.Teller(p.Micro.ID)
	tell := func() {
		t.Helper()
		if err := w.Tell(t.Context(), "person.changed", 2, models.Audience{Grid: true}); err != nil {
			t.Error(err)
		}
	}
	var out, aside, lines terminal
	ctx, cancel := context.WithCancel(t.Context())
	var both sync.WaitGroup
	c := tailCmd{Grid: p.Micro.ID, Server: "http://" + s.addr, Token: token, After: -1}
	both.Go(func() {
		if err := c.follow(ctx, &out, &aside); err != nil {
			t.Error(err)
		}
	})
	aside.shows(t, "following "+p.Micro.ID, 1)
	tell()
	out.shows(t, "person.changed", 2)
	s.stop()
	aside.shows(t, "interrupted: ", 1)
	tell() // while nobody serves
	s.start(t)
	tell()
	out.shows(t, "person.changed", 6)
	asJSON := c
	asJSON.JSON, asJSON.After = true, 2
	both.Go(func() { _ = asJSON.follow(ctx, &lines, &terminal{}) })
	lines.shows(t, "person.changed", 4)
	var early terminal
	ahead := c
	ahead.After = 900
	both.Go(func() { _ = ahead.follow(ctx, &terminal{}, &early) })
	early.shows(t, "resync: ", 1)
	cancel()
	both.Wait()
	if n := strings.Count(out.String(), "\n"); n != 6 {
		t.Errorf("%d lines:\n%s", n, &out)
	}
	for n, line := range strings.Split(strings.TrimSpace(lines.String()), "\n") {
		var e models.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Seq != int64(3+n) {
			t.Errorf("line %d: %v %s", n, err, line)
		}
	}
	for want, spoil := range map[string]func(c *tailCmd){
		"does not follow grid": func(c *tailCmd) { c.Grid = p.Beside.ID },
		"401":                  func(c *tailCmd) { c.Token = "nobody" },
		"--token":              func(c *tailCmd) { c.Token = "" },
		"--grid":               func(c *tailCmd) { c.Grid = "here" },
		"--server":             func(c *tailCmd) { c.Server = "localhost:8080" },
		"--after":              func(c *tailCmd) { c.After = -2 },
	} {
		bad := c
		spoil(&bad)
		if err := bad.follow(t.Context(), &out, &aside); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
