package exchange

import (
	"context"
	"slices"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// RecallView is a recall and what it has come to.
type RecallView struct {
	models.Recall
	Grid        models.Grid
	Counts      store.RecallCounts
	Collections []CollectionView
}

// CollectionView is what a household is to give back, as its worker sees it.
type CollectionView struct {
	models.Collection
	Building string
}

// How much a view lists.
const (
	recallListed  = 200
	recallsListed = 100
)

// OneRecall shows a recall to those who may call back where it stands, and to the
// workers of the grids that it reaches: of the collections only their own.
func (s *Service) OneRecall(ctx context.Context, actor models.Actor, id models.ID) (RecallView, error) {
	var rows []models.Recall
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rows)); err != nil {
		return RecallView{}, err
	}
	r, err := store.One(rows)
	if err != nil || !seesRecall(actor, r) {
		return RecallView{}, fault.New(fault.NotFound, "not_found")
	}
	view := RecallView{Recall: r}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var grids []models.Grid
		var counts []store.RecallCounts
		var all []models.Collection
		if err := tx.Load(store.ByID([]models.ID{r.GridID}, &grids), store.CountRecall(r, &counts), store.CollectionsOfRecall(r.ID, recallListed, &all)); err != nil {
			return err
		}
		view.Grid, view.Counts = grids[0], counts[0]
		view.Collections, err = viewCollections(tx, actor, all)
		return err
	})
	return view, err
}

func seesRecall(actor models.Actor, r models.Recall) bool {
	return mayRecall(actor, r.Path) || slices.ContainsFunc(actor.Roles, func(role models.Role) bool {
		return (role.Kind == models.RoleWorker || role.Kind == models.RoleLeader) && strings.HasPrefix(role.GridPath, r.Path)
	})
}

// Recalls lists the recalls that concern a grid, newest first.
func (s *Service) Recalls(ctx context.Context, actor models.Actor, grid models.ID) ([]RecallView, error) {
	g, err := s.recallNode(ctx, actor, grid)
	if err != nil {
		return nil, err
	}
	views := []RecallView{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var rows []models.Recall
		var grids []models.Grid
		if err := tx.Load(store.RecallsAround(g.Path, g.AncestorPaths(), recallsListed, &rows)); err != nil || len(rows) == 0 {
			return err
		}
		if err := tx.Load(store.ByID(ids(rows, func(r models.Recall) models.ID { return r.GridID }), &grids)); err != nil {
			return err
		}
		at := byID(grids, func(g models.Grid) models.ID { return g.ID })
		for _, r := range rows {
			var counts []store.RecallCounts
			if err := tx.Load(store.CountRecall(r, &counts)); err != nil {
				return err
			}
			views = append(views, RecallView{Recall: r, Grid: *at[r.GridID], Counts: counts[0], Collections: []CollectionView{}})
		}
		return nil
	})
	return views, err
}

// viewCollections shows collections to the workers of their grids.
func viewCollections(tx *store.Tx, actor models.Actor, all []models.Collection) ([]CollectionView, error) {
	views := []CollectionView{}
	if len(all) == 0 {
		return views, nil
	}
	var grids []models.Grid
	var homes []models.Household
	if err := tx.Load(store.ByID(distinct(ids(all, func(c models.Collection) models.ID { return c.GridID })), &grids),
		store.HouseholdsPlain(ids(all, func(c models.Collection) models.ID { return c.HouseholdID }), &homes)); err != nil {
		return nil, err
	}
	of := byID(grids, func(g models.Grid) models.ID { return g.ID })
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, c := range all {
		if actor.Works(of[c.GridID].Path) {
			views = append(views, CollectionView{c, at[c.HouseholdID].Building})
		}
	}
	return views, nil
}
