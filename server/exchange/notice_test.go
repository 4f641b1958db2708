package exchange_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// thermometers call for so many of them.
func thermometers(units int) exchange.NewNotice {
	return exchange.NewNotice{Text: "征集体温计 🌡️，放进小药箱", Call: &exchange.NewCall{ItemID: "M127", Units: units}}
}

func answers(call models.ID, units int) exchange.NewOffer {
	return exchange.NewOffer{Way: models.WayRelay, CallID: call,
		Lots: []exchange.NewLot{{ItemID: "M127", Units: units, Seal: models.SealBox}}}
}

func (w *town) notice(t *testing.T, who models.Actor, id models.ID) exchange.NoticeView {
	t.Helper()
	return must2(w.svc.Notice(t.Context(), who, id))(t)
}

func wantBar(t *testing.T, n exchange.NoticeView, got int, state models.NoticeState) {
	t.Helper()
	if n.Got != got || n.State != state {
		t.Errorf("%d of %d, %s; want %d, %s", n.Got, n.Wanted, n.State, got, state)
	}
}

// events are those of a grid, by kind in order.
func (w *town) events(t *testing.T, grid models.ID) (kinds []string) {
	t.Helper()
	var events []models.Event
	must(t, 0, w.Store.Read(t.Context(), store.EventsAfter(grid, 0, 1000, &events)))
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func TestNotice_IsReadByAllBelowAndByNobodyBeside(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		leader := w.Worker(t, w.Community)
		here := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, exchange.NewNotice{Text: "下午 3 点发口罩 😷"}))(t)
		wide := must2(w.svc.PostNotice(ctx, leader, w.Community.ID, exchange.NewNotice{Text: "社区明天停水"}))(t)
		below := must2(w.svc.PostNotice(ctx, leader, w.Beside.ID, exchange.NewNotice{Text: "08 网格"}))(t)
		for _, c := range []struct {
			who  models.Actor
			grid models.ID
			read []models.ID
		}{
			{w.elder.Actor, w.Micro.ID, []models.ID{wide.ID, here.ID}},
			{w.worker, w.Micro.ID, []models.ID{wide.ID, here.ID}},
			{leader, w.Micro.ID, []models.ID{wide.ID, here.ID}},
			{w.elsewhere.Actor, w.Beside.ID, []models.ID{below.ID, wide.ID}},
			{w.elder.Actor, w.Community.ID, []models.ID{wide.ID}},
			{leader, w.Community.ID, []models.ID{wide.ID}},
		} {
			list := must2(w.svc.Notices(ctx, c.who, c.grid, false, exchange.Page{Limit: 10}))(t)
			seen := map[models.ID]bool{}
			for _, n := range list {
				seen[n.ID] = true
			}
			if len(list) != len(c.read) {
				t.Errorf("%d notices, want %d", len(list), len(c.read))
			}
			for _, id := range c.read {
				if !seen[id] {
					t.Errorf("%s is not told", id)
				}
				w.notice(t, c.who, id)
			}
		}
		pending := w.other.Actor
		pending.State, pending.Roles = models.PersonPending, nil
		for _, who := range []models.Actor{w.elsewhere.Actor, w.Worker(t, w.Beside), pending, {}} {
			_, err := w.svc.Notice(ctx, who, here.ID)
			wantReason(t, err, "not_found")
			_, err = w.svc.Notices(ctx, who, w.Micro.ID, true, exchange.Page{Limit: 10})
			wantReason(t, err, "not_found")
		}
		if kinds := w.events(t, w.Community.ID); len(kinds) != 1 || kinds[0] != "notice.posted" {
			t.Errorf("the community's events: %v", kinds)
		}
		if kinds := w.events(t, w.Micro.ID); len(kinds) != 1 {
			t.Errorf("the micro-grid's events: %v", kinds)
		}
	})
}

func TestNotice_OnlyAWorkerOfTheGridTellsItAndChangesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		plain := exchange.NewNotice{Text: "hello"}
		for _, who := range []models.Actor{w.elder.Actor, w.elsewhere.Actor, w.Worker(t, w.Beside), {}} {
			_, err := w.svc.PostNotice(ctx, who, w.Micro.ID, plain)
			wantReason(t, err, "not_found")
		}
		_, err := w.svc.PostNotice(ctx, w.worker, w.Community.ID, plain) // above hers
		wantReason(t, err, "not_found")
		n := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, thermometers(3)))(t)
		for who, reason := range map[*models.Actor]string{&w.elder.Actor: "worker_only", &w.elsewhere.Actor: "not_found"} {
			_, err := w.svc.CorrectNotice(ctx, *who, n.ID, exchange.NoticeChange{Text: "x"})
			wantReason(t, err, reason)
			_, err = w.svc.CloseCall(ctx, *who, n.ID)
			wantReason(t, err, reason)
			_, err = w.svc.WithdrawNotice(ctx, *who, n.ID)
			wantReason(t, err, reason)
		}
	})
}

func TestNotice_WhatIsWrittenHasLimits(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		now := b.Clock.Now()
		field := func(in exchange.NewNotice) string {
			_, err := w.svc.PostNotice(ctx, w.worker, w.Micro.ID, in)
			if f := fault.From(err); err != nil && len(f.Fields) > 0 {
				return f.Fields[0].Path + " " + f.Fields[0].Reason
			}
			return ""
		}
		for _, c := range []struct {
			in   exchange.NewNotice
			want string
		}{
			{exchange.NewNotice{Text: strings.Repeat("👵", 500)}, ""},
			{exchange.NewNotice{Text: strings.Repeat("👵", 501)}, "text too_long"},
			{exchange.NewNotice{Text: ""}, "text text_missing"},
			{exchange.NewNotice{Text: " \n\u200b"}, "text text_missing"},
			{exchange.NewNotice{Text: "a\u202eb"}, "text bad_text"},
			{exchange.NewNotice{Text: "a\x00"}, "text bad_text"},
			{exchange.NewNotice{Text: "打 138 0000 0011 找我"}, "text notice_mobile"},
			{exchange.NewNotice{Text: "打 12345"}, ""},
			{exchange.NewNotice{Text: "x", Until: time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC)}, "until until_out_of_range"},
			{exchange.NewNotice{Text: "x", Until: now}, "until until_out_of_range"},
			{exchange.NewNotice{Text: "x", Until: now.AddDate(0, 0, 31)}, "until until_out_of_range"},
			{exchange.NewNotice{Text: "x", Until: now.AddDate(0, 0, 30)}, ""},
			{exchange.NewNotice{Text: "x", Call: &exchange.NewCall{ItemID: "M127"}}, "call.quantity units_out_of_range"},
			{exchange.NewNotice{Text: "x", Call: &exchange.NewCall{ItemID: "M127", Units: 1001}}, "call.quantity units_out_of_range"},
			{exchange.NewNotice{Text: "x", Call: &exchange.NewCall{ItemID: "nothing", Units: 1}}, "call.item_id item_unknown"},
			{exchange.NewNotice{Text: "x", Call: &exchange.NewCall{ItemID: "M127", Units: 1, RelayID: w.Micro.ID}}, "call.relay_id call_relay"},
		} {
			if got := field(c.in); got != c.want {
				t.Errorf("%.30q: %q, want %q", c.in.Text, got, c.want)
			}
		}
		_, err := w.svc.PostNotice(ctx, w.worker, w.Micro.ID, exchange.NewNotice{Text: "x", Call: &exchange.NewCall{ItemID: "M009", Units: 1}})
		wantReason(t, err, "all_refused") // on prescription
	})
}

func TestNotice_ADayHasSoManyOfOnePerson(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		w.svc.AllowNotices(2)
		post := func(who models.Actor) error {
			_, err := w.svc.PostNotice(ctx, who, w.Micro.ID, exchange.NewNotice{Text: "x"})
			return err
		}
		must(t, 0, post(w.worker))
		b.Clock.Add(time.Hour)
		must(t, 0, post(w.worker))
		wantReason(t, post(w.worker), "notices_enough")
		must(t, 0, post(w.Worker(t, w.Micro)))
		b.Clock.Add(23 * time.Hour)
		must(t, 0, post(w.worker))
		wantReason(t, post(w.worker), "notices_enough")
		w.svc.AllowNotices(0)
		must(t, 0, post(w.worker))
	})
}

func TestNotice_TheSameCallTwiceIsOneNotice(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.worker.Call = models.Call{Key: "k", Route: "POST /grids/{id}/notices", Hash: "h"}
		one := must2(w.svc.PostNotice(t.Context(), w.worker, w.Micro.ID, thermometers(2)))(t)
		again := must2(w.svc.PostNotice(t.Context(), w.worker, w.Micro.ID, thermometers(2)))(t)
		if one.ID != again.ID || len(w.events(t, w.Micro.ID)) != 1 {
			t.Errorf("%s and %s, %v", one.ID, again.ID, w.events(t, w.Micro.ID))
		}
		w.worker.Call.Hash = "other"
		_, err := w.svc.PostNotice(t.Context(), w.worker, w.Micro.ID, thermometers(2))
		wantReason(t, err, "key_reused")
		// The offer that fills a call answers as before when it is sent again.
		w.giver.Call = models.Call{Key: "k", Route: "POST /offers", Hash: "h"}
		first := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, answers(one.ID, 2)))(t)
		second := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, answers(one.ID, 2)))(t)
		if first.ID != second.ID {
			t.Error("two offers")
		}
		wantBar(t, w.notice(t, w.elder.Actor, one.ID), 2, models.NoticeFull)
	})
}

func TestCall_FillsWithWhatIsOfferedAndGivesBackWhatIsTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		leader := w.Worker(t, w.Community)
		n := must2(w.svc.PostNotice(ctx, leader, w.Community.ID, thermometers(10)))(t)
		above := len(w.events(t, w.Community.ID))
		one := must2(w.svc.PostOffer(ctx, w.giver.Actor, answers(n.ID, 6)))(t)
		two := must2(w.svc.PostOffer(ctx, w.elsewhere.Actor, answers(n.ID, 3)))(t)
		seen := w.notice(t, w.giver.Actor, n.ID)
		wantBar(t, seen, 9, models.NoticeOpen)
		if seen.Homes != 2 || seen.Own != 6 || *one.Lots[0].CallID != n.ID {
			t.Errorf("%d homes, own %d, call %v", seen.Homes, seen.Own, one.Lots[0].CallID)
		}
		if kinds := w.events(t, w.Community.ID)[above:]; len(kinds) != 2 || kinds[0] != "notice.filled" {
			t.Errorf("the community hears %v", kinds)
		}
		must2(w.svc.PostOffer(ctx, w.other.Actor, answers(n.ID, 4)))(t) // more than is missing
		wantBar(t, w.notice(t, leader, n.ID), 13, models.NoticeFull)
		_, err := w.svc.PostOffer(ctx, w.elder.Actor, answers(n.ID, 1))
		wantReason(t, err, "call_full")
		must2(w.svc.WithdrawLot(ctx, w.giver.Actor, one.Lots[0].ID))(t)
		wantBar(t, w.notice(t, leader, n.ID), 7, models.NoticeOpen)
		if kinds := w.events(t, w.Community.ID)[above:]; kinds[len(kinds)-1] != "notice.reopened" {
			t.Errorf("the community hears %v", kinds)
		}
		must2(w.svc.RefuseLot(ctx, w.Worker(t, w.Beside), must2(w.svc.HandIn(ctx, w.elsewhere.Actor, two.Lots[0].ID))(t).ID, "opened"))(t)
		wantBar(t, w.notice(t, leader, n.ID), 4, models.NoticeOpen)
		must2(w.svc.PostOffer(ctx, w.elder.Actor, answers(n.ID, 6)))(t)
		wantBar(t, w.notice(t, leader, n.ID), 10, models.NoticeFull)
		if swept := must2(w.svc.Sweep(ctx))(t); swept != 0 {
			t.Errorf("the sweep found %d that nobody had counted", swept)
		}
	})
}

func TestCall_AnOfferLocksNothingAboveAndTheSweepCountsWhatNobodyDid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		leader := w.Worker(t, w.Community)
		n := must2(w.svc.PostNotice(ctx, leader, w.Community.ID, thermometers(4)))(t)
		// As if the process had died between the offer and the count.
		offer := must2(w.svc.PostOffer(ctx, w.giver.Actor, exchange.NewOffer{Way: models.WayRelay, Lots: answers("", 4).Lots}))(t)
		lot := offer.Lots[0].Lot
		_, err := b.Bare(t).Exec("UPDATE lots SET call_id = '" + n.ID + "' WHERE id = '" + lot.ID + "'")
		must(t, 0, err)
		wantBar(t, w.notice(t, w.elder.Actor, n.ID), 4, models.NoticeFull) // counted when read
		if kinds := w.events(t, w.Community.ID); len(kinds) != 1 {
			t.Errorf("%v", kinds)
		}
		must2(w.svc.Sweep(ctx))(t)
		must2(w.svc.Sweep(ctx))(t)
		if kinds := w.events(t, w.Community.ID); len(kinds) != 2 || kinds[1] != "notice.full" {
			t.Errorf("%v", kinds)
		}
	})
}

func TestCall_TwoInTheSameSecondAreCountedOnceEach(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		n := must2(w.svc.PostNotice(ctx, w.Worker(t, w.Community), w.Community.ID, thermometers(10)))(t)
		must2(w.svc.PostOffer(ctx, w.elder.Actor, answers(n.ID, 8)))(t)
		start := make(chan struct{})
		var all sync.WaitGroup
		for _, who := range []storetest.Neighbour{w.giver, w.other, w.elsewhere} {
			all.Go(func() {
				<-start
				_, err := w.svc.PostOffer(ctx, who.Actor, answers(n.ID, 2))
				if err != nil && fault.From(err).Reason != "call_full" {
					t.Error(err)
				}
			})
		}
		close(start)
		all.Wait()
		must2(w.svc.Sweep(ctx))(t)
		seen := w.notice(t, w.worker, n.ID)
		if sum := 8 + 2*(seen.Homes-1); seen.Got != sum || seen.State != models.NoticeFull || seen.Got > 14 {
			t.Errorf("%d of %d homes, %s", seen.Got, seen.Homes, seen.State)
		}
	})
}

func TestCall_EndsByHandAndByTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		n := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, thermometers(10)))(t)
		must2(w.svc.PostOffer(ctx, w.giver.Actor, answers(n.ID, 2)))(t)
		_, err := w.svc.PostOffer(ctx, w.elsewhere.Actor, answers(n.ID, 1)) // of another grid
		wantReason(t, err, "invalid_input")
		_, err = w.svc.PostOffer(ctx, w.other.Actor, exchange.NewOffer{Way: models.WayRelay, CallID: n.ID, Lots: []exchange.NewLot{blister(10)}})
		wantReason(t, err, "invalid_input")
		closed := must2(w.svc.CloseCall(ctx, w.worker, n.ID))(t)
		wantBar(t, closed, 2, models.NoticeClosed)
		_, err = w.svc.CloseCall(ctx, w.worker, n.ID)
		wantReason(t, err, "wrong_state")
		_, err = w.svc.PostOffer(ctx, w.other.Actor, answers(n.ID, 1))
		wantReason(t, err, "call_over")

		short := thermometers(5)
		short.Until = b.Clock.Now().Add(time.Hour)
		timed := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, short))(t)
		b.Clock.Add(time.Hour)
		_, err = w.svc.PostOffer(ctx, w.other.Actor, answers(timed.ID, 1))
		wantReason(t, err, "call_over")
		must2(w.svc.Sweep(ctx))(t)
		must2(w.svc.Sweep(ctx))(t)
		wantBar(t, w.notice(t, w.elder.Actor, timed.ID), 0, models.NoticeOver)
		if n := len(w.heard(t, "notice.over")); n != 1 {
			t.Errorf("over %d times", n)
		}
		list := must2(w.svc.Notices(ctx, w.elder.Actor, w.Micro.ID, true, exchange.Page{Limit: 10}))(t)
		if len(list) != 1 || list[0].ID != n.ID {
			t.Errorf("neighbours still read %+v", list)
		}
		if all := must2(w.svc.Notices(ctx, w.worker, w.Micro.ID, true, exchange.Page{Limit: 10}))(t); len(all) != 2 {
			t.Errorf("the worker reads %d", len(all))
		}
		b.Clock.Add(7 * 24 * time.Hour)
		must2(w.svc.Sweep(ctx))(t)
		wantBar(t, w.notice(t, w.elder.Actor, n.ID), 2, models.NoticeOver)
	})
}

func TestNotice_IsPutRightAndTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		n := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, thermometers(10)))(t)
		must2(w.svc.PostOffer(ctx, w.giver.Actor, answers(n.ID, 4)))(t)
		_, err := w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{})
		wantReason(t, err, "invalid_input")
		right := must2(w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{Text: "4 支就够", Wanted: 4}))(t)
		wantBar(t, right, 4, models.NoticeFull)
		if right.Text != "4 支就够" || right.Corrections != 1 || right.Version != 3 {
			t.Errorf("%+v", right.Notice)
		}
		wantBar(t, must2(w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{Wanted: 6}))(t), 4, models.NoticeOpen)
		for range models.MaxCorrections - 2 {
			must2(w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{Text: "again"}))(t)
		}
		_, err = w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{Text: "again"})
		wantReason(t, err, "corrections_enough")
		gone := must2(w.svc.WithdrawNotice(ctx, w.worker, n.ID))(t)
		if gone.Text != "" || gone.State != models.NoticeWithdrawn {
			t.Errorf("%+v", gone.Notice)
		}
		_, err = w.svc.CorrectNotice(ctx, w.worker, n.ID, exchange.NoticeChange{Text: "x"})
		wantReason(t, err, "notice_over")
		_, err = w.svc.PostOffer(ctx, w.other.Actor, answers(n.ID, 1))
		wantReason(t, err, "call_over")
		plain := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, exchange.NewNotice{Text: "x"}))(t)
		_, err = w.svc.CloseCall(ctx, w.worker, plain.ID)
		wantReason(t, err, "no_call")
		_, err = w.svc.CorrectNotice(ctx, w.worker, plain.ID, exchange.NoticeChange{Wanted: 3})
		wantReason(t, err, "invalid_input")
	})
}

func TestCall_ForABoxIsBroughtThereAndServesWhoeverNeedsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		call := thermometers(5)
		call.Call.RelayID = w.Relay.ID
		n := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, call))(t)
		_, err := w.svc.PostNotice(ctx, w.Worker(t, w.Community), w.Community.ID, call) // it serves 07 alone
		wantReason(t, err, "invalid_input")
		lot := must2(w.svc.PostOffer(ctx, w.giver.Actor, answers(n.ID, 5)))(t).Lots[0]
		if *lot.RelayID != w.Relay.ID {
			t.Errorf("to be brought to %v", lot.RelayID)
		}
		must2(w.svc.HandIn(ctx, w.giver.Actor, lot.ID))(t)
		in := must2(w.svc.CheckInLot(ctx, w.worker, lot.ID, seen(5)))(t)
		if in.Place != models.PlaceBox || *in.RelayID != w.Relay.ID {
			t.Errorf("%+v", in.Lot)
		}
		got := must2(w.ask(t, w.elder, "M127", 1, well(models.AgeElder)))(t)
		if len(got.Needs[0].Matches) != 1 {
			t.Errorf("%+v", got.Needs)
		}
		wantBar(t, w.notice(t, w.elder.Actor, n.ID), 5, models.NoticeFull) // given units stay in the bar
	})
}

func TestCall_ForAClassTakesWhateverStandsForIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		call := exchange.NewNotice{Text: "征集退烧药", Call: &exchange.NewCall{ItemID: "M140", Units: 20}}
		n := must2(w.svc.PostNotice(ctx, w.worker, w.Micro.ID, call))(t)
		must2(w.svc.PostOffer(ctx, w.giver.Actor, exchange.NewOffer{Way: models.WayRelay, CallID: n.ID, Lots: []exchange.NewLot{blister(10)}}))(t)
		wantBar(t, w.notice(t, w.elder.Actor, n.ID), 10, models.NoticeOpen)
	})
}
