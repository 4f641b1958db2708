package exchange_test

import (
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// told counts the events of a kind about a thing, and for whom the last was.
func (w *town) told(t *testing.T, thing models.ID, kind string) (int, models.Audience) {
	t.Helper()
	var events []models.Event
	if err := w.Store.Read(t.Context(), store.EventsOf(w.Micro.ID, []models.ID{thing}, &events)); err != nil {
		t.Fatal(err)
	}
	n, to := 0, models.Audience{}
	for _, e := range events {
		if e.Kind == kind {
			n, to = n+1, e.Audience
		}
	}
	return n, to
}

// until moves the clock hour by hour and sweeps, as the service does.
func (w *town) until(t *testing.T, at time.Time) {
	t.Helper()
	for w.Clock.Now().Before(at) {
		w.Clock.Add(min(time.Hour, at.Sub(w.Clock.Now())))
		w.sweep(t)
	}
}

func TestWay_IsTheRequestsAndMayChangeUntilItIsOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayLeave).HandoverID
		if h := w.handover(t, w.elder.Actor, id); h.Way != models.WayLeave {
			t.Fatalf("asked to leave it at the door: %s", h.Way)
		}
		change := func(who models.Actor, way models.Way) error {
			return second(w.svc.ChangeWay(t.Context(), who, id, way))
		}
		if err := change(w.giver.Actor, models.WayDoor); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the giver: %v", err)
		}
		if err := change(w.elder.Actor, "pigeon"); reasonOf(err) != "way_unknown" {
			t.Errorf("no such way: %v", err)
		}
		if err := change(w.elder.Actor, models.WayDoor); err != nil {
			t.Fatal(err)
		}
		if h := w.handover(t, w.worker, id); h.Way != models.WayDoor || h.State != models.HandoverReady {
			t.Fatalf("%+v", h.Handover)
		}
		w.sendOut(t, id, w.worker.PersonID)
		if err := change(w.elder.Actor, models.WayRelay); reasonOf(err) != "out_already" {
			t.Errorf("on its way: %v", err)
		}
	})
}

func TestReminder_TheGiverHearsOnceBeforeTheTimeIsOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		due := *m.DueAt
		w.until(t, due.Add(-time.Minute))
		n, to := w.told(t, m.ID, "match.reminder")
		if n != 1 || len(to.Persons) != 1 || to.Persons[0] != w.giver.PersonID {
			t.Fatalf("told %d times, to %+v", n, to)
		}
		if at := w.Clock.Now().In(models.Shanghai); at.Hour() < 8 || at.Hour() > 21 {
			t.Fatalf("the test ends at night: %v", at)
		}
		w.until(t, due.Add(time.Minute)) // and still nothing: the match lapses, the need looks on
		if got := w.request(t, w.elder.Actor, asked.ID).Needs[0]; got.Open != 6 || got.Matches[0].EndReason != "not_brought" {
			t.Fatalf("%+v", got)
		}
	})
}

// TestLapse_OfWhatNobodySaidYesToIsNoFaultOfTheGivers.
func TestLapse_OfWhatNobodySaidYesToIsNoFaultOfTheGivers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M001", 6, well(models.AgeAdult)))(t)
		must2(w.offer(t, w.giver, blister(10)))(t)
		w.until(t, w.Clock.Now().Add(20*time.Hour))
		m := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
		if m.State != models.MatchLapsed || m.EndReason != "unanswered" {
			t.Fatalf("%+v", m.Match)
		}
		if n, _ := w.told(t, m.ID, "match.reminder"); n != 0 {
			t.Error("a giver was reminded of what nobody had said yes to")
		}
	})
}

func TestReminder_WhoLetsItLieHearsTwiceAndThenTheNextGetsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayRelay)
		w.until(t, w.handover(t, w.worker, m.HandoverID).DueAt.Add(-time.Minute))
		n, to := w.told(t, m.HandoverID, "handover.reminder")
		if n != models.ReadyReminders || len(to.Persons) != 1 || to.Persons[0] != w.elder.PersonID {
			t.Fatalf("told %d times, to %+v", n, to)
		}
		must2(w.ask(t, w.other, "M004", 4, well(models.AgeAdult)))(t) // the four that are free
		third := w.Neighbour(t, w.Micro, "7-1-701", "周叔", models.CareNone)
		next := must2(w.ask(t, third, "M004", 6, well(models.AgeAdult)))(t)
		w.until(t, w.Clock.Now().Add(2*time.Minute))
		h := w.handover(t, w.worker, m.HandoverID)
		if h.State != models.HandoverReturned || h.RemindAt != nil {
			t.Fatalf("%+v", h.Handover)
		}
		if got := w.request(t, third.Actor, next.ID).Needs[0]; got.Matched != 6 {
			t.Fatalf("the next home: %+v", got.Need)
		}
	})
}

func TestReminder_WhatWasBroughtAsksThreeTimesAndThenHerWorkerFindsOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayDoor)
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		due := *w.handover(t, w.worker, m.HandoverID).DueAt
		w.until(t, due.Add(-time.Minute))
		if n, _ := w.told(t, m.HandoverID, "handover.asked"); n != 0 {
			t.Fatalf("asked %d times before its time", n)
		}
		w.until(t, due.Add(36*time.Hour))
		n, to := w.told(t, m.HandoverID, "handover.asked")
		if n != models.GotItAsks || len(to.Persons) != 1 || to.Persons[0] != w.elder.PersonID {
			t.Fatalf("asked %d times, %+v", n, to)
		}
		if n, to := w.told(t, m.HandoverID, "handover.unanswered"); n != 1 || !to.Workers || len(to.Persons) != 0 {
			t.Fatalf("her worker hears %d times, %+v", n, to)
		}
		var events []models.Event
		if err := w.Store.Read(t.Context(), store.EventsOf(w.Micro.ID, []models.ID{m.HandoverID}, &events)); err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if hour := e.At.In(models.Shanghai).Hour(); e.Kind == "handover.asked" && (hour < 8 || hour >= 21) {
				t.Errorf("asked at %v", e.At.In(models.Shanghai))
			}
		}
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.ToHandOver) != 1 || !today.ToHandOver[0].Unanswered() || today.ToHandOver[0].State != models.HandoverOut {
			t.Fatalf("it is out still, and a task: %+v", today.ToHandOver)
		}
		must2(w.svc.Received(t.Context(), w.elder.Actor, m.ID))(t)
		if h := w.handover(t, w.worker, m.HandoverID); h.State != models.HandoverDone || h.ClosedHow != models.HowReceived {
			t.Fatalf("%+v", h.Handover)
		}
	})
}

// TestReminder_OfASweepThatComesAtNightWaitsForMorning, and sweeping again does nothing.
func TestReminder_OfASweepThatComesAtNightWaitsForMorning(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayDoor)
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		due := *w.handover(t, w.worker, m.HandoverID).DueAt
		b.Clock.Add(due.Add(5 * time.Hour).Sub(b.Clock.Now())) // 23:00
		w.sweep(t)
		if n, _ := w.told(t, m.HandoverID, "handover.asked"); n != 0 {
			t.Fatal("she was woken")
		}
		b.Clock.Add(10 * time.Hour) // 9:00
		for range 3 {
			w.sweep(t)
		}
		if n, _ := w.told(t, m.HandoverID, "handover.asked"); n != 1 {
			t.Fatalf("asked %d times at once", n)
		}
	})
}

// two has one need of the elder's met by two lots of the giver's in one handover,
// of which the second goes out of date first.
func (w *town) two(t *testing.T) (exchange.RequestView, models.ID) {
	t.Helper()
	asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
	soon := blister(3)
	soon.ExpiresOn = "2026-12-23"
	offered := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, exchange.NewOffer{Way: models.WayRelay, Lots: []exchange.NewLot{soon, blister(10)}}))(t)
	for _, l := range offered.Lots {
		in := seen(l.Offered)
		in.ExpiresOn = l.ExpiresOn
		w.photo(t, w.worker, models.PhotoLeaflet, l.ID)
		must2(w.svc.CheckInLot(t.Context(), w.worker, l.ID, in))(t)
	}
	asked = w.request(t, w.elder.Actor, asked.ID)
	if ms := asked.Needs[0].Matches; len(ms) != 2 || ms[0].HandoverID != ms[1].HandoverID {
		t.Fatalf("two lots in one handover: %+v", ms)
	}
	return asked, asked.Needs[0].Matches[0].HandoverID
}

func TestGive_WhatIsOutOfDateNowIsKeptBackAndTheRestGiven(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, id := w.two(t)
		must2(w.svc.ChangeWay(t.Context(), w.elder.Actor, id, models.WayDoor))(t)
		w.sendOut(t, id, w.worker.PersonID) // what is out is not put back by time
		b.Clock.Add(4 * 24 * time.Hour)     // a course of three days would end after its date
		done := must2(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{How: models.HowFace, Why: "没带手机", Adult: true}))(t)
		if done.State != models.HandoverDone || len(done.KeptBack) != 1 || done.KeptBack[0].Quantity != 3 || done.KeptBack[0].Reason.Code == "" {
			t.Fatalf("%+v %+v", done.Handover, done.KeptBack)
		}
		n := w.request(t, w.elder.Actor, asked.ID).Needs[0]
		if n.Fulfilled != 3 || n.Matched+n.Open != 3 {
			t.Fatalf("three are hers, three looked for: %+v", n.Need)
		}
		for _, m := range n.Matches {
			if m.State != models.MatchRefused {
				continue
			}
			held, broken := models.Held(w.lot(t, m.LotID), w.chain(t, m.LotID))
			if broken >= 0 || held[models.Carrier(w.worker.PersonID)] != 3 || w.lot(t, m.LotID).Reserved != 3 {
				t.Errorf("it is still in the bag: %v", held)
			}
			w.home(t, w.worker)
			held, broken = models.Held(w.lot(t, m.LotID), w.chain(t, m.LotID))
			if broken >= 0 || held[models.Box(w.Relay.ID)] != 3 || w.lot(t, m.LotID).Reserved != 0 {
				t.Errorf("it goes back to the box: %v", held)
			}
		}
	})
}

func TestGive_NothingSafeClosesItAsRefused(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M140", 3, well(models.AgeElder)))(t)
		soon := blister(3)
		soon.ExpiresOn = "2026-12-23"
		lot := must2(w.offer(t, w.giver, soon))(t).Lots[0]
		in := seen(3)
		in.ExpiresOn = soon.ExpiresOn
		must2(w.svc.CheckInLot(t.Context(), w.worker, lot.ID, in))(t)
		m := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		b.Clock.Add(4 * 24 * time.Hour)
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID))(t)
		view := must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
		if view.State != models.HandoverRefused || len(view.KeptBack) != 1 || view.WrongCode {
			t.Fatalf("%+v %+v", view.Handover, view.KeptBack)
		}
	})
}

func TestCondition_ReportedMeanwhileTakesBackWhatIsNotSafeForHer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M001", Units: 10, Strength: "0.3 g", Form: "胶囊", ExpiresOn: "2027-08-31", Seal: models.SealBlister}))(t).Lots[0].ID
		w.checkIn(t, lot, 10)
		asked := must2(w.ask(t, w.other, "M001", 4, well(models.AgeAdult)))(t)
		need, m := asked.Needs[0].ID, asked.Needs[0].Matches[0]
		report := func(who models.Actor, answers map[string]models.Answer) (exchange.NeedView, error) {
			return w.svc.ReportCondition(t.Context(), who, need, answers)
		}
		if _, err := report(w.giver.Actor, map[string]models.Answer{"ulcer": models.Yes}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the giver: %v", err)
		}
		if _, err := report(w.other.Actor, nil); reasonOf(err) != "missing" {
			t.Errorf("nothing: %v", err)
		}
		if _, err := report(w.other.Actor, map[string]models.Answer{"ulcer": "perhaps"}); reasonOf(err) != "answer_unknown" {
			t.Errorf("no answer: %v", err)
		}
		if n := must2(report(w.other.Actor, map[string]models.Answer{"ulcer": models.No}))(t); n.Matched != 4 {
			t.Errorf("nothing has changed: %+v", n.Need)
		}
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		n := must2(report(w.worker, map[string]models.Answer{"ulcer": models.Yes}))(t)
		if n.Matched != 0 || n.Open != 4 || n.Matches[0].State != models.MatchRefused || n.Matches[0].EndReason != "unsafe" {
			t.Fatalf("%+v %+v", n.Need, n.Matches)
		}
		h := w.handover(t, w.worker, m.HandoverID)
		if h.State != models.HandoverRefused || h.RemindAt != nil {
			t.Fatalf("%+v", h.Handover)
		}
		if l := w.lot(t, lot); l.Remaining != 6 {
			t.Fatalf("four are still in the bag: %+v", l)
		}
		w.home(t, w.worker)
		if l := w.lot(t, lot); l.Remaining != 10 {
			t.Fatalf("it is free for another: %+v", l)
		}
	})
}

func TestHost_HandsOverAtThePointAndReadsNoReasons(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.Relay.HostID = &w.other.PersonID
		if err := w.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SaveRelay(&w.Relay) }); err != nil {
			t.Fatal(err)
		}
		id := w.waiting(t, models.WayRelay).HandoverID
		seen := w.handover(t, w.other.Actor, id)
		if hasCode(seen.Matches[0].Reasons, "elder_alone") {
			t.Errorf("the host reads why: %+v", seen.Matches[0].Reasons)
		}
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		done := must2(w.svc.Give(t.Context(), w.other.Actor, id, exchange.Giving{Code: code.Code, Adult: true}))(t)
		if done.State != models.HandoverDone || *done.ClosedBy != w.other.PersonID {
			t.Fatalf("%+v", done.Handover)
		}
	})
}
