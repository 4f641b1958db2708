package outreach_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/chat/platform"
	"linli/server/outreach"
)

// down lets a platform answer nothing for some hours.
func (w *town) down(t *testing.T, g *group, hours int) {
	t.Helper()
	g.fail = func(int) error { return errors.New("no route") }
	for range hours * 4 {
		w.turn(t, w.outreach)
		w.wait(15 * time.Minute)
	}
	g.fail = nil
}

// TestDeliver_AnOldCardThatWaitsHoldsUpNoNewNeed: after eight hours without an
// answer the old card would be tried next in the eighteenth.
func TestDeliver_AnOldCardThatWaitsHoldsUpNoNewNeed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.down(t, g, 9)
		if d := w.deliveries(t, v.ID, models.DeliveryQueued); len(d) != 1 || d[0].DueAt.Sub(w.Clock.Now()) < 8*time.Hour {
			t.Fatalf("%+v", d)
		}
		w.ask(t, w.giver.Actor, "M137", 2, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		// The new one first, and as it was taken the old one at once.
		cards := g.heard()
		if kinds(cards) != "need.urgent/2 need.urgent/2" || !strings.Contains(text(cards[0]), "一次性手套") || !strings.Contains(text(cards[1]), "额温枪") {
			t.Errorf("%+v", cards)
		}
		if h := w.health(t, v.ID); h.Queued != 0 || h.Failures != 0 {
			t.Errorf("%+v", h)
		}
		w.sound(t)
	})
}

// TestDeliver_ADownPlatformIsNotHammered: each card tries once when it comes, and
// then by its own schedule.
func TestDeliver_ADownPlatformIsNotHammered(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	_, g := w.connect(t, "07", w.Micro)
	g.fail = func(int) error { return errors.New("no route") }
	for i, item := range []string{"M128", "M137", "M129"} {
		w.ask(t, w.elder.Actor, item, 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		w.turn(t, w.outreach)
		if g.tries != i+1 {
			t.Errorf("%d tries of %d cards", g.tries, i+1)
		}
	}
}

// TestDeliver_SilenceThatAPlatformAsksForIsKept by every card of the robot, also
// where the first of them dies before it is over.
func TestDeliver_SilenceThatAPlatformAsksForIsKept(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, g := w.connect(t, "07", w.Micro)
	g.rate = platform.Rate{PerMinute: 1}
	g.fail = func(int) error { return &platform.Failure{Code: 429, RetryAfter: 2 * time.Hour} }
	w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
	w.turn(t, w.outreach)
	w.ask(t, w.giver.Actor, "M137", 1, models.UrgencyNow, false)
	w.wait(119 * time.Minute)
	w.turn(t, w.outreach)
	if g.tries != 1 || w.health(t, v.ID).NextAt.Sub(w.Clock.Now()) != time.Minute {
		t.Errorf("%d tries, next at %s", g.tries, w.health(t, v.ID).NextAt)
	}
	g.fail = nil
	w.wait(time.Minute)
	w.turn(t, w.outreach)
	if got := kinds(g.heard()); got != "need.urgent/2" {
		t.Errorf("after it: %s", got)
	}
}

// TestDeliver_WhatIsOverIsNotCalledForAfterItsEnd: the card of the end may overtake
// the one that waits for its next try, and so may the one of a new search.
func TestDeliver_WhatIsOverIsNotCalledForAfterItsEnd(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyNow, false)
		w.down(t, g, 9) // two cards of one line, or one of both
		match := w.give(t, w.giver.Actor, "M128", 1).Lots[0].Matches[0]
		w.turn(t, w.outreach)
		cards := g.heard()
		if kinds(cards) != "need.met/2 need.urgent/2" || strings.Contains(text(cards[1]), "额温枪") || !strings.Contains(text(cards[1]), "一次性手套") {
			t.Fatalf("%+v", cards)
		}
		g.fail = func(int) error { return errors.New("no route") }
		w.give(t, w.giver.Actor, "M137", 2)
		w.turn(t, w.outreach) // that the gloves are found waits
		_, err := w.exchange.DeclineMatch(t.Context(), w.giver.Actor, match.ID)
		must(t, err)
		w.turn(t, w.outreach) // that the thermometer is looked for again, too
		g.fail = nil
		w.give(t, w.giver.Actor, "M128", 1)
		w.wait(24 * time.Hour)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); !strings.Contains(got, "need.met") || strings.Contains(got, "need.urgent") {
			t.Errorf("nothing is looked for any more: %s", got)
		}
		if h := w.health(t, v.ID); h.Queued != 0 {
			t.Errorf("%+v", h)
		}
		w.sound(t)
	})
}

// TestEdit_NewSettingsTryAgainWhatWaits: who mends the address need not wait for
// the next try.
func TestEdit_NewSettingsTryAgainWhatWaits(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	v, g := w.connect(t, "07", w.Micro)
	w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
	w.down(t, g, 9)
	_, err := w.outreach.Edit(t.Context(), w.worker, v.ID, outreach.RobotInput{Settings: map[string]string{outreach.SettingSecret: "whsec2"}})
	must(t, err)
	w.turn(t, w.outreach)
	if got := kinds(g.heard()); got != "need.urgent/2" {
		t.Error(got)
	}
}
