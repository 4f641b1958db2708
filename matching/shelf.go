package matching

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"linli/models"
)

// shelf holds the lots of one item that may be given, by index in table.lots: in
// the order of the paths of their grids, so that all below a node stand together.
type shelf struct {
	lots     []int
	boxes    []int               // those in the box of a point that the pool names
	servedBy map[models.ID][]int // of these, by the node that the point serves, and by its grid
}

// shelf screens each lot of an item once, when the first need wants it.
func (t *table) shelf(item models.ItemID) *shelf {
	if s, known := t.shelves[item]; known {
		return s
	}
	s := &shelf{servedBy: map[models.ID][]int{}}
	t.shelves[item] = s
	for i, lot := range t.lots {
		if lot.ItemID != item || t.Screen(Line{Item: item, Units: lot.Offered, Lot: lot}, t.today).Outcome != OutcomeOK {
			continue
		}
		r := t.relayOf(lot)
		if r != nil && r.State == models.RelayPaused {
			continue // nobody can get at it until it is carried elsewhere
		}
		s.lots = append(s.lots, i)
		if r != nil {
			s.boxes = append(s.boxes, i)
			s.servedBy[r.ServesID] = append(s.servedBy[r.ServesID], i)
			s.servedBy[r.GridID] = append(s.servedBy[r.GridID], i)
		}
	}
	slices.SortStableFunc(s.lots, func(a, b int) int { return cmp.Compare(t.pathOf(a), t.pathOf(b)) })
	return s
}

// below are the lots that lie below a path.
func (t *table) below(s *shelf, path string) []int {
	from := sort.Search(len(s.lots), func(k int) bool { return t.pathOf(s.lots[k]) >= path })
	to := from + sort.Search(len(s.lots)-from, func(k int) bool { return !strings.HasPrefix(t.pathOf(s.lots[from+k]), path) })
	return s.lots[from:to]
}

// pathOf is where a lot lies; in a pool of one micro-grid, which need not name
// itself, the id alone.
func (t *table) pathOf(lot int) string {
	grid := t.lots[lot].GridID
	return cmp.Or(t.paths[grid], grid)
}

// lotsFor are the lots of an item in reach of a need, in the canonical order: a
// match stays in the micro-grid, of which the box of a relay point that serves it
// is a part, until the need was widened. Source: design §5.6.
func (t *table) lotsFor(need models.Need, item models.ItemID) []int {
	s := t.shelf(item)
	var lots []int
	for _, i := range t.below(s, cmp.Or(t.paths[need.GridID], need.GridID)) {
		if lot := t.lots[i]; lot.GridID == need.GridID && (lot.Place == models.PlaceHome || lot.RelayID == nil) {
			lots = append(lots, i)
		}
	}
	if need.Reach != "" {
		lots = append(lots, t.below(s, need.Reach)...)
	}
	if t.pool.Scope == need.GridID {
		lots = append(lots, s.boxes...) // the pool of a micro-grid names only points that serve it
	} else {
		lots = append(append(lots, s.servedBy[t.pool.Scope]...), s.servedBy[need.GridID]...)
	}
	slices.Sort(lots)
	return slices.Compact(lots)
}

// relayOf is the point in whose box a lot lies, nil where the pool names none.
func (t *table) relayOf(lot *models.Lot) *models.RelayPoint {
	if lot.Place != models.PlaceBox || lot.RelayID == nil {
		return nil
	}
	return t.relayAt[*lot.RelayID]
}
