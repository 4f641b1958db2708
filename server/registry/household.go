package registry

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// maxHomes is how many households of one micro-grid are shown or printed; a
// micro-grid has some sixty.
const maxHomes = 2000

// HouseholdView is a home as its worker sees it.
type HouseholdView struct {
	ID             models.ID
	Building, Door string
	Residents      int // approved people
	DoorGeneration int // how often a door code was printed anew; 0: never
	Made           bool
}

// Households lists the homes of a micro-grid whose building or door holds the
// query, for the grid's worker: she posts on behalf of people and prints codes.
// Every reading that shows a door is a link in the grid's audit chain.
func (s *Service) Households(ctx context.Context, actor models.Actor, gridID models.ID, query string) ([]HouseholdView, error) {
	if utf8.RuneCountInString(query) > 50 {
		return nil, fault.InvalidField("query", "query_long")
	}
	list := []HouseholdView{}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		list = []HouseholdView{}
		if _, err := workedGrid(tx, actor, gridID); err != nil {
			return err
		}
		var homes []models.Household
		var counts []store.Residents
		if err := tx.Load(store.HouseholdsOfGrid(gridID, maxHomes, &homes), store.ResidentsOfGrid(gridID, &counts)); err != nil {
			return err
		}
		residents := map[models.ID]int{}
		for _, c := range counts {
			residents[c.HouseholdID] = c.Residents
		}
		for _, h := range inOrder(homes) {
			// Doors are sealed, so that the database cannot look for them.
			if strings.Contains(plain(h.Building+h.Door()), plain(query)) {
				list = append(list, HouseholdView{ID: h.ID, Building: h.Building, Door: h.Door(),
					Residents: residents[h.ID], DoorGeneration: h.DoorGeneration, Made: h.Made})
			}
		}
		if len(list) == 0 {
			return nil
		}
		return shown(tx, actor, "households.read", []models.ID{gridID})
	})
	return list, err
}

// workedGrid is a micro-grid that the actor works.
func workedGrid(tx *store.Tx, actor models.Actor, id models.ID) (models.Grid, error) {
	grid, err := oneGrid(tx, id)
	switch {
	case err != nil:
		return grid, err
	case !actor.Works(grid.Path):
		return grid, forbidden("not_your_grid")
	case grid.Level != models.LevelMicro:
		return grid, fault.InvalidField("grid", "micro_grid_only")
	}
	return grid, nil
}

// inOrder sorts homes as one walks past them: 2 栋 before 10 栋, then the doors.
func inOrder(homes []models.Household) []models.Household {
	slices.SortStableFunc(homes, func(a, b models.Household) int {
		if c := byNumber(a.Building, b.Building); c != 0 {
			return c
		}
		return byNumber(a.Door(), b.Door())
	})
	return homes
}

// byNumber compares texts with their runs of digits taken as numbers.
func byNumber(a, b string) int {
	for a != "" && b != "" {
		na, ra := run(a)
		nb, rb := run(b)
		if digit(na[0]) && digit(nb[0]) {
			x, y := strings.TrimLeft(na, "0"), strings.TrimLeft(nb, "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			na, nb = x, y
		}
		if c := strings.Compare(na, nb); c != 0 {
			return c
		}
		a, b = ra, rb
	}
	return len(a) - len(b)
}

// run parts the leading digits, or what is none, from the rest.
func run(s string) (first, rest string) {
	i := 1
	for i < len(s) && digit(s[i]) == digit(s[0]) {
		i++
	}
	return s[:i], s[i:]
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// ReplaceDoorCode gives a home a new door code: the one on its door dies at
// once. The new one is printed from the door sheet.
func (s *Service) ReplaceDoorCode(ctx context.Context, actor models.Actor, id models.ID) (HouseholdView, error) {
	grid, err := s.homeGrid(ctx, actor, id)
	if err != nil {
		return HouseholdView{}, err
	}
	var homes []models.Household
	reads := []store.Read{store.HouseholdsByID([]models.ID{id}, &homes)}
	return store.Exchange(ctx, s.store, actor, []models.ID{grid.ID}, reads, func(tx *store.Tx) (HouseholdView, error) {
		h, err := store.One(homes)
		if err != nil {
			return HouseholdView{}, err
		}
		if err := tx.RevokeDoors(h.ID); err != nil {
			return HouseholdView{}, err
		}
		if err := s.printDoor(tx, &h); err != nil {
			return HouseholdView{}, err
		}
		err = tx.Audit(grid.ID, models.Audit{ActorID: actor.PersonID, Action: "door.replace", Thing: "household", ThingID: h.ID})
		return HouseholdView{ID: h.ID, DoorGeneration: h.DoorGeneration, Made: h.Made}, err
	})
}

func (s *Service) homeGrid(ctx context.Context, actor models.Actor, id models.ID) (models.Grid, error) {
	var grid models.Grid
	if !store.ValidID(id) {
		return grid, fault.New(fault.NotFound, "not_found")
	}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var homes []models.Household
		if err := tx.Load(store.HouseholdsByID([]models.ID{id}, &homes)); err != nil {
			return err
		}
		h, err := store.One(homes)
		if err != nil {
			return err
		}
		grid, err = oneGrid(tx, h.GridID)
		if err == nil && !actor.Works(grid.Path) {
			err = fault.New(fault.NotFound, "not_found") // whose home it is, is not told
		}
		return err
	})
	return grid, err
}
