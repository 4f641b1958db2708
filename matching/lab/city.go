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
	free    *shelf
	byDay   []int // units handed over by the end of each day
}

func newCity(w *world, p Policy, m matching.Matcher) *city {
	c := &city{world: w, policy: p, matcher: m, free: newShelf(w)}
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
			c.free.count(c.streets)
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

// What one plan of widened needs looks at, as in server/exchange.
const (
	widenedNeeds = 2000
	widenedLots  = 5000
)

// widen plans the needs that look beyond their micro-grid and have news, those that share a
// node together, as server/exchange does: the widest node first.
func (c *city) widen(now time.Time) {
	var looking []*need
	for _, s := range c.streets {
		for _, n := range s.open {
			if n.Reach != "" && n.Open > 0 && c.free.newsFor(n) {
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
	items, homes := map[models.ItemID]bool{}, map[models.ID]bool{}
	receiving, in := map[*street]bool{}, map[*street]bool{}
	for _, n := range needs {
		n.lookedAt = now
		byID[n.ID] = n
		pool.Needs = append(pool.Needs, n.Need)
		homes[n.HouseholdID], receiving[n.street], in[n.street] = true, true, true
		for _, item := range n.mayGet {
			items[item] = true
		}
	}
	lots := map[models.ID]*lot{}
	for _, l := range c.free.below(root, items) {
		switch {
		case len(pool.Lots) == widenedLots:
		case l.street.gathering(now):
			l.freed = now // news to the others when its own have shared it
		default:
			pool.Lots = append(pool.Lots, l.Lot)
			lots[l.ID] = l
			homes[l.HouseholdID], in[l.street] = true, true
		}
	}
	if len(pool.Lots) == 0 {
		return
	}
	for id := range homes {
		pool.Households = append(pool.Households, c.homes[id])
	}
	for s := range in {
		pool.Grids, pool.Relays = append(pool.Grids, s.grid.node), append(pool.Relays, s.grid.relay)
	}
	for s := range receiving {
		for _, m := range s.received(now) {
			if homes[m.ReceiverHouseholdID] || homes[m.GiverHouseholdID] {
				pool.Received = append(pool.Received, m)
			}
		}
	}
	for _, p := range c.matcher.Plan(pool).Matches {
		n := byID[p.NeedID]
		n.street.take(now, p, n, n.street.bring(lots[p.LotID], p.Units))
	}
}

// pointOf is the relay point that a plan chose, the street's own where it chose none.
func (c *city) pointOf(g *grid, id *models.ID) models.RelayPoint {
	for i := range c.grids {
		if id != nil && c.grids[i].relay.ID == *id {
			return c.grids[i].relay
		}
	}
	return g.relay
}

// lastOf is the id of the node that a path leads to.
func lastOf(path string) models.ID {
	parts := strings.Split(strings.TrimSuffix(path, "/"), "/")
	return parts[len(parts)-1]
}
