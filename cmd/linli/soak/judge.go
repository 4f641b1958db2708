package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/server"
	"linli/server/feed"
)

// prepare makes the place and the people.
func (s *soak) prepare(ctx context.Context) error {
	var csv strings.Builder
	csv.WriteString("code,parent_code,name,level,tree\n510184,,崇州市,city,territorial\n510184107,510184,怀远镇,town,territorial\n" +
		"510184107001,510184107,定江桥社区,general,territorial\n510184107001001,510184107001,一般网格 01,ordinary,territorial\n")
	for i := range s.options.grids {
		fmt.Fprintf(&csv, "510184107001001%03d,510184107001001,微网格 %02d,micro,territorial\n", i+1, i+1)
	}
	file := filepath.Join(s.dir, "grids.csv")
	if err := os.WriteFile(file, []byte(csv.String()), 0o600); err != nil {
		return err
	}
	if _, err := s.linli(ctx, "migrate"); err != nil {
		return err
	}
	if _, err := s.linli(ctx, "import", "grids", file); err != nil {
		return err
	}
	// The first start seals the key to the database, which minting asks for.
	if err := s.Instances[0].Start(ctx); err != nil {
		return err
	}
	if err := s.Instances[0].Stop(); err != nil {
		return err
	}
	list, err := s.linli(ctx, "grids", "--level", "micro")
	if err != nil {
		return err
	}
	for line := range strings.Lines(list) {
		id, _, _ := strings.Cut(line, "\t")
		s.grids = append(s.grids, id)
	}
	if len(s.grids) != s.options.grids {
		return fmt.Errorf("%d micro-grids, not %d", len(s.grids), s.options.grids)
	}
	return s.mint(ctx)
}

// mint makes a resident for each socket, who lives in one grid and follows it;
// the workers have a role on the whole community.
func (s *soak) mint(ctx context.Context) error {
	residents := s.sockets - s.workers
	for i, grid := range s.grids {
		share := residents / len(s.grids)
		if i < residents%len(s.grids) {
			share++
		}
		wanted := share + s.options.writers/len(s.grids) + 1
		tokens, err := s.tokens(ctx, "resident", grid, wanted)
		if err != nil {
			return err
		}
		for n, token := range tokens {
			switch {
			case n < share:
				s.clients = append(s.clients, newClient(token))
			case len(s.writers) < s.options.writers:
				s.writers = append(s.writers, &writer{token: token, list: "/requests", acked: map[string]bool{}})
			}
		}
	}
	if s.workers == 0 {
		return nil
	}
	list, err := s.linli(ctx, "grids", "--level", "general")
	if err != nil {
		return err
	}
	community, _, _ := strings.Cut(list, "\t")
	tokens, err := s.tokens(ctx, "worker", community, s.workers)
	for _, token := range tokens {
		s.clients = append(s.clients, newClient(token))
	}
	return err
}

func newClient(token string) *client {
	return &client{token: token, opened: make(chan struct{}), told: map[models.ID][]told{}}
}

func (s *soak) tokens(ctx context.Context, role, grid string, count int) ([]string, error) {
	out, err := s.linli(ctx, "token", "mint", "--role", role, "--grid", grid, "--count", strconv.Itoa(count))
	if err != nil {
		return nil, err
	}
	var tokens []string
	for line := range strings.Lines(out) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
			tokens = append(tokens, fields[2])
		}
	}
	if len(tokens) != count {
		return nil, fmt.Errorf("%d tokens, not %d: %s", len(tokens), count, out)
	}
	return tokens, nil
}

// linli runs a subcommand on the fleet's database.
func (s *soak) linli(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Env = append(os.Environ(), s.Env()...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("linli %s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	return string(out), nil
}

// truth is what each client should have been told, read from the table.
func (s *soak) truth(ctx context.Context) ([]map[models.ID][]told, error) {
	keys, _, err := seal.LoadKeyFile(s.Key(), false)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(store.Options{Database: s.Postgres.URL("postgres"), Keys: keys, Now: time.Now, NewID: server.NewID})
	if err != nil {
		return nil, err
	}
	hub := feed.New(feed.Options{Store: db})
	events := map[models.ID][]models.Event{}
	all := make([]map[models.ID][]told, 0, len(s.clients))
	for _, c := range s.clients {
		should, err := c.truth(ctx, db, hub, events)
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		all = append(all, should)
	}
	return all, db.Close()
}

// truth filters the events after the client's first numbers by what it may see.
func (c *client) truth(ctx context.Context, db *store.Store, hub *feed.Hub, events map[models.ID][]models.Event) (map[models.ID][]told, error) {
	var sessions []models.Credential
	if err := db.Read(ctx, store.CredentialByHash(seal.Hash(c.token), &sessions)); err != nil || len(sessions) != 1 {
		return nil, fmt.Errorf("%d sessions of a token: %w", len(sessions), err)
	}
	actor := models.Actor{PersonID: *sessions[0].PersonID, CredentialID: sessions[0].ID}
	following, err := hub.Open(ctx, actor)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	should := map[models.ID][]told{}
	for _, g := range following.Grids {
		if _, read := events[g.GridID]; !read {
			var of []models.Event
			if err := db.Read(ctx, store.EventsAfter(g.GridID, 0, 10_000_000, &of)); err != nil {
				return nil, err
			}
			events[g.GridID] = of
		}
		should[g.GridID] = nil
		for _, e := range events[g.GridID] {
			if e.Seq > c.from[g.GridID] && g.Sees(actor.PersonID, e) {
				should[g.GridID] = append(should[g.GridID], told{e.Seq, e.ID})
			}
		}
	}
	return should, nil
}

// settle waits until everybody has as many as are due, or for long enough.
func (s *soak) settle(due []map[models.ID][]told) {
	late := time.After(settleWait)
	for n, c := range s.clients {
		wanted := 0
		for _, of := range due[n] {
			wanted += len(of)
		}
		for often := time.Tick(20 * time.Millisecond); !c.has(wanted); {
			select {
			case <-often:
			case <-late:
				return
			}
		}
	}
}

// judge tells what came of it.
func (s *soak) judge(ctx context.Context, due, table []map[models.ID][]told) error {
	var failures []error
	deliveries, distinct := 0, map[models.ID]bool{}
	var lags []time.Duration
	for n, c := range s.clients {
		if err := c.compare(due[n], table[n]); err != nil {
			failures = append(failures, fmt.Errorf("client %d: %w", n, err))
		}
		for _, of := range due[n] {
			for _, e := range of {
				distinct[e.id] = true
			}
		}
		deliveries += c.total
		lags = append(lags, c.lags...)
	}
	posts, acked := 0, 0
	for n, w := range s.writers {
		there, err := w.there(ctx, s, "http://"+s.Instances[0].Addr)
		failures = append(failures, w.failed, err)
		for id := range w.acked {
			if there[id] != 1 {
				failures = append(failures, fmt.Errorf("writer %d: %s was acknowledged and is there %d times", n, id, there[id]))
			}
		}
		if w.failed == nil && err == nil && len(there) != len(w.acked) {
			failures = append(failures, fmt.Errorf("writer %d: %d are there, %d were acknowledged", n, len(there), len(w.acked)))
		}
		posts, acked = posts+w.posts, acked+len(w.acked)
	}
	if report, err := s.linli(ctx, "doctor"); err != nil {
		failures = append(failures, fmt.Errorf("%w\n%s", err, report))
	}
	slices.Sort(lags)
	part := func(per1000 int) time.Duration {
		if len(lags) == 0 {
			return 0
		}
		return lags[(len(lags)-1)*per1000/1000].Round(time.Millisecond)
	}
	c := &s.counts
	fmt.Printf("faults: %d kills, NATS stopped and wiped %d times, PostgreSQL restarted %d times; %d connections, %d interruptions\n",
		c.kills.Load(), c.natsStops.Load(), c.restarts.Load(), c.connections.Load(), c.interruptions.Load())
	fmt.Printf("writes: %d posts, %d acknowledged, in %d tries\n", posts, acked, c.tries.Load())
	fmt.Printf("events: %d, delivered %d times to %d clients; committed → received median %s, 99 %% %s, last %s (catching up included)\n",
		len(distinct), deliveries, len(s.clients), part(500), part(990), part(1000))
	failures = slices.DeleteFunc(failures, func(err error) bool { return err == nil })
	if n := len(failures); n > 0 { // hundreds say no more than the first
		return fmt.Errorf("%d findings: %w", n, errors.Join(failures[:min(n, 10)]...))
	}
	fmt.Println("no event missed, none doubled, none out of order; every acknowledged write is there once; doctor found nothing")
	return nil
}
