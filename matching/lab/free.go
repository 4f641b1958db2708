package lab

import (
	"strings"
	"time"

	"linli/matching"
	"linli/models"
)

// shelf is what lies free in the whole city, as of the last step.
type shelf struct {
	nodes  map[string]int // by path
	items  map[models.ItemID]int
	counts []free // by node and item
	lots   [][]*lot
}

// free is how much lies free, and since when the last of it.
type free struct {
	units int
	since time.Time
}

func newShelf(w *world) *shelf {
	f := &shelf{nodes: map[string]int{}, items: map[models.ItemID]int{}}
	for _, x := range w.stocks {
		if _, known := f.items[x.lot.ItemID]; !known {
			f.items[x.lot.ItemID] = len(f.items)
		}
	}
	for _, n := range w.nodes {
		f.nodes[n.Path] = len(f.nodes)
	}
	for _, g := range w.grids {
		f.nodes[g.node.Path] = len(f.nodes)
	}
	f.counts, f.lots = make([]free, len(f.nodes)*len(f.items)), make([][]*lot, len(f.items))
	return f
}

// count counts anew.
func (f *shelf) count(streets []*street) {
	clear(f.counts)
	for i := range f.lots {
		f.lots[i] = f.lots[i][:0]
	}
	for _, s := range streets {
		for _, l := range s.lots {
			if l.Remaining == 0 {
				continue
			}
			item := f.items[l.ItemID]
			f.lots[item] = append(f.lots[item], l)
			for _, node := range s.nodes {
				c := &f.counts[node*len(f.items)+item]
				c.units += l.Remaining
				if l.freed.After(c.since) {
					c.since = l.freed
				}
			}
		}
	}
}

func (f *shelf) at(node, item int) free { return f.counts[node*len(f.items)+item] }

// newsFor tells from the counts whether it is worth looking: something that a need
// may get, in its reach, has become free since it was looked at last.
func (f *shelf) newsFor(n *need) bool {
	node := f.nodes[n.Reach]
	for _, id := range n.mayGet {
		if item, known := f.items[id]; known {
			c := f.at(node, item)
			if c.units > 0 && (n.lookedAt.IsZero() || !c.since.Before(n.lookedAt)) {
				return true
			}
		}
	}
	return false
}

// above says what lies free in the nodes above a street, outside it.
func (f *shelf) above(s *street) (all []matching.Free) {
	for id, item := range f.items {
		own := f.at(s.nodes[0], item).units
		for k, g := range s.grid.above {
			if units := f.at(s.nodes[k+1], item).units - own; units > 0 {
				all = append(all, matching.Free{GridID: g.ID, Item: id, Units: units})
			}
		}
	}
	return all
}

// below lists the free lots of some items below a path.
func (f *shelf) below(path string, items map[models.ItemID]bool) (lots []*lot) {
	for id, item := range f.items {
		if !items[id] {
			continue
		}
		for _, l := range f.lots[item] {
			if l.Remaining > 0 && strings.HasPrefix(l.street.grid.node.Path, path) {
				lots = append(lots, l)
			}
		}
	}
	return lots
}
