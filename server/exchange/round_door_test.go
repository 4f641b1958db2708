package exchange_test

import (
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// onTheWay sends a walker out with what lies on the counter for the elder.
func (w *town) onTheWay(t *testing.T, walker models.Actor, lines ...exchange.BookLine) (models.ID, exchange.RoundView) {
	t.Helper()
	w.community(t, lines...)
	hand := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0].HandoverID
	w.label(t, w.worker, hand)
	w.toDoor(t, hand, models.WayDoor)
	r := w.plan(t, exchange.NewRound{PersonID: walker.PersonID, Handovers: []models.ID{hand}})
	if walker.PersonID != w.worker.PersonID {
		must2(w.svc.AcceptRound(t.Context(), walker, r.ID))(t)
	}
	return hand, must2(w.svc.StartRound(t.Context(), walker, r.ID))(t)
}

// some is so many tablets of a batch on the counter.
func some(units int, batch string) exchange.BookLine {
	l := onCounter(batch)
	l.Units = units
	return l
}

// TestDoor_WhatWasRecalledOnTheWayIsNamedToWhoStandsThere: she typed the right code,
// and must not hand it over; she still reads so when she looks again.
func TestDoor_WhatWasRecalledOnTheWayIsNamedToWhoStandsThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []exchange.BookLine
		state models.StopState
		hand  models.HandoverState
	}{
		"all":  {[]exchange.BookLine{some(10, "B7")}, models.StopFailed, models.HandoverRefused},
		"part": {[]exchange.BookLine{some(4, "B7"), some(4, "C1")}, models.StopDone, models.HandoverDone},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				w := newTown(t, b)
				walker := w.walker(t, "2-1-101").Actor
				hand, r := w.onTheWay(t, walker, c.lines...)
				stop := stopOf(t, r, bringing(hand)).ID
				w.recall(t, "b-7")
				tapped := walker
				tapped.Call = models.Call{Key: "tap", Route: "POST done", Hash: "h"}
				in := w.code(t, w.elder.Actor, hand)
				for range 2 { // the answer of the first is the answer of both
					st := stopOf(t, must2(w.svc.StopDone(t.Context(), tapped, r.ID, stop, in))(t), bringing(hand))
					if st.State != c.state || len(st.KeptBack) != 1 || st.KeptBack[0].Reason.Code != models.ReasonRecalled {
						t.Fatalf("%s: %+v", st.State, st.KeptBack)
					}
				}
				if h := w.hand(t, hand); h.State != c.hand {
					t.Fatalf("%s", h.State)
				}
				again := stopOf(t, must2(w.svc.Round(t.Context(), walker, r.ID))(t), bringing(hand))
				if len(again.KeptBack) != 1 || again.KeptBack[0].Reason.Code != "unsafe_now" {
					t.Errorf("looked at again: %+v", again.KeptBack)
				}
				must2(w.svc.EndRound(t.Context(), walker, r.ID))(t)
			})
		})
	}
}

// TestRound_TakesWhatAWorkerKeepsByHandThoughItIsOut: nothing stops it at a point
// that there is not; and the walk is as long as it has become.
func TestRound_TakesWhatAWorkerKeepsByHandThoughItIsOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		r := w.plan(t, exchange.NewRound{Handovers: []models.ID{w.readyFor(t, w.elder, models.WayDoor)}, End: exchange.NewEnd{Kind: models.EndAnywhere}})
		r = must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		must(t, 0, w.Store.InTx(t.Context(), func(tx *store.Tx) error { // from here on there is no point
			w.Relay.State = models.RelayPaused
			return tx.SaveRelay(&w.Relay)
		}))
		asked := must2(w.ask(t, w.other, "M140", 6, well(models.AgeAdult)))(t)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
		w.checkIn(t, lot, 10)
		hand := w.request(t, w.other.Actor, asked.ID).Needs[0].Matches[0].HandoverID
		if w.hand(t, hand).RelayID != nil {
			t.Fatal("it lies at a point")
		}
		w.toDoor(t, hand, models.WayDoor)
		added := must2(w.svc.AddStop(t.Context(), w.worker, r.ID, exchange.NewStop{HandoverID: hand}))(t)
		if h := w.hand(t, hand); h.State != models.HandoverOut || *h.CarrierID != w.worker.PersonID {
			t.Fatalf("with her: %+v", h)
		}
		if added.Metres <= r.Metres || added.Exact {
			t.Errorf("%d m of %d, exact %t", added.Metres, r.Metres, added.Exact)
		}
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, added, bringing(hand)).ID, w.code(t, w.other.Actor, hand)))(t)
	})
}
