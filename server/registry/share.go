package registry

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Share is how a grid or a household stands.
type Share struct {
	Grid      *GridRef       // whose it is
	Household *HouseholdView // or hers
	store.ShareCounts
}

// SharesView is how a grid shared what there was: in all, and by household for the
// worker of a micro-grid, else by the grids below. Who is furthest behind comes first.
type SharesView struct {
	Grid  GridRef
	Days  int
	Total store.ShareCounts
	Rows  []Share
	doors bool // the rows name doors
}

// MaxShareDays is how far back one may look.
const MaxShareDays = 90

// Shares says how goods were shared in the last days. A worker sees the homes of
// her micro-grid, and that she looked is a link in its audit chain; who works or
// operates a wider grid sees sums alone.
func (s *Service) Shares(ctx context.Context, actor models.Actor, id models.ID, days int) (SharesView, error) {
	if days < 1 || days > MaxShareDays {
		return SharesView{}, fault.InvalidField("days", "days_range")
	}
	var view SharesView
	read := func(tx *store.Tx) error {
		grid, err := oneGrid(tx, id)
		if err != nil {
			return err
		}
		if !actor.Works(grid.Path) && !actor.Reaches(grid.Path, models.RoleOperator) {
			return forbidden("not_your_grid")
		}
		named, err := refs(tx, []models.Grid{grid})
		if err != nil {
			return err
		}
		view = SharesView{Grid: named[grid.ID], Days: days, Rows: []Share{}, doors: grid.Level == models.LevelMicro && actor.Works(grid.Path)}
		since := midnight(tx.Now).AddDate(0, 0, 1-days)
		if view.doors {
			return view.countHomes(tx, grid, since)
		}
		return view.countGrids(tx, grid, since)
	}
	if err := s.store.View(ctx, read); err != nil || !view.doors || len(view.Rows) == 0 {
		return view, err
	}
	// Nothing is shown before it is written that she looked; the counting itself
	// holds no lock.
	return view, s.store.InTx(ctx, func(tx *store.Tx) error {
		return shown(tx, actor, "shares.read", []models.ID{view.Grid.ID})
	})
}

func (v *SharesView) countHomes(tx *store.Tx, grid models.Grid, since time.Time) error {
	var rows []store.ShareRow
	var homes []models.Household
	if err := tx.Load(append(store.SharesOfHomes(grid.ID, since, &rows), store.HouseholdsOfGrid(grid.ID, maxHomes, &homes))...); err != nil {
		return err
	}
	of := map[models.ID]*Share{}
	for _, row := range rows {
		if of[row.HouseholdID] == nil {
			of[row.HouseholdID] = &Share{}
		}
		of[row.HouseholdID].Add(row.ShareCounts)
		v.Total.Add(row.ShareCounts)
	}
	for _, h := range inOrder(homes) {
		if share := of[h.ID]; share != nil {
			share.Household = &HouseholdView{ID: h.ID, Building: h.Building, Door: h.Door()}
			v.Rows = append(v.Rows, *share)
		}
	}
	v.sort()
	return nil
}

func (v *SharesView) countGrids(tx *store.Tx, grid models.Grid, since time.Time) error {
	var rows []store.ShareRow
	var below []models.Grid
	if err := tx.Load(append(store.SharesWithin(grid.Path, since, &rows), store.GridsBelow(grid.ID, "", maxOverview, &below))...); err != nil {
		return err
	}
	named, err := refs(tx, below)
	if err != nil {
		return err
	}
	for _, g := range below {
		ref := named[g.ID]
		share := Share{Grid: &ref}
		for _, row := range rows {
			if strings.HasPrefix(row.Path, g.Path) {
				share.Add(row.ShareCounts)
			}
		}
		if share.Needs+share.Gave > 0 {
			v.Rows = append(v.Rows, share)
		}
	}
	for _, row := range rows {
		v.Total.Add(row.ShareCounts)
	}
	v.sort()
	return nil
}

// sort puts first who got the least of what they asked; who only gave comes last.
func (v *SharesView) sort() {
	slices.SortStableFunc(v.Rows, func(a, b Share) int {
		if (a.Needs == 0) != (b.Needs == 0) {
			return cmp.Compare(b.Needs, a.Needs)
		}
		return cmp.Compare(a.got()*b.Needs, b.got()*a.Needs)
	})
}

func (s Share) got() int { return s.Met + s.Part }
