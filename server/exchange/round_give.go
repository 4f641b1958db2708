package exchange

import (
	"context"

	"linli/models"
)

// handAtDoor closes the handover of a stop as every handover is closed. It is a
// change of its own, under a key of its own: repeated, it has been done, and the
// stop that was left open is settled with the next step of the round.
func (s *Service) handAtDoor(ctx context.Context, actor models.Actor, handover models.ID, in Giving) error {
	if actor.Call.Key != "" {
		actor.Call.Route += " give"
	}
	_, err := s.Give(ctx, actor, handover, in)
	return err
}
