package exchange

import (
	"context"

	"linli/models"
	"linli/models/store"
)

// HomeRelay is the open relay point nearest to the actor's home and the walk
// there, so that she can call before she has posted anything. Nil where none
// serves her grid; the walk is -1 without a position.
func (s *Service) HomeRelay(ctx context.Context, actor models.Actor) (*models.RelayPoint, int, error) {
	if actor.GridID == "" {
		return nil, unknownMetres, nil
	}
	sc, err := s.scope(ctx, actor.GridID)
	if err != nil {
		return nil, unknownMetres, err
	}
	var homes []models.Household
	if actor.HouseholdID != "" {
		err = s.store.Read(ctx, store.ByID([]models.ID{actor.HouseholdID}, &homes))
	}
	relay, metres := nearestRelay(sc.relays, homes, actor.HouseholdID)
	return relay, metres, err
}
