package exchange

import (
	"context"

	"linli/models"
)

// handAtDoor closes the handover of a stop as every handover is closed. It is a
// change of its own, under a key of its own: repeated, it has been done, and the
// stop that was left open is settled with the next step of the round.
func (s *Service) handAtDoor(ctx context.Context, actor models.Actor, handover models.ID, in Giving) (HandoverView, error) {
	if actor.Call.Key != "" {
		actor.Call.Route += " give"
	}
	return s.Give(ctx, actor, handover, in)
}

// tell writes at its stop what was found unsafe at the door and that a code was used
// twice: who stands there must not give it, and takes it back.
func (b roundBook) tell(sv *StopView, h models.Handover) {
	sv.TwiceAt = h.TwiceAt
	for _, m := range b.set.matches {
		if m.HandoverID == h.ID && b.takesBack(h, m) {
			sv.KeptBack = append(sv.KeptBack, KeptBack{m.ID, m.ItemID, m.Quantity, b.why(m.ID)})
		}
	}
}

// takesBack reports whether a match was refused at the door: while who walks had it
// with her, and not by a check before she set out.
func (b roundBook) takesBack(h models.Handover, m models.Match) bool {
	return deref(h.CarrierID) == b.set.round.PersonID && m.State == models.MatchRefused && m.EndReason == endUnsafe &&
		!m.ClosedAt.Before(b.set.round.StartAt)
}

// why is what the hand-over has just said of a match; later no more is known than
// that it was not safe.
func (b roundBook) why(match models.ID) models.Reason {
	for _, k := range b.kept {
		if k.MatchID == match {
			return k.Reason
		}
	}
	return models.Reason{Code: "unsafe_now", Readers: []models.Reader{models.ReaderAll}}
}
