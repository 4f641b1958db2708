package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"linli/cmd/linli/follower"
	"linli/models"
)

// client is one socket and everything that it was told.
type client struct {
	token  string
	opened chan struct{} // closed when it has resumed for the first time

	mu      sync.Mutex
	from    map[models.ID]int64 // where it began
	told    map[models.ID][]told
	total   int
	resyncs int
	ended   error // for good, which nobody should be
	lost    error // the last interruption
	lags    []time.Duration
}

// told is an event as a client has it.
type told struct {
	seq int64
	id  models.ID
}

// lagsAtMost bounds what each client remembers of delays.
const lagsAtMost = 400

func (c *client) follow(ctx context.Context, s *soak, random *rand.Rand) {
	f := follower.Follower{Token: c.token, Server: func() string { return s.address(random) },
		Open: func(from map[models.ID]int64) {
			s.counts.connections.Add(1)
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.from == nil {
				c.from = from
				close(c.opened)
			}
		},
		Event: func(e models.Event, _ json.RawMessage) {
			lag := time.Since(e.At)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.told[e.GridID] = append(c.told[e.GridID], told{e.Seq, e.ID})
			c.total++
			if len(c.lags) < lagsAtMost {
				c.lags = append(c.lags, lag)
			} else if at := random.IntN(c.total); at < lagsAtMost {
				c.lags[at] = lag
			}
		},
		Resync: func(models.ID) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.resyncs++
		},
		Lost: func(why error, _ time.Duration) {
			s.counts.interruptions.Add(1)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.lost = why
		}}
	if err := f.Run(ctx); err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended = err
	}
}

func (c *client) lastLost() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return c.ended
	}
	return c.lost
}

// has says whether the client has as many events as it should.
func (c *client) has(wanted int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total >= wanted
}

// compare holds what was told against the table: due is what had to arrive, and
// table what may have arrived meanwhile, because the sweep does not stop.
func (c *client) compare(due, table map[models.ID][]told) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended != nil {
		return fmt.Errorf("the stream ended for good: %w", c.ended)
	}
	if c.resyncs > 0 {
		return fmt.Errorf("%d resyncs, though nothing was trimmed", c.resyncs)
	}
	for grid, all := range table {
		got := c.told[grid]
		for i := range got {
			switch {
			case i >= len(all):
				return fmt.Errorf("grid %s: number %d, which is not in the table for it", grid, got[i].seq)
			case got[i] != all[i]:
				return fmt.Errorf("grid %s: number %d came where %d is due", grid, got[i].seq, all[i].seq)
			}
		}
		if len(got) < len(due[grid]) {
			return fmt.Errorf("grid %s: %d of %d events, missing number %d", grid, len(got), len(due[grid]), all[len(got)].seq)
		}
	}
	for grid := range c.told {
		if _, known := table[grid]; !known {
			return fmt.Errorf("events of grid %s, which it does not follow", grid)
		}
	}
	return nil
}
