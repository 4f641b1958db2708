package exchange

import (
	"context"

	"linli/models"
	"linli/models/store"
)

// RelayDesk is what waits at a point for the hands of those who keep it: what is to
// be checked, and what is to be collected.
type RelayDesk struct {
	ToCheck    []ToCheck
	ToHandOver []HandoverView
}

// KeptRelays lists the points of which the actor is host or deputy, whatever else
// she is.
func (s *Service) KeptRelays(ctx context.Context, actor models.Actor) ([]models.RelayPoint, error) {
	kept := []models.RelayPoint{}
	err := s.store.Read(ctx, store.RelaysKeptBy(actor.PersonID, &kept))
	return kept, err
}

// RelayDesk shows it to host and deputy and to those who keep the box. They learn
// what and where, never why: the worker's day says that.
func (s *Service) RelayDesk(ctx context.Context, actor models.Actor, id models.ID) (RelayDesk, error) {
	b, err := s.boxOf(ctx, actor, id)
	if err != nil {
		return RelayDesk{}, err
	}
	desk := RelayDesk{ToCheck: []ToCheck{}, ToHandOver: []HandoverView{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var lots []models.Lot
		var hands []models.Handover
		if err := tx.Load(store.LotsToCheckAt(id, todayMost, &lots), store.HandoversReadyAt(id, todayMost, &hands)); err != nil {
			return err
		}
		var err error
		if desk.ToCheck, err = s.toCheck(tx, actor, b.relay.GridID, lots, true); err != nil {
			return err
		}
		return desk.addHands(tx, s, actor, b.relay, hands)
	})
	return desk, err
}

func (d *RelayDesk) addHands(tx *store.Tx, s *Service, actor models.Actor, relay models.RelayPoint, hands []models.Handover) error {
	if len(hands) == 0 {
		return nil
	}
	var homes []models.Household
	b := book{matcher: s.matcher, handovers: ids(hands, func(h models.Handover) models.ID { return h.ID })}
	households := ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID })
	if err := tx.Load(store.HouseholdsPlain(distinct(households), &homes)); err != nil {
		return err
	}
	if err := b.load(tx, actor, relay.GridID, hands[0].ReceiverHouseholdID); err != nil {
		return err
	}
	b.viewer.helps = true
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, h := range hands {
		view := b.viewer.handover(h, b.matches)
		view.Relay = &relay
		if home := at[h.ReceiverHouseholdID]; home != nil {
			view.Building = home.Building
		}
		if view.Side == SideWorker && h.ReceiverHouseholdID != actor.HouseholdID {
			view.Proof = proof(s.token(h))
		}
		d.ToHandOver = append(d.ToHandOver, view)
	}
	return nil
}
