package exchange_test

import (
	"slices"
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// kits is a message about so many kits of somebody; 0: about all.
func kits(units int, has bool) exchange.TakeBack {
	return exchange.TakeBack{Has: has, Lines: []exchange.TakeLine{{ItemID: "M123", Units: units}}}
}

func TestTakeBack_NoMoreThanWasSaidAndOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M123", 5, plain()))(t)
		her := w.elder.Actor
		her.Call = models.Call{Key: "message-1", Route: "chat", Hash: "1"}
		for range 2 { // the answer of the first was lost
			got := must2(w.svc.TakeBack(t.Context(), her, kits(2, true)))(t)
			if want := []exchange.TakenBack{{ItemID: "M123", Units: 2, Left: 3}}; !slices.Equal(got, want) {
				t.Errorf("%+v", got)
			}
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 3 || n.Cancelled != 2 {
			t.Errorf("%+v", n.Need)
		}
		if got := must2(w.svc.TakeBack(t.Context(), w.elder.Actor, kits(9, true)))(t); len(got) != 1 || got[0].Units != 3 || got[0].Left != 0 {
			t.Errorf("%+v", got)
		}
		if got := must2(w.svc.TakeBack(t.Context(), w.elder.Actor, kits(0, false)))(t); len(got) != 0 {
			t.Errorf("nothing is open any more: %+v", got)
		}
	})
}

func TestTakeBack_WhatIsOnItsWayStaysHersUnlessSheWantsNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		must2(w.offer(t, w.giver, masks(2)))(t)
		asked := must2(w.ask(t, w.elder, "M123", 5, plain()))(t)
		for _, in := range []exchange.TakeBack{kits(0, true), kits(2, true), kits(3, true), kits(4, false)} {
			got := must2(w.svc.TakeBack(t.Context(), w.elder.Actor, in))(t)
			if want := []exchange.TakenBack{{ItemID: "M123", Left: 3, Unclear: exchange.UnclearFound}}; !slices.Equal(got, want) {
				t.Errorf("%+v: %+v", in, got)
			}
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 3 || n.Matched != 2 || !n.Matches[0].Live() {
			t.Fatalf("%+v", n)
		}
		must2(w.svc.TakeBack(t.Context(), w.elder.Actor, kits(1, false)))(t)
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 2 || n.Matched != 2 {
			t.Fatalf("one less: %+v", n.Need)
		}
		must2(w.svc.TakeBack(t.Context(), w.elder.Actor, kits(0, false)))(t)
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.State != models.NeedCancelled || n.Matches[0].Live() {
			t.Errorf("none: %+v", n)
		}
	})
}

func TestTakeBack_NothingWhereOneOfTheGoodsIsUnclear(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		must2(w.ask(t, w.elder, "M128", 1, plain()))(t)
		must2(w.ask(t, w.elder, "M123", 2, plain()))(t)
		must2(w.ask(t, w.elder, "M123", 3, models.Patient{Age: models.AgeElder}))(t)
		in := kits(2, true)
		in.Lines = append(in.Lines, exchange.TakeLine{ItemID: "M128"})
		got := must2(w.svc.TakeBack(t.Context(), w.elder.Actor, in))(t)
		want := []exchange.TakenBack{{ItemID: "M123", Left: 5, Unclear: exchange.UnclearWhich}, {ItemID: "M128", Left: 1}}
		if !slices.Equal(got, want) {
			t.Errorf("%+v", got)
		}
		in.Lines[0].Units = 5
		got = must2(w.svc.TakeBack(t.Context(), w.elder.Actor, in))(t)
		if want := []exchange.TakenBack{{ItemID: "M123", Units: 5}, {ItemID: "M128", Units: 1}}; !slices.Equal(got, want) {
			t.Errorf("all: %+v", got)
		}
	})
}

func TestTakeBack_OfAHomeByItsWorkerAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.other, "M123", 2, plain()))(t)
		in := kits(0, false)
		in.HouseholdID = w.other.HouseholdID
		for who, actor := range map[string]models.Actor{"a neighbour": w.elder.Actor, "the worker beside": w.Worker(t, w.Beside)} {
			if got, err := w.svc.TakeBack(t.Context(), actor, in); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %+v, %v", who, got, err)
			}
		}
		if got := must2(w.svc.TakeBack(t.Context(), w.elder.Actor, kits(0, false)))(t); len(got) != 0 {
			t.Errorf("a neighbour's own: %+v", got)
		}
		if got := must2(w.svc.TakeBack(t.Context(), w.worker, in))(t); len(got) != 1 || got[0].Units != 2 {
			t.Errorf("%+v", got)
		}
		if n := w.request(t, w.other.Actor, asked.ID).Needs[0]; n.State != models.NeedCancelled {
			t.Errorf("%+v", n.Need)
		}
	})
}

func TestTakeBack_NotWhatIsInABag(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 2)
		asked := must2(w.ask(t, w.elder, "M123", 5, plain()))(t)
		m := asked.Needs[0].Matches[0]
		w.toDoor(t, m.HandoverID, models.WayDoor)
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		if got, err := w.svc.TakeBack(t.Context(), w.elder.Actor, kits(0, false)); reasonOf(err) != "on_the_way" {
			t.Errorf("%+v, %v", got, err)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 3 || n.Matched != 2 {
			t.Errorf("%+v", n.Need)
		}
	})
}
