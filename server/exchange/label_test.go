package exchange_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// label cuts what a handover is to have: leaflets are photographed, pieces labelled.
func (w *town) label(t *testing.T, who models.Actor, hand models.ID) {
	t.Helper()
	for _, m := range w.handover(t, who, hand).Matches {
		if m.ToLabel && len(m.Photos) == 0 {
			w.photo(t, who, models.PhotoLeaflet, m.LotID)
		}
	}
	must2(w.svc.LabelHandover(t.Context(), who, hand))(t)
}

// TestLabel_APieceCutFromABoxedPack: it was booked in whole, and is matched later.
func TestLabel_APieceCutFromABoxedPack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.community(t, onCounter("B7"))
		m := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0]
		if m.State != models.MatchReady || m.ToLabel {
			t.Fatalf("ready, and no business of the receiver's: %+v", m)
		}
		by := w.code(t, w.elder.Actor, m.HandoverID)
		if err := second(w.svc.Give(t.Context(), w.worker, m.HandoverID, by)); reasonOf(err) != "label_missing" {
			t.Errorf("handed over without a label: %v", err)
		}
		w.toDoor(t, m.HandoverID, models.WayDoor)
		r := w.plan(t, exchange.NewRound{Handovers: []models.ID{m.HandoverID}})
		if !stopOf(t, r, bringing(m.HandoverID)).ToLabel {
			t.Error("the round does not say what is to be labelled")
		}
		if err := second(w.svc.StartRound(t.Context(), w.worker, r.ID)); reasonOf(err) != "label_missing" {
			t.Errorf("carried away without a label: %v", err)
		}
		label := func(who models.Actor) error { return second(w.svc.LabelHandover(t.Context(), who, m.HandoverID)) }
		if err := label(w.worker); reasonOf(err) != "leaflet_missing" || fault.From(err).Args["lot"] != m.LotID {
			t.Errorf("labelled without a leaflet: %v", err)
		}
		w.photo(t, w.worker, models.PhotoLeaflet, m.LotID)
		if err := label(w.elder.Actor); reasonOf(err) != "worker_only" {
			t.Errorf("labelled by the receiver: %v", err)
		}
		if err := label(w.worker); err != nil {
			t.Fatal(err)
		}
		if n, to := w.told(t, m.ID, "match.labelled"); n != 1 || len(to.Persons) != 0 {
			t.Errorf("%d events, to %+v", n, to)
		}
		if err := label(w.worker); err != nil {
			t.Errorf("labelled twice: %v", err)
		}
		if n, _ := w.told(t, m.ID, "match.labelled"); n != 1 {
			t.Errorf("told %d times", n)
		}
		must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, r, bringing(m.HandoverID)).ID, by))(t)
		rest := must2(w.ask(t, w.other, "M140", 4, well(models.AgeAdult)))(t).Needs[0].Matches[0]
		if err := second(w.svc.Give(t.Context(), w.worker, rest.HandoverID, w.code(t, w.other.Actor, rest.HandoverID))); reasonOf(err) != "label_missing" {
			t.Errorf("the next piece: %v", err)
		}
	})
}

// TestLabel_IsNotAskedOf what is whole, of what is no medicine, of what was labelled at
// the check, of what came up short there, and of what is in her hands already.
func TestLabel_IsNotAskedOf(t *testing.T) {
	t.Parallel()
	for name, ready := range map[string]func(t *testing.T, w *town) (models.ID, exchange.Giving){
		"a whole pack": func(t *testing.T, w *town) (models.ID, exchange.Giving) {
			w.community(t, some(6, "B7"))
			hand := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0].HandoverID
			return hand, w.code(t, w.elder.Actor, hand)
		},
		"a kit": func(t *testing.T, w *town) (models.ID, exchange.Giving) {
			w.stock(t, 5)
			hand := w.readyFor(t, w.elder, models.WayRelay)
			return hand, w.code(t, w.elder.Actor, hand)
		},
		"what the check saw": func(t *testing.T, w *town) (models.ID, exchange.Giving) {
			hand := w.waiting(t, models.WayRelay).HandoverID
			return hand, w.code(t, w.elder.Actor, hand)
		},
		"all that there was": func(t *testing.T, w *town) (models.ID, exchange.Giving) {
			_, m := w.matched(t, 6)
			must2(w.svc.CheckInLot(t.Context(), w.worker, m.LotID, func() exchange.CheckIn { c := seen(6); c.Labelled = false; return c }()))(t)
			return m.HandoverID, w.code(t, w.elder.Actor, m.HandoverID)
		},
		"what she has": func(t *testing.T, w *town) (models.ID, exchange.Giving) {
			w.community(t, onCounter("B7"))
			hand := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0].HandoverID
			return hand, w.scanned(t, hand)
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				w := newTown(t, b)
				hand, by := ready(t, w)
				if done := must2(w.svc.Give(t.Context(), w.worker, hand, by))(t); done.State != models.HandoverDone {
					t.Errorf("%+v", done.Handover)
				}
			})
		})
	}
}

// TestLabel_ByWhoKeepsThePoint: she photographs the leaflet and labels, a worker or not.
func TestLabel_ByWhoKeepsThePoint(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.Relay.HostID = &w.giver.PersonID
		w.saveRelay(t, &w.Relay)
		w.community(t, onCounter("B7"))
		hand := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t).Needs[0].Matches[0].HandoverID
		w.label(t, w.giver.Actor, hand)
		bag := w.photo(t, w.worker, models.PhotoBag, hand)
		if err := second(w.svc.Photo(t.Context(), w.giver.Actor, bag.ID)); reasonOf(err) != "not_found" {
			t.Errorf("she looks at a bag at somebody's door: %v", err)
		}
		if done := must2(w.svc.Give(t.Context(), w.giver.Actor, hand, w.code(t, w.elder.Actor, hand)))(t); done.State != models.HandoverDone {
			t.Errorf("%+v", done.Handover)
		}
	})
}

// TestMatch_OfWhatLeftItsGiverWaitsForTheCheckAlone: it lies unchecked in the box when
// somebody asks; no giver is waited for, and nothing of it lapses.
func TestMatch_OfWhatLeftItsGiverWaitsForTheCheckAlone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, blister(10)))(t).Lots[0].ID
		must2(w.svc.HandIn(t.Context(), w.giver.Actor, lot))(t)
		asked := must2(w.ask(t, w.elder, "M140", 6, well(models.AgeElder)))(t)
		m := asked.Needs[0].Matches[0]
		if m.State != models.MatchMoving || m.DueAt != nil || m.Handover.State != models.HandoverChecking {
			t.Fatalf("%+v of %+v", m.Match, m.Handover)
		}
		b.Clock.Add(72 * time.Hour)
		w.sweep(t)
		w.checkIn(t, lot, 10)
		if m = w.request(t, w.elder.Actor, asked.ID).Needs[0].Matches[0]; m.State != models.MatchReady {
			t.Errorf("%+v", m.Match)
		}
		w.inspect(t)
	})
}
