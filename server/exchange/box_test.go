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

// onCounter is a blister of ten that passes every check.
func onCounter(batch string) exchange.BookLine {
	l := blister(10)
	l.Batch = batch
	return exchange.BookLine{NewLot: l, Seen: exchange.CheckIn{Sealed: true, Readable: true, InDate: true, OTC: true}}
}

func (w *town) bookIn(t *testing.T, in exchange.BookIn) exchange.OfferView {
	t.Helper()
	v, err := w.svc.BookIn(t.Context(), w.worker, w.Relay.ID, in)
	return must(t, v, err)
}

func (w *town) community(t *testing.T, lines ...exchange.BookLine) []exchange.LotView {
	t.Helper()
	return w.bookIn(t, exchange.BookIn{From: exchange.FromCommunity, Lines: lines}).Lots
}

func (w *town) shelf(t *testing.T, q exchange.ShelfQuery) exchange.Shelf {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	v, err := w.svc.Shelf(t.Context(), w.worker, w.Relay.ID, q)
	return must(t, v, err)
}

func (w *town) fetch(t *testing.T, who storetest.Neighbour, m exchange.MatchView) {
	t.Helper()
	w.label(t, w.worker, m.HandoverID)
	code := must2(w.svc.PickupCode(t.Context(), who.Actor, m.HandoverID))(t)
	must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
}

func named(t *testing.T, err error, code fault.Code, field, reason string) {
	t.Helper()
	f := fault.From(err)
	if err == nil || f.Code != code || len(f.Fields) == 0 || f.Fields[0].Path != field || f.Fields[0].Reason != reason {
		t.Errorf("%v, not %s at %s: %s", err, code, field, reason)
	}
}

func TestBookIn_CommunityStockIsNobodysGift(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := w.community(t, onCounter("B7"))[0]
		if lot.Place != models.PlaceBox || lot.CheckedAt == nil || lot.Remaining != 10 || !lot.OfPoint() {
			t.Fatalf("%+v", lot.Lot)
		}
		m := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0]
		if m.State != models.MatchReady || !m.FromPoint() {
			t.Fatalf("it lies ready: %+v", m.Match)
		}
		if today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t); len(today.ToHandOver) != 1 {
			t.Errorf("%d to hand over", len(today.ToHandOver))
		}
		// Whom to reach about it is the point's published line; nobody need agree.
		if c := must2(w.svc.Contact(t.Context(), w.elder.Actor, m.ID, ""))(t); c.Name != w.Relay.Contact || c.Door != w.Relay.Address {
			t.Errorf("%+v", c)
		}
		w.fetch(t, w.elder, m)
		var shares []store.ShareRow
		if err := w.Store.Read(t.Context(), store.SharesOfHomes(w.Micro.ID, b.Clock.Now().Add(-time.Hour), &shares)...); err != nil {
			t.Fatal(err)
		}
		for _, s := range shares {
			if s.Gave > 0 {
				t.Errorf("%s gave", s.HouseholdID)
			}
		}
		// The box shows what is left of it, and the chain every hand.
		shelf := w.shelf(t, exchange.ShelfQuery{})
		if len(shelf.Lots) != 1 || shelf.Lots[0].Units != 4 || shelf.Counts[exchange.ShelfFree] != 1 {
			t.Errorf("%+v", shelf)
		}
		_, chain, err := w.svc.Chain(t.Context(), w.worker, lot.ID)
		if must(t, 0, err); len(chain) != 2 || chain[0].FromHand.Name != w.Relay.Name || chain[1].ToHand.Name != "1 栋" || chain[1].By != "林月" {
			t.Errorf("%+v", chain)
		}
		if _, _, err := w.svc.Chain(t.Context(), w.elder.Actor, lot.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour reads who held what: %v", err)
		}
	})
}

func TestBookIn_HoldsEveryLineToTheChecks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		opened := onCounter("B7")
		opened.Seen.Sealed = false
		book := func(actor models.Actor, in exchange.BookIn) error {
			_, err := w.svc.BookIn(t.Context(), actor, w.Relay.ID, in)
			return err
		}
		of := func(lines ...exchange.BookLine) exchange.BookIn {
			return exchange.BookIn{From: exchange.FromCommunity, Lines: lines}
		}
		named(t, book(w.worker, of(onCounter("B7"), opened)), fault.Refused, "lines[1].sealed", "check_sealed")
		named(t, book(w.worker, of(onCounter(""))), fault.Refused, "lines[0].batch", "batch_missing")
		late := onCounter("B7")
		late.ExpiresOn = "2026-12-01"
		named(t, book(w.worker, of(late)), fault.Refused, "lines[0].expires_on", "expired")
		secret := onCounter("B7")
		secret.ItemID = "M105" // on prescription
		if err := book(w.worker, of(secret)); !fault.Is(err, fault.Refused) {
			t.Errorf("a prescription drug: %v", err)
		}
		named(t, book(w.worker, exchange.BookIn{From: "somewhere", Lines: []exchange.BookLine{onCounter("B7")}}), fault.Invalid, "from", "from_unknown")
		if err := book(w.giver.Actor, of(onCounter("B7"))); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour books in: %v", err)
		}
		// Nobody books in alone what is of her own home.
		both := w.worker
		both.HouseholdID = w.giver.HouseholdID
		if err := book(both, exchange.BookIn{From: exchange.FromHousehold, HouseholdID: w.giver.HouseholdID, Lines: []exchange.BookLine{onCounter("B7")}}); fault.From(err).Reason != "not_alone" {
			t.Errorf("her own: %v", err)
		}
		if shelf := w.shelf(t, exchange.ShelfQuery{}); shelf.All != 0 {
			t.Errorf("refused, and yet %d lots lie there", shelf.All)
		}
		// The host of the point may, though she is no worker.
		w.Relay.HostID = &w.other.PersonID
		if err := w.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SaveRelay(&w.Relay) }); err != nil {
			t.Fatal(err)
		}
		if err := book(w.other.Actor, of(onCounter("B7"))); err != nil {
			t.Error(err)
		}
	})
}

func TestBag_GiverSeesWhatWasTakenAndWhatWasNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		posted := must2(w.svc.PostBag(t.Context(), w.giver.Actor, "", "一袋"))(t)
		if posted.Bag.State != models.BagWaiting || len(posted.Lots) != 0 || posted.Relay.ID != w.Relay.ID {
			t.Fatalf("%+v", posted)
		}
		if _, err := w.svc.PostBag(t.Context(), w.giver.Actor, "", ""); fault.From(err).Reason != "bag_waits" {
			t.Errorf("a second bag: %v", err)
		}
		code := must2(w.svc.BagCode(t.Context(), w.giver.Actor, posted.ID))(t)
		if _, err := w.svc.BagCode(t.Context(), w.worker, posted.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else reads the code: %v", err)
		}
		line := exchange.BookIn{From: exchange.FromBag, BagID: posted.ID, Lines: []exchange.BookLine{onCounter("B7")}}
		if _, err := w.svc.BookIn(t.Context(), w.worker, w.Relay.ID, line); fault.From(err).Reason != "wrong_state" {
			t.Errorf("booked out of a bag that nobody has opened: %v", err)
		}
		wrong := "000000"
		if code.Code == wrong {
			wrong = "000001"
		}
		for _, guess := range [][2]string{{wrong, ""}, {"", code.Token + "x"}, {"", "bag." + posted.ID + ".9999999999.x"}} {
			if _, err := w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, guess[0], guess[1]); fault.From(err).Reason != "bag_unknown" {
				t.Errorf("%v: %v", guess, err)
			}
		}
		if bags := must2(w.svc.Bags(t.Context(), w.worker, w.Relay.ID))(t); len(bags) != 1 || bags[0].Building != "3 栋" {
			t.Errorf("%+v", bags)
		}
		must2(w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, "", code.Token))(t)
		if _, err := w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, code.Code, ""); fault.From(err).Reason != "wrong_state" {
			t.Errorf("opened twice: %v", err)
		}
		w.bookIn(t, line)
		opened, unnamed := onCounter(""), exchange.BookLine{NewLot: exchange.NewLot{Units: 1, Seal: models.SealOpened}, Refuse: "unreadable"}
		opened.Refuse, opened.Kept = "opened", true
		w.bookIn(t, exchange.BookIn{From: exchange.FromBag, BagID: posted.ID, Lines: []exchange.BookLine{opened, unnamed}})
		must2(w.svc.CloseBag(t.Context(), w.worker, posted.ID))(t)
		seen := must2(w.svc.Offer(t.Context(), w.giver.Actor, posted.ID))(t)
		if seen.Bag.State != models.BagDone || seen.Bag.Taken != 1 || seen.Bag.Refused != 2 || len(seen.Lots) != 3 {
			t.Fatalf("%+v %+v", seen.Bag, seen.Lots)
		}
		if l := seen.Lots[0]; l.Reserved != 6 || l.Remaining != 4 || len(l.Matches) != 1 {
			t.Errorf("six of ten are for a neighbour: %+v", l.Lot)
		}
		for i, reason := range []string{"refused_opened", "refused_unreadable"} {
			if l := seen.Lots[i+1]; l.CloseReason != reason || l.State != models.LotClosed {
				t.Errorf("%+v", l.Lot)
			}
		}
		kinds := map[string]bool{}
		for _, step := range seen.Steps {
			kinds[step.Kind] = true
		}
		if !kinds["bag.posted"] || !kinds["bag.opened"] || !kinds["bag.done"] || !kinds["lot.booked_in"] {
			t.Errorf("her timeline: %v", kinds)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.State != models.NeedMatched || n.Matches[0].FromPoint() {
			t.Errorf("%+v", n)
		}
		// What was kept is stopped until it goes back or leaves; what went back is not there.
		shelf := w.shelf(t, exchange.ShelfQuery{State: exchange.ShelfStopped})
		if len(shelf.Lots) != 1 || shelf.Lots[0].Units != 10 || !shelf.Lots[0].Back || shelf.Lots[0].Parts[0].Why != "refused_opened" {
			t.Fatalf("%+v", shelf.Lots)
		}
		must2(w.svc.GiveBack(t.Context(), w.worker, shelf.Lots[0].ID))(t)
		if after := w.shelf(t, exchange.ShelfQuery{}); after.All != 1 {
			t.Errorf("%+v", after.Lots)
		}
	})
}

func TestBag_NamesThePointToWhichItGoes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.point(t, "R07-2", 400, 0)
		posted := must2(w.svc.PostBag(t.Context(), w.giver.Actor, w.Relay.ID, ""))(t)
		must2(w.svc.PauseRelay(t.Context(), w.worker, w.Relay.ID, "host_away"))(t) // from now on the other one is the nearest
		if o := must2(w.svc.Offer(t.Context(), w.giver.Actor, posted.ID))(t); o.Relay == nil || o.Relay.ID != w.Relay.ID || o.Relay.State != models.RelayPaused {
			t.Errorf("she is sent to %+v", o.Relay)
		}
	})
}

func TestBag_IsTheGiversUntilItIsOpenedAndLapses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		first := must2(w.svc.PostBag(t.Context(), w.giver.Actor, w.Relay.ID, ""))(t)
		if _, err := w.svc.CancelBag(t.Context(), w.other.Actor, first.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another cancels it: %v", err)
		}
		must2(w.svc.CancelBag(t.Context(), w.giver.Actor, first.ID))(t)
		second := must2(w.svc.PostBag(t.Context(), w.giver.Actor, "", ""))(t)
		code := must2(w.svc.BagCode(t.Context(), w.giver.Actor, second.ID))(t)
		w.sweep(t)
		b.Clock.Add(models.BagDue(b.Clock.Now()).Sub(b.Clock.Now()) + time.Second)
		if _, err := w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, "", code.Token); fault.From(err).Reason != "bag_unknown" {
			t.Errorf("a token after its time: %v", err)
		}
		w.sweep(t)
		if o := must2(w.svc.Offer(t.Context(), w.giver.Actor, second.ID))(t); o.Bag.State != models.BagLapsed {
			t.Errorf("%+v", o.Bag)
		}
		if live := must2(w.svc.Offers(t.Context(), w.giver.Actor, true, exchange.Page{Limit: 10}))(t); len(live) != 0 {
			t.Errorf("%d bags live on", len(live))
		}
		elsewhere := w.elsewhere.Actor
		if _, err := w.svc.PostBag(t.Context(), elsewhere, "", ""); fault.From(err).Reason != "no_relay" {
			t.Errorf("where no point is: %v", err)
		}
	})
}

func TestBoxNews_ReachTheOtherGridsThatAPointServes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		point := w.relayIn(t, w.Micro, w.Community)
		b.Clock.Add(time.Minute) // what is known of the grids is old by now
		asked := must2(w.ask(t, w.elsewhere, "M140", 6, well(models.AgeAdult)))(t)
		w.sweep(t)
		must2(w.svc.BookIn(t.Context(), w.worker, point.ID, exchange.BookIn{From: exchange.FromCommunity, Lines: []exchange.BookLine{onCounter("B7")}}))(t)
		if n := w.request(t, w.elsewhere.Actor, asked.ID).Needs[0]; n.Open != 6 {
			t.Fatalf("her grid was locked for it: %+v", n.Need)
		}
		w.sweep(t)
		if n := w.request(t, w.elsewhere.Actor, asked.ID).Needs[0]; n.Matched != 6 || n.Matches[0].State != models.MatchReady {
			t.Fatalf("the next sweep finds it: %+v", n.Need)
		}
		var news []models.BoxNews
		if err := w.Store.Read(t.Context(), store.NewsOfBoxes(10, &news)); err != nil || len(news) != 0 {
			t.Errorf("%v is still news, %v", news, err)
		}
	})
}

func TestOpenBag_FiveWrongCodesAreEnoughForAnHour(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		bag := must2(w.svc.PostBag(t.Context(), w.giver.Actor, "", ""))(t)
		code := must2(w.svc.BagCode(t.Context(), w.giver.Actor, bag.Bag.ID))(t)
		wrong := "000000"
		if code.Code == wrong {
			wrong = "000001"
		}
		open := func(typed, token string) string {
			return fault.From(second(w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, typed, token))).Reason
		}
		for i := range models.MaxCodeTries {
			if got := open(wrong, ""); got != "bag_unknown" {
				t.Fatalf("try %d: %s", i, got)
			}
		}
		if got := open(code.Code, ""); got != "bag_code_locked" {
			t.Errorf("the sixth: %s", got)
		}
		other := w.Worker(t, w.Micro)
		if got := fault.From(second(w.svc.OpenBag(t.Context(), other, w.Relay.ID, wrong, ""))).Reason; got != "bag_unknown" {
			t.Errorf("another has tries of her own: %s", got)
		}
		b.Clock.Add(time.Hour + time.Second)
		if got := open(wrong, ""); got != "bag_unknown" {
			t.Errorf("an hour later: %s", got)
		}
		must2(w.svc.OpenBag(t.Context(), w.worker, w.Relay.ID, "", code.Token))(t)
	})
}
