package exchange_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// scanned is what a phone without a net kept of the receiver's picture.
func (w *town) scanned(t *testing.T, hand models.ID) exchange.Giving {
	t.Helper()
	at := w.Clock.Now()
	return exchange.Giving{Token: must2(w.svc.PickupCode(t.Context(), w.elder.Actor, hand))(t).Token, ScannedAt: &at, Adult: true}
}

// TestLate_APhoneWhoseClockIsAheadIsBelieved: what it tells was done by now.
func TestLate_APhoneWhoseClockIsAheadIsBelieved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		in := w.scanned(t, id)
		ahead := in.ScannedAt.Add(3 * time.Hour)
		in.ScannedAt = &ahead
		if done := must2(w.svc.Give(t.Context(), w.worker, id, in))(t); done.State != models.HandoverDone || done.ClosedHow != models.HowOffline {
			t.Fatalf("%+v", done.Handover)
		}
	})
}

// TestLate_WhatIsUnsafeNowIsWithHerAndAskedBack: it was handed over before anybody
// could know; nobody writes it back into a box in which it does not lie.
func TestLate_WhatIsUnsafeNowIsWithHerAndAskedBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		walker := w.walker(t, "2-1-101").Actor
		hand, r := w.onTheWay(t, walker, onCounter("B7"))
		in := w.scanned(t, hand)
		w.recall(t, "b-7")
		st := stopOf(t, must2(w.svc.StopDone(t.Context(), walker, r.ID, stopOf(t, r, bringing(hand)).ID, in))(t), bringing(hand))
		if st.State != models.StopDone || len(st.KeptBack) != 1 || !st.KeptBack[0].Gone || st.KeptBack[0].Reason.Code != models.ReasonRecalled {
			t.Fatalf("%s %+v", st.State, st.KeptBack)
		}
		if h := w.hand(t, hand); h.State != models.HandoverDone || h.Sample != models.SampleWaits {
			t.Fatalf("given, and looked at: %+v", h)
		}
		lot := w.matchLot(t, hand)
		if held, _ := models.Held(w.lot(t, lot), w.chain(t, lot)); held[models.Home(w.elder.HouseholdID)] != 6 || held[models.Box(w.Relay.ID)] != 4 {
			t.Errorf("it is with her: %v", held)
		}
		day := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(day.ToCollect) != 1 || day.ToCollect[0].HouseholdID != w.elder.HouseholdID {
			t.Errorf("it is asked back: %+v", day.ToCollect)
		}
		if cards := must2(w.svc.Samples(t.Context(), w.leader(t)))(t); len(cards) != 1 {
			t.Errorf("her leader looks: %+v", cards)
		}
	})
}

// TestLate_WhatWasRefusedMeanwhileIsNotLost: at the desk it was found unsafe, in the
// stairwell it had been given already.
func TestLate_WhatWasRefusedMeanwhileIsNotLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		hand, r := w.onTheWay(t, w.worker, onCounter("B7"))
		in := w.scanned(t, hand)
		w.recall(t, "b-7")
		b.Clock.Add(time.Minute)
		must2(w.svc.Give(t.Context(), w.Worker(t, w.Micro), hand, w.code(t, w.elder.Actor, hand)))(t)
		st := stopOf(t, must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, r, bringing(hand)).ID, in))(t), bringing(hand))
		if len(st.KeptBack) != 1 || !st.KeptBack[0].Gone || st.TwiceAt == nil {
			t.Fatalf("%+v", st)
		}
		if h := w.hand(t, hand); h.State != models.HandoverRefused || h.TwiceAt == nil || h.Sample != models.SampleWaits {
			t.Fatalf("%+v", h)
		}
		day := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(day.Twice) != 1 || len(day.Reviews) != 1 || day.Reviews[0].Review.Note != exchange.GivenUnsafe {
			t.Errorf("her worker finds %+v and %+v", day.Twice, day.Reviews)
		}
	})
}

// TestLate_ARoundEndedByHerWorkerTakesNothingBack: what she did before still counts,
// and a second use of the code is still told.
func TestLate_ARoundEndedByHerWorkerTakesNothingBack(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]bool{"waits in its box": false, "given by another": true} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				w := newTown(t, b)
				walker := w.walker(t, "2-1-101").Actor
				hand, r := w.onTheWay(t, walker, onCounter("B7"))
				in := w.scanned(t, hand)
				b.Clock.Add(time.Minute)
				must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t)
				if given {
					must2(w.svc.Give(t.Context(), w.worker, hand, w.code(t, w.elder.Actor, hand)))(t)
				}
				b.Clock.Add(time.Minute)
				st := stopOf(t, must2(w.svc.StopDone(t.Context(), walker, r.ID, stopOf(t, r, bringing(hand)).ID, in))(t), bringing(hand))
				h := w.hand(t, hand)
				if h.State != models.HandoverDone || (h.TwiceAt != nil) != given || (st.TwiceAt != nil) != given {
					t.Fatalf("%+v", h)
				}
				if lot := w.matchLot(t, hand); !given && *h.ClosedBy != walker.PersonID || w.lot(t, lot).Given != 6 {
					t.Errorf("%+v", h)
				}
			})
		})
	}
}

// TestLate_AWordIsLookedAtThoughItWasPutBack: given face to face without a net, told
// after it went back into its box.
func TestLate_AWordIsLookedAtThoughItWasPutBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		due := *w.handover(t, w.worker, id).DueAt
		at := due.Add(-10 * time.Minute)
		b.Clock.Add(due.Sub(b.Clock.Now()) + time.Hour)
		w.sweep(t)
		in := exchange.Giving{How: models.HowFace, Why: "手机没电", Adult: true}
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); reasonOf(err) != "wrong_state" {
			t.Errorf("now, of what is not there: %v", err)
		}
		in.ScannedAt = &at
		view := must2(w.svc.Give(t.Context(), w.worker, id, in))(t)
		if view.State != models.HandoverReturned || view.TwiceAt == nil || view.Sample != models.SampleWaits {
			t.Fatalf("%+v", view.Handover)
		}
		if cards := must2(w.svc.Samples(t.Context(), w.leader(t)))(t); len(cards) != 1 || cards[0].ClosedWhy != "手机没电" {
			t.Errorf("her leader sees %+v", cards)
		}
	})
}

// TestTwice_IsSeenWhereTheBoxIsAndWhereSheLives: a point of the community lies in
// another micro-grid; whoever handed it over there must learn of it.
func TestTwice_IsSeenWhereTheBoxIsAndWhereSheLives(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		point := w.relayIn(t, w.Beside, w.Community)
		there := w.Worker(t, w.Beside)
		must2(w.svc.BookIn(t.Context(), there, point.ID, exchange.BookIn{From: exchange.FromCommunity, Lines: []exchange.BookLine{onCounter("B7")}}))(t)
		hand := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0].HandoverID
		in := w.scanned(t, hand)
		w.label(t, there, hand)
		must2(w.svc.Give(t.Context(), there, hand, w.code(t, w.elder.Actor, hand)))(t)
		b.Clock.Add(time.Minute)
		must2(w.svc.Give(t.Context(), w.worker, hand, in))(t)
		for who, grid := range map[models.ID]models.Actor{w.Micro.ID: w.worker, w.Beside.ID: there} {
			day := must2(w.svc.Today(t.Context(), grid, who))(t)
			if !slices.ContainsFunc(day.Twice, func(h exchange.HandoverView) bool { return h.ID == hand }) {
				t.Errorf("%s sees %+v", who, day.Twice)
			}
		}
	})
}
