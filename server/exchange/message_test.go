package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
	"linli/server/registry"
)

// phones signs neighbours in, so that something can reach them.
func (w *town) phones(t *testing.T, people ...storetest.Neighbour) {
	t.Helper()
	for _, n := range people {
		w.Session(t, n.Actor)
	}
}

func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	if got := fault.From(err); err == nil || got.Reason != reason {
		t.Errorf("want %q, got %v", reason, err)
	}
}

func about(thing models.Thing, id models.ID, to exchange.Side, code models.MessageCode) exchange.NewMessage {
	return exchange.NewMessage{About: thing, AboutID: id, To: to, Code: code}
}

func TestMessage_ReachesTheNeighbourAndHerTapReachesTheWorker(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.phones(t, w.giver, w.elder)
		_, m := w.matched(t, 6)
		ctx := t.Context()
		sent := must2(w.svc.SendMessage(ctx, w.worker, about(models.ThingMatch, m.ID, exchange.SideGiver, models.MessageBring)))(t)
		if got := must2(w.svc.Messages(ctx, w.elder.Actor))(t); len(got) != 0 {
			t.Errorf("the other side reads it: %+v", got)
		}
		waiting := must2(w.svc.Messages(ctx, w.giver.Actor))(t)
		if len(waiting) != 1 || waiting[0].ID != sent.ID || waiting[0].ItemID != "M004" || waiting[0].Units != 6 {
			t.Fatalf("the giver reads %+v", waiting)
		}
		for _, who := range []models.Actor{w.worker, w.elder.Actor, w.other.Actor} {
			_, err := w.svc.AnswerMessage(ctx, who, sent.ID, models.AnswerOK)
			wantReason(t, err, "not_found")
		}
		_, err := w.svc.AnswerMessage(ctx, w.giver.Actor, sent.ID, "perhaps")
		wantReason(t, err, "invalid_input")
		must2(w.svc.AnswerMessage(ctx, w.giver.Actor, sent.ID, models.AnswerCannot))(t)
		_, err = w.svc.AnswerMessage(ctx, w.giver.Actor, sent.ID, models.AnswerOK)
		wantReason(t, err, "wrong_state")
		today := must2(w.svc.Today(ctx, w.worker, w.Micro.ID))(t)
		if got := today.Messages; len(got) != 1 || got[0].Answer != models.AnswerCannot || got[0].Building != "3 栋" {
			t.Errorf("the worker reads %+v", got)
		}
		if got := must2(w.svc.Messages(ctx, w.giver.Actor))(t); len(got) != 0 {
			t.Errorf("answered, and still there: %+v", got)
		}
		for _, e := range w.heard(t, "message.sent") {
			if e.Audience.Grid || !e.Audience.SeenBy(w.giver.PersonID, false, false) || e.Audience.SeenBy(w.other.PersonID, true, false) {
				t.Errorf("heard by %+v", e.Audience)
			}
		}
	})
}

// heard are the events of a kind in the micro-grid.
func (w *town) heard(t *testing.T, kind string) (found []models.Event) {
	t.Helper()
	var events []models.Event
	if err := w.Store.Read(t.Context(), store.EventsAfter(w.Micro.ID, 0, 1000, &events)); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == kind {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		t.Errorf("nothing is called %s", kind)
	}
	return found
}

func TestMessage_OneWaitsAtATimeAndFiveADayAreEnough(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.phones(t, w.elder)
		ctx := t.Context()
		need := must2(w.ask(t, w.elder, "M128", 1, well(models.AgeElder)))(t).Needs[0]
		ring := about(models.ThingNeed, need.ID, exchange.SideReceiver, models.MessageRing)
		for range models.MaxMessages {
			sent := must2(w.svc.SendMessage(ctx, w.worker, ring))(t)
			_, err := w.svc.SendMessage(ctx, w.worker, ring)
			wantReason(t, err, "message_waits")
			must2(w.svc.AnswerMessage(ctx, w.elder.Actor, sent.ID, models.AnswerLater))(t)
			b.Clock.Add(time.Minute)
		}
		_, err := w.svc.SendMessage(ctx, w.worker, ring)
		wantReason(t, err, "messages_enough")
		if !fault.Is(err, fault.RateLimited) {
			t.Errorf("%v", err)
		}
		b.Clock.Add(24 * time.Hour)
		ring.AboutID = must2(w.ask(t, w.elder, "M140", 4, well(models.AgeElder)))(t).Needs[0].ID
		must2(w.svc.SendMessage(ctx, w.worker, ring))(t)
	})
}

func TestMessage_IsOverWhenNobodyAnswers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.phones(t, w.elder)
		ctx := t.Context()
		need := must2(w.ask(t, w.elder, "M128", 1, well(models.AgeElder)))(t).Needs[0]
		sent := must2(w.svc.SendMessage(ctx, w.worker, about(models.ThingNeed, need.ID, exchange.SideReceiver, models.MessageDoor)))(t)
		b.Clock.Add(13 * time.Hour)
		if got := must2(w.svc.Messages(ctx, w.elder.Actor))(t); len(got) != 0 {
			t.Errorf("too old to answer: %+v", got)
		}
		must2(w.svc.Sweep(ctx))(t)
		must2(w.svc.Sweep(ctx))(t)
		_, err := w.svc.AnswerMessage(ctx, w.elder.Actor, sent.ID, models.AnswerOK)
		wantReason(t, err, "wrong_state")
		if got := must2(w.svc.Today(ctx, w.worker, w.Micro.ID))(t).Messages; len(got) != 1 || got[0].State != models.MessageOver {
			t.Errorf("%+v", got)
		}
		if n := len(w.heard(t, "message.over")); n != 1 {
			t.Errorf("over %d times", n)
		}
	})
}

func TestMessage_IsForTheWorkerOfTheThingAndOfWhoHasAPhone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		asked, m := w.matched(t, 6)
		send := func(who models.Actor, in exchange.NewMessage) error {
			_, err := w.svc.SendMessage(ctx, who, in)
			return err
		}
		door := about(models.ThingHandover, m.HandoverID, exchange.SideReceiver, models.MessageDoor)
		wantReason(t, send(w.worker, door), "no_phone")
		w.phones(t, w.elder, w.giver)
		for _, who := range []models.Actor{w.elder.Actor, w.other.Actor, w.Worker(t, w.Beside)} {
			wantReason(t, send(who, door), "not_found")
		}
		wantReason(t, send(w.worker, about(models.ThingNeed, asked.Needs[0].ID, exchange.SideGiver, models.MessageRing)), "invalid_input")
		wantReason(t, send(w.worker, about(models.ThingLot, m.LotID, exchange.SideReceiver, models.MessageRing)), "invalid_input")
		wantReason(t, send(w.worker, about(models.ThingMatch, m.HandoverID, exchange.SideReceiver, models.MessageRing)), "not_found")
		if err := send(w.worker, door); err != nil {
			t.Error(err)
		}
		must2(w.svc.DeclineMatch(ctx, w.elder.Actor, m.ID))(t)
		wantReason(t, send(w.worker, about(models.ThingMatch, m.ID, exchange.SideGiver, models.MessageRing)), "message_late")
	})
}

func TestOpenRequest_IsPostedForWhoSaidYesAloud(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		ctx := t.Context()
		people := registry.New(b.Store)
		added := must2(people.AddResident(ctx, w.worker, w.other.HouseholdID, "刘爷爷", models.HeardFace))(t)
		for _, item := range []exchange.NewNeed{{ItemID: "M140", Units: 4, Patient: well(models.AgeElder), Urgency: models.UrgencyNow}} {
			in := exchange.NewRequest{HouseholdID: w.other.HouseholdID, PersonID: added.ID, Way: models.WayDoor, Lines: []exchange.NewNeed{item}}
			view := must2(w.svc.OpenRequest(ctx, w.worker, in))(t)
			if view.PersonID != added.ID || view.PostedBy != w.worker.PersonID || !view.Private || view.Way != models.WayDoor {
				t.Errorf("%+v", view.Request)
			}
			in.PersonID = w.elder.PersonID // of another home
			_, err := w.svc.OpenRequest(ctx, w.worker, in)
			wantReason(t, err, "not_found")
			_, err = w.svc.OpenRequest(ctx, w.other.Actor, exchange.NewRequest{PersonID: added.ID, Way: models.WayRelay, Lines: in.Lines})
			wantReason(t, err, "not_found")
		}
		lot := exchange.NewOffer{HouseholdID: w.other.HouseholdID, PersonID: added.ID, Way: models.WayRelay, Lots: []exchange.NewLot{blister(10)}}
		given := must2(w.svc.PostOffer(ctx, w.worker, lot))(t)
		if given.PersonID != added.ID || given.HouseholdID != w.other.HouseholdID {
			t.Errorf("%+v", given.Offer)
		}
	})
}
