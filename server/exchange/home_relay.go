package exchange

import (
	"context"

	"linli/models"
	"linli/models/store"
)

// HomeRelay is the relay point nearest to the actor's home, an open one where there
// is one, and the walk there, so that she can call before she has posted anything. Nil where none
// serves her grid; the walk is -1 without a position.
func (s *Service) HomeRelay(ctx context.Context, actor models.Actor) (*models.RelayPoint, int, error) {
	if actor.GridID == "" {
		return nil, models.UnknownMetres, nil
	}
	sc, err := s.scope(ctx, actor.GridID)
	if err != nil {
		return nil, models.UnknownMetres, err
	}
	var homes []models.Household
	if actor.HouseholdID != "" {
		err = s.store.Read(ctx, store.ByID([]models.ID{actor.HouseholdID}, &homes))
	}
	from := models.Spot{}
	if len(homes) == 1 {
		from = homes[0].Spot(sc.grid.Code)
	}
	relay, metres := nearestRelay(sc.relays, sc.walks, from)
	return relay, metres, err
}
