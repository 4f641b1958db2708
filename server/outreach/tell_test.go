package outreach_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/chat/platform"
	"linli/server/outreach"
)

// kinds tells what cards are about: "urgent:口罩 ..".
func kinds(cards []platform.Card) string {
	var all []string
	for _, c := range cards {
		all = append(all, fmt.Sprintf("%s/%d", c.Kind, len(c.Lines)))
	}
	return strings.Join(all, " ")
}

func text(c platform.Card) string { return c.Title + "\n" + strings.Join(c.Lines, "\n") }

func TestTell_UrgentAtOnceOthersGatheredAndWhatWasMetSince(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		w.give(t, w.giver.Actor, "M123", 5)
		w.ask(t, w.elder.Actor, "M123", 3, models.UrgencyNow, false) // met on the spot: nobody need hear of it
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyToday, false)
		w.turn(t, w.outreach)
		cards := g.heard()
		if kinds(cards) != "need.urgent/2" || !strings.Contains(text(cards[0]), "额温枪 1 把") || cards[0].Link != "https://linli.example/#/offer" {
			t.Fatalf("%+v", cards)
		}
		w.wait(30 * time.Minute)
		w.turn(t, w.outreach)
		if cards = g.heard(); kinds(cards) != "need.open/2" || !strings.Contains(text(cards[0]), "一次性手套") {
			t.Fatalf("%+v", cards)
		}
		w.turn(t, w.outreach)
		if cards = g.heard(); len(cards) != 0 {
			t.Fatalf("told twice: %+v", cards)
		}
		w.give(t, w.giver.Actor, "M128", 1)
		w.give(t, w.giver.Actor, "M137", 2)
		w.turn(t, w.outreach)
		if cards = g.heard(); kinds(cards) != "need.met/3" || !strings.Contains(text(cards[0]), "额温枪 1 把，有着落了") {
			t.Fatalf("%+v", cards)
		}
		w.sound(t)
	})
}

func TestTell_NeverWhatNeighboursMayNotSee(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		for i := range 7 { // with the giver's, eight homes of one building
			w.Neighbour(t, w.Micro, fmt.Sprintf("3-1-%d01", i+1), "邻居", models.CareNone)
		}
		_, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.ask(t, w.elder.Actor, "M137", 1, models.UrgencyNow, true) // private: on no card
		_, err := w.exchange.OpenRequest(t.Context(), w.elder.Actor, request("M126", models.Patient{Age: models.AgeElder, Signs: []string{"chest_pain"}}))
		must(t, err) // a danger sign: the worker's, not the group's
		w.ask(t, w.giver.Actor, "M129", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		said := ""
		for _, c := range g.heard() {
			said += text(c) + "\n"
		}
		for _, wanted := range []string{"微网格 07：", "微网格 07 · 3 栋："} {
			if !strings.Contains(said, wanted) {
				t.Errorf("%s is missing:\n%s", wanted, said)
			}
		}
		for _, secret := range []string{"1 栋", "手套", "胸", "张婆婆", "王师傅", "138", "501", "201", "老人", "elder"} {
			if strings.Contains(said, secret) {
				t.Errorf("%s is told:\n%s", secret, said)
			}
		}
	})
}

func TestTell_OneNeedInTwoGroupsIsOneNeed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.worker.Roles = append(w.worker.Roles, models.Role{Kind: models.RoleLeader, GridID: w.Community.ID, GridPath: w.Community.Path})
		_, micro := w.connect(t, "07", w.Micro)
		_, wide := w.connect(t, "community", w.Community)
		_, other := w.connect(t, "08", w.Beside)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		w.give(t, w.giver.Actor, "M128", 1)
		w.turn(t, w.outreach)
		for _, g := range []*group{micro, wide} {
			if cards := g.heard(); kinds(cards) != "need.urgent/2 need.met/2" {
				t.Errorf("%+v", cards)
			}
		}
		if cards := other.heard(); len(cards) != 0 {
			t.Errorf("the grid beside hears %+v", cards)
		}
	})
}

func TestTell_WhatIsLookedForAgainIsToldAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		match := w.give(t, w.giver.Actor, "M128", 1).Lots[0].Matches[0]
		w.turn(t, w.outreach)
		_, err := w.exchange.DeclineMatch(t.Context(), w.giver.Actor, match.ID)
		must(t, err)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.urgent/2 need.met/2 need.urgent/2" {
			t.Error(got)
		}
		w.sound(t)
	})
}

func TestTell_AtNightOnlyWhatCannotWait(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		w.wait(3 * time.Hour) // 23:12
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyToday, false)
		w.turn(t, w.outreach)
		w.wait(2 * time.Hour)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.urgent/2" {
			t.Error(got)
		}
		w.wait(7 * time.Hour) // 8:12
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.open/2" {
			t.Error(got)
		}
	})
}

func TestDigest_OnceADayAtItsHour(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		hour := 9
		_, err := w.outreach.Edit(t.Context(), w.worker, v.ID, outreach.RobotInput{DigestHour: &hour, GatherMinutes: models.MaxGatherMinutes})
		must(t, err)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyDays, false)
		w.turn(t, w.outreach)
		w.wait(13 * time.Hour) // 9:12 of the next day
		w.turn(t, w.outreach)
		w.turn(t, w.instance())
		cards := g.heard()
		if len(cards) == 0 || !strings.Contains(text(cards[len(cards)-1]), "一次性手套") || !strings.Contains(text(cards[len(cards)-1]), "1 户") {
			t.Fatalf("%+v", cards)
		}
		digests := strings.Count(kinds(cards), "digest")
		w.wait(23 * time.Hour)
		w.turn(t, w.outreach)
		if digests += strings.Count(kinds(g.heard()), "digest"); digests != 1 {
			t.Errorf("%d digests", digests)
		}
		w.wait(time.Hour)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); !strings.Contains(got, "digest") {
			t.Errorf("the second day: %s", got)
		}
	})
}

// TestPause_WhatHappensMeanwhileIsNotToldButItsEndIs: a group that was told of a
// need hears that it was met, even when its robot was silent at that moment.
func TestPause_WhatHappensMeanwhileIsNotToldButItsEndIs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		_, err := w.outreach.Pause(t.Context(), w.worker, v.ID)
		must(t, err)
		w.give(t, w.giver.Actor, "M128", 1)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.urgent/2" {
			t.Errorf("paused: %s", got)
		}
		_, err = w.outreach.Resume(t.Context(), w.worker, v.ID)
		must(t, err)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.met/2" {
			t.Errorf("after it: %s", got)
		}
		must(t, w.outreach.Remove(t.Context(), w.worker, v.ID))
		w.ask(t, w.giver.Actor, "M129", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "" {
			t.Errorf("removed: %s", got)
		}
		w.sound(t)
	})
}

func TestTidy_FollowsNewGridsAndForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.worker.Roles = append(w.worker.Roles, models.Role{Kind: models.RoleLeader, GridID: w.Community.ID, GridPath: w.Community.Path})
		v, g := w.connect(t, "community", w.Community)
		added := models.Grid{Code: "510184107001002009", Name: "微网格 09", Level: models.LevelMicro, Tree: models.TreeTerritorial,
			ParentID: &w.Community.ID, Path: w.Community.Path + "510184107001002009/"}
		must(t, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
			added.ID, added.CreatedAt = tx.NewID(), tx.Now
			return tx.CreateGrids([]models.Grid{added})
		}))
		must(t, w.outreach.Tidy(t.Context()))
		newcomer := w.Neighbour(t, added, "1-1-101", "新来的", models.CareNone)
		w.ask(t, newcomer.Actor, "M128", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		if cards := g.heard(); len(cards) != 1 || !strings.Contains(text(cards[0]), "微网格 09") {
			t.Errorf("%+v", cards)
		}
		w.wait(8 * 24 * time.Hour)
		must(t, w.outreach.Tidy(t.Context()))
		if sent := w.deliveries(t, v.ID, models.DeliverySent); len(sent) != 0 {
			t.Errorf("still there: %+v", sent)
		}
		w.sound(t)
	})
}

// TestFollow_EventsThatAreGone: what is kept of the events does not decide what a
// group hears in the end.
func TestFollow_EventsThatAreGoneLoseNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, g := w.connect(t, "07", w.Micro)
		w.ask(t, w.elder.Actor, "M128", 1, models.UrgencyNow, false)
		w.turn(t, w.outreach)
		w.give(t, w.giver.Actor, "M128", 1)
		w.ask(t, w.elder.Actor, "M137", 2, models.UrgencyNow, false)
		must(t, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, func(tx *store.Tx) error {
			return tx.TrimEvents(w.Micro.ID, tx.Now.Add(time.Hour), 1000)
		}))
		w.turn(t, w.outreach)
		if got := kinds(g.heard()); got != "need.urgent/2 need.urgent/2 need.met/2" {
			t.Error(got)
		}
	})
}
