package exchange_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// life is a box into which, and out of which, everything happens at random.
type life struct {
	*town
	r       *rand.Rand
	people  []storetest.Neighbour
	batches []string
	bags    []models.ID
	done    map[string]int
}

// nothing says that there is nobody or nothing now of whom a command could be about.
var nothing = fault.New(fault.NotFound, "not_found")

func pick[T any](r *rand.Rand, all []T) (one T, ok bool) {
	if len(all) == 0 {
		return one, false
	}
	return all[r.IntN(len(all))], true
}

// TestLaw_WhateverIsDoneABoxHoldsWhatItsEventsSay plays a few hundred random
// commands of everybody at one point. After each, no hand holds less than nothing,
// the shelf is what the changes of hands and the last events of its lots say, and
// every refusal is one with a sentence; in the end the doctor looks.
func TestLaw_WhateverIsDoneABoxHoldsWhatItsEventsSay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		w := newTown(t, b)
		l := &life{town: w, r: rand.New(rand.NewPCG(seed, 8)), people: []storetest.Neighbour{w.elder, w.giver, w.other}, batches: []string{"B1", "B2", "b-3"}, done: map[string]int{}}
		for i := range 6 {
			l.people = append(l.people, w.Neighbour(t, w.Micro, fmt.Sprintf("%d-1-101", 20+i), "邻居", models.CareNone))
		}
		commands := []struct {
			name string
			do   func(t *testing.T) error
		}{{"book in", l.someBookIn}, {"ask", l.someAsk}, {"offer", l.someOffer}, {"hand in", l.someHandIn}, {"check", l.someCheck}, {"hand over", l.someGive},
			{"decline", l.someDecline}, {"bag", l.someBag}, {"open", l.someOpen}, {"close", l.someClose}, {"count", l.someCount}, {"recall", l.someRecall}, {"collect", l.someCollect},
			{"recovery", l.someRecovery}, {"give back", l.someGiveBack}, {"withdraw", l.someWithdraw}, {"wait", l.someWait}}
		for step := range 160 {
			c := commands[l.r.IntN(len(commands))]
			switch err := c.do(t); {
			case err == nil:
				l.done[c.name]++
			case fault.From(err).Code == fault.Internal || fault.From(err).Code == fault.Unavailable:
				t.Fatalf("step %d, %s: %v", step, c.name, err)
			}
			l.look(t, fmt.Sprintf("step %d, %s", step, c.name))
		}
		t.Logf("done: %v", l.done)
		if len(l.done) < 10 {
			t.Errorf("hardly anything succeeded: %v", l.done)
		}
	})
}

// look holds the shelf against the chains and the events of all lots.
func (l *life) look(t *testing.T, when string) {
	t.Helper()
	lots := l.lots(t, func(models.Lot) bool { return true })
	onShelf := map[models.ID]exchange.ShelfLot{}
	for _, row := range l.shelf(t, exchange.ShelfQuery{Limit: 1000}).Lots {
		onShelf[row.ID] = row
	}
	box := models.Box(l.Relay.ID)
	for _, lot := range lots {
		held, broken := models.Held(lot, l.chain(t, lot.ID))
		if broken >= 0 {
			t.Fatalf("%s: %s is in two hands from change %d on", when, lot.ID, broken)
		}
		sum := 0
		for _, units := range held {
			sum += units
		}
		row := onShelf[lot.ID]
		if sum != lot.Offered || row.Units != held[box] {
			t.Fatalf("%s: %d of %d are somewhere; the box has %d of it and shows %d", when, sum, lot.Offered, held[box], row.Units)
		}
		usable, parts := 0, 0
		for _, p := range row.Parts {
			parts += p.Units
			if p.State != exchange.ShelfStopped {
				usable += p.Units
			}
		}
		var told []models.Event
		if err := l.Store.Read(t.Context(), store.EventsOf(l.Micro.ID, []models.ID{lot.ID}, &told)); err != nil {
			t.Fatal(err)
		}
		last := told[len(told)-1].Quantities
		if parts != row.Units || lot.Holder() == box && usable != last["remaining"]+last["reserved"] {
			t.Fatalf("%s: its events say %v, the shelf %+v", when, last, row.Parts)
		}
	}
}

func (l *life) lots(t *testing.T, of func(models.Lot) bool) []models.Lot {
	t.Helper()
	var all []models.Lot
	err := l.Store.View(t.Context(), func(tx *store.Tx) error {
		var offers []models.Offer
		owners := []models.ID{l.Relay.ID}
		for _, p := range l.people {
			owners = append(owners, p.PersonID)
		}
		for _, who := range owners {
			var some []models.Offer
			if err := tx.Load(store.OffersOf(who, false, nil, 1000, &some)); err != nil {
				return err
			}
			offers = append(offers, some...)
		}
		posts := []models.ID{}
		for _, o := range offers {
			posts = append(posts, o.ID)
		}
		return tx.Load(store.LotsOfOffer(posts, &all))
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(lot models.Lot) bool { return !of(lot) })
}

func (l *life) line() exchange.BookLine {
	batch, _ := pick(l.r, l.batches)
	line := onCounter(batch)
	line.Units = 1 + l.r.IntN(12)
	if l.r.IntN(4) == 0 {
		line.Refuse, line.Kept = "opened", l.r.IntN(2) == 0
	}
	return line
}

func (l *life) someBookIn(t *testing.T) error {
	in := exchange.BookIn{From: exchange.FromCommunity, Lines: []exchange.BookLine{l.line(), l.line()}}
	if who, _ := pick(l.r, l.people); l.r.IntN(2) == 0 {
		in.From, in.HouseholdID = exchange.FromHousehold, who.HouseholdID
	}
	return second(l.svc.BookIn(t.Context(), l.worker, l.Relay.ID, in))
}

func (l *life) someAsk(t *testing.T) error {
	who, _ := pick(l.r, l.people)
	return second(l.ask(t, who, "M004", 1+l.r.IntN(6), well(models.AgeAdult)))
}

func (l *life) someOffer(t *testing.T) error {
	who, _ := pick(l.r, l.people)
	return second(l.offer(t, who, blister(1+l.r.IntN(12))))
}

func (l *life) someHandIn(t *testing.T) error {
	lot, _ := pick(l.r, l.lots(t, func(lot models.Lot) bool { return lot.Place == models.PlaceHome && lot.Live() }))
	if lot.ID == "" {
		return nothing
	}
	return second(l.svc.HandIn(t.Context(), l.worker, lot.ID))
}

func (l *life) someCheck(t *testing.T) error {
	lot, _ := pick(l.r, l.lots(t, func(lot models.Lot) bool { return lot.CheckedAt == nil && lot.Live() }))
	if lot.ID == "" {
		return nothing
	}
	if l.r.IntN(4) == 0 {
		return second(l.svc.RefuseLot(t.Context(), l.worker, lot.ID, "expired"))
	}
	in := seen(max(1, lot.Remaining+lot.Reserved-l.r.IntN(2)))
	in.Batch, _ = pick(l.r, l.batches)
	return second(l.svc.CheckInLot(t.Context(), l.worker, lot.ID, in))
}

// someMatch is a live match of anybody.
func (l *life) someMatch(t *testing.T, of func(models.Match) bool) (models.Match, storetest.Neighbour) {
	t.Helper()
	var all []models.Match
	lots := l.lots(t, func(models.Lot) bool { return true })
	those := []models.ID{}
	for _, lot := range lots {
		those = append(those, lot.ID)
	}
	if err := l.Store.Read(t.Context(), store.MatchesOfLots(those, &all)); err != nil {
		t.Fatal(err)
	}
	m, _ := pick(l.r, slices.DeleteFunc(all, func(m models.Match) bool { return !of(m) }))
	at := slices.IndexFunc(l.people, func(p storetest.Neighbour) bool { return p.PersonID == m.ReceiverID })
	return m, l.people[max(0, at)]
}

func (l *life) someGive(t *testing.T) error {
	m, who := l.someMatch(t, func(m models.Match) bool { return m.State == models.MatchReady })
	if m.ID == "" {
		return nothing
	}
	code, err := l.svc.PickupCode(t.Context(), who.Actor, m.HandoverID)
	if err != nil {
		return err
	}
	if l.handover(t, l.worker, m.HandoverID).State == models.HandoverReady && l.r.IntN(4) > 0 {
		l.label(t, l.worker, m.HandoverID)
	}
	return second(l.svc.Give(t.Context(), l.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))
}

func (l *life) someDecline(t *testing.T) error {
	m, who := l.someMatch(t, models.Match.Live)
	if m.ID == "" {
		return nothing
	}
	return second(l.svc.DeclineMatch(t.Context(), who.Actor, m.ID))
}

func (l *life) someBag(t *testing.T) error {
	who, _ := pick(l.r, l.people)
	v, err := l.svc.PostBag(t.Context(), who.Actor, "", "")
	if err == nil {
		l.bags = append(l.bags, v.ID)
		code := must2(l.svc.BagCode(t.Context(), who.Actor, v.ID))(t)
		return second(l.svc.OpenBag(t.Context(), l.worker, l.Relay.ID, code.Code, ""))
	}
	return err
}

func (l *life) someOpen(t *testing.T) error {
	bag, _ := pick(l.r, l.bags)
	return second(l.svc.BookIn(t.Context(), l.worker, l.Relay.ID, exchange.BookIn{From: exchange.FromBag, BagID: bag, Lines: []exchange.BookLine{l.line()}}))
}

func (l *life) someClose(t *testing.T) error {
	bag, _ := pick(l.r, l.bags)
	if bag == "" {
		return nothing
	}
	return second(l.svc.CloseBag(t.Context(), l.worker, bag))
}

func (l *life) someCount(t *testing.T) error {
	var counts []exchange.Count
	for _, row := range l.shelf(t, exchange.ShelfQuery{}).Lots {
		c := exchange.Count{LotID: row.ID, Why: models.WhyNotFound}
		stopped := 0
		for _, p := range row.Parts {
			if p.State == exchange.ShelfStopped {
				stopped += p.Units
			} else {
				c.Usable += p.Units
			}
		}
		if l.r.IntN(4) == 0 {
			c.Usable -= l.r.IntN(c.Usable + 1)
			c.Spoiled = l.r.IntN(c.Usable + 1)
			stopped -= l.r.IntN(stopped + 1)
		}
		c.Stopped = &stopped
		counts = append(counts, c)
	}
	return second(l.svc.StockTake(t.Context(), l.worker, l.Relay.ID, counts, []exchange.BookLine{onCounter("B9")}))
}

func (l *life) someRecall(t *testing.T) error {
	if l.r.IntN(4) > 0 {
		return nothing
	}
	batch, _ := pick(l.r, l.batches)
	return second(l.svc.Recall(t.Context(), l.worker, exchange.NewRecall{GridID: l.Micro.ID, ItemID: "M004", Batch: batch, Reason: "召回"}))
}

func (l *life) someCollect(t *testing.T) error {
	task, ok := pick(l.r, must2(l.svc.Today(t.Context(), l.worker, l.Micro.ID))(t).ToCollect)
	if !ok {
		return nothing
	}
	return second(l.svc.Collect(t.Context(), l.worker, task.ID, l.r.IntN(task.Units+1)))
}

func (l *life) stopped(t *testing.T) (exchange.ShelfLot, int) {
	t.Helper()
	row, _ := pick(l.r, l.shelf(t, exchange.ShelfQuery{State: exchange.ShelfStopped}).Lots)
	for _, p := range row.Parts {
		if p.State == exchange.ShelfStopped {
			return row, p.Units
		}
	}
	return row, 0
}

func (l *life) someRecovery(t *testing.T) error {
	row, units := l.stopped(t)
	return second(l.svc.HandToRecovery(t.Context(), l.worker, l.Relay.ID, []exchange.Parcel{{LotID: row.ID, Units: 1 + l.r.IntN(units+2)}}, "药房", "1"))
}

func (l *life) someGiveBack(t *testing.T) error {
	row, _ := l.stopped(t)
	if row.ID == "" {
		return nothing
	}
	return second(l.svc.GiveBack(t.Context(), l.worker, row.ID))
}

func (l *life) someWithdraw(t *testing.T) error {
	lot, _ := pick(l.r, l.lots(t, func(lot models.Lot) bool { return lot.Remaining > 0 && !lot.OfPoint() }))
	if lot.ID == "" {
		return nothing
	}
	at := max(0, slices.IndexFunc(l.people, func(p storetest.Neighbour) bool { return p.PersonID == lot.PersonID }))
	return second(l.svc.WithdrawLot(t.Context(), l.people[at].Actor, lot.ID))
}

func (l *life) someWait(t *testing.T) error {
	l.Clock.Add(time.Duration(l.r.IntN(20)) * time.Hour)
	return second(l.svc.Sweep(t.Context()))
}
