package exchange_test

import (
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// TestRound_ARoleThatWasTakenAwayOpensNoDoor: neither a round that he was to walk,
// nor one that he is walking; his worker ends it and nothing is lost.
func TestRound_ARoleThatWasTakenAwayOpensNoDoor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		walker := w.walker(t, "2-1-101").Actor
		hand, r := w.onTheWay(t, walker, onCounter("B7"))
		stop := stopOf(t, r, bringing(hand)).ID
		w.stock(t, 2)
		planned := w.plan(t, exchange.NewRound{PersonID: walker.PersonID, Handovers: []models.ID{w.readyFor(t, w.other, models.WayDoor)}})
		code := w.code(t, w.elder.Actor, hand)
		revoked := walker
		revoked.Roles = nil
		for step, err := range map[string]error{
			"accept": second(w.svc.AcceptRound(t.Context(), revoked, planned.ID)),
			"start":  second(w.svc.StartRound(t.Context(), revoked, planned.ID)),
			"cancel": second(w.svc.CancelRound(t.Context(), revoked, planned.ID)),
			"read":   second(w.svc.Round(t.Context(), revoked, r.ID)),
			"done":   second(w.svc.StopDone(t.Context(), revoked, r.ID, stop, code)),
			"fail":   second(w.svc.StopFailed(t.Context(), revoked, r.ID, stop, "not_home", exchange.WhenEnd)),
			"end":    second(w.svc.EndRound(t.Context(), revoked, r.ID)),
			"give":   second(w.svc.Give(t.Context(), revoked, hand, code)),
			"look":   second(w.svc.Handover(t.Context(), revoked, hand)),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", step, err)
			}
		}
		if list := must2(w.svc.Rounds(t.Context(), revoked, ""))(t); len(list) != 0 {
			t.Errorf("he still sees %d rounds", len(list))
		}
		must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t)
		if h := w.hand(t, hand); h.State != models.HandoverReady || h.CarrierID != nil {
			t.Errorf("it is in its box again: %+v", h)
		}
	})
}
