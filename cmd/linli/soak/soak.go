package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"linli/cmd/linli/fleet"
	"linli/models"
)

// soak is one run.
type soak struct {
	options
	*fleet.Fleet
	dir     string
	grids   []models.ID
	clients []*client
	writers []*writer

	up     []atomic.Bool // which instances may be tried
	counts struct{ kills, connections, interruptions, tries, natsStops, restarts atomic.Int64 }
}

// settleWait is how long the last events may take: well beyond the poll.
const settleWait = 30 * time.Second

func (s *soak) run(ctx context.Context) error {
	s.up = make([]atomic.Bool, len(s.Instances))
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if err := s.Serve(ctx); err != nil {
		return err
	}
	for i := range s.up {
		s.up[i].Store(true)
	}
	following, hangUp := context.WithCancel(ctx)
	defer hangUp()
	var sockets, writing sync.WaitGroup
	began := time.Now()
	for n, c := range s.clients {
		random := rand.New(rand.NewPCG(s.seed, uint64(n)))
		sockets.Go(func() { c.follow(following, s, random) })
	}
	if err := s.allOpen(ctx); err != nil {
		return err
	}
	fmt.Printf("%d sockets open after %s\n", len(s.clients), time.Since(began).Round(time.Millisecond))
	load, enough := context.WithTimeout(ctx, s.span)
	defer enough()
	pace := time.Duration(float64(time.Second) * float64(len(s.writers)) / s.rate)
	for n, w := range s.writers {
		random := rand.New(rand.NewPCG(s.seed, uint64(n)+1_000_000))
		writing.Go(func() { w.write(ctx, load, s, pace, random) })
	}
	broken := s.breakThings(ctx, load)
	writing.Wait()
	if broken != nil || ctx.Err() != nil {
		return fmt.Errorf("the faults: %w", firstOf(broken, ctx.Err()))
	}
	due, err := s.truth(ctx)
	if err != nil {
		return err
	}
	s.settle(due)
	hangUp()
	sockets.Wait()
	table, err := s.truth(ctx)
	if err != nil {
		return err
	}
	return s.judge(ctx, due, table)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// allOpen waits until every client has resumed once.
func (s *soak) allOpen(ctx context.Context) error {
	late := time.After(2 * time.Minute)
	for _, c := range s.clients {
		select {
		case <-c.opened:
		case <-ctx.Done():
			return ctx.Err()
		case <-late:
			return fmt.Errorf("not all sockets open in time; the last error: %v", c.lastLost())
		}
	}
	return nil
}

// address is an instance that should be there; sometimes one that is not.
func (s *soak) address(random *rand.Rand) string {
	for range 8 {
		if n := random.IntN(len(s.Instances)); s.up[n].Load() {
			return "http://" + s.Instances[n].Addr
		}
	}
	return "http://" + s.Instances[0].Addr
}

// breakThings kills an instance at every beat; NATS goes twice, wiped, for a
// beat each, and PostgreSQL is restarted once.
func (s *soak) breakThings(ctx, load context.Context) error {
	random := rand.New(rand.NewPCG(s.seed, 77))
	beats := max(1, int(s.span/s.killEvery))
	gone := map[int]bool{beats / 4: true, beats * 3 / 4: true}
	tick := time.NewTicker(s.killEvery)
	defer tick.Stop()
	for beat := 0; ; beat++ {
		switch {
		case gone[beat] && !gone[beat-1]:
			s.NATS.Stop()
			s.counts.natsStops.Add(1)
		case !gone[beat] && gone[beat-1]:
			if err := s.NATS.Start(); err != nil {
				return err
			}
		}
		if err := s.killOne(ctx, random.IntN(len(s.Instances)), time.Duration(random.IntN(1000))*time.Millisecond); err != nil {
			return err
		}
		if beat == beats/2 {
			if err := s.Postgres.Restart(); err != nil {
				return err
			}
			s.counts.restarts.Add(1)
		}
		select {
		case <-load.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (s *soak) killOne(ctx context.Context, n int, pause time.Duration) error {
	s.up[n].Store(false)
	if err := s.Instances[n].Kill(); err != nil {
		return err
	}
	s.counts.kills.Add(1)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
	}
	err := s.Instances[n].Start(ctx)
	s.up[n].Store(true)
	return err
}
