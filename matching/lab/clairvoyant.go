package lab

import (
	"cmp"
	"slices"
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

// Limit is what nobody can beat: with everything in every drawer known from the
// first minute, every answer a yes, nobody late and any grid as near as the next.
type Limit struct {
	Value float64 `json:"value"` // of all needs at most
	Units int     `json:"units"` // that can be served at most: the satisfiable ones
	Asked int     `json:"asked"` // units asked for in all
}

// like are needs, or stocks, that differ in nothing that matters for the limit.
type like struct {
	item     models.ItemID
	kinds    string // what may be given, for needs
	from, to int64  // hours since Start
	worth    int64  // per unit, in millionths, rounded up
	units    int64
	mayGet   []models.ItemID
}

// hourly is how finely the limit looks at time: rounded to the need's and the
// stock's favour, so that it stays a limit.
const hourly = time.Hour

// clairvoyant solves two flows over the whole horizon: the worthiest and the
// largest. Needs and stocks that differ in nothing are one node. It leaves out
// what only lowers the answer: distance, ceilings, a home's own drawer, and that a
// need is met from one item.
func (w *world) clairvoyant(m matching.Matcher) (Limit, error) {
	needs, stocks := w.likeNeeds(m), w.likeStocks(m)
	limit := Limit{}
	p := assign.Problem{}
	for _, s := range stocks {
		p.Supply = append(p.Supply, s.units)
	}
	byItem := map[models.ItemID][]int{}
	for i, s := range stocks {
		byItem[s.item] = append(byItem[s.item], i)
	}
	for j, n := range needs {
		p.Demand = append(p.Demand, n.units)
		limit.Asked += int(n.units)
		for _, item := range n.mayGet {
			for _, i := range byItem[item] {
				if s := stocks[i]; s.from <= n.to && n.from <= s.to {
					p.Arcs = append(p.Arcs, assign.Arc{From: i, To: j, Cap: s.units, Cost: -n.worth})
				}
			}
		}
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

func (w *world) likeNeeds(m matching.Matcher) []like {
	var all []like
	at := map[like0]int{}
	for _, x := range w.wants {
		items := m.MayGet(x.need, models.DateOf(x.need.CreatedAt))
		slices.Sort(items)
		kinds := ""
		for _, item := range items {
			kinds += item + " "
		}
		l := like{kinds: kinds, from: int64(x.need.CreatedAt.Sub(Start) / hourly), to: int64(x.need.DueAt.Sub(Start)/hourly) + 1,
			worth: (weight(x.need, x.care)*million + int64(x.need.Requested) - 1) / int64(x.need.Requested), mayGet: items}
		key := like0{l.kinds, l.from, l.to, l.worth}
		if _, known := at[key]; !known {
			at[key] = len(all)
			all = append(all, l)
		}
		all[at[key]].units += int64(x.need.Requested)
	}
	return all
}

const million = 1_000_000

type like0 struct {
	kinds           string
	from, to, worth int64
}

// likeStocks groups what could be given: it is there from the first minute, until
// it is too old for a course.
func (w *world) likeStocks(m matching.Matcher) []like {
	var all []like
	at := map[like0]int{}
	for _, x := range w.stocks {
		v := m.Screen(matching.Line{Item: x.lot.ItemID, Units: x.lot.Offered, Lot: &x.lot}, models.DateOf(Start))
		if v.Outcome != matching.OutcomeOK {
			continue
		}
		to := int64(x.lot.ExpiresOn.EndOf().Sub(Start)/hourly) + 1
		to = min(to, int64(w.end.Sub(Start)/hourly)+100)
		key := like0{kinds: x.lot.ItemID, to: to}
		if _, known := at[key]; !known {
			at[key] = len(all)
			all = append(all, like{item: x.lot.ItemID, to: to})
		}
		all[at[key]].units += int64(x.lot.Offered)
	}
	slices.SortFunc(all, func(a, b like) int { return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.to, b.to)) })
	return all
}
