package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
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

// bringDone gives at the door of a stop what is still to be given there. Over tells
// that the stop has ended, and its round perhaps too: her worker ended it while she
// was without a net, and what she did then still counts.
func (s *Service) bringDone(ctx context.Context, actor models.Actor, set roundSet, st models.Stop, in Giving) (kept []KeptBack, over bool, err error) {
	at := slices.IndexFunc(set.hands, func(h models.Handover) bool { return h.ID == deref(st.HandoverID) })
	if st.Kind != models.StopBring || at < 0 {
		return nil, false, nil
	}
	h, open := set.hands[at], st.State == models.StopOpen
	late := in.check() == nil && in.late()
	switch {
	case late && set.round.State != models.RoundPlanned:
		in.walked = walkedAt(set.round, in, s.store.Now())
	case !open || !h.Live(): // it went another way, or she has tapped before
		return nil, false, nil
	case h.State == models.HandoverReady:
		return nil, false, fault.New(fault.Conflict, "take_first")
	}
	given, err := s.handAtDoor(ctx, actor, h.ID, in)
	return given.KeptBack, late && !open, err
}

// walkedAt reports whether a round was being walked when something was handed over:
// a word counts until it was over, a code by itself.
func walkedAt(r models.Round, in Giving, now time.Time) bool {
	at := in.at(now)
	return !at.Before(r.StartAt) && (in.How == models.HowOffline || r.ClosedAt == nil || !at.After(*r.ClosedAt))
}

// afterRound shows a round as it is after something was told of it that is over.
func (s *Service) afterRound(ctx context.Context, actor models.Actor, id models.ID, kept []KeptBack) (RoundView, error) {
	set, err := s.loadRound(ctx, id, about{})
	if err != nil {
		return RoundView{}, err
	}
	sc, err := s.scope(ctx, set.round.GridID)
	if err != nil {
		return RoundView{}, err
	}
	return s.viewRound(ctx, actor, set, sc, kept...)
}

// tell writes at its stop what was found unsafe at the door and that a code was used
// twice: who stands there must not give it, and takes it back.
func (b roundBook) tell(sv *StopView, h models.Handover) {
	sv.TwiceAt = h.TwiceAt
	for _, m := range b.set.matches {
		if k, said := b.said(m.ID); m.HandoverID == h.ID && (said || b.takesBack(h, m)) {
			sv.KeptBack = append(sv.KeptBack, KeptBack{m.ID, m.ItemID, m.Quantity, k.Reason, k.Gone})
		}
	}
}

// takesBack reports whether a match was refused at the door: while who walks had it
// with her, and not by a check before she set out.
func (b roundBook) takesBack(h models.Handover, m models.Match) bool {
	return deref(h.CarrierID) == b.set.round.PersonID && m.State == models.MatchRefused && m.EndReason == endUnsafe &&
		!m.ClosedAt.Before(b.set.round.StartAt)
}

// said is what the hand-over has just said of a match; later no more is known than
// that it was not safe.
func (b roundBook) said(match models.ID) (KeptBack, bool) {
	for _, k := range b.kept {
		if k.MatchID == match {
			return k, true
		}
	}
	return KeptBack{Reason: models.Reason{Code: "unsafe_now", Readers: []models.Reader{models.ReaderAll}}}, false
}
