package exchange_test

import (
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// Two wait for fever medicine, and one box arrives: for a minute it goes to
// nobody, then by need and not by who was there first; a restart in between
// changes nothing.
func TestWindow_AScarceBoxIsSharedOutTogether(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		early, err := w.ask(t, w.other, "M004", 6, well(models.AgeAdult))
		must(t, early, err)
		w.Clock.Add(time.Second)
		alone, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, alone, err)
		offered, err := w.offer(t, w.giver, blister(6))
		if l := must(t, offered, err).Lots[0]; l.Reserved != 0 {
			t.Fatalf("it went to the first: %+v", l.Lot)
		}
		closes := w.Clock.Now().Add(matching.DefaultPolicy.Window)
		for _, r := range []exchange.RequestView{w.request(t, w.other.Actor, early.ID), w.request(t, w.elder.Actor, alone.ID)} {
			if n := r.Needs[0]; n.Why[0].Code != "gathering" || n.NextAt == nil || !n.NextAt.Equal(closes) {
				t.Errorf("waits for %+v until %v", n.Why, n.NextAt)
			}
		}

		w.svc = exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy) // a restart
		w.Clock.Add(matching.DefaultPolicy.Window / 2)
		if _, err := w.svc.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.request(t, w.elder.Actor, alone.ID).Needs[0]; n.Matched != 0 || !n.NextAt.Equal(closes) {
			t.Errorf("half a window: %+v", n.Need)
		}
		w.Clock.Add(matching.DefaultPolicy.Window / 2)
		if n, err := w.svc.Sweep(t.Context()); err != nil || n != 1 {
			t.Fatalf("sweep took %d, %v", n, err)
		}
		if n := w.request(t, w.elder.Actor, alone.ID).Needs[0]; n.Matched != 6 {
			t.Errorf("she who lives alone got %d", n.Matched)
		}
		if n := w.request(t, w.other.Actor, early.ID).Needs[0]; n.Matched != 0 || n.Why[0].Code == "gathering" {
			t.Errorf("the first in line: %+v", n.Need)
		}
		// The next box meets one home that waits: no window, at once.
		_, err = w.offer(t, w.giver, blister(6))
		must(t, 0, err)
		if n := w.request(t, w.other.Actor, early.ID).Needs[0]; n.Matched != 6 {
			t.Errorf("the second box: %+v", n.Need)
		}
	})
}

func TestWindow_WhatIsNeededNowDoesNotWait(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, 0, err)
		urgent, err := w.svc.OpenRequest(t.Context(), w.other.Actor, exchange.NewRequest{Way: models.WayRelay,
			Lines: []exchange.NewNeed{{ItemID: "M004", Units: 6, Patient: well(models.AgeAdult), Urgency: models.UrgencyNow}}})
		must(t, urgent, err)
		_, err = w.offer(t, w.giver, blister(6))
		must(t, 0, err)
		if n := w.request(t, w.other.Actor, urgent.ID).Needs[0]; n.Matched != 6 {
			t.Errorf("needed now: %+v", n.Need)
		}
	})
}
