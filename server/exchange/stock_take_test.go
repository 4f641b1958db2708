package exchange_test

import (
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

func TestStockTake_ExplainsWhatDiffers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lots := w.community(t, onCounter("B7"), onCounter("B8"), onCounter("B9"))
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0]
		kept := asked.Matches[0].LotID
		take := func(surplus []exchange.BookLine, counts ...exchange.Count) (models.StockTake, error) {
			return w.svc.StockTake(t.Context(), w.worker, w.Relay.ID, counts, surplus)
		}
		named(t, second(take(nil, exchange.Count{LotID: kept, Usable: 9})), fault.Invalid, "counts[0].why", "missing")
		named(t, second(take(nil, exchange.Count{LotID: kept, Usable: 11})), fault.Invalid, "counts[0].usable", "surplus_apart")
		named(t, second(take(nil, exchange.Count{LotID: kept, Usable: 2, Spoiled: 3})), fault.Invalid, "counts[0].spoiled", "units_out_of_range")
		var others []models.ID
		for _, l := range lots {
			if l.ID != kept {
				others = append(others, l.ID)
			}
		}
		got, err := take([]exchange.BookLine{onCounter("B10")}, exchange.Count{LotID: kept, Usable: 3, Spoiled: 2, Why: models.WhyUnrecorded},
			exchange.Count{LotID: others[0], Usable: 10}, exchange.Count{LotID: others[1], Usable: 8, Why: models.WhyNotFound})
		if must(t, got, err); got.Counted != 3 || len(got.Lines) != 3 || got.Lines[0].Should != 10 || got.Lines[2].Why != models.WhySurplus {
			t.Fatalf("%+v", got)
		}
		// She who was to get six of it gets them from another lot of the box.
		var mine []models.MatchState
		n := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		for _, h := range n.ToHandOver {
			for _, m := range h.Matches {
				mine = append(mine, m.State)
				if m.LotID == kept {
					t.Errorf("she is to get what is not there: %+v", m.Match)
				}
			}
		}
		if len(mine) == 0 {
			t.Error("nothing waits for her")
		}
		shelf := w.shelf(t, exchange.ShelfQuery{})
		units := 0
		for _, l := range shelf.Lots {
			units += l.Units
		}
		if units != 3+10+8+10 || shelf.Counts[exchange.ShelfStopped] != 1 {
			t.Errorf("%d units lie there: %+v", units, shelf.Lots)
		}
		_, chain, err := w.svc.Chain(t.Context(), w.worker, kept)
		if last := must(t, chain, err)[len(chain)-1]; last.To != models.Nowhere(kept) || last.Units != 7 || last.Why != models.WhyUnrecorded {
			t.Errorf("%+v", last)
		}
		all := must2(w.svc.StockTakes(t.Context(), w.worker, w.Relay.ID, exchange.Page{Limit: 5}))(t)
		if len(all) != 1 || all[0].By != "林月" || len(all[0].Lines) != 3 {
			t.Errorf("%+v", all)
		}
		// The stopped ones are counted apart.
		gone := 1
		got, err = take(nil, exchange.Count{LotID: kept, Usable: 1, Stopped: &gone, Why: models.WhyNotFound})
		if must(t, got, err); got.Lines[0].Should != 3 || got.Lines[0].Counted != 2 {
			t.Errorf("%+v", got.Lines)
		}
	})
}

func TestStockTake_WhatIsSpoiledIsKeptForNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := w.community(t, onCounter("B7"))[0].ID
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		must2(w.svc.StockTake(t.Context(), w.worker, w.Relay.ID, []exchange.Count{{LotID: lot, Usable: 10, Spoiled: 5}}, nil))(t)
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 6 || n.Matches[0].EndReason != "short" {
			t.Errorf("six of what is left of ten: %+v", n)
		}
		if l := w.shelf(t, exchange.ShelfQuery{}).Lots[0]; l.Units != 10 || l.Remaining != 5 || l.Withdrawn != 5 || l.Back {
			t.Errorf("%+v", l)
		}
	})
}

func TestStockTake_NobodyExplainsHerOwnAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		w.checkIn(t, lot, 10)
		her := w.worker
		her.HouseholdID = w.giver.HouseholdID
		for _, c := range []exchange.Count{{LotID: lot, Usable: 9, Why: models.WhyUnrecorded}, {LotID: lot, Usable: 10, Spoiled: 1}} {
			if _, err := w.svc.StockTake(t.Context(), her, w.Relay.ID, []exchange.Count{c}, nil); fault.From(err).Reason != "not_alone" {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if _, err := w.svc.StockTake(t.Context(), her, w.Relay.ID, []exchange.Count{{LotID: lot, Usable: 10}}, nil); err != nil {
			t.Errorf("that nothing differs she may say: %v", err)
		}
	})
}
