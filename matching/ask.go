package matching

import (
	"cmp"
	"math"
	"slices"
	"time"

	"linli/models"
)

// ask chooses whom to wake for the needs that no free lot fits: likely neighbours
// first, a few at a time, each who declines or is silent replaced, never more
// than seven at once for one need, nobody beyond a daily budget, in the quiet
// hours only who said so and only for what is needed now. Source: design §5.7.
func (t *table) ask() {
	budget := map[models.ID]int{}
	for _, w := range t.wants {
		if !t.looks(w) || t.leftFor(w) || len(w.verdict.Items) == 0 {
			continue
		}
		for _, n := range t.toAsk(w, budget) {
			budget[n.PersonID]++
			t.asks = append(t.asks, models.Ask{GridID: n.GridID, NeedID: w.need.ID, NeedGridID: w.need.GridID,
				ItemID: t.missing(w), Units: w.need.Open - w.got(), PersonID: n.PersonID, HouseholdID: n.HouseholdID,
				State: models.AskOpen, CreatedAt: models.Millis(t.pool.Now),
				DueAt: models.Millis(t.pool.Now.Add(t.pool.Policy.AskPatience))})
		}
	}
}

// missing is what a need asks for: the rest of what it has got a part of, for one
// line gets one thing.
func (t *table) missing(w *want) models.ItemID {
	if item, units, _ := t.mostOf(w); units > 0 {
		return item
	}
	return cmp.Or(w.only, w.need.ItemID)
}

// leftFor reports whether something that fits the need is still free after the
// plan. What others got does not help her, so neighbours are asked for the rest.
func (t *table) leftFor(w *want) bool {
	return slices.ContainsFunc(w.options, func(o *option) bool {
		free := t.lots[o.lot].Remaining
		for _, other := range t.wanted[o.lot] {
			free -= other.units
		}
		return free > 0
	})
}

// toAsk are the next to be asked for a need, the likeliest first.
func (t *table) toAsk(w *want, budget map[models.ID]int) []Neighbour {
	p := t.pool.Policy
	places := p.AsksFirst
	if w.need.Urgency == models.UrgencyNow {
		places = p.AsksAtOnce
	}
	before := map[models.ID]bool{}
	for _, a := range t.asked[w.need.ID] {
		before[a.HouseholdID] = true
		if a.State == models.AskOpen && t.pool.Now.Before(a.DueAt) {
			places--
		}
	}
	places = min(places, p.AsksInAll-len(t.asked[w.need.ID]))
	night := t.quiet()
	if places <= 0 || night && w.need.Urgency != models.UrgencyNow {
		return nil
	}
	for _, n := range t.pool.Neighbours {
		if slices.Contains(n.SaidNo, w.need.ItemID) || slices.Contains(n.SaidNo, w.class) {
			before[n.HouseholdID] = true // another of the home looks into the same drawer
		}
	}
	type likely struct {
		Neighbour
		had           bool
		asked, metres int
	}
	var may []likely
	for _, n := range t.pool.Neighbours {
		if n.GridID == w.need.GridID && n.HouseholdID != w.need.HouseholdID && !before[n.HouseholdID] &&
			n.AskedToday+budget[n.PersonID] < p.AsksPerDay && (!night || n.AtNight) {
			may = append(may, likely{n, t.had(w, n), n.AskedToday + budget[n.PersonID], t.walk(w, n)})
		}
	}
	slices.SortFunc(may, func(a, b likely) int {
		switch {
		case a.had != b.had:
			return -compareBool(a.had, b.had)
		case a.asked != b.asked:
			return a.asked - b.asked
		case a.metres != b.metres:
			return cmp.Compare(a.metres, b.metres)
		}
		return cmp.Compare(a.PersonID, b.PersonID)
	})
	var chosen []Neighbour
	for _, n := range may {
		if len(chosen) < places && !before[n.HouseholdID] { // one of a household is enough
			before[n.HouseholdID] = true
			chosen = append(chosen, n.Neighbour)
		}
	}
	return chosen
}

// had reports whether the neighbour has offered something of the class before.
func (t *table) had(w *want, n Neighbour) bool {
	return slices.ContainsFunc(n.Had, func(id models.ItemID) bool { return t.classOf(id) == w.class })
}

func (t *table) walk(w *want, n Neighbour) int {
	home := t.home(n.HouseholdID)
	if metres := between(w.home.Lat, w.home.Lon, home.Lat, home.Lon); metres >= 0 {
		return metres
	}
	return math.MaxInt
}

// asking counts the neighbours who are being asked for a need, new ones too,
// and tells when the first of them will be replaced.
func (t *table) asking(w *want) (open int, until time.Time) {
	for _, a := range slices.Concat(t.asked[w.need.ID], t.asks) {
		if a.NeedID == w.need.ID && a.State == models.AskOpen && t.pool.Now.Before(a.DueAt) {
			open++
			if until.IsZero() || a.DueAt.Before(until) {
				until = a.DueAt
			}
		}
	}
	return open, until
}
