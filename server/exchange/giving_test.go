package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// reasonOf is the code of the sentence with which something was refused.
func reasonOf(err error) string {
	if err == nil {
		return ""
	}
	f := fault.From(err)
	if len(f.Fields) > 0 {
		return f.Fields[0].Reason
	}
	return f.Reason
}

// waiting has six tablets of the giver's lie ready for the elder, to be had in a way.
func (w *town) waiting(t *testing.T, way models.Way) exchange.MatchView {
	t.Helper()
	asked := must2(w.svc.OpenRequest(t.Context(), w.elder.Actor, exchange.NewRequest{Way: way, Lines: []exchange.NewNeed{
		{ItemID: "M140", Units: 6, Patient: well(models.AgeElder), Urgency: models.UrgencyToday}}}))(t)
	lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
	w.checkIn(t, lot, 10)
	return w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
}

// home ends the round that somebody is out on.
func (w *town) home(t *testing.T, who models.Actor) {
	t.Helper()
	var out []models.Round
	must(t, 0, w.Store.Read(t.Context(), store.RoundsOut(who.PersonID, &out)))
	must2(w.svc.EndRound(t.Context(), w.worker, must2(store.One(out))(t).ID))(t)
}

// sendOut has somebody carry what is ready, on a round of this one stop.
func (w *town) sendOut(t *testing.T, handover, carrier models.ID) {
	t.Helper()
	var hands []models.Handover
	var matches []models.Match
	var lots []models.Lot
	reads := []store.Read{store.ByID([]models.ID{handover}, &hands), store.MatchesOfHandovers([]models.ID{handover}, &matches),
		store.LotsOfHandover(handover, &lots)}
	err := w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, reads, func(tx *store.Tx) error {
		h := hands[0]
		if err := h.Apply(models.CommandSend); err != nil {
			return err
		}
		h.CarrierID, h.Reminded, h.RemindAt = &carrier, 0, h.FirstReminder(models.RelayPoint{}, tx.Now)
		var moves []models.Custody
		for i, m := range matches {
			moves = append(moves, models.Custody{GridID: w.Micro.ID, LotID: m.LotID, MatchID: &matches[i].ID, Units: m.Quantity,
				From: lots[0].Holder(), To: models.Carrier(carrier), Why: "send", By: &carrier})
		}
		if err := tx.SaveHandover(&h, "handover.out", models.Audience{Workers: true}); err != nil {
			return err
		}
		r := models.Round{ID: tx.NewID(), GridID: w.Micro.ID, PersonID: carrier, PlannedBy: carrier, Day: models.DateOf(tx.Now), StartAt: tx.Now,
			Start: models.RoundEnd{Kind: models.EndHere}, End: models.RoundEnd{Kind: models.EndAnywhere}, State: models.RoundOut, AcceptedAt: &tx.Now, CreatedAt: tx.Now}
		stop := models.Stop{ID: tx.NewID(), RoundID: r.ID, Position: 1, Kind: models.StopBring, GridID: w.Micro.ID, RelayID: h.RelayID,
			HouseholdID: &h.ReceiverHouseholdID, HandoverID: &h.ID, Arrival: tx.Now, State: models.StopOpen}
		if err := tx.SaveRound(&r, "round.out", 1); err != nil {
			return err
		}
		if err := tx.CreateStops([]models.Stop{stop}); err != nil {
			return err
		}
		return tx.CreateCustody(moves)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// door puts a code on the door of a household.
func (w *town) door(t *testing.T, household models.ID, code string) {
	t.Helper()
	err := w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.CreateCredentials(models.Credential{ID: tx.NewID(), Kind: models.CredentialDoor, Hash: seal.Hash(code),
			HouseholdID: &household, CreatedAt: tx.Now})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *town) handover(t *testing.T, who models.Actor, id models.ID) exchange.HandoverView {
	t.Helper()
	return must2(w.svc.Handover(t.Context(), who, id))(t)
}

func TestGive_MedicineIsHandedToAdultsOnly(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		for name, in := range map[string]exchange.Giving{"code": {Code: code.Code}, "token": {Token: code.Token},
			"face": {How: models.HowFace, Why: "手机没电"}, "relative": {How: models.HowRelative, Why: "女儿"}} {
			if _, err := w.svc.Give(t.Context(), w.worker, id, in); reasonOf(err) != "under_18" {
				t.Errorf("by %s: %v", name, err)
			}
		}
		if h := w.handover(t, w.worker, id); h.WrongTries != 0 {
			t.Errorf("a child at the desk counts as %d wrong codes", h.WrongTries)
		}
		done := must2(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{Code: code.Code, Adult: true}))(t)
		if done.State != models.HandoverDone || done.ClosedHow != models.HowCode || done.Sample != "" {
			t.Fatalf("%+v", done.Handover)
		}
	})
}

func TestGive_WhatIsNoMedicineGoesToWhoComes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M137", Units: 2, Seal: models.SealBox}))(t).Lots[0].ID
		w.checkIn(t, lot, 2)
		asked := must2(w.ask(t, w.elder, "M137", 2, models.Patient{Age: models.AgeElder}))(t)
		id := asked.Needs[0].Matches[0].HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		if done := must2(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{Code: code.Code}))(t); done.State != models.HandoverDone {
			t.Fatalf("%+v", done.Handover)
		}
	})
}

func TestGive_TheHouseholdsOwnDoorCodeWhereItIsBrought(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.door(t, w.elder.HouseholdID, "7K3M000011112222333344445A")
		w.door(t, w.other.HouseholdID, "9K3M000011112222333344445A")
		id := w.waiting(t, models.WayDoor).HandoverID
		carrier := w.walker(t, "8-1-801")
		give := func(who models.Actor, code string) error {
			return second(w.svc.Give(t.Context(), who, id, exchange.Giving{How: models.HowHousehold, Door: code, Adult: true}))
		}
		if err := give(carrier.Actor, "7K3M000011112222333344445A"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour who does not carry it: %v", err)
		}
		w.sendOut(t, id, carrier.PersonID)
		if err := give(carrier.Actor, "9K3M000011112222333344445A"); reasonOf(err) != "door_of_another" {
			t.Errorf("at another door: %v", err)
		}
		if err := give(carrier.Actor, "7K3M"); reasonOf(err) != "door_of_another" {
			t.Errorf("half a code: %v", err)
		}
		seen := w.handover(t, carrier.Actor, id)
		if hasCode(seen.Matches[0].Reasons, "elder_alone") || hasCode(seen.Matches[0].Reasons, "frail") {
			t.Errorf("who carries it reads why: %+v", seen.Matches[0].Reasons)
		}
		if err := give(carrier.Actor, "7k3m-0000-1111-2222-3333-4444-5a"); err != nil {
			t.Fatalf("at her door: %v", err)
		}
		h := w.handover(t, w.worker, id)
		if h.State != models.HandoverDone || h.ClosedHow != models.HowHousehold || *h.ClosedBy != carrier.PersonID || h.Sample != models.SampleOf(id, models.HowHousehold) {
			t.Fatalf("%+v", h.Handover)
		}
		last := w.chain(t, h.Matches[0].LotID)
		if c := last[len(last)-1]; c.From != models.Carrier(carrier.PersonID) || c.To != models.Home(w.elder.HouseholdID) {
			t.Errorf("from the carrier's hand: %+v", c)
		}
	})
}

func TestGive_ADoorCodeAtTheDeskOnlyForWhoHasNoPhone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.door(t, w.elder.HouseholdID, "7K3M000011112222333344445A")
		id := w.waiting(t, models.WayRelay).HandoverID
		in := exchange.Giving{How: models.HowHousehold, Door: "7K3M000011112222333344445A", Adult: true}
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); reasonOf(err) != "how_not_here" {
			t.Errorf("she has a phone: %v", err)
		}
		if err := w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, func(tx *store.Tx) error {
			p := w.elder.Person
			p.Phone = ""
			return tx.SavePerson(&p, "person.changed", models.Audience{})
		}); err != nil {
			t.Fatal(err)
		}
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); err != nil {
			t.Errorf("she has none: %v", err)
		}
	})
}

func TestGive_ARelativeIsNamedBeforehandOrAtTheDoor(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		in := exchange.Giving{How: models.HowRelative, Adult: true}
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); reasonOf(err) != "collector_missing" {
			t.Errorf("nobody was named: %v", err)
		}
		if err := second(w.svc.NameCollector(t.Context(), w.giver.Actor, id, "女儿")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the giver names who collects: %v", err)
		}
		must2(w.svc.NameCollector(t.Context(), w.elder.Actor, id, "女儿小芳"))(t)
		if got := w.handover(t, w.worker, id).Collector; got != "女儿小芳" {
			t.Errorf("the worker reads %q", got)
		}
		done := must2(w.svc.Give(t.Context(), w.worker, id, in))(t)
		if done.ClosedWhy != "女儿小芳" || done.ClosedHow != models.HowRelative {
			t.Fatalf("%+v", done.Handover)
		}
		if err := second(w.svc.NameCollector(t.Context(), w.elder.Actor, id, "别人")); !fault.Is(err, fault.Conflict) {
			t.Errorf("after it was collected: %v", err)
		}
	})
}

func TestGive_LeftAtTheDoorWantsAPhotoOfTheBag(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayLeave).HandoverID
		in := exchange.Giving{How: models.HowLeft, Adult: true}
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); reasonOf(err) != "bag_not_shown" {
			t.Errorf("without a photo: %v", err)
		}
		other := w.waiting(t, models.WayLeave).HandoverID
		w.label(t, w.worker, other)
		w.photo(t, w.worker, models.PhotoBag, other)
		if left := must2(w.svc.Give(t.Context(), w.worker, other, in))(t); left.State != models.HandoverDone || left.ClosedHow != models.HowLeft {
			t.Errorf("with a photo: %+v", left.Handover)
		}
		must2(w.svc.ChangeWay(t.Context(), w.elder.Actor, id, models.WayRelay))(t)
		if err := second(w.svc.Give(t.Context(), w.worker, id, in)); reasonOf(err) != "how_not_here" {
			t.Errorf("what she collects herself: %v", err)
		}
	})
}

func TestGive_FaceToFaceSaysWhyAndIsAlwaysLookedAt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		if err := second(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{How: models.HowFace, Adult: true})); reasonOf(err) != "missing" {
			t.Errorf("without a reason: %v", err)
		}
		done := must2(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{How: models.HowFace, Why: "她手机没电了", Adult: true}))(t)
		if done.State != models.HandoverDone || done.Sample != models.SampleWaits {
			t.Fatalf("%+v", done.Handover)
		}
		leader := w.leader(t)
		cards := must2(w.svc.Samples(t.Context(), leader))(t)
		if len(cards) != 1 || cards[0].ClosedWhy != "她手机没电了" || cards[0].ClosedByName != "林月" || cards[0].Building == "" {
			t.Fatalf("her leader sees %+v", cards)
		}
		decide := func(who models.Actor, s models.Sample) error {
			return second(w.svc.DecideSample(t.Context(), who, id, s, "问过张婆婆"))
		}
		self := w.worker
		self.Roles = append(self.Roles, models.Role{Kind: models.RoleLeader, GridPath: w.Community.Path})
		if got := must2(w.svc.Samples(t.Context(), self))(t); len(got) != 0 {
			t.Error("a leader is shown what she closed herself")
		}
		for name, c := range map[string]struct{ got, want string }{
			"the worker":         {reasonOf(decide(w.worker, models.SampleRight)), "leader_only"},
			"who closed it":      {reasonOf(decide(self, models.SampleRight)), "not_alone"},
			"the receiver":       {reasonOf(decide(w.elder.Actor, models.SampleRight)), "leader_only"},
			"nothing to do here": {reasonOf(decide(w.elsewhere.Actor, models.SampleRight)), "not_found"},
			"no decision":        {reasonOf(decide(leader, "waits")), "decision_unknown"},
			"nobody's list":      {reasonOf(second(w.svc.Samples(t.Context(), w.worker))), "leader_only"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", name, c.got, c.want)
			}
		}
		if err := decide(leader, models.SampleWrong); err != nil {
			t.Fatal(err)
		}
		if err := decide(leader, models.SampleRight); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		var links []models.Audit
		if err := w.Store.Read(t.Context(), store.AuditsAfter(w.Micro.ID, 0, 10, &links)); err != nil {
			t.Fatal(err)
		}
		if len(links) != 1 || links[0].Action != "sample.wrong" || links[0].ThingID != id || links[0].Reason != "" {
			t.Errorf("the chain says %+v", links)
		}
	})
}

func (w *town) leader(t *testing.T) models.Actor {
	t.Helper()
	l := w.Worker(t, w.Community)
	l.Roles[0].Kind = models.RoleLeader
	return l
}

func TestOffline_AScannedTokenCountsAsOfWhenItWasScanned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		give := func(at time.Time, token string) error {
			return second(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{Token: token, ScannedAt: &at, Adult: true}))
		}
		now := b.Clock.Now()
		for name, c := range map[string]struct{ got, want string }{
			"two days ago":    {reasonOf(give(now.Add(-48*time.Hour), code.Token)), "scan_old"},
			"a changed token": {reasonOf(give(now, code.Token[:len(code.Token)-1]+"!")), "token_old"},
			"over by then":    {reasonOf(give(now.Add(-time.Minute), "x")), "token_old"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q, want %q", name, c.got, c.want)
			}
		}
		if h := w.handover(t, w.worker, id); h.WrongTries != 0 {
			t.Errorf("nobody guesses a token, and yet %d wrong tries", h.WrongTries)
		}
		b.Clock.Add(2 * time.Hour)
		if err := give(now, code.Token); err != nil {
			t.Fatal(err)
		}
		if h := w.handover(t, w.worker, id); h.State != models.HandoverDone || h.ClosedHow != models.HowOffline || h.TwiceAt != nil {
			t.Fatalf("%+v", h.Handover)
		}
	})
}

func TestOffline_ACodeUsedTwiceIsOneLossThatBothSee(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		at := b.Clock.Now()
		in := exchange.Giving{Token: code.Token, ScannedAt: &at, Adult: true}
		b.Clock.Add(time.Hour)
		w.worker.Call = models.Call{Key: "k1", Route: "POST /give", Hash: "h"}
		must2(w.svc.Give(t.Context(), w.worker, id, in))(t)
		if again := must2(w.svc.Give(t.Context(), w.worker, id, in))(t); again.TwiceAt != nil {
			t.Fatal("the same call again is a loss")
		}
		before := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		second := w.Place.Worker(t, w.Micro)
		view := must2(w.svc.Give(t.Context(), second, id, in))(t)
		if view.TwiceAt == nil || *view.TwiceBy != second.PersonID || view.State != models.HandoverDone {
			t.Fatalf("the second worker sees %+v", view.Handover)
		}
		after := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(before.Twice) != 0 || len(after.Twice) != 1 || after.Twice[0].ID != id {
			t.Fatalf("the first sees %+v", after.Twice)
		}
		third := must2(w.svc.Give(t.Context(), w.Place.Worker(t, w.Micro), id, in))(t)
		if !third.TwiceAt.Equal(*view.TwiceAt) || *third.TwiceBy != second.PersonID {
			t.Error("the loss is told anew")
		}
		var told []models.Event
		if err := w.Store.Read(t.Context(), store.EventsOf(w.Micro.ID, []models.ID{id}, &told)); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range told {
			if e.Kind == "handover.given_twice" {
				n++
				if !e.Audience.Workers || len(e.Audience.Persons) != 1 || e.Audience.Persons[0] != w.elder.PersonID {
					t.Errorf("it is told to %+v", e.Audience)
				}
			}
		}
		if n != 1 {
			t.Errorf("told %d times", n)
		}
		l := w.lot(t, view.Matches[0].LotID)
		if l.Given != 6 || l.Remaining != 4 {
			t.Errorf("the stock was touched: %+v", l)
		}
		b.Clock.Add(8 * 24 * time.Hour)
		if later := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t); len(later.Twice) != 0 {
			t.Error("a loss of last week is told still")
		}
	})
}

// TestOffline_HerOwnTapIsNotTheSecondUse: she says that she got it before the
// worker's phone could; that is one hand-over.
func TestOffline_HerOwnTapIsNotTheSecondUse(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.waiting(t, models.WayRelay)
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID))(t)
		at := b.Clock.Now()
		must2(w.svc.Received(t.Context(), w.elder.Actor, m.ID))(t)
		view := must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Token: code.Token, ScannedAt: &at, Adult: true}))(t)
		if view.TwiceAt != nil || view.ClosedHow != models.HowReceived {
			t.Fatalf("%+v", view.Handover)
		}
	})
}

// TestOffline_GivenBeforeItWasPutBackButToldAfter: the box counts what is gone.
func TestOffline_GivenBeforeItWasPutBackButToldAfter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		due := *w.handover(t, w.worker, id).DueAt
		b.Clock.Add(due.Sub(b.Clock.Now()) + time.Hour)
		w.sweep(t)
		at := due.Add(-10 * time.Minute)
		view := must2(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{Token: code.Token, ScannedAt: &at, Adult: true}))(t)
		if view.TwiceAt == nil || view.State != models.HandoverReturned {
			t.Fatalf("%+v", view.Handover)
		}
		late := due.Add(time.Minute)
		if err := second(w.svc.Give(t.Context(), w.worker, id, exchange.Giving{Token: code.Token, ScannedAt: &late, Adult: true})); reasonOf(err) != "token_old" {
			t.Errorf("scanned after its time: %v", err)
		}
	})
}

// TestProof_LetsAListBeCheckedWithoutANet: what the worker's list says of a token
// is what her phone makes of the scanned one, and of no other.
func TestProof_LetsAListBeCheckedWithoutANet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		id := w.waiting(t, models.WayRelay).HandoverID
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, id))(t)
		today := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if len(today.ToHandOver) != 1 || today.ToHandOver[0].Proof != hashed(code.Token) {
			t.Fatalf("%+v", today.ToHandOver)
		}
		if must2(w.svc.Handover(t.Context(), w.elder.Actor, id))(t).Proof != "" {
			t.Error("it is on the worker's list alone")
		}
		must2(w.svc.Reissue(t.Context(), w.worker, id))(t)
		fresh := must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t)
		if fresh.ToHandOver[0].Proof == hashed(code.Token) {
			t.Error("a dead code is on the list")
		}
	})
}
