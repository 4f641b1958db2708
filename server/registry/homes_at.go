package registry

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/store"
)

// HomesAt finds the homes of several micro-grids that are at an address, for who
// works there; of the other grids she learns nothing. Buildings are looked for by
// their label, whatever stands around it; doors are sealed, so that at compares them,
// and sees no residents. What is found is a link in its grid's audit chain.
func (s *Service) HomesAt(ctx context.Context, actor models.Actor, grids []models.ID, building string, at func(HouseholdView) bool) ([]HouseholdView, error) {
	var found []HouseholdView
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		found = nil
		var nodes []models.Grid
		if err := tx.Load(store.ByID(grids, &nodes)); err != nil {
			return err
		}
		nodes = slices.DeleteFunc(nodes, func(g models.Grid) bool { return !actor.Works(g.Path) || g.Level != models.LevelMicro })
		worked := make([]models.ID, len(nodes))
		for i, g := range nodes {
			worked[i] = g.ID
		}
		var homes []models.Household
		if err := tx.Load(store.HouseholdsByBuilding(worked, building, &homes)); err != nil {
			return err
		}
		var read []models.ID
		for _, h := range inOrder(homes) {
			v := HouseholdView{ID: h.ID, Building: h.Building, Door: h.Door(), DoorGeneration: h.DoorGeneration, Made: h.Made}
			if at(v) {
				found, read = append(found, v), append(read, h.GridID)
			}
		}
		return shown(tx, actor, "households.read", read)
	})
	return found, err
}
