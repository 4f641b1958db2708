package group

import (
	"context"

	"linli/models"
	"linli/server/chat/draft"
	"linli/server/registry"
)

// homesMost is how many homes one address may be; more is no address.
const homesMost = 8

// findHomes matches the addresses of messages to homes of the micro-grid. The doors
// are read once for all of them, and not at all where nobody wrote one.
func (s *Service) findHomes(ctx context.Context, actor models.Actor, grid models.ID, list []Reading) error {
	var homes []registry.HouseholdView
	residents := map[models.ID][]registry.ResidentView{}
	for i, r := range list {
		if r.Location == nil || r.Location.Room == nil || r.Draft.Intent == "" {
			continue
		}
		if homes == nil {
			var err error
			if homes, err = s.Registry.Households(ctx, actor, grid, ""); err != nil {
				return err
			}
			if len(homes) == 0 {
				return nil
			}
		}
		var at []registry.HouseholdView
		for _, h := range homes {
			if draft.IsAt(h, *r.Location) {
				at = append(at, h)
			}
		}
		if len(at) == 0 || len(at) > homesMost {
			continue
		}
		list[i].Homes = at
		if len(at) > 1 {
			continue
		}
		home := at[0].ID
		if _, read := residents[home]; !read {
			people, err := s.Registry.Residents(ctx, actor, home)
			if err != nil {
				return err
			}
			residents[home] = people
		}
		list[i].Residents = residents[home]
	}
	return nil
}
