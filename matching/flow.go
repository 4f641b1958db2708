package matching

import (
	"cmp"
	"slices"

	"linli/matching/assign"
	"linli/models"
)

// solve finds the best flow, and again after each thing that a flow cannot
// know is settled: that one line gets one item, that the ceiling counts over all
// lots and needs of a household, and that a substitute is only for who goes
// without what she asked. Every round forbids something, or is the only one that
// brings a need its substitutes, so it ends; where nothing had to be settled the
// plan is the exact optimum.
func (t *table) solve() {
	for t.assign(); t.settle() || t.substitute(); {
		t.assign()
	}
	t.tidy()
	t.wanted = make([][]*option, len(t.lots))
	for _, w := range t.wants {
		for _, o := range w.options {
			t.wanted[o.lot] = append(t.wanted[o.lot], o)
		}
	}
}

// substitute looks for reviewed substitutes for all that got nothing of what they
// asked, because others did, and reports whether it found any.
func (t *table) substitute() bool {
	found := false
	for _, w := range t.wants {
		if w.substituted || len(w.options) == 0 || w.gather != nil || w.got() > 0 {
			continue
		}
		if t.addSubstitutes(w) {
			t.limit(w)
			found = true
		}
	}
	return found
}

// piece is a part of a need that ranks by itself: its first small pack, or
// the rest.
type piece struct {
	want  *want
	first bool
	units int
}

func (a piece) before(b piece) int {
	return cmp.Or(cmp.Compare(b.want.tier, a.want.tier), -compareBool(a.first, b.first),
		cmp.Compare(b.want.waited, a.want.waited))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (t *table) pieces() []piece {
	var all []piece
	for _, w := range t.wants {
		if w.limit <= 0 || len(w.options) == 0 {
			continue
		}
		first := min(w.first, w.limit)
		if first > 0 {
			all = append(all, piece{w, true, first})
		}
		if w.limit > first {
			all = append(all, piece{w, false, w.limit - first})
		}
	}
	slices.SortStableFunc(all, piece.before)
	return all
}

// assign writes the best flow into the options.
func (t *table) assign() {
	p := assign.Problem{Supply: make([]int64, len(t.lots))}
	for i, lot := range t.lots {
		p.Supply[i] = int64(lot.Remaining)
	}
	all := t.pieces()
	var rank, trouble []int64
	var options []*option
	width := total(p.Supply) + 1
	reward := int64(len(all))
	for i, piece := range all {
		p.Demand = append(p.Demand, int64(piece.units))
		if i > 0 && all[i-1].before(piece) != 0 {
			reward--
		}
		for _, o := range piece.want.options {
			if piece.want.allows(t.lots[o.lot].ItemID) {
				p.Arcs = append(p.Arcs, assign.Arc{From: o.lot, To: i, Cap: width})
				rank, trouble, options = append(rank, reward), append(trouble, o.trouble), append(options, o)
			}
		}
	}
	for _, w := range t.wants {
		for _, o := range w.options {
			o.units = 0
		}
	}
	for k, units := range byLevels(p, rank, trouble) {
		options[k].units += int(units)
	}
}

func (w *want) allows(item models.ItemID) bool { return w.only == "" || w.only == item }

// settleRounds bounds how many flows a plan takes, about: of a street's needs one
// is settled in a round, of a city's one in so many, for what is settled together
// is settled a little worse.
const settleRounds = 64

// settle forbids what the flow got wrong, the first few in the order of rank, and
// reports whether there was anything.
func (t *table) settle() bool {
	used := map[homeItem]int{}
	settled, most := 0, 1+len(t.wants)/settleRounds
	for _, w := range t.wants {
		item, units, mixed := t.mostOf(w)
		if units == 0 {
			continue
		}
		of := homeItem{w.need.HouseholdID, item}
		room := t.room(w, item) - used[of]
		used[of] += min(units, max(room, 0))
		switch {
		case mixed:
			w.only = item
		case room <= 0:
			w.options = slices.DeleteFunc(w.options, func(o *option) bool { return t.lots[o.lot].ItemID == item })
		case units > room:
			w.only, w.limit = item, room
		default:
			continue
		}
		if settled++; settled == most {
			break
		}
	}
	return settled > 0
}

// mostOf is the item that a need gets most units of, and whether others too.
func (t *table) mostOf(w *want) (item models.ItemID, units int, mixed bool) {
	of := map[models.ItemID]int{}
	for _, o := range w.options {
		if o.units > 0 {
			of[t.lots[o.lot].ItemID] += o.units
		}
	}
	for _, o := range w.options { // in the order of options, not of the map
		if id := t.lots[o.lot].ItemID; of[id] > units {
			item, units = id, of[id]
		}
	}
	return item, units, len(of) > 1
}

// tidy makes fewer parcels at equal cost: what a need gets from several lots
// comes from one of the same trouble, where that one has enough.
func (t *table) tidy() {
	free := make([]int, len(t.lots))
	for i, lot := range t.lots {
		free[i] = lot.Remaining
	}
	for _, w := range t.wants {
		for _, o := range w.options {
			free[o.lot] -= o.units
		}
	}
	for _, w := range t.wants {
		for _, to := range w.options {
			units, parcels := 0, 0
			for _, from := range w.options {
				if t.mayMove(from, to) {
					units, parcels = units+from.units, parcels+1
				}
			}
			if to.units == 0 {
				parcels-- // one is new
			}
			if parcels <= 0 || units > free[to.lot] {
				continue
			}
			for _, from := range w.options {
				if t.mayMove(from, to) {
					free[from.lot] += from.units
					free[to.lot] -= from.units
					to.units += from.units
					from.units = 0
				}
			}
		}
	}
}

func (t *table) mayMove(from, to *option) bool {
	return from != to && from.units > 0 && from.trouble == to.trouble && t.lots[from.lot].ItemID == t.lots[to.lot].ItemID
}
