package lab

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"linli/matching"
	"linli/models"
)

// city is a world under one policy: its streets, each a micro-grid with its own
// queue of events, and what crosses their borders, done between steps.
type city struct {
	*world
	policy  Policy
	matcher matching.Matcher
	streets []*street
	free    map[string]map[models.ItemID]free // by path, as of the last step
	byDay   []int                             // units handed over by the end of each day
}

func newCity(w *world, p Policy, m matching.Matcher) *city {
	c := &city{world: w, policy: p, matcher: m}
	for i := range w.grids {
		c.streets = append(c.streets, newStreet(c, i))
	}
	return c
}

// play runs to the end, and on until what was matched by then is handed over.
func (c *city) play(day func(int)) {
	last := c.end.Add(48 * time.Hour)
	for now := Start; now.Before(last); {
		next := now.Add(c.scenario.Step)
		c.each(func(s *street) { s.until(next) })
		now = next
		if c.policy == Linli && now.Before(c.end) {
			c.countFree()
			c.widen(now)
		}
		if elapsed := now.Sub(Start); elapsed%(24*time.Hour) == 0 && elapsed <= c.end.Sub(Start) {
			c.byDay = append(c.byDay, c.handedOver())
			day(int(elapsed / (24 * time.Hour)))
		}
	}
}

// each runs a step of every street. They share nothing, so that it makes no
// difference how many run at once.
func (c *city) each(do func(*street)) {
	var group sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(c.streets))
	for k := range workers {
		group.Go(func() {
			for i := k; i < len(c.streets); i += workers {
				do(c.streets[i])
			}
		})
	}
	group.Wait()
}

func (c *city) handedOver() (units int) {
	for _, s := range c.streets {
		units += s.given
	}
	return units
}

// free is how much lies free, and since when the last of it.
type free struct {
	units int
	since time.Time
}

func (c *city) countFree() {
	c.free = map[string]map[models.ItemID]free{}
	for _, s := range c.streets {
		for _, l := range s.lots {
			if l.Remaining == 0 {
				continue
			}
			for _, path := range s.paths {
				if c.free[path] == nil {
					c.free[path] = map[models.ItemID]free{}
				}
				f := c.free[path][l.ItemID]
				f.units += l.Remaining
				if l.freed.After(f.since) {
					f.since = l.freed
				}
				c.free[path][l.ItemID] = f
			}
		}
	}
}

// What one plan of widened needs looks at, as in server/exchange.
const (
	widenedNeeds = 2000
	widenedLots  = 5000
)

// widen plans the needs that look beyond their micro-grid, those that share a
// node together, as server/exchange does: the widest node first.
func (c *city) widen(now time.Time) {
	var looking []*need
	for _, s := range c.streets {
		for _, n := range s.open {
			if n.Reach != "" && n.Open > 0 {
				looking = append(looking, n)
			}
		}
	}
	slices.SortFunc(looking, func(a, b *need) int {
		return cmp.Or(cmp.Compare(len(a.Reach), len(b.Reach)), cmp.Compare(a.Reach, b.Reach), a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for len(looking) > 0 {
		root := looking[0].Reach
		var these, rest []*need
		for _, n := range looking {
			if strings.HasPrefix(n.Reach, root) && len(these) < widenedNeeds {
				these = append(these, n)
			} else if !strings.HasPrefix(n.Reach, root) {
				rest = append(rest, n)
			}
		}
		c.planNode(now, root, these)
		looking = rest
	}
}

func (c *city) planNode(now time.Time, root string, needs []*need) {
	policy := matching.DefaultPolicy
	policy.Window = 0
	pool := matching.Pool{Now: now, Scope: lastOf(root), NoSearch: true, Policy: policy, Grids: []models.Grid{{ID: lastOf(root), Path: root}}}
	byID := map[models.ID]*need{}
	items := map[models.ItemID]bool{}
	homes, in, receiving := map[models.ID]bool{}, map[*street]bool{}, map[*street]bool{}
	for _, n := range needs {
		if !c.newsFor(n, root) {
			continue
		}
		n.lookedAt = now
		byID[n.ID] = n
		pool.Needs = append(pool.Needs, n.Need)
		homes[n.HouseholdID], in[n.street], receiving[n.street] = true, true, true
		for _, item := range n.mayGet {
			items[item] = true
		}
	}
	if len(pool.Needs) == 0 {
		return
	}
	lots := map[models.ID]*lot{}
	for _, s := range c.streets {
		if !strings.HasPrefix(s.grid.node.Path, root) {
			continue
		}
		gathering := s.gathering(now)
		for _, l := range s.lots {
			switch {
			case l.Remaining == 0 || !items[l.ItemID] || len(pool.Lots) == widenedLots:
			case gathering:
				l.freed = now // news to the others when its own have shared it
			default:
				pool.Lots = append(pool.Lots, l.Lot)
				lots[l.ID] = l
				homes[l.HouseholdID], in[s] = true, true
			}
		}
	}
	if len(pool.Lots) == 0 {
		return
	}
	for id := range homes {
		pool.Households = append(pool.Households, c.homes[id])
	}
	for _, s := range c.streets {
		if in[s] {
			pool.Grids, pool.Relays = append(pool.Grids, s.grid.node), append(pool.Relays, s.grid.relay)
		}
		if receiving[s] {
			pool.Received = append(pool.Received, s.received(now)...)
		}
	}
	for _, p := range c.matcher.Plan(pool).Matches {
		n := byID[p.NeedID]
		n.street.take(now, p, n, n.street.bring(lots[p.LotID], p.Units))
	}
}

// newsFor tells from the counts whether it is worth looking: something that it
// may get has become free since it was looked at last.
func (c *city) newsFor(n *need, root string) bool {
	return slices.ContainsFunc(n.mayGet, func(item models.ItemID) bool {
		free := c.free[root][item]
		return free.units > 0 && (n.lookedAt.IsZero() || !free.since.Before(n.lookedAt))
	})
}

// lastOf is the id of the node that a path leads to.
func lastOf(path string) models.ID {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	return parts[len(parts)-1]
}
