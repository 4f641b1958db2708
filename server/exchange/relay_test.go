package exchange_test

import (
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// saveRelay writes a point as an import does: nobody is told.
func (w *town) saveRelay(t *testing.T, r *models.RelayPoint) {
	t.Helper()
	if err := w.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.SaveRelay(r) }); err != nil {
		t.Fatal(err)
	}
}

// point opens a second point of the micro-grid, so many metres north of the first.
func (w *town) point(t *testing.T, code string, metres float64, capacity int) models.RelayPoint {
	t.Helper()
	r := models.RelayPoint{GridID: w.Micro.ID, ServesID: w.Micro.ID, Code: code, Name: "第二中转站", Hours: []models.Hours{},
		Capacity: capacity, Lat: w.Relay.Lat + metres/111_200, Lon: w.Relay.Lon, State: models.RelayOpen}
	err := w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		r.ID, r.CreatedAt, r.Version = tx.NewID(), tx.Now, 0
		return tx.SaveRelay(&r)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lead is the newest match of a request's first line.
func (w *town) lead(t *testing.T, who storetest.Neighbour, request models.ID) exchange.MatchView {
	t.Helper()
	all := w.request(t, who.Actor, request).Needs[0].Matches
	if len(all) == 0 {
		t.Fatal("nothing is matched")
	}
	return all[len(all)-1]
}

func whyOf(m exchange.MatchView, code string) *models.Reason {
	for _, r := range m.Reasons {
		if r.Code == code {
			return &r
		}
	}
	return nil
}

// TestRelay_IsChosenForBothAndAsFarAsThereIsRoom: the first point lies at the
// corner, homes along a street to the north of it.
func TestRelay_IsChosenForBothAndAsFarAsThereIsRoom(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		second := w.point(t, "R07-2", 40, 1) // between the elder at 22 m and the giver at 44 m
		first := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0]
		m := w.lead(t, w.elder, first.ID)
		if m.Relay == nil || m.Relay.ID != second.ID || whyOf(m, "relay_least_walk") == nil || m.Metres < 20 || m.Metres > 30 {
			t.Fatalf("the point between them: %v, %d m, %v", m.Relay, m.Metres, m.Reasons)
		}
		if mine := must2(w.svc.Offer(t.Context(), w.giver.Actor, lot.OfferID))(t).Lots[0].Matches[0]; whyOf(mine, "relay_least_walk") == nil || mine.Relay.ID != second.ID {
			t.Errorf("the giver reads where and why: %v, %v", mine.Relay, mine.Reasons)
		}
		// Four more of the same lot go where it goes, though that point is full now.
		next := must2(w.ask(t, w.other, "M004", 4, well(models.AgeAdult)))(t)
		if m := w.lead(t, w.other, next.ID); m.Relay.ID != second.ID {
			t.Errorf("the same lot goes to another point")
		}
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot.ID))(t)
		if in := w.checkIn(t, lot.ID, 10); *in.RelayID != second.ID {
			t.Errorf("it lies elsewhere")
		}
		// The next lot finds it full.
		must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M125", Units: 10, Seal: models.SealBox}))(t)
		mask := must2(w.ask(t, w.elder, "M125", 5, well(models.AgeElder)))(t)
		if m := w.lead(t, w.elder, mask.ID); m.Relay.ID != w.Relay.ID || whyOf(m, "relay_next") == nil {
			t.Errorf("full: %s, %v", m.Relay.Code, m.Reasons)
		}
	})
}

// TestRelay_PausedElsewhereIsSeenUnderTheLock: a scope that is remembered here, or a
// pause on another instance, does not let goods go to a paused point.
func TestRelay_PausedElsewhereIsSeenUnderTheLock(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		second := w.point(t, "R07-2", 40, 0)
		must2(w.svc.Today(t.Context(), w.worker, w.Micro.ID))(t) // the scope is known from here on
		other := exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy)
		must2(other.Today(t.Context(), w.worker, w.Micro.ID))(t)
		second.State = models.RelayPaused
		w.saveRelay(t, &second)
		for i, svc := range []*exchange.Service{w.svc, other} {
			w.svc = svc
			item := []models.ItemID{"M125", "M123"}[i]
			must2(w.offer(t, w.giver, exchange.NewLot{ItemID: item, Units: 5, ExpiresOn: "2027-08-31", Seal: models.SealBox}))(t)
			asked := must2(w.ask(t, w.elder, item, 5, well(models.AgeElder)))(t)
			if m := w.lead(t, w.elder, asked.ID); m.Relay == nil || m.Relay.ID != w.Relay.ID {
				t.Errorf("instance %d: goes to %+v", i, m.Relay)
			}
		}
	})
}

func TestRelay_ADeclinedLotIsFreeToGoElsewhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0]
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		m := w.lead(t, w.elder, asked.ID)
		if lot := must2(w.svc.Offer(t.Context(), w.giver.Actor, lot.OfferID))(t).Lots[0]; lot.RelayID == nil || *lot.RelayID != w.Relay.ID {
			t.Fatalf("it is to be brought to %v", lot.RelayID)
		}
		must2(w.svc.DeclineMatch(t.Context(), w.elder.Actor, m.ID))(t)
		second := w.point(t, "R07-2", 40, 0)
		b.Clock.Add(11 * time.Second) // scopes are remembered for ten
		next := must2(w.ask(t, w.other, "M004", 6, well(models.AgeAdult)))(t)
		if m := w.lead(t, w.other, next.ID); m.Relay.ID != second.ID {
			t.Errorf("it still goes to %s", m.Relay.Code)
		}
	})
}

// TestRelay_TheCitysPathsCount: between the giver and the second point there is a wall.
func TestRelay_TheCitysPathsCount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.point(t, "R07-2", 40, 0)
		err := w.Store.InTx(t.Context(), func(tx *store.Tx) error {
			return tx.SavePaths([]models.Path{{FromKey: models.BuildingKey(w.Micro.Code, "3 栋"), ToKey: models.RelayKey("R07-2"), Metres: 900},
				{FromKey: models.RelayKey("R07"), ToKey: models.BuildingKey(w.Micro.Code, "1 栋"), Metres: 70}})
		})
		if err != nil {
			t.Fatal(err)
		}
		must2(w.offer(t, w.giver, blister(10)))(t)
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		m := w.lead(t, w.elder, asked.ID)
		if m.Relay.ID != w.Relay.ID || m.Metres != 70 {
			t.Errorf("goes by %s, %d m from her", m.Relay.Code, m.Metres)
		}
		if r := w.request(t, w.elder.Actor, asked.ID); r.Relay.Code != "R07-2" {
			t.Errorf("nearest to her is %s", r.Relay.Code)
		}
	})
}
