package lab

import (
	"slices"
	"strings"
	"time"

	"linli/matching"
	"linli/matching/assign"
	"linli/models"
)

// Weights are the published worth of a need that is met in full; a part is worth
// its share. They are no magnitudes of the solver: a policy does not see them.
//
//	needed now 4, today 2, in these days 1; twice that for a home in the ledger
var weights = map[models.Urgency]int64{models.UrgencyNow: 4, models.UrgencyToday: 2, models.UrgencyDays: 1}

func weight(n models.Need, care bool) int64 {
	if care {
		return 2 * weights[n.Urgency]
	}
	return weights[n.Urgency]
}

// Limit is what nobody can beat who has the same reach: with every drawer known
// whose owner would say yes, from the moment somebody near could have asked for
// it, everything else from its offer on, nobody late, and no match that fails.
type Limit struct {
	Value float64 `json:"value"` // of all needs at most
	Units int     `json:"units"` // that can be served at most: the satisfiable ones
	Asked int     `json:"asked"` // units asked for in all
}

// clairvoyant solves two flows over the whole horizon: the worthiest and the
// largest.
func (w *world) clairvoyant(m matching.Matcher) (Limit, error) {
	p := w.horizon(m, w.released(m))
	limit := Limit{}
	for _, units := range p.Demand {
		limit.Asked += int(units)
	}
	best, err := assign.Solve(p)
	if err != nil {
		return limit, err
	}
	limit.Value = float64(-best.Cost) / million
	for k := range p.Arcs {
		p.Arcs[k].Cost = -1
	}
	most, err := assign.Solve(p)
	limit.Units = int(-most.Cost)
	return limit, err
}

// known is the value that the best could have made of what this policy got to see,
// from when it saw it: what is lost beyond it was lost in drawers, not in matching.
func (c *city) known() (float64, error) {
	seen := map[models.ID]time.Time{}
	for _, s := range c.streets {
		for _, l := range s.lots {
			seen[l.ID] = l.CreatedAt
		}
	}
	best, err := assign.Solve(c.horizon(c.matcher, func(x stock) (time.Time, bool) {
		at, ok := seen[x.lot.ID]
		return at, ok
	}))
	return float64(-best.Cost) / million, err
}

// released is when a stock can be known of at the earliest: when it is offered, or
// when a neighbour of the same micro-grid needs it, for only they ask.
func (w *world) released(m matching.Matcher) func(stock) (time.Time, bool) {
	type of struct {
		grid int
		item models.ItemID
	}
	first := map[of][]want{} // of two homes are enough: nobody asks herself
	for _, x := range w.wants {
		for _, item := range m.MayGet(x.need, models.DateOf(x.need.CreatedAt)) {
			at := of{x.grid, item}
			if n := len(first[at]); n == 0 || n == 1 && first[at][0].need.HouseholdID != x.need.HouseholdID {
				first[at] = append(first[at], x)
			}
		}
	}
	return func(x stock) (time.Time, bool) {
		if x.offered && x.lot.CreatedAt.Before(w.end) {
			return x.lot.CreatedAt, true
		}
		for _, n := range first[of{x.grid, x.lot.ItemID}] {
			if x.sayYes && n.need.HouseholdID != x.lot.HouseholdID {
				return n.need.CreatedAt, true
			}
		}
		return time.Time{}, false
	}
}

const million = 1_000_000

// like are needs, or stocks, that differ in nothing that matters here.
type like struct {
	what     string // the item of stocks; what may be given, for needs
	reach    string // path of the widest node that a need looks in by its time; of stocks: where
	from, to int    // grains of time since Start
	worth    int64  // of a need, per unit, in millionths, rounded up
}

// horizon is one flow over the whole time. Needs and stocks that differ in nothing
// are one node, and time has grains, coarser where there is much, rounded to the
// favour of both. It leaves out what only lowers the answer: distance, ceilings, a
// home's own drawer, that a need is met from one item, and the way itself.
func (w *world) horizon(m matching.Matcher, released func(stock) (time.Time, bool)) (p assign.Problem) {
	for _, grain := range []time.Duration{time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour} {
		if p = w.flow(m, released, grain); len(p.Arcs) < enoughArcs {
			break
		}
	}
	return p
}

// enoughArcs is about what is solved in some seconds.
const enoughArcs = 1 << 21

func (w *world) flow(m matching.Matcher, released func(stock) (time.Time, bool), grain time.Duration) (p assign.Problem) {
	needs, mayGet := w.likeNeeds(m, grain)
	deepest := ""
	for _, n := range needs.all {
		if strings.Count(n.reach, "/") > strings.Count(deepest, "/") {
			deepest = n.reach
		}
	}
	stocks := w.likeStocks(m, released, grain, strings.Count(deepest, "/"))
	p.Supply, p.Demand = stocks.units, needs.units
	byItem := map[models.ItemID][]int{}
	for i, s := range stocks.all {
		byItem[s.what] = append(byItem[s.what], i)
	}
	for j, n := range needs.all {
		for _, item := range mayGet[n.what] {
			for _, i := range byItem[item] {
				if s := stocks.all[i]; s.from <= n.to && n.from <= s.to && strings.HasPrefix(s.reach, n.reach) {
					p.Arcs = append(p.Arcs, assign.Arc{From: i, To: j, Cap: stocks.units[i], Cost: -n.worth})
				}
			}
		}
	}
	return p
}

// groups are likes with how many units there are of each, in a settled order.
type groups struct {
	all   []like
	units []int64
	at    map[like]int
}

func (g *groups) add(l like, units int) {
	if g.at == nil {
		g.at = map[like]int{}
	}
	at, known := g.at[l]
	if !known {
		at = len(g.all)
		g.at[l], g.all, g.units = at, append(g.all, l), append(g.units, 0)
	}
	g.units[at] += int64(units)
}

func (w *world) likeNeeds(m matching.Matcher, grain time.Duration) (groups, map[string][]models.ItemID) {
	var needs groups
	mayGet := map[string][]models.ItemID{}
	for _, x := range w.wants {
		items := m.MayGet(x.need, models.DateOf(x.need.CreatedAt))
		slices.Sort(items)
		what := strings.Join(items, " ")
		mayGet[what] = items
		needs.add(like{what: what, reach: w.widest(x), from: int(x.need.CreatedAt.Sub(Start) / grain), to: int(x.need.DueAt.Sub(Start)/grain) + 1,
			worth: (weight(x.need, x.care)*million + int64(x.need.Requested) - 1) / int64(x.need.Requested)}, x.need.Requested)
	}
	return needs, mayGet
}

// widest is the path of the widest node that the policy lets a need look in before
// its time is over.
func (w *world) widest(x want) string {
	g := w.grids[x.grid]
	widest := g.node.Path
	for i, age := range matching.DefaultPolicy.Widen[x.need.Urgency] {
		if i < len(g.above) && age >= 0 && x.need.CreatedAt.Add(age).Before(*x.need.DueAt) {
			widest = g.above[i].Path
		}
	}
	return widest
}

// likeStocks groups what could be given: it is there from its release until it is
// too old, at a node of that depth.
func (w *world) likeStocks(m matching.Matcher, released func(stock) (time.Time, bool), grain time.Duration, depth int) groups {
	var stocks groups
	for _, x := range w.stocks {
		at, ok := released(x)
		if !ok {
			continue
		}
		v := m.Screen(matching.Line{Item: x.lot.ItemID, Units: x.lot.Offered, Lot: &x.lot}, models.DateOf(at))
		if v.Outcome != matching.OutcomeOK {
			continue
		}
		until := x.lot.ExpiresOn.EndOf()
		if last := w.end.AddDate(0, 0, 7); until.After(last) {
			until = last
		}
		where := w.grids[x.grid].node.Path
		if parts := strings.SplitAfter(where, "/"); depth < len(parts) {
			where = strings.Join(parts[:depth], "")
		}
		stocks.add(like{what: x.lot.ItemID, reach: where, from: int(at.Sub(Start) / grain), to: int(until.Sub(Start)/grain) + 1}, x.lot.Offered)
	}
	return stocks
}
