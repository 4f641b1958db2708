package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// gun is a thermometer gun to be lent, used before.
func gun(days int) exchange.NewLot {
	return exchange.NewLot{ItemID: "M128", Units: 1, Seal: models.SealOpened, Kind: models.LotLoan, LendDays: days}
}

// wiped is a check at which a lent thing was right.
var wiped = exchange.CheckIn{Readable: true, Wiped: true, Works: true, Counted: 1}

func plain() models.Patient { return models.Patient{Age: models.AgeAdult} }

// borrow has somebody ask for a thermometer gun, say yes and collect it.
func (w *town) borrow(t *testing.T, who storetest.Neighbour) exchange.LoanView {
	t.Helper()
	asked := must2(w.ask(t, who, "M128", 1, plain()))(t)
	m := asked.Needs[0].Matches[0]
	must2(w.svc.AcceptMatch(t.Context(), who.Actor, m.ID, nil))(t)
	return w.collect(t, who, m)
}

func (w *town) collect(t *testing.T, who storetest.Neighbour, m exchange.MatchView) exchange.LoanView {
	t.Helper()
	code := must2(w.svc.PickupCode(t.Context(), who.Actor, m.HandoverID))(t)
	must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
	mine := must2(w.svc.Loans(t.Context(), who.Actor))(t)
	if len(mine) == 0 || mine[0].MatchID != m.ID {
		t.Fatalf("no loan was made: %+v", mine)
	}
	return mine[0]
}

// inBox is a thermometer gun that lies in the box, checked and wiped.
func (w *town) inBox(t *testing.T, days int) models.ID {
	t.Helper()
	lot := must2(w.offer(t, w.giver, gun(days)))(t).Lots[0].ID
	must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
	must2(w.svc.CheckInLot(t.Context(), w.worker, lot, wiped))(t)
	return lot
}

func (w *town) lot(t *testing.T, id models.ID) models.Lot {
	t.Helper()
	var lots []models.Lot
	if err := w.Store.Read(t.Context(), store.ByID([]models.ID{id}, &lots)); err != nil || len(lots) != 1 {
		t.Fatal(err, lots)
	}
	return lots[0]
}

func TestLoan_GoesOutComesBackWipedAndGoesToTheNext(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M128", 1, plain()))(t)
		lot := must2(w.offer(t, w.giver, gun(3)))(t).Lots[0]
		m := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
		if m.State != models.MatchProposed || m.Kind != models.LotLoan || m.LendDays != 3 {
			t.Fatalf("a loan waits for her yes, and says for how long: %+v", m)
		}
		must2(w.svc.AcceptMatch(t.Context(), w.elder.Actor, m.ID, nil))(t)
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot.ID))(t)
		unwiped := wiped
		unwiped.Wiped, unwiped.Works = false, false
		_, err := w.svc.CheckInLot(t.Context(), w.worker, lot.ID, unwiped)
		if f := fault.From(err); f.Reason != "check_failed" || len(f.Fields) != 2 {
			t.Fatalf("lent unwiped: %v", err)
		}
		must2(w.svc.CheckInLot(t.Context(), w.worker, lot.ID, wiped))(t)
		loan := w.collect(t, w.elder, m)
		if loan.DueOn != "2026-12-21" || loan.Side != exchange.SideReceiver || loan.Building != "" || !loan.MayExtend || loan.Relay == nil {
			t.Fatalf("%+v", loan)
		}
		if l := w.lot(t, lot.ID); l.Lent != 1 || l.Remaining+l.Reserved+l.Given != 0 || l.State != models.LotTaken {
			t.Fatalf("%+v", l)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.State != models.NeedFulfilled || n.Matches[0].Loan == nil {
			t.Fatalf("her need: %+v", n)
		}

		next := must2(w.ask(t, w.other, "M128", 1, plain()))(t)
		if n := next.Needs[0]; n.Open != 1 {
			t.Fatalf("the next waits: %+v", n.Need)
		}
		seenBy := must2(w.svc.Loan(t.Context(), w.worker, loan.ID))(t)
		if seenBy.Waiting != 1 || seenBy.MayExtend || seenBy.Building != "1 栋" || seenBy.Side != exchange.SideWorker {
			t.Errorf("her worker sees %+v", seenBy)
		}
		_, err = w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 1)
		code(t, err, fault.Conflict, "somebody_waits")
		_, err = w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true})
		code(t, err, fault.Refused, "check_failed")
		_, err = w.svc.ReturnLoan(t.Context(), w.elder.Actor, loan.ID, exchange.LoanReturn{Works: true, Wiped: true})
		code(t, err, fault.Forbidden, "worker_only")

		back := must2(w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true, Wiped: true}))(t)
		if back.State != models.LoanBack || back.ClosedAt == nil {
			t.Fatalf("%+v", back.Loan)
		}
		if got := w.request(t, w.other.Actor, next.ID).Needs[0]; got.Matched != 1 || got.Matches[0].LotID != lot.ID {
			t.Errorf("the next gets it: %+v", got)
		}
		home, box, hers := models.Home(w.giver.HouseholdID), models.Box(w.Relay.ID), models.Home(w.elder.HouseholdID)
		want := [][2]models.Holder{{home, box}, {box, hers}, {hers, box}}
		chain := w.chain(t, lot.ID)
		if len(chain) != len(want) {
			t.Fatalf("%+v", chain)
		}
		for i, c := range chain {
			if c.From != want[i][0] || c.To != want[i][1] {
				t.Errorf("change %d: %v → %v", i, c.From, c.To)
			}
		}
		_, err = w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true, Wiped: true})
		code(t, err, fault.Conflict, "wrong_state")
	})
}

func TestLoan_LenderKnowsWhenItIsBackAndNotWhereItIs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 1)
		loan := w.borrow(t, w.elder)
		for who, actor := range map[string]models.Actor{"lender": w.giver.Actor, "neighbour": w.other.Actor, "next grid": w.elsewhere.Actor} {
			if _, err := w.svc.Loan(t.Context(), actor, loan.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", who, err)
			}
			if _, err := w.svc.ExtendLoan(t.Context(), actor, loan.ID, 1); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s extends: %v", who, err)
			}
			if _, err := w.svc.CloseLoan(t.Context(), actor, loan.ID, models.LoanLost, ""); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s closes: %v", who, err)
			}
		}
		offers := must2(w.svc.Offers(t.Context(), w.giver.Actor, true, exchange.Page{Limit: 5}))(t)
		m := offers[0].Lots[0].Matches[0]
		if m.Loan == nil || m.Loan.DueOn != "2026-12-19" || m.Loan.State != models.LoanOut {
			t.Errorf("its lender sees %+v", m.Loan)
		}
	})
}

func TestLoan_NobodyTakesBackAloneWhatIsHisOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 3)
		loan := w.borrow(t, w.elder)
		right := exchange.LoanReturn{Works: true, Wiped: true}
		for who, n := range map[string]storetest.Neighbour{"borrower": w.elder, "lender": w.giver} {
			actor := n.Actor
			actor.Roles = append(actor.Roles, models.Role{Kind: models.RoleWorker, GridPath: w.Micro.Path})
			_, err := w.svc.ReturnLoan(t.Context(), actor, loan.ID, right)
			if f := fault.From(err); f.Reason != "not_alone" {
				t.Errorf("%s: %v", who, err)
			}
		}
		host := w.other.Actor // who keeps the point may, wherever she works
		if err := w.Store.InTx(t.Context(), func(tx *store.Tx) error {
			w.Relay.HostID = &host.PersonID
			return tx.SaveRelay(&w.Relay)
		}); err != nil {
			t.Fatal(err)
		}
		b.Clock.Add(time.Minute) // a scope is remembered for a moment
		must2(w.svc.ReturnLoan(t.Context(), host, loan.ID, right))(t)
	})
}

func TestLoan_LostOrBrokenEndsItWithoutBlame(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ends := map[models.LoanState]func(id models.ID) (exchange.LoanView, error){
			models.LoanLost: func(id models.ID) (exchange.LoanView, error) {
				return w.svc.CloseLoan(t.Context(), w.elder.Actor, id, models.LoanLost, "搬家时找不到了")
			},
			models.LoanBroken: func(id models.ID) (exchange.LoanView, error) {
				return w.svc.ReturnLoan(t.Context(), w.worker, id, exchange.LoanReturn{Note: "屏不亮"})
			},
		}
		for state, end := range ends {
			lot := w.inBox(t, 3)
			loan := w.borrow(t, w.elder)
			if got := must2(end(loan.ID))(t); got.State != state {
				t.Fatalf("%+v", got.Loan)
			}
			l := w.lot(t, lot)
			if l.Withdrawn != 1 || l.Lent != 0 || l.CloseReason != string(state) || l.State != models.LotClosed {
				t.Errorf("%s: %+v", state, l)
			}
			chain := w.chain(t, lot)
			to := chain[len(chain)-1].To
			if want := map[models.LoanState]models.HolderKind{models.LoanLost: models.HolderNowhere, models.LoanBroken: models.HolderBox}[state]; to.Kind != want {
				t.Errorf("%s: it is %v", state, to)
			}
			_, err := w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 1)
			code(t, err, fault.Conflict, "wrong_state")
		}
	})
}

func TestLoan_IsExtendedTwiceAtMostAndNotForLongerThanLent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 3)
		loan := w.borrow(t, w.elder)
		for _, days := range []int{0, -1, 31} {
			_, err := w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, days)
			code(t, err, fault.Invalid, "invalid_input")
		}
		_, err := w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 4)
		code(t, err, fault.Invalid, "invalid_input")
		if got := must2(w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 3))(t); got.DueOn != "2026-12-24" || !got.MayExtend {
			t.Errorf("%+v", got)
		}
		if got := must2(w.svc.ExtendLoan(t.Context(), w.worker, loan.ID, 1))(t); got.DueOn != "2026-12-25" || got.MayExtend {
			t.Errorf("%+v", got)
		}
		_, err = w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 1)
		code(t, err, fault.Conflict, "extended_enough")
	})
}

// TestLoan_RemindsThreeTimesByDay: on the day before, on the day, and on the day
// after, which the worker hears too; never at night.
func TestLoan_RemindsThreeTimesByDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 3)
		loan := w.borrow(t, w.elder)
		var kinds []string
		last := 0
		for range 24 * 7 { // an hour at a time
			b.Clock.Add(time.Hour)
			w.sweep(t)
			now := must2(w.svc.Loan(t.Context(), w.elder.Actor, loan.ID))(t)
			if now.Reminded == last {
				continue
			}
			last = now.Reminded
			var told []models.Event
			if err := w.Store.Read(t.Context(), store.EventsOf(w.Micro.ID, []models.ID{loan.ID}, &told)); err != nil {
				t.Fatal(err)
			}
			e := told[len(told)-1]
			kinds = append(kinds, e.Kind+" "+e.At.In(models.Shanghai).Format("01-02 15"))
			if e.Audience.SeenBy(w.giver.PersonID, true, false) || !e.Audience.SeenBy(w.elder.PersonID, false, false) {
				t.Errorf("%s is heard by %+v", e.Kind, e.Audience)
			}
		}
		want := []string{"loan.remind 12-20 10", "loan.remind 12-21 10", "loan.overdue 12-22 10"}
		if len(kinds) != 3 || kinds[0] != want[0] || kinds[1] != want[1] || kinds[2] != want[2] {
			t.Errorf("reminded %v", kinds)
		}
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.Loans) != 1 || today.Loans[0].ID != loan.ID || !today.Loans[0].Overdue(b.Clock.Now()) {
			t.Errorf("her worker's day: %+v", today.Loans)
		}
	})
}

// TestLoan_IsNotRemindedOfAtNight: what came due while nobody was looking waits
// for the morning.
func TestLoan_IsNotRemindedOfAtNight(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	w.inBox(t, 3)
	loan := w.borrow(t, w.elder)
	reminded := func() int { return must2(w.svc.Loan(t.Context(), w.elder.Actor, loan.ID))(t).Reminded }
	w.Clock.Add(50 * time.Hour) // 22:12 of the day before it is due
	w.sweep(t)
	if n := reminded(); n != 0 {
		t.Errorf("reminded at night: %d", n)
	}
	w.Clock.Add(10 * time.Hour) // 8:12
	w.sweep(t)
	if n := reminded(); n != 1 {
		t.Errorf("reminded %d times in the morning", n)
	}
}

func TestLoan_LenderWantsItBackAfterThisOne(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := w.inBox(t, 3)
		loan := w.borrow(t, w.elder)
		must2(w.svc.WithdrawLot(t.Context(), w.giver.Actor, lot))(t)
		_, err := w.svc.WithdrawLot(t.Context(), w.giver.Actor, lot)
		code(t, err, fault.Conflict, "nothing_left")
		_, err = w.svc.ExtendLoan(t.Context(), w.elder.Actor, loan.ID, 1)
		code(t, err, fault.Conflict, "wanted_back")
		next := must2(w.ask(t, w.other, "M128", 1, plain()))(t)
		must2(w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true, Wiped: true}))(t)
		if l := w.lot(t, lot); l.Withdrawn != 1 || l.CloseReason != "giver" {
			t.Fatalf("%+v", l)
		}
		if n := w.request(t, w.other.Actor, next.ID).Needs[0]; n.Open != 1 {
			t.Errorf("it was lent again: %+v", n.Need)
		}
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.ToGiveBack) != 1 || today.ToGiveBack[0].ID != lot {
			t.Fatalf("to give back: %+v", today.ToGiveBack)
		}
		_, err = w.svc.GiveBack(t.Context(), w.giver.Actor, lot)
		code(t, err, fault.Forbidden, "worker_only")
		must2(w.svc.GiveBack(t.Context(), w.worker, lot))(t)
		chain := w.chain(t, lot)
		if last := chain[len(chain)-1]; last.To != models.Home(w.giver.HouseholdID) || last.Why != "give_back" || last.Units != 1 {
			t.Errorf("%+v", last)
		}
		_, err = w.svc.GiveBack(t.Context(), w.worker, lot)
		code(t, err, fault.Conflict, "nothing_left")
		if today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t); len(today.ToGiveBack) != 0 {
			t.Errorf("still to give back: %+v", today.ToGiveBack)
		}
	})
}

func TestLoan_ContactStaysWhileItIsOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 10)
		loan := w.borrow(t, w.elder)
		b.Clock.Add(12 * 24 * time.Hour) // two days overdue
		if c := must2(w.svc.Contact(t.Context(), w.worker, loan.MatchID, exchange.SideReceiver))(t); c.Phone == "" || c.Until != nil {
			t.Errorf("%+v", c)
		}
		must2(w.svc.CloseLoan(t.Context(), w.worker, loan.ID, models.LoanLost, ""))(t)
		b.Clock.Add(8 * 24 * time.Hour)
		_, err := w.svc.Contact(t.Context(), w.worker, loan.MatchID, exchange.SideReceiver)
		code(t, err, fault.Gone, "contact_over")
	})
}

func TestLoan_AHomeHasOneAtATimeHoweverLongItIsOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.inBox(t, 20)
		loan := w.borrow(t, w.elder)
		w.inBox(t, 20)
		b.Clock.Add(9 * 24 * time.Hour) // past the days in which gifts count
		second := must2(w.ask(t, w.elder, "M128", 1, plain()))(t)
		if n := second.Needs[0]; n.Matched != 0 {
			t.Errorf("a second one: %+v", n.Need)
		}
		must2(w.svc.ReturnLoan(t.Context(), w.worker, loan.ID, exchange.LoanReturn{Works: true, Wiped: true}))(t)
		if n := w.request(t, w.elder.Actor, second.ID).Needs[0]; n.Matched != 1 {
			t.Errorf("when the first is back: %+v", n.Need)
		}
	})
}

func TestOffer_LendsOnlyWhatIsLentAndForAMonthAtMost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		drug := blister(10)
		drug.Kind = models.LotLoan
		_, err := w.offer(t, w.giver, drug)
		refusedLoan(t, err, "not_lent")
		used := gun(0)
		used.Kind = models.LotGift
		_, err = w.offer(t, w.giver, used)
		refusedLoan(t, err, "used_lend_it")
		for _, days := range []int{-1, 31} {
			_, err = w.offer(t, w.giver, gun(days))
			code(t, err, fault.Invalid, "invalid_input")
		}
		gift := blister(10)
		gift.LendDays = 3
		_, err = w.offer(t, w.giver, gift)
		code(t, err, fault.Invalid, "invalid_input")
		if l := must2(w.offer(t, w.giver, gun(0)))(t).Lots[0]; l.LendDays != 3 {
			t.Errorf("without a word it is lent for %d days", l.LendDays)
		}
	})
}

func refusedLoan(t *testing.T, err error, reason string) {
	t.Helper()
	refused := fault.From(err)
	if refused.Code != fault.Refused {
		t.Fatalf("%v", err)
	}
	post := asRefused(t, err)
	if post.Refused[0].Reasons[0].Code != reason {
		t.Errorf("%+v", post.Refused[0].Reasons)
	}
}

// A lender has back what lies in the box while another of the same is on its way.
func TestGiveBack_CountsWhatLiesInTheBox(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		two := gun(3)
		two.Units = 2
		lot := must2(w.offer(t, w.giver, two))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		in := wiped
		in.Counted = 2
		must2(w.svc.CheckInLot(t.Context(), w.worker, lot, in))(t)
		m := must2(w.ask(t, w.elder, "M128", 1, plain()))(t).Needs[0].Matches[0]
		must2(w.svc.AcceptMatch(t.Context(), w.elder.Actor, m.ID, nil))(t)
		w.toDoor(t, m.HandoverID, models.WayDoor)
		w.sendOut(t, m.HandoverID, w.worker.PersonID)
		must2(w.svc.WithdrawLot(t.Context(), w.giver.Actor, lot))(t)
		if today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t); len(today.ToGiveBack) != 1 {
			t.Errorf("to give back: %+v", today.ToGiveBack)
		}
		must2(w.svc.GiveBack(t.Context(), w.worker, lot))(t)
		if _, err := w.svc.GiveBack(t.Context(), w.worker, lot); reasonOf(err) != "nothing_left" {
			t.Errorf("what is on its way: %v", err)
		}
	})
}
