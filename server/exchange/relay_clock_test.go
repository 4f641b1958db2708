package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// While a point is paused nobody can collect there: nothing goes back, nobody is
// reminded to go, and when it opens again there is as much time as at first.
func TestPauseRelay_TheTimeOfWhatWaitsThereStandsStill(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayRelay)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		w.until(t, w.hand(t, m.HandoverID).DueAt.Add(26*time.Hour))
		if h := w.hand(t, m.HandoverID); h.State != models.HandoverReady {
			t.Fatalf("nobody could collect it: %s", h.State)
		}
		if n, _ := w.told(t, m.HandoverID, "handover.reminder"); n != 0 {
			t.Errorf("she was sent %d times to a point where nobody is", n)
		}
		must2(w.svc.ResumeRelay(t.Context(), w.worker, w.Relay.ID))(t)
		h := w.hand(t, m.HandoverID)
		if due := w.Relay.CollectBy(w.Clock.Now()); !h.DueAt.Equal(due) || h.Reminded != 0 {
			t.Fatalf("kept until %v, not %v", h.DueAt, due)
		}
		w.until(t, h.DueAt.Add(-time.Minute))
		if n, _ := w.told(t, m.HandoverID, "handover.reminder"); n != models.ReadyReminders {
			t.Errorf("reminded %d times since it is open", n)
		}
		w.until(t, h.DueAt.Add(time.Minute))
		if h := w.hand(t, m.HandoverID); h.State != models.HandoverReturned {
			t.Errorf("and then the next gets it: %s", h.State)
		}
	})
}

func TestPauseRelay_WhoCannotBringItIsNotLate(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 6)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		w.until(t, m.DueAt.Add(26*time.Hour))
		if n, _ := w.told(t, m.ID, "match.reminder"); n != 0 {
			t.Errorf("the giver was sent %d times to a point where nobody is", n)
		}
		must2(w.svc.ResumeRelay(t.Context(), w.worker, w.Relay.ID))(t)
		w.sweep(t)
		kept := w.lead(t, w.elder, w.requestOf(t, w.elder))
		if kept.State != models.MatchAgreed || !kept.DueAt.After(w.Clock.Now()) {
			t.Fatalf("%s until %v", kept.State, kept.DueAt)
		}
		w.until(t, kept.DueAt.Add(time.Minute))
		if n, _ := w.told(t, m.ID, "match.lapsed"); n != 1 {
			t.Error("and then it lapses")
		}
	})
}

func TestMoveBox_BeginsTheRemindersAnew(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayRelay)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		w.until(t, w.hand(t, m.HandoverID).DueAt.Add(26*time.Hour))
		to := w.relayIn(t, w.Beside, w.Community)
		must2(w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to.ID))(t)
		h := w.hand(t, m.HandoverID)
		now := w.Clock.Now()
		if h.State != models.HandoverReady || !h.DueAt.After(now.Add(12*time.Hour)) || h.RemindAt == nil || !h.RemindAt.After(now) {
			t.Fatalf("%+v", h)
		}
	})
}

// fetching is a round that is out to fetch ten of the giver's for the elder.
func (w *town) fetching(t *testing.T) (exchange.RoundView, models.ID) {
	t.Helper()
	lot := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, exchange.NewOffer{Way: models.WayDoor, Lots: []exchange.NewLot{blister(10)}}))(t).Lots[0].ID
	must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
	v := w.plan(t, exchange.NewRound{Lots: []models.ID{lot}, End: exchange.NewEnd{Kind: models.EndAnywhere}})
	return must2(w.svc.StartRound(t.Context(), w.worker, v.ID))(t), lot
}

// What is fetched is put down where it can be collected: not in a box that was paused
// while she walked.
func TestRound_PutsDownNothingAtAPausedPoint(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before it is fetched", "while it is carried"} {
		storetest.Each(t, func(t *testing.T, b storetest.Bench) {
			w := newTown(t, b)
			v, lot := w.fetching(t)
			second := w.point(t, "R07-2", 400, 0)
			b.Clock.Add(11 * time.Second)
			if when == "before it is fetched" {
				must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
			}
			fetch := stopOf(t, v, ofKind(models.StopFetch))
			v = must2(w.svc.StopDone(t.Context(), w.worker, v.ID, fetch.ID, exchange.Giving{}))(t)
			drop := stopOf(t, v, ofKind(models.StopDrop))
			if when == "while it is carried" {
				must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
				v = must2(w.svc.StopDone(t.Context(), w.worker, v.ID, drop.ID, exchange.Giving{}))(t)
				if drop = stopOf(t, v, ofKind(models.StopDrop)); drop.State != models.StopOpen {
					t.Fatalf("put down where nobody is: %+v", drop)
				}
			}
			if *drop.RelayID != second.ID || drop.Lat != second.Lat {
				t.Fatalf("%s: she is sent to %s", when, *drop.RelayID)
			}
			must2(w.svc.StopDone(t.Context(), w.worker, v.ID, drop.ID, exchange.Giving{}))(t)
			if l := w.lot(t, lot); l.RelayID == nil || *l.RelayID != second.ID {
				t.Fatalf("%s: it lies at %v", when, l.RelayID)
			}
			if m := w.lead(t, w.elder, w.requestOf(t, w.elder)); m.Relay.ID != second.ID {
				t.Errorf("%s: she collects at %s", when, m.Relay.Code)
			}
			must2(w.svc.EndRound(t.Context(), w.worker, v.ID))(t)
		})
	}
}

// Without another point a worker keeps it by hand, as what is brought all the same.
func TestRound_WithoutAnotherPointAWorkerKeepsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, lot := w.fetching(t)
		must2(w.svc.StopDone(t.Context(), w.worker, v.ID, stopOf(t, v, ofKind(models.StopFetch)).ID, exchange.Giving{}))(t)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		must2(w.svc.StopDone(t.Context(), w.worker, v.ID, stopOf(t, v, ofKind(models.StopDrop)).ID, exchange.Giving{}))(t)
		if l := w.lot(t, lot); l.Place != models.PlaceBox || l.RelayID != nil {
			t.Errorf("it lies at %v", l.RelayID)
		}
		must2(w.svc.EndRound(t.Context(), w.worker, v.ID))(t)
	})
}
