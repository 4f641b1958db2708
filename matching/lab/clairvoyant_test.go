package lab

import (
	"slices"
	"strings"
	"testing"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// The limit may know the future, and no more than that: it looks as far as the
// policy lets a need look in its time, and knows of a drawer when somebody near
// could have asked.
func TestClairvoyant_HasTheSameReach(t *testing.T) {
	t.Parallel()
	m := matching.New(catalogue.Embedded())
	s, err := Named("chongzhou")
	if err != nil {
		t.Fatal(err)
	}
	s.Towns, s.Generals, s.Ordinaries, s.Micros = 2, 4, 8, 24
	w := newWorld(s, 5, m)
	depth := map[models.Urgency]int{models.UrgencyNow: 1, models.UrgencyToday: 2, models.UrgencyDays: 2} // city; town: 24 h is its whole life
	seen := map[models.Urgency]bool{}
	for _, x := range w.wants {
		seen[x.need.Urgency] = true
		if path := w.widest(x); strings.Count(path, "/") != depth[x.need.Urgency] {
			t.Fatalf("%s reaches %s", x.need.Urgency, path)
		}
	}
	if len(seen) != 3 {
		t.Fatalf("only %v", seen)
	}
	released := w.released(m)
	never, late := 0, 0
	for _, x := range w.stocks {
		at, ok := released(x)
		asked := false // by a neighbour of the same grid, not by herself
		for _, n := range w.wants {
			if n.grid == x.grid && n.need.HouseholdID != x.lot.HouseholdID && !n.need.CreatedAt.After(at) && mayGet(m, n.need, x.lot.ItemID) {
				asked = true
			}
		}
		switch offered := x.offered && x.lot.CreatedAt.Before(w.end); {
		case offered && (!ok || !at.Equal(x.lot.CreatedAt)):
			t.Errorf("%s is known at %v, offered at %v", x.lot.ID, at, x.lot.CreatedAt)
		case !offered && ok && (!x.sayYes || !asked):
			t.Errorf("%s is known at %v: yes %v, asked %v", x.lot.ID, at, x.sayYes, asked)
		case !ok:
			never++
		case !offered:
			late++
		}
	}
	if never == 0 || late == 0 {
		t.Errorf("%d never known, %d when asked: the scenario shows nothing", never, late)
	}
}

func mayGet(m matching.Matcher, n models.Need, item models.ItemID) bool {
	return slices.Contains(m.MayGet(n, models.DateOf(n.CreatedAt)), item)
}
