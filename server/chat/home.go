package chat

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/server/chat/draft"
	"linli/server/registry"
)

// homesLooked is how many grids of a worker are looked through for an address.
const homesLooked = 8

// home is for whom a post runs: "" for the writer's own home, or, for a worker who
// writes an address, the one home of her grids that it can be. stop is what she hears
// where there is none.
func (c conversation) home(ctx context.Context) (home models.ID, stop string, err error) {
	p := c.u.Location
	if !c.works() || p == nil || p.Building == nil || p.Room == nil {
		if c.actor.HouseholdID == "" {
			return "", say("chat.for_whom"), nil
		}
		return "", "", nil
	}
	var found []registry.HouseholdView
	grids, err := c.Outreach.GridsWorked(ctx, c.robot, c.actor, homesLooked)
	if err != nil {
		return "", "", err
	}
	for _, grid := range grids {
		// Every reading of doors is a link in the grid's audit chain.
		homes, err := c.Registry.Households(ctx, c.actor, grid, *p.Room)
		if fault.Is(err, fault.Forbidden) {
			continue
		}
		if err != nil {
			return "", "", err
		}
		for _, h := range homes {
			if draft.IsAt(h, *p) {
				found = append(found, h)
			}
		}
	}
	if len(found) != 1 {
		return "", say("chat.no_such_home", "link", c.app("/on-behalf")), nil
	}
	return found[0].ID, "", nil
}
