package exchange_test

import (
	"errors"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

func (w *town) recall(t *testing.T, batch string) exchange.RecallView {
	t.Helper()
	v, err := w.svc.Recall(t.Context(), w.worker, exchange.NewRecall{GridID: w.Micro.ID, ItemID: "M004", Batch: batch, Reason: "药监局通知"})
	return must(t, v, err)
}

func TestRecall_StopsWhatLiesAndAsksBackWhatWasGiven(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := w.community(t, onCounter("24 04-117b"))[0]
		got := must2(w.ask(t, w.elder, "M140", 4, well(models.AgeElder)))(t)
		w.fetch(t, w.elder, got.Needs[0].Matches[0])
		waits := must2(w.ask(t, w.other, "M004", 3, well(models.AgeAdult)))(t)
		other := w.community(t, onCounter("ANOTHER"))[0]
		r := w.recall(t, "2404117B")
		if r.State != models.RecallDone || r.Counts.Stopped != 6 || r.Counts.Asked != 1 || len(r.Collections) != 1 || r.Collections[0].Building != "1 栋" {
			t.Fatalf("%+v", r)
		}
		// Who was to get it gets another batch at once; who has it is told.
		n := w.request(t, w.other.Actor, waits.ID).Needs[0]
		if len(n.Matches) != 2 || n.Matches[0].State != models.MatchRefused || n.Matches[0].EndReason != models.ReasonRecalled || n.Matches[1].LotID != other.ID {
			t.Errorf("%+v", n.Matches)
		}
		if m := w.request(t, w.elder.Actor, got.ID).Needs[0].Matches[0]; m.Recalled != models.CollectionAsked {
			t.Errorf("she is not told: %+v", m)
		}
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.ToCollect) != 1 {
			t.Fatalf("no task: %+v", today.ToCollect)
		}
		task := today.ToCollect[0]
		if _, err := w.svc.Collect(t.Context(), w.elder.Actor, task.ID, 4); !fault.Is(err, fault.NotFound) {
			t.Errorf("she ticks it off herself: %v", err)
		}
		named(t, second(w.svc.Collect(t.Context(), w.worker, task.ID, 5)), fault.Invalid, "quantity", "more_than_given")
		must2(w.svc.Collect(t.Context(), w.worker, task.ID, 3))(t) // one was taken
		if _, err := w.svc.Collect(t.Context(), w.worker, task.ID, 3); !fault.Is(err, fault.Conflict) {
			t.Errorf("collected twice: %v", err)
		}
		if m := w.request(t, w.elder.Actor, got.ID).Needs[0].Matches[0]; m.Recalled != models.CollectionCollected {
			t.Errorf("%+v", m)
		}
		shelf := w.shelf(t, exchange.ShelfQuery{State: exchange.ShelfStopped})
		if len(shelf.Lots) != 1 || shelf.Lots[0].Units != 9 || shelf.Lots[0].Back {
			t.Fatalf("nine are stopped, and nobody may have them back: %+v", shelf.Lots)
		}
		// From there they leave against a receipt, and no more than lie there.
		bring := func(units int) (exchange.RecoveryView, error) {
			return w.svc.HandToRecovery(t.Context(), w.worker, w.Relay.ID, []exchange.Parcel{{LotID: lot.ID, Units: units}}, "怀远大药房", "2026-0117")
		}
		named(t, second(bring(10)), fault.Conflict, "lots[0].quantity", "not_stopped")
		receipt := must2(bring(9))(t)
		named(t, second(bring(1)), fault.Conflict, "lots[0].quantity", "not_stopped")
		seen := must2(w.svc.Recovery(t.Context(), w.worker, receipt.ID))(t)
		if seen.By != "林月" || len(seen.Lots) != 1 || seen.Lots[0].Units != 9 {
			t.Errorf("%+v", seen)
		}
		if _, err := w.svc.Recovery(t.Context(), w.giver.Actor, receipt.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour reads the receipt: %v", err)
		}
	})
}

func TestRecall_KeepsTheBatchOutFromThenOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		early := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID // its batch is not known yet
		w.recall(t, "2404117")
		if _, err := w.svc.Recall(t.Context(), w.worker, exchange.NewRecall{GridID: w.Micro.ID, ItemID: "M004", Batch: "24-04117", Reason: "再来"}); fault.From(err).Reason != "recalled_already" {
			t.Errorf("twice: %v", err)
		}
		_, err := w.svc.CheckInLot(t.Context(), w.worker, early, seen(10))
		named(t, err, fault.Refused, "batch", "recalled")
		_, err = w.svc.BookIn(t.Context(), w.worker, w.Relay.ID, exchange.BookIn{From: exchange.FromWalkIn, Lines: []exchange.BookLine{onCounter("2404117")}})
		named(t, err, fault.Refused, "lines[0].batch", "recalled")
		bad := blister(10)
		bad.Batch = "2404 117"
		_, err = w.offer(t, w.other, bad)
		var post *exchange.RefusedPost
		if !errors.As(err, &post) || post.Refused[0].Reasons[0].Code != "recalled" || post.Refused[0].Go != "recovery" {
			t.Errorf("posted: %v", err)
		}
		if _, err := w.svc.Recall(t.Context(), w.worker, exchange.NewRecall{GridID: w.City.ID, ItemID: "M004", Batch: "X", Reason: "r"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("beyond her grid: %v", err)
		}
		if _, err := w.svc.Recall(t.Context(), w.giver.Actor, exchange.NewRecall{GridID: w.Micro.ID, ItemID: "M004", Batch: "X", Reason: "r"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour: %v", err)
		}
	})
}

func TestRecall_GoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		for range 12 {
			lines := []exchange.BookLine{}
			for range 10 {
				lines = append(lines, onCounter("B7"))
			}
			w.community(t, lines...)
		}
		r := w.recall(t, "B7") // takes a hundred on at once
		if r.State != models.RecallRunning || r.Counts.Lots != 120 || r.Counts.LeftOver != 20 {
			t.Fatalf("%+v", r.Counts)
		}
		w.sweep(t)
		r = must2(w.svc.OneRecall(t.Context(), w.worker, r.ID))(t)
		if r.State != models.RecallDone || r.Counts.Stopped != 1200 || r.DoneAt == nil {
			t.Fatalf("%s %+v", r.State, r.Counts)
		}
		b.Clock.Add(time.Minute)
		if all := must2(w.svc.Recalls(t.Context(), w.worker, w.Micro.ID))(t); len(all) != 1 {
			t.Errorf("%d recalls", len(all))
		}
	})
}

func TestRecall_WantsWhatIsLentBackAndLendsItNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := w.inBox(t, 3)
		loan := w.borrow(t, w.elder)
		must(t, 0, b.Store.InTx(t.Context(), func(tx *store.Tx) error {
			var lots []models.Lot
			if err := tx.Load(store.ByID([]models.ID{lot}, &lots)); err != nil {
				return err
			}
			lots[0].Batch = "T9"
			return tx.SaveLot(&lots[0], "lot.edited", models.Audience{Workers: true})
		}))
		r := must2(w.svc.Recall(t.Context(), w.worker, exchange.NewRecall{GridID: w.Micro.ID, ItemID: "M128", Batch: "t9", Reason: "厂家通知"}))(t)
		if r.State != models.RecallDone || len(r.Collections) != 0 {
			t.Fatalf("its loan brings it back: %+v", r)
		}
		if _, err := w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 1); fault.From(err).Reason != "wanted_back" {
			t.Errorf("kept longer: %v", err)
		}
		must2(w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Wiped: true, Works: true}))(t)
		if asked := must2(w.ask(t, w.other, "M128", 1, plain()))(t); len(asked.Needs[0].Matches) != 0 {
			t.Errorf("lent again: %+v", asked.Needs[0].Matches)
		}
		if _, err := w.svc.GiveBack(t.Context(), w.worker, lot); fault.From(err).Reason != "to_recovery_only" {
			t.Errorf("given back: %v", err)
		}
	})
}

func TestRecall_WhatIsOnTheWayIsNotHandedOver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.community(t, onCounter("B7"))
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		m := asked.Needs[0].Matches[0]
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		w.recall(t, "b-7")
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID))(t)
		done := must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
		if done.State != models.HandoverRefused || len(done.KeptBack) != 1 || done.KeptBack[0].Reason.Code != models.ReasonRecalled {
			t.Fatalf("%+v %+v", done.Handover, done.KeptBack)
		}
		w.home(t, w.worker)
		w.sweep(t)
		if l := w.shelf(t, exchange.ShelfQuery{}).Lots[0]; l.Units != 10 || l.Withdrawn != 10 {
			t.Errorf("it lies in the box and goes to nobody: %+v", l)
		}
	})
}

func TestMoveBox_StopsWhatIsRecalledWhereItComes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		bad, good := w.community(t, onCounter("B7"))[0].ID, models.ID("")
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		good = w.community(t, onCounter("B8"))[0].ID
		to := w.relayIn(t, w.Beside, w.Community)
		b.Clock.Add(11 * time.Second)
		there := w.Worker(t, w.Beside)
		r := must2(w.svc.Recall(t.Context(), there, exchange.NewRecall{GridID: w.Beside.ID, ItemID: "M004", Batch: "B-7", Reason: "药监局通知"}))(t)
		if r.State != models.RecallDone {
			t.Fatalf("%+v", r)
		}
		if moved := must2(w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to.ID))(t); moved.Lots != 2 || moved.Handovers != 0 {
			t.Errorf("%+v", moved)
		}
		if l := w.lot(t, bad); l.Remaining+l.Reserved != 0 || l.CloseReason != models.ReasonRecalled {
			t.Errorf("%+v", l)
		}
		m := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
		if m.LotID != bad || m.State != models.MatchRefused || m.EndReason != models.ReasonRecalled {
			t.Errorf("%+v", m.Match)
		}
		w.sweep(t)
		if of := w.matchesOf(t, w.elder, asked.ID); of[good].State != models.MatchReady {
			t.Errorf("another batch of the same box: %+v", of)
		}
	})
}

func TestRecall_WhoHasBorrowedItIsTold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, gun(9)))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		in := wiped
		in.Batch = "G1"
		must2(w.svc.CheckInLot(t.Context(), w.worker, lot, in))(t)
		loan := w.borrow(t, w.elder)
		b.Clock.Add(time.Hour)
		must2(w.svc.Recall(t.Context(), w.worker, exchange.NewRecall{GridID: w.Micro.ID, ItemID: "M128", Batch: "G1", Reason: "电池会发热"}))(t)
		if n, to := w.told(t, loan.ID, "loan.recalled"); n != 1 || to.Persons[0] != w.elder.PersonID {
			t.Errorf("told %d times, to %+v", n, to)
		}
		now := must2(w.svc.Loan(t.Context(), w.elder.Actor, loan.ID))(t)
		if now.DueOn != models.DateOf(b.Clock.Now()) || now.MayExtend || now.RemindAt == nil {
			t.Errorf("it is wanted today: %+v", now.Loan)
		}
		must2(w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true, Wiped: true}))(t)
	})
}
