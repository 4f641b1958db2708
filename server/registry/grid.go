package registry

import (
	"context"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Counts is what is going on at or below a grid. They are figures only, which
// anybody signed in may see.
type Counts struct {
	NeedsOpen      int // lines that look for something
	UnitsOpen      int // their units
	Matched        int // units on their way to somebody
	FulfilledToday int // units handed over since midnight in Shanghai
	LotsFree       int // lots of which something is free
}

// GridView is a grid with its counts.
type GridView struct {
	GridRef
	ParentID *models.ID
	Tree     models.GridTree
	Counts   Counts
}

// Grid describes a grid.
func (s *Service) Grid(ctx context.Context, id models.ID) (GridView, error) {
	var view GridView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		grid, err := oneGrid(tx, id)
		if err != nil {
			return err
		}
		views, err := describe(tx, grid.Path, []models.Grid{grid})
		view = views[0]
		return err
	})
	return view, err
}

// Children lists the grids directly below one, in the order of their codes,
// without counts; a parent of "" is the top. The cursor is a code.
func (s *Service) Children(ctx context.Context, parent models.ID, cursor string, limit int) (Page[GridRef], error) {
	limit = page(limit)
	if len(cursor) > 64 {
		return Page[GridRef]{}, fault.InvalidField("cursor", "cursor_unknown")
	}
	list := Page[GridRef]{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		list = Page[GridRef]{Items: []GridRef{}}
		var grids []models.Grid
		read := store.GridRoots(&grids)
		if parent != "" {
			if _, err := oneGrid(tx, parent); err != nil {
				return err
			}
			read = store.GridsBelow(parent, cursor, limit+1, &grids)
		}
		if err := tx.Load(read); err != nil {
			return err
		}
		if parent != "" && len(grids) > limit {
			grids = grids[:limit]
			list.Next = grids[limit-1].Code
		}
		named, err := refs(tx, grids)
		for _, g := range grids {
			list.Items = append(list.Items, named[g.ID])
		}
		return err
	})
	return list, err
}

// OverviewView is the operator's picture: a grid and what lies directly below.
type OverviewView struct {
	Grid     GridView
	Children []GridView
}

// maxOverview is how many grids one picture shows; a county has 15 towns.
const maxOverview = 500

// Overview describes the widest grid that the actor operates.
func (s *Service) Overview(ctx context.Context, actor models.Actor) (OverviewView, error) {
	top := models.Role{}
	for _, r := range actor.Roles {
		if r.Kind == models.RoleOperator && (top.ID == "" || len(r.GridPath) < len(top.GridPath)) {
			top = r
		}
	}
	if top.ID == "" {
		return OverviewView{}, forbidden("not_your_grid")
	}
	var view OverviewView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		grid, err := oneGrid(tx, top.GridID)
		if err != nil {
			return err
		}
		var below []models.Grid
		if err := tx.Load(store.GridsBelow(grid.ID, "", maxOverview, &below)); err != nil {
			return err
		}
		views, err := describe(tx, grid.Path, append([]models.Grid{grid}, below...))
		view = OverviewView{Grid: views[0], Children: views[1:]}
		return err
	})
	return view, err
}

// describe counts for several grids at or below a path in one pass.
func describe(tx *store.Tx, path string, grids []models.Grid) ([]GridView, error) {
	views := make([]GridView, len(grids))
	named, err := refs(tx, grids)
	if err != nil {
		return views, err
	}
	var rows []store.GridCount
	if err := tx.Load(store.CountsWithin(path, midnight(tx.Now), &rows)...); err != nil {
		return views, err
	}
	for i, g := range grids {
		views[i] = GridView{GridRef: named[g.ID], ParentID: g.ParentID, Tree: g.Tree}
		for _, row := range rows {
			if strings.HasPrefix(row.Path, g.Path) {
				views[i].Counts.add(row)
			}
		}
	}
	return views, nil
}

func (c *Counts) add(row store.GridCount) {
	c.NeedsOpen += row.NeedsOpen
	c.UnitsOpen += row.UnitsOpen
	c.Matched += row.Matched
	c.FulfilledToday += row.FulfilledToday
	c.LotsFree += row.LotsFree
}

// midnight is the beginning of the day in Shanghai.
func midnight(now time.Time) time.Time {
	y, m, d := now.In(models.Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, models.Shanghai).UTC()
}
