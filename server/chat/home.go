package chat

import (
	"context"
	"slices"

	"linli/models"
	"linli/server/chat/draft"
	"linli/server/chat/understand"
	"linli/server/registry"
)

// home is whose home a message is about: "" for the writer's own, or, for a worker
// who writes an address, the one home of her grids that it is. An address is never
// half believed: stop is what she hears instead of a guess.
func (c conversation) home(ctx context.Context) (home models.ID, stop string, err error) {
	p := c.u.Location
	if p == nil && c.actor.HouseholdID == "" {
		return "", say("chat.for_whom"), nil
	}
	if p == nil {
		return "", "", nil
	}
	own, err := c.own(ctx)
	if err != nil {
		return "", "", err
	}
	var grids []models.ID
	if c.works() {
		if grids, err = c.Outreach.GridsWorked(ctx, c.robot, c.actor); err != nil {
			return "", "", err
		}
	}
	if len(grids) > 0 {
		return c.otherHome(ctx, *p, own, grids)
	}
	if own.ID == "" || !draft.Agrees(own, *p) {
		if c.u.Intent == understand.Request || c.u.Intent == understand.Offer {
			return "", say("chat.others_home"), nil
		}
		return "", say("chat.others_take_back"), nil // it may be the address of who gave
	}
	return "", "", nil
}

// otherHome is the one home at an address that a worker wrote. A part of it would be
// many homes: her own may be in the same building as the one that she means.
func (c conversation) otherHome(ctx context.Context, p understand.Place, own registry.HouseholdView, grids []models.ID) (home models.ID, stop string, err error) {
	switch {
	case p.Building == nil:
		return "", say("chat.which_building"), nil
	case p.Room == nil:
		return "", say("chat.which_room"), nil
	}
	found, err := c.Registry.HomesAt(ctx, c.actor, grids, *p.Building, func(h registry.HouseholdView) bool { return draft.IsAt(h, p) })
	if err != nil {
		return "", "", err
	}
	hers := func(h registry.HouseholdView) bool { return h.ID == own.ID }
	if own.ID != "" && draft.IsAt(own, p) && !slices.ContainsFunc(found, hers) {
		found = append(found, own) // she need not work where she lives
	}
	switch {
	case len(found) == 1 && hers(found[0]):
		return "", "", nil
	case len(found) == 1:
		return found[0].ID, "", nil
	case len(found) > 1 && p.Unit == nil:
		return "", say("chat.which_unit"), nil
	}
	return "", say("chat.no_such_home", "link", c.app("/on-behalf")), nil
}

// own is the writer's home; the zero one for who has none.
func (c conversation) own(ctx context.Context) (registry.HouseholdView, error) {
	if c.actor.HouseholdID == "" {
		return registry.HouseholdView{}, nil
	}
	me, err := c.Registry.Session(ctx, c.actor)
	if err != nil || me.Household == nil {
		return registry.HouseholdView{}, err
	}
	return registry.HouseholdView{ID: c.actor.HouseholdID, Building: me.Household.Building, Door: me.Household.Door}, nil
}
