package exchange

import (
	"cmp"
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// What a residents' group may read of a micro-grid: items and amounts, the building
// only where eight homes share it, and nothing that is private or held.

// GroupNeed is a need as a group may read it.
type GroupNeed struct {
	models.Need
	Grid     string
	Building string // "" where fewer than eight homes share it
}

// GroupNeed gives a need to whoever may carry it into the group: a neighbour who sees
// it on the board, or the worker.
func (s *Service) GroupNeed(ctx context.Context, actor models.Actor, id models.ID) (GroupNeed, error) {
	var needs []models.Need
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &needs)); err != nil {
		return GroupNeed{}, err
	}
	n, err := store.One(needs)
	if err != nil {
		return GroupNeed{}, err
	}
	grid, err := s.groupGrid(ctx, actor, n.GridID)
	if err != nil {
		return GroupNeed{}, err
	}
	if n.Private || n.Held {
		if actor.Works(grid.Path) || n.PersonID == actor.PersonID {
			return GroupNeed{}, fault.New(fault.Conflict, "not_for_groups")
		}
		return GroupNeed{}, fault.New(fault.NotFound, "not_found")
	}
	var homes []models.Household
	var buildings []store.BuildingHomes
	err = s.store.Read(ctx, store.HouseholdsPlain([]models.ID{n.HouseholdID}, &homes), store.HomesByBuilding(n.GridID, &buildings))
	return GroupNeed{Need: n, Grid: grid.Name, Building: namedBuildings(homes, buildings)[n.HouseholdID]}, err
}

// groupGrid is a micro-grid in whose group the actor is.
func (s *Service) groupGrid(ctx context.Context, actor models.Actor, id models.ID) (models.Grid, error) {
	sc, err := s.scope(ctx, id)
	if err == nil && !actor.Works(sc.grid.Path) && !actor.LivesIn(id) {
		err = fault.New(fault.NotFound, "not_found")
	}
	return sc.grid, err
}

// Wanted is how much of an item is still looked for, for how many homes, and how
// many of these needs are urgent.
type Wanted struct {
	ItemID models.ItemID
	Units  int
	Homes  int
	Urgent int
}

// GroupDay is all that a micro-grid looks for, as its group may read it: the most
// urgent first. More is how many items are not named.
type GroupDay struct {
	Grid  string
	Items []Wanted
	More  int
}

// How many needs a day looks at, and how many items it names.
const (
	groupNeeds = 500
	groupItems = 12
)

// GroupDay gathers the day of a micro-grid for its group.
func (s *Service) GroupDay(ctx context.Context, actor models.Actor, grid models.ID) (GroupDay, error) {
	g, err := s.groupGrid(ctx, actor, grid)
	if err != nil {
		return GroupDay{}, err
	}
	if g.Level != models.LevelMicro {
		return GroupDay{}, fault.New(fault.NotFound, "not_found")
	}
	var needs []models.Need
	if err := s.store.Read(ctx, store.NeedsLive(grid, true, nil, groupNeeds, &needs)); err != nil {
		return GroupDay{}, err
	}
	wanted := map[models.ItemID]*Wanted{}
	homes := map[models.ItemID]map[models.ID]bool{}
	for _, n := range needs {
		if n.Open == 0 {
			continue
		}
		w := wanted[n.ItemID]
		if w == nil {
			w, homes[n.ItemID] = &Wanted{ItemID: n.ItemID}, map[models.ID]bool{}
			wanted[n.ItemID] = w
		}
		w.Units += n.Open
		homes[n.ItemID][n.HouseholdID] = true
		w.Homes = len(homes[n.ItemID])
		if n.Urgency == models.UrgencyNow {
			w.Urgent++
		}
	}
	d := GroupDay{Grid: g.Name}
	for _, w := range wanted {
		d.Items = append(d.Items, *w)
	}
	slices.SortFunc(d.Items, func(a, b Wanted) int {
		return cmp.Or(b.Urgent-a.Urgent, b.Homes-a.Homes, cmp.Compare(a.ItemID, b.ItemID))
	})
	if len(d.Items) > groupItems {
		d.Items, d.More = d.Items[:groupItems], len(d.Items)-groupItems
	}
	return d, nil
}
