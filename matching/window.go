package matching

import (
	"cmp"
	"slices"

	"linli/models"
)

// gather decides which needs wait for a window. A class is scarce when at least
// Policy.WindowHomes households want more of it than is free in their grid: who
// asks first would win by speed of hand. The first plan that sees it opens one
// window, never extended, after which all are planned together. What is needed
// now does not wait. Source: design §5.5.
func (t *table) gather() {
	for _, class := range t.scarce() {
		at := slices.IndexFunc(t.pool.Windows, func(w models.Window) bool {
			return w.GridID == t.pool.Scope && w.ItemID == class
		})
		window := models.Window{GridID: t.pool.Scope, ItemID: class, ClosesAt: models.Millis(t.pool.Now.Add(t.pool.Policy.Window))}
		if at >= 0 {
			window = t.pool.Windows[at]
		}
		t.windows = append(t.windows, window)
		if !window.Open(t.pool.Now) {
			continue
		}
		for _, w := range t.wants {
			if w.class == class && w.need.Urgency != models.UrgencyNow {
				w.gather, w.limit = &window, 0
			}
		}
	}
}

// scarce lists the classes of which some is free and more is wanted, by id.
func (t *table) scarce() []models.ItemID {
	type demand struct {
		homes map[models.ID]bool
		lots  map[int]bool
		units int
	}
	wanted := map[models.ItemID]*demand{}
	for _, w := range t.wants {
		if len(w.options) == 0 || w.limit <= 0 {
			continue // wants nothing that lies here
		}
		d := wanted[w.class]
		if d == nil {
			d = &demand{homes: map[models.ID]bool{}, lots: map[int]bool{}}
			wanted[w.class] = d
		}
		d.homes[w.need.HouseholdID] = true
		d.units += w.limit
		for _, o := range w.options {
			d.lots[o.lot] = true
		}
	}
	var classes []models.ItemID
	for class, d := range wanted {
		free := 0
		for lot := range d.lots {
			free += t.lots[lot].Remaining
		}
		if len(d.homes) >= t.pool.Policy.WindowHomes && d.units > free {
			classes = append(classes, class)
		}
	}
	slices.Sort(classes)
	return classes
}

// shares tells how every household of the pool stands.
func (t *table) shares() []Share {
	of := map[models.ID]*Share{}
	for _, w := range t.wants {
		s := of[w.need.HouseholdID]
		if s == nil {
			s = &Share{GridID: w.need.GridID, HouseholdID: w.need.HouseholdID}
			of[s.HouseholdID] = s
		}
		s.Asked += w.need.Requested
		s.Proposed += w.got()
	}
	for received, units := range t.history.received {
		if s := of[received.home]; s != nil {
			s.Received += units
		}
	}
	all := make([]Share, 0, len(of))
	for _, s := range of {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Share) int {
		return cmp.Or(cmp.Compare(a.GridID, b.GridID), cmp.Compare(a.HouseholdID, b.HouseholdID))
	})
	return all
}
