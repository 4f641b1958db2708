package exchange_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// boxed has a neighbour of the grid beside put a blister into a box there that
// serves the whole community, and the elder matched with it.
func (w *town) boxed(t *testing.T) exchange.MatchView {
	t.Helper()
	relay := models.RelayPoint{GridID: w.Beside.ID, ServesID: w.Community.ID, Code: "R08", Name: "社区中转站",
		Hours: []models.Hours{}, Capacity: 200, Lat: 30.7001, Lon: 103.5301, State: models.RelayOpen, CreatedAt: w.Store.Now()}
	must(t, 0, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		relay.ID = tx.NewID()
		return tx.SaveRelay(&relay)
	}))
	offered, err := w.offer(t, w.elsewhere, blister(10))
	lot := must(t, offered, err).Lots[0]
	_, err = w.svc.HandIn(t.Context(), w.elsewhere.Actor, lot.ID)
	must(t, 0, err)
	asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
	m := must(t, asked, err).Needs[0].Matches[0]
	if m.LotGridID != w.Beside.ID {
		t.Fatalf("the lot lies in %s", m.LotGridID)
	}
	return m
}

func TestContact_AWorkerOfEitherGridSeesWhomSheNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		m := w.boxed(t)
		besideWorker := w.Worker(t, w.Beside)
		operator := models.Actor{PersonID: w.worker.PersonID, State: models.PersonApproved,
			Roles: []models.Role{{Kind: models.RoleOperator, GridID: w.City.ID, GridPath: w.City.Path}}}
		workerAsParty := w.elder.Actor
		workerAsParty.Roles = append(slices.Clone(w.elder.Roles), models.Role{Kind: models.RoleWorker, GridPath: w.Micro.Path})
		for _, c := range []struct {
			name, shows string
			who         models.Actor
			of          exchange.Side
			want        fault.Code
		}{
			{"the receiver's worker, of the giver", "隔壁", w.worker, exchange.SideGiver, ""},
			{"the receiver's worker, of the receiver", "张婆婆", w.worker, exchange.SideReceiver, ""},
			{"the lot's worker, of the receiver", "张婆婆", besideWorker, exchange.SideReceiver, ""},
			{"a worker who names nobody", "", w.worker, "", fault.Invalid},
			{"a worker who names no party", "", w.worker, exchange.SideWorker, fault.Invalid},
			{"an operator", "", operator, exchange.SideGiver, fault.NotFound},
			{"a neighbour", "", w.other.Actor, exchange.SideGiver, fault.NotFound},
			{"a party who is a worker too", "", workerAsParty, exchange.SideGiver, fault.Forbidden},
		} {
			got, err := w.svc.Contact(t.Context(), c.who, m.ID, c.of)
			if got.Name != c.shows || err != nil && !fault.Is(err, c.want) || err == nil && c.want != "" {
				t.Errorf("%s: %q %v", c.name, got.Name, err)
			}
		}
		var links []models.Audit
		must(t, 0, w.Store.View(t.Context(), func(tx *store.Tx) error {
			return tx.Load(store.AuditsAfter(w.Micro.ID, 0, 100, &links))
		}))
		var read []string
		for _, l := range links {
			if l.Action == "contact.read" && l.ThingID == m.ID {
				read = append(read, l.ActorID+" "+l.Reason)
			}
		}
		if want := []string{w.worker.PersonID + " giver", w.worker.PersonID + " receiver", besideWorker.PersonID + " receiver"}; !slices.Equal(read, want) {
			t.Errorf("links %v", read)
		}
		_, err := w.svc.DeclineMatch(t.Context(), w.elder.Actor, m.ID)
		must(t, 0, err)
		must(t, 0, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, func(tx *store.Tx) error {
			gone := w.elder.Person
			gone.Name, gone.State = "", models.PersonLeft
			return tx.SavePerson(&gone, "person.left", models.Audience{Workers: true})
		}))
		if _, err := w.svc.Contact(t.Context(), w.worker, m.ID, exchange.SideReceiver); !fault.Is(err, fault.Gone) {
			t.Errorf("of who has left: %v", err)
		}
		b.Clock.Add(8 * 24 * time.Hour)
		if _, err := w.svc.Contact(t.Context(), w.worker, m.ID, exchange.SideGiver); !fault.Is(err, fault.Gone) {
			t.Errorf("eight days after closing: %v", err)
		}
	})
}
