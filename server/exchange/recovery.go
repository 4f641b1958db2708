package exchange

import (
	"context"
	"fmt"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Parcel is so many units of a lot.
type Parcel struct {
	LotID models.ID
	Units int
}

// RecoveryView is a receipt with what it took.
type RecoveryView struct {
	models.Recovery
	Relay models.RelayPoint
	By    string
	Lots  []RecoveredLot
}

// RecoveredLot is what of a lot went under a receipt, and why it had to.
type RecoveredLot struct {
	models.Lot
	Units int
}

// HandToRecovery brings what may not be given from a box to a pharmacy or a health
// centre, and keeps the number of their receipt. Nobody destroys medicine.
func (s *Service) HandToRecovery(ctx context.Context, actor models.Actor, relay models.ID, parcels []Parcel, place, receipt string) (RecoveryView, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "place", place, maxWordRunes)
	f = checkText(f, "receipt", receipt, maxWordRunes)
	if strings.TrimSpace(place) == "" {
		f = f.Field("place", "missing")
	}
	if strings.TrimSpace(receipt) == "" {
		f = f.Field("receipt", "missing")
	}
	if len(parcels) < 1 || len(parcels) > maxCounts {
		f = f.Field("lots", "lines_out_of_range")
	}
	seen := map[models.ID]bool{}
	for i, p := range parcels {
		if !store.ValidID(p.LotID) || seen[p.LotID] {
			f = f.Field(fmt.Sprintf("lots[%d].lot_id", i), "not_found")
		}
		seen[p.LotID] = true
		f = checkUnits(f, fmt.Sprintf("lots[%d].quantity", i), p.Units)
	}
	if len(f.Fields) > 0 {
		return RecoveryView{}, f
	}
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return RecoveryView{}, err
	}
	c := boxCall{box: b, lots: ids(parcels, func(p Parcel) models.ID { return p.LotID })}
	return atBox(ctx, s, actor, c, func(d *desk) (func() RecoveryView, error) {
		view := RecoveryView{Relay: b.relay, Lots: []RecoveredLot{}, Recovery: models.Recovery{ID: d.tx.NewID(), GridID: b.relay.GridID,
			RelayID: b.relay.ID, PersonID: actor.PersonID, Place: place, Receipt: receipt, CreatedAt: d.tx.Now}}
		for i, p := range parcels {
			l, err := find(d.lots, p.LotID)
			if err != nil {
				return nil, err
			}
			if _, stopped := d.lies(l, b.relay.ID); p.Units > stopped {
				return nil, fault.New(fault.Conflict, "not_stopped").Field(fmt.Sprintf("lots[%d].quantity", i), "not_stopped")
			}
			d.hand(l, nil, p.Units, models.Box(b.relay.ID), models.Recovered(view.ID), "recovery", actor.PersonID)
			d.mark(l.ID, "lot.recovered")
			view.Lots = append(view.Lots, RecoveredLot{*l, p.Units})
		}
		return func() RecoveryView { return view }, d.tx.CreateRecovery(&view.Recovery)
	})
}

// GiveBack gives a neighbour back what of her lot lies in the box and nobody may use,
// and what she has lent whenever it lies there.
func (s *Service) GiveBack(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	var lots []models.Lot
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &lots)); err != nil {
		return LotView{}, err
	}
	l, err := store.One(lots)
	if err != nil || l.RelayID == nil {
		return LotView{}, fault.New(fault.NotFound, "not_found")
	}
	if l.Kind == models.LotLoan {
		return s.giveBackLent(ctx, actor, id)
	}
	b, err := s.boxOf(ctx, actor, *l.RelayID)
	if err != nil {
		return LotView{}, err
	}
	return atBox(ctx, s, actor, boxCall{box: b, lots: []models.ID{id}}, func(d *desk) (func() LotView, error) {
		l, err := find(d.lots, id)
		if err != nil {
			return nil, err
		}
		_, stopped := d.lies(l, b.relay.ID)
		switch {
		case stopped == 0:
			return nil, fault.New(fault.Conflict, "not_stopped")
		case !mayGoBack(*l) || d.recalled(l):
			return nil, fault.New(fault.Conflict, "to_recovery_only")
		}
		d.hand(l, nil, stopped, models.Box(b.relay.ID), models.Home(l.HouseholdID), "give_back", actor.PersonID)
		d.mark(l.ID, "lot.given_back")
		return func() LotView { return d.viewLot(actor, *l) }, nil
	})
}

// Recoveries lists the receipts of a box, newest first.
func (s *Service) Recoveries(ctx context.Context, actor models.Actor, relay models.ID, p Page) ([]RecoveryView, error) {
	b, err := s.boxOf(ctx, actor, relay)
	if err != nil {
		return nil, err
	}
	var views []RecoveryView
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var rows []models.Recovery
		if err := tx.Load(store.RecoveriesAt(relay, p.Cursor, p.Limit, &rows)); err != nil {
			return err
		}
		views, err = viewRecoveries(tx, b, rows)
		return err
	})
	return views, err
}

// Recovery shows one receipt with what it took.
func (s *Service) Recovery(ctx context.Context, actor models.Actor, id models.ID) (RecoveryView, error) {
	var rows []models.Recovery
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rows)); err != nil {
		return RecoveryView{}, err
	}
	r, err := store.One(rows)
	if err != nil {
		return RecoveryView{}, err
	}
	b, err := s.boxOf(ctx, actor, r.RelayID)
	if err != nil {
		return RecoveryView{}, err
	}
	var views []RecoveryView
	err = s.store.View(ctx, func(tx *store.Tx) error {
		views, err = viewRecoveries(tx, b, rows)
		return err
	})
	if err != nil {
		return RecoveryView{}, err
	}
	return store.One(views)
}

func viewRecoveries(tx *store.Tx, b box, rows []models.Recovery) ([]RecoveryView, error) {
	views := []RecoveryView{}
	names, err := namesOf(tx, ids(rows, func(r models.Recovery) models.ID { return r.PersonID }))
	if err != nil {
		return nil, err
	}
	var custody []models.Custody
	var lots []models.Lot
	if err := tx.Load(store.CustodyTo(models.HolderRecovery, ids(rows, func(r models.Recovery) models.ID { return r.ID }), &custody)); err != nil {
		return nil, err
	}
	if err := tx.Load(store.ByID(ids(custody, func(c models.Custody) models.ID { return c.LotID }), &lots)); err != nil {
		return nil, err
	}
	of := byID(lots, func(l models.Lot) models.ID { return l.ID })
	for _, r := range rows {
		view := RecoveryView{Recovery: r, Relay: b.relay, By: names[r.PersonID], Lots: []RecoveredLot{}}
		for _, c := range custody {
			if c.To.ID == r.ID {
				view.Lots = append(view.Lots, RecoveredLot{*of[c.LotID], c.Units})
			}
		}
		views = append(views, view)
	}
	return views, nil
}
