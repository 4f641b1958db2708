package exchange

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
)

// Handing is by what a stop's handover is closed at the door.
type Handing struct {
	Code, Token string
	How         models.ClosedHow
	Door        string // the household's code
	Why         string
	Adult       bool
	ScannedAt   *time.Time
}

// handAtDoor closes the handover of a stop as every handover is closed. It is a
// change of its own, under a key of its own: repeated, it has been done, and the
// stop that was left open is settled with the next step of the round.
func (s *Service) handAtDoor(ctx context.Context, actor models.Actor, handover models.ID, in Handing) error {
	if in.Code == "" && in.Token == "" { // not a wrong try: nothing was tried
		return fault.InvalidField("code", "missing")
	}
	if actor.Call.Key != "" {
		actor.Call.Route += " give"
	}
	_, err := s.Give(ctx, actor, handover, in.Code, in.Token)
	return err
}
