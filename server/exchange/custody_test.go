package exchange_test

import (
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// chain reads who held what of a lot, oldest first.
func (w *town) chain(t *testing.T, lot models.ID) []models.Custody {
	t.Helper()
	var rows []models.Custody
	if err := w.Store.Read(t.Context(), store.CustodyOf([]models.ID{lot}, &rows)); err != nil {
		t.Fatal(err)
	}
	return rows
}

// relayIn opens a point in one grid that serves another.
func (w *town) relayIn(t *testing.T, grid, serves models.Grid) models.RelayPoint {
	t.Helper()
	r := models.RelayPoint{GridID: grid.ID, ServesID: serves.ID, Code: "R-" + grid.Code, Name: "社区中转站", Hours: []models.Hours{},
		Capacity: 200, Lat: 30.7001, Lon: 103.5301, State: models.RelayOpen}
	err := w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		r.ID, r.CreatedAt, r.Version = tx.NewID(), tx.Now, 0
		return tx.SaveRelay(&r)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCustody_TellsWhoHeldWhatFromTheDrawerToTheHand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		w.checkIn(t, lot, 9) // one is missing of what was said to be handed in
		m := w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID))(t)
		must2(w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
		home, box := models.Home(w.giver.HouseholdID), models.Box(w.Relay.ID)
		want := []models.Custody{{Units: 10, From: home, To: box, Why: "hand_in", By: &w.giver.PersonID},
			{Units: 1, From: box, To: home, Why: "short", By: &w.worker.PersonID},
			{Units: 6, From: box, To: models.Home(w.elder.HouseholdID), Why: "give", By: &w.worker.PersonID, MatchID: &m.ID}}
		got := w.chain(t, lot)
		if len(got) != len(want) {
			t.Fatalf("%d changes of hands: %+v", len(got), got)
		}
		for i, c := range got {
			x := want[i]
			same := c.Units == x.Units && c.From == x.From && c.To == x.To && c.Why == x.Why && *c.By == *x.By && (c.MatchID == nil) == (x.MatchID == nil)
			if !same {
				t.Errorf("change %d: %+v, not %+v", i, c, x)
			}
		}
	})
}

// TestBox_OfACommunityLiesInTheGridOfItsPoint: what is handed in there can be had
// by every grid that it serves, and the giver still hears of it at home.
func TestBox_OfACommunityLiesInTheGridOfItsPoint(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		if err := w.Store.InTx(t.Context(), func(tx *store.Tx) error { // the point of the story is closed
			w.Relay.State = models.RelayPaused
			return tx.SaveRelay(&w.Relay)
		}); err != nil {
			t.Fatal(err)
		}
		point := w.relayIn(t, w.Beside, w.Community)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		there := w.Place.Worker(t, w.Beside)
		if _, err := w.svc.CheckInLot(t.Context(), w.worker, lot, seen(10)); err == nil {
			t.Error("the worker of the giver's grid checks what lies elsewhere")
		}
		in := must2(w.svc.CheckInLot(t.Context(), there, lot, seen(10)))(t)
		if in.GridID != w.Beside.ID || *in.RelayID != point.ID || in.GiverGridID != w.Micro.ID {
			t.Fatalf("it lies in %s at %v", in.GridID, in.RelayID)
		}
		asked := must2(w.ask(t, w.elsewhere, "M140", 4, well(models.AgeAdult)))(t) // of the next micro-grid, not widened
		m := w.request(t, w.elsewhere.Actor, asked.ID).Needs[0].Matches
		if len(m) != 1 || m[0].State != models.MatchReady {
			t.Fatalf("her neighbours' box: %+v", m)
		}
		w.label(t, there, m[0].HandoverID)
		code := must2(w.svc.PickupCode(t.Context(), w.elsewhere.Actor, m[0].HandoverID))(t)
		must2(w.svc.Give(t.Context(), there, m[0].HandoverID, exchange.Giving{Code: code.Code, Adult: true}))(t)
		var told []models.Event
		if err := w.Store.Read(t.Context(), store.EventsOf(w.Micro.ID, []models.ID{lot, m[0].ID}, &told)); err != nil {
			t.Fatal(err)
		}
		kinds := map[string]bool{}
		for _, e := range told {
			kinds[e.Kind] = true
		}
		for _, kind := range []string{"lot.handed_in", "lot.given", "match.given"} {
			if !kinds[kind] {
				t.Errorf("the giver does not hear %s at home: %v", kind, kinds)
			}
		}
	})
}
