package exchange_test

import (
	"slices"
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// kinds are the kinds of event about a thing that a person may see in a grid.
func (w *town) kinds(t *testing.T, grid, thing, person models.ID, worker bool) []string {
	t.Helper()
	var events []models.Event
	if err := w.Store.Read(t.Context(), store.EventsOf(grid, []models.ID{thing}, &events)); err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range events {
		if e.Audience.SeenBy(person, true, worker) {
			seen = append(seen, e.Kind)
		}
	}
	return seen
}

// coming is an agreed match of the elder's with ten tablets that the giver has still to bring.
func (w *town) coming(t *testing.T) (request, lot models.ID) {
	t.Helper()
	offered := must2(w.offer(t, w.giver, blister(10)))(t)
	asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
	return asked.ID, offered.Lots[0].ID
}

func TestPauseRelay_WhatIsToBeBroughtGoesToTheNextPoint(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		request, lot := w.coming(t)
		second := w.point(t, "R07-2", 400, 0)
		b.Clock.Add(11 * time.Second)
		if m := w.lead(t, w.elder, request); m.Relay.ID != w.Relay.ID {
			t.Fatalf("it went to %s", m.Relay.Code)
		}
		due := *w.lead(t, w.elder, request).DueAt
		b.Clock.Add(time.Hour)
		view := must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		if view.State != models.RelayPaused || view.PauseReason != "host_away" || view.Coming != 0 {
			t.Errorf("%+v", view)
		}
		m := w.lead(t, w.elder, request)
		if m.Relay.ID != second.ID || m.State != models.MatchAgreed || whyOf(m, "relay_moved") == nil || whyOf(m, "relay_least_walk") != nil || m.DueAt.Before(due) {
			t.Errorf("her match: %s %s %v until %v", m.Relay.Code, m.State, m.Reasons, m.DueAt)
		}
		for who, sees := range map[models.ID]bool{w.elder.PersonID: true, w.giver.PersonID: true, w.worker.PersonID: true, w.other.PersonID: false} {
			if got := slices.Contains(w.kinds(t, w.Micro.ID, m.HandoverID, who, who == w.worker.PersonID), "handover.moved"); got != sees {
				t.Errorf("%s is told: %v", who, got)
			}
		}
		if got := w.kinds(t, w.Micro.ID, w.Relay.ID, w.other.PersonID, false); !slices.Contains(got, "relay.paused") {
			t.Errorf("neighbours hear %v of the point", got)
		}
		// The giver brings it, and it lies where she collects it.
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		if in := w.checkIn(t, lot, 10); *in.RelayID != second.ID {
			t.Errorf("it lies at the paused point")
		}
		if n, err := w.svc.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("the sweep finds %d to do, %v", n, err)
		}
		if _, err := w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "other"); !fault.Is(err, fault.Conflict) {
			t.Errorf("paused twice: %v", err)
		}
		if view := must2(w.svc.ResumeRelay(t.Context(), w.worker, w.Relay.ID))(t); view.State != models.RelayOpen || view.PauseReason != "" {
			t.Errorf("%+v", view)
		}
	})
}

// TestPauseRelay_TellsWhomItServesAndWhoBringsSomething: also beyond its own grid.
func TestPauseRelay_TellsWhomItServesAndWhoBringsSomething(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.Relay.ServesID = *w.Micro.ParentID
		w.saveRelay(t, &w.Relay)
		must2(w.svc.PostBag(t.Context(), w.elsewhere.Actor, w.Relay.ID, ""))(t)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		must2(w.svc.ResumeRelay(t.Context(), w.worker, w.Relay.ID))(t)
		for name, grid := range map[string]models.ID{"its own": w.Micro.ID, "that it serves": *w.Micro.ParentID, "of the bag": w.Beside.ID} {
			if got := w.kinds(t, grid, w.Relay.ID, w.elsewhere.PersonID, false); !slices.Equal(got, []string{"relay.paused", "relay.resumed"}) {
				t.Errorf("the grid %s hears %v", name, got)
			}
		}
		paused := models.Event{Thing: models.ThingRelay, Audience: models.Audience{Grid: true}}
		if !(models.FollowedGrid{OfGrid: true, NoticesOnly: true}).Sees(w.elsewhere.PersonID, paused) {
			t.Error("who follows the node from below hears nothing")
		}
	})
}

// TestPauseRelay_ACrashLosesNothing: only the state of the point was saved; another
// instance, which remembers the open point, does the rest, once.
func TestPauseRelay_ACrashLosesNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		request, _ := w.coming(t)
		second := w.point(t, "R07-2", 400, 0)
		b.Clock.Add(11 * time.Second)
		w.Relay.State, w.Relay.PauseReason = models.RelayPaused, "host_away"
		w.saveRelay(t, &w.Relay)
		w.svc = exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy)
		if n, err := w.svc.Sweep(t.Context()); err != nil || n == 0 {
			t.Fatalf("swept %d, %v", n, err)
		}
		m := w.lead(t, w.elder, request)
		if m.Relay.ID != second.ID {
			t.Fatalf("it still goes to %s", m.Relay.Code)
		}
		version := m.Handover.Version
		if n, err := w.svc.Sweep(t.Context()); err != nil || n != 0 || w.lead(t, w.elder, request).Handover.Version != version {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

func TestPauseRelay_WithoutAnotherPointItStaysAndTheWorkerSeesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		request, lot := w.coming(t)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "no_supplies"))(t)
		if n, err := w.svc.Sweep(t.Context()); err != nil || n != 0 {
			t.Errorf("the sweep finds %d to do, %v", n, err)
		}
		m := w.lead(t, w.elder, request)
		if m.Relay == nil || m.Relay.State != models.RelayPaused || m.State != models.MatchAgreed {
			t.Fatalf("%+v", m.Relay)
		}
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.Relays) != 1 || today.Relays[0].Stuck != 1 || today.Relays[0].Parcels != 1 {
			t.Errorf("today: %+v", today.Relays)
		}
		if r := w.request(t, w.elder.Actor, request); r.Relay == nil || r.Relay.PauseReason != "no_supplies" {
			t.Errorf("whom she calls: %+v", r.Relay)
		}
		// What comes all the same is kept by the worker's hand, not put into the box.
		if l := must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t); l.RelayID != nil || l.Place != models.PlaceBox {
			t.Errorf("it lies at %v", l.RelayID)
		}
	})
}

// TestRelayDesk_HostSeesWhatAndWhereAndNotWhy: she is no worker, and checks and hands
// over all the same.
func TestRelayDesk_HostSeesWhatAndWhereAndNotWhy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.Relay.HostID = &w.other.PersonID
		w.saveRelay(t, &w.Relay)
		_, lot := w.coming(t)
		if kept := must2(w.svc.KeptRelays(t.Context(), w.other.Actor))(t); len(kept) != 1 || kept[0].ID != w.Relay.ID {
			t.Errorf("she keeps %+v", kept)
		}
		if kept := must2(w.svc.KeptRelays(t.Context(), w.elder.Actor))(t); len(kept) != 0 {
			t.Errorf("a neighbour keeps %+v", kept)
		}
		desk := must2(w.svc.RelayDesk(t.Context(), w.other.Actor, w.Relay.ID))(t)
		if len(desk.ToCheck) != 1 || desk.ToCheck[0].Lot.ID != lot || desk.ToCheck[0].Building == "" || desk.ToCheck[0].Handovers != 1 || len(desk.ToHandOver) != 0 {
			t.Fatalf("before: %+v", desk)
		}
		w.checkIn(t, lot, 10)
		desk = must2(w.svc.RelayDesk(t.Context(), w.other.Actor, w.Relay.ID))(t)
		if len(desk.ToCheck) != 0 || len(desk.ToHandOver) != 1 || desk.ToHandOver[0].Proof == "" || desk.ToHandOver[0].Building == "" {
			t.Fatalf("after: %+v", desk)
		}
		for _, m := range desk.ToHandOver[0].Matches {
			for _, r := range m.Reasons {
				if !slices.Contains(r.Readers, models.ReaderAll) {
					t.Errorf("she reads %s", r.Code)
				}
			}
		}
		if _, err := w.svc.RelayDesk(t.Context(), w.elder.Actor, w.Relay.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour looks: %v", err)
		}
	})
}

func TestRelay_OnlyWhoRunsItMayChangeIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.Relay.HostID, w.Relay.DeputyID = &w.other.PersonID, &w.elsewhere.PersonID
		w.saveRelay(t, &w.Relay)
		beside := w.Worker(t, w.Beside)
		leader := w.Worker(t, w.Community)
		leader.Roles[0].Kind = models.RoleLeader
		for name, c := range map[string]struct {
			who  models.Actor
			code fault.Code // of a pause; "" where it is done
			see  bool
		}{"host": {w.other.Actor, "", true}, "deputy": {w.elsewhere.Actor, "", true}, "worker": {w.worker, "", true}, "leader above": {leader, "", true},
			"resident": {w.elder.Actor, fault.NotFound, false}, "worker beside": {beside, fault.NotFound, false}} {
			if _, err := w.svc.Relay(t.Context(), c.who, w.Relay.ID); (err == nil) != c.see {
				t.Errorf("%s sees it: %v", name, err)
			}
			_, err := w.svc.PauseRelay(t.Context(), c.who, w.Relay.ID, "other")
			if c.code == "" && err != nil || c.code != "" && !fault.Is(err, c.code) {
				t.Errorf("%s pauses: %v", name, err)
			}
			if err == nil {
				must2(w.svc.ResumeRelay(t.Context(), c.who, w.Relay.ID))(t)
			}
		}
		// A worker whose grid it serves, but whose grid it is not, looks and changes nothing.
		community := w.relayIn(t, w.Beside, w.Community)
		if v := must2(w.svc.Relay(t.Context(), w.worker, community.ID))(t); v.MayChange {
			t.Error("may change another grid's point")
		}
		for name, err := range map[string]error{
			"pause":  second2(w.svc.PauseRelay(t.Context(), w.worker, community.ID, "other")),
			"resume": second2(w.svc.ResumeRelay(t.Context(), w.worker, community.ID)),
			"edit":   second2(w.svc.EditRelay(t.Context(), w.worker, community.ID, exchange.RelayEdit{Version: 1})),
			"carry":  second2(w.svc.MoveBox(t.Context(), w.worker, community.ID, w.Relay.ID)),
		} {
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "林医生生病了"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a reason of one's own: %v", err)
		}
	})
}

func second2[T any](_ T, err error) error { return err }

func TestEditRelay_ChangesDaysRoomAndDeputy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		deputy := w.Worker(t, w.Micro)
		in := exchange.RelayEdit{Capacity: 60, DeputyID: deputy.PersonID, Version: 1, Exceptions: []models.HoursException{
			{From: "2027-02-15", Until: "2027-02-21", Reason: "春节"}, {From: "2026-12-01", Until: "2026-12-02"}, {From: "2026-12-18", Until: "2026-12-18", Reason: "盘点"}}}
		v := must2(w.svc.EditRelay(t.Context(), w.worker, w.Relay.ID, in))(t)
		if v.Capacity != 60 || v.Deputy == nil || v.Deputy.Name != "林月" || len(v.Staff) != 2 || len(v.Exceptions) != 2 || v.Exceptions[0].Reason != "盘点" || v.Version != 2 {
			t.Errorf("what is over is left out, the rest by day: %+v", v)
		}
		if _, err := w.svc.EditRelay(t.Context(), w.worker, w.Relay.ID, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("over a newer version: %v", err)
		}
		in.Version = 2
		for name, change := range map[string]func(*exchange.RelayEdit){
			"a resident as deputy": func(e *exchange.RelayEdit) { e.DeputyID = w.other.PersonID },
			"nobody's id":          func(e *exchange.RelayEdit) { e.DeputyID = "x" },
			"less than no room":    func(e *exchange.RelayEdit) { e.Capacity = -1 },
			"days that overlap": func(e *exchange.RelayEdit) {
				e.Exceptions = []models.HoursException{{From: "2027-02-15", Until: "2027-02-16"}, {From: "2027-02-16", Until: "2027-02-16", OpenMinute: 1, CloseMinute: 2}}
			},
		} {
			bad := in
			change(&bad)
			if _, err := w.svc.EditRelay(t.Context(), w.worker, w.Relay.ID, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		in.DeputyID = ""
		if v := must2(w.svc.EditRelay(t.Context(), w.worker, w.Relay.ID, in))(t); v.Deputy != nil || v.DeputyID != nil {
			t.Errorf("nobody stands in: %+v", v.Deputy)
		}
		// The point is shut today: what is agreed from now on may be brought tomorrow.
		_, _ = w.coming(t)
		lots := must2(w.svc.Offers(t.Context(), w.giver.Actor, true, exchange.Page{Limit: 5}))(t)
		if due := lots[0].Lots[0].Matches[0].DueAt; !due.After(time.Date(2026, 12, 19, 3, 59, 0, 0, time.UTC)) {
			t.Errorf("to be brought by %v", due)
		}
	})
}

func TestMoveBox_CarriesTheShelfAndWhatWaitsOnIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		request, lot := w.coming(t)
		w.checkIn(t, lot, 10) // six for her, four free
		mask := must2(w.offer(t, w.other, exchange.NewLot{ItemID: "M125", Units: 10, Seal: models.SealBox}))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.other.Actor, mask))(t) // lies there unchecked
		to := w.relayIn(t, w.Beside, w.Community)
		m := w.lead(t, w.elder, request)
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID))(t)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t)
		if m := w.lead(t, w.elder, request); m.Relay.ID != w.Relay.ID {
			t.Fatal("nobody has carried it")
		}
		moved := must2(w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to.ID))(t)
		if moved != (exchange.BoxMove{Lots: 2, Handovers: 1}) {
			t.Errorf("%+v", moved)
		}
		m = w.lead(t, w.elder, request)
		if m.Relay.ID != to.ID || m.State != models.MatchReady || m.LotGridID != w.Beside.ID {
			t.Errorf("hers is at %s, %s", m.Relay.Code, m.State)
		}
		chain := w.chain(t, lot)
		if last := chain[len(chain)-1]; last.Why != "carried" || last.Units != 10 || last.From != models.Box(w.Relay.ID) || last.To != models.Box(to.ID) || *last.By != w.worker.PersonID {
			t.Errorf("in whose hands: %+v", last)
		}
		if got := w.kinds(t, w.Micro.ID, m.HandoverID, w.elder.PersonID, false); !slices.Contains(got, "handover.moved") {
			t.Errorf("she hears %v", got)
		}
		if got := w.kinds(t, w.Micro.ID, lot, w.giver.PersonID, false); !slices.Contains(got, "lot.carried") {
			t.Errorf("the giver hears %v", got)
		}
		// Her code is good there, and what is free serves the other grid.
		there := w.Worker(t, w.Beside)
		must2(w.svc.Give(t.Context(), there, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
		next := must2(w.ask(t, w.elsewhere, "M004", 4, well(models.AgeAdult)))(t)
		if m := w.lead(t, w.elsewhere, next.ID); m.State != models.MatchReady {
			t.Errorf("from the box that was carried: %s", m.State)
		}
		if _, err := w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("an empty box: %v", err)
		}
	})
}

func TestMoveBox_OnlyToAPointThatServesAllWhoWait(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, lot := w.coming(t)
		w.checkIn(t, lot, 10)
		only := w.relayIn(t, w.Beside, w.Beside)
		refuse := func(what string, to models.ID, code fault.Code) {
			t.Helper()
			if _, err := w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to); !fault.Is(err, code) {
				t.Errorf("%s: %v", what, err)
			}
		}
		refuse("to the next grid's own point", only.ID, fault.Conflict)
		refuse("to itself", w.Relay.ID, fault.Invalid)
		refuse("to nowhere", w.elder.PersonID, fault.Invalid)
		refuse("to no id", "x", fault.Invalid)
		second := w.point(t, "R07-2", 400, 0)
		second.State = models.RelayPaused
		w.saveRelay(t, &second)
		refuse("to a paused one", second.ID, fault.Conflict)
	})
}
