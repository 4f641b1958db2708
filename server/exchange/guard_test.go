package exchange_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// matched posts an offer and a request and gives the request's only match.
func (w *town) matched(t *testing.T, units int) (exchange.RequestView, exchange.MatchView) {
	t.Helper()
	_, err := w.offer(t, w.giver, blister(10))
	must(t, 0, err)
	asked, err := w.ask(t, w.elder, "M140", units, well(models.AgeElder))
	asked = must(t, asked, err)
	return asked, asked.Needs[0].Matches[0]
}

func TestContact_IsShownOnlyAfterBothAgreedAndOnlySevenDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 6)
		see := func(who models.Actor) error {
			_, err := w.svc.Contact(t.Context(), who, m.ID, "")
			return err
		}
		agree := func(who models.Actor, yes bool) {
			_, err := w.svc.ConsentContact(t.Context(), who, m.ID, yes)
			must(t, 0, err)
		}
		if !fault.Is(see(w.elder.Actor), fault.Forbidden) {
			t.Fatal("seen before anybody agreed")
		}
		agree(w.elder.Actor, true)
		if !fault.Is(see(w.elder.Actor), fault.Forbidden) || !fault.Is(see(w.giver.Actor), fault.Forbidden) {
			t.Fatal("seen after one agreed")
		}
		agree(w.giver.Actor, true)
		c, err := w.svc.Contact(t.Context(), w.elder.Actor, m.ID, exchange.SideReceiver)
		if must(t, c, err); c.Name != "王师傅" || c.Door != "2单元 501" || c.Phone == "" {
			t.Fatalf("%+v", c)
		}
		for who, err := range map[string]error{"a neighbour": see(w.other.Actor), "another grid": see(w.elsewhere.Actor)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
		}
		agree(w.giver.Actor, false)
		if !fault.Is(see(w.elder.Actor), fault.Forbidden) {
			t.Fatal("seen after it was taken back")
		}
		agree(w.giver.Actor, true)
		_, err = w.svc.DeclineMatch(t.Context(), w.elder.Actor, m.ID)
		must(t, 0, err)
		b.Clock.Add(8 * 24 * time.Hour)
		if !fault.Is(see(w.elder.Actor), fault.Gone) {
			t.Fatal("seen eight days after closing")
		}
	})
}

func TestStranger_SeesNothingOfAnotherGrid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		for name, err := range map[string]error{
			"request":  second(w.svc.Request(t.Context(), w.elsewhere.Actor, asked.ID)),
			"handover": second(w.svc.Handover(t.Context(), w.elsewhere.Actor, m.HandoverID)),
			"decline":  second(w.svc.DeclineMatch(t.Context(), w.elsewhere.Actor, m.ID)),
			"cancel":   second(w.svc.CancelNeed(t.Context(), w.elsewhere.Actor, asked.Needs[0].ID)),
			"today":    second(w.svc.Today(t.Context(), w.elsewhere.Actor, w.Micro.ID)),
			"code":     second(w.svc.PickupCode(t.Context(), w.elsewhere.Actor, m.HandoverID)),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		rows, err := w.svc.Board(t.Context(), w.elsewhere.Actor, exchange.Page{Limit: 20})
		if len(must(t, rows, err)) != 0 {
			t.Error("another grid's board is shown")
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestTenClaimsOnOneLastBox_OneWinsNineHearWhy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(6))
		must(t, 0, err)
		var people []storetest.Neighbour
		for range 10 {
			people = append(people, w.Neighbour(t, w.Micro, "6-1-10"+string(rune('0'+len(people))), "邻居", models.CareNone))
		}
		var wg sync.WaitGroup
		views := make([]exchange.RequestView, len(people))
		errs := make([]error, len(people))
		for i, p := range people {
			wg.Go(func() { views[i], errs[i] = w.ask(t, p, "M004", 6, well(models.AgeAdult)) })
		}
		wg.Wait()
		won := 0
		for i, v := range views {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			n := v.Needs[0]
			if n.State == models.NeedMatched {
				won++
			} else if len(n.Why) == 0 || n.NextAt == nil {
				t.Errorf("loser %d does not hear why: %+v", i, n.Need)
			}
		}
		if won != 1 {
			t.Fatalf("%d won", won)
		}
	})
}

func TestSameCallTwice_HasOneEffectAndOneAnswer(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.elder.Call = models.Call{Key: "k1", Route: "POST /requests", Hash: "h1"}
		first, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		first = must(t, first, err)
		again, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		if again = must(t, again, err); again.ID != first.ID {
			t.Fatalf("two posts: %s %s", first.ID, again.ID)
		}
		w.elder.Call.Hash = "h2"
		if _, err := w.ask(t, w.elder, "M140", 7, well(models.AgeElder)); !fault.Is(err, fault.Invalid) {
			t.Fatalf("another body under the same key: %v", err)
		}
		w.elder.Call = models.Call{}
		if _, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder)); !fault.Is(err, fault.Refused) {
			t.Fatalf("a like need is open: %v", err)
		}
	})
}

func TestWrongCode_LocksAfterFiveAndTheWorkerReissues(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 6)
		w.checkIn(t, m.LotID, 10)
		right, err := w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID)
		must(t, 0, err)
		wrong := "000000"
		if right.Code == wrong {
			wrong = "000001"
		}
		for i := range models.MaxCodeTries {
			if _, err := w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: wrong, Adult: true}); err == nil {
				t.Fatalf("try %d was taken", i)
			}
		}
		if _, err := w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: right.Code, Adult: true}); !fault.Is(err, fault.Conflict) {
			t.Fatalf("locked, and still open: %v", err)
		}
		_, err = w.svc.Reissue(t.Context(), w.worker, m.HandoverID)
		must(t, 0, err)
		if _, err := w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Token: right.Token, Adult: true}); err == nil {
			t.Fatal("the old token still opens")
		}
		fresh, err := w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID)
		must(t, 0, err)
		done, err := w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Token: fresh.Token, Adult: true})
		if must(t, done, err).State != models.HandoverDone {
			t.Fatalf("%+v", done.Handover)
		}
	})
}

func TestNobodyChecksAloneWhatHeGave(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.giver.Roles = append(w.giver.Roles, models.Role{Kind: models.RoleWorker, GridPath: w.Micro.Path})
		offered, err := w.offer(t, w.giver, blister(10))
		lot := must(t, offered, err).Lots[0]
		_, err = w.svc.CheckInLot(t.Context(), w.giver.Actor, lot.ID, exchange.CheckIn{Sealed: true, Readable: true,
			InDate: true, OTC: true, ExpiresOn: "2027-08-31", Batch: "1", Counted: 10, Labelled: true})
		if !fault.Is(err, fault.Forbidden) {
			t.Fatalf("%v", err)
		}
	})
}

func TestCheckIn_RefusedLotSendsTheNeedFurther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		refused, err := w.svc.RefuseLot(t.Context(), w.worker, m.LotID, "unreadable")
		if l := must(t, refused, err); l.State != models.LotClosed || l.Withdrawn != 10 {
			t.Fatalf("%+v", l.Lot)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 6 {
			t.Fatalf("%+v", n.Need)
		}
	})
}

func TestCheckIn_CountedShortTakesFromWhatIsFreeFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, m := w.matched(t, 6)
		l := w.checkIn(t, m.LotID, 8)
		if l.Withdrawn != 2 || l.Reserved != 6 || l.Remaining != 2 {
			t.Fatalf("%+v", l.Lot)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Matches[0].State != models.MatchReady {
			t.Fatalf("%+v", n)
		}
	})
}

func TestCancelledContextLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.svc.OpenRequest(ctx, w.elder.Actor, exchange.NewRequest{Way: models.WayRelay, Lines: []exchange.NewNeed{
		{ItemID: "M140", Units: 6, Patient: well(models.AgeElder), Urgency: models.UrgencyToday}}})
	if err == nil {
		t.Fatal("a call that had ended was carried out")
	}
	posts, err := w.svc.Requests(t.Context(), w.elder.Actor, false, exchange.Page{Limit: 10})
	if len(must(t, posts, err)) != 0 {
		t.Fatal("half a post is there")
	}
}
