package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// ChangeWay lets what is not out yet be collected, brought, or left at the door
// instead.
func (s *Service) ChangeWay(ctx context.Context, actor models.Actor, id models.ID, way models.Way) (HandoverView, error) {
	if !slices.Contains(ways, way) {
		return HandoverView{}, fault.InvalidField("way", "way_unknown")
	}
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		switch {
		case actor.PersonID != h.ReceiverID && !d.worked(actor):
			return fault.New(fault.Forbidden, "not_yours")
		case h.State == models.HandoverOut:
			return fault.New(fault.Conflict, "out_already")
		case !h.Live():
			return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
		case h.Way == way:
			return nil
		}
		h.Way = way
		d.mark(h.ID, "handover.way")
		return nil
	})
}

// NameCollector says beforehand who collects for the receiver; an empty name takes
// it back. Whoever hands over reads it, and nobody else.
func (s *Service) NameCollector(ctx context.Context, actor models.Actor, id models.ID, name string) (HandoverView, error) {
	if f := checkText(fault.New(fault.Invalid, "invalid_input"), "name", name, maxWordRunes); len(f.Fields) > 0 {
		return HandoverView{}, f
	}
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		switch {
		case actor.PersonID != h.ReceiverID && !d.worked(actor):
			return fault.New(fault.Forbidden, "not_yours")
		case !h.Live():
			return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
		case h.Collector == name:
			return nil
		}
		h.Collector = name
		d.mark(h.ID, "handover.collector")
		return nil
	})
}

// changeHandover runs one command about a handover, plans anew and shows it; more
// are reads of that command alone.
func (s *Service) changeHandover(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, h *models.Handover) error, more ...store.Read) (HandoverView, error) {
	return s.changeHandoverOf(ctx, actor, id, false, command, more...)
}

// changeHandoverOf does it also for who walked with it on a round that is over.
func (s *Service) changeHandoverOf(ctx context.Context, actor models.Actor, id models.ID, walked bool,
	command func(d *desk, h *models.Handover) error, more ...store.Read) (HandoverView, error) {
	var handovers []models.Handover
	var matches []models.Match
	var lots []models.Lot
	err := s.store.Read(ctx, store.ByID([]models.ID{id}, &handovers), store.MatchesOfHandovers([]models.ID{id}, &matches),
		store.LotsOfHandover(id, &lots))
	if err != nil {
		return HandoverView{}, err
	}
	h, err := store.One(handovers)
	if err != nil {
		return HandoverView{}, err
	}
	sc, err := s.scope(ctx, h.GridID)
	if err != nil {
		return HandoverView{}, err
	}
	beside, err := s.across(ctx, sc, ids(matches, func(m models.Match) models.ID { return m.LotGridID }))
	if err != nil {
		return HandoverView{}, err
	}
	relays, err := s.withPoint(ctx, sc, h.RelayID)
	if err != nil {
		return HandoverView{}, err
	}
	if !walked && !worked(actor, sc, beside) && !partOf(actor, h, matches) && !carries(actor, h, append(beside, sc.grid)...) && !hosts(actor, relayByID(relays, h.RelayID)) {
		return HandoverView{}, fault.New(fault.NotFound, "not_found")
	}
	grids := append(sc.grids(), ids(lots, func(l models.Lot) models.ID { return l.GiverGridID })...)
	a := about{handovers: []models.ID{id}, households: []models.ID{h.ReceiverHouseholdID}, relays: ids(relays, func(r models.RelayPoint) models.ID { return r.ID })}
	for _, m := range matches {
		grids = append(grids, m.LotGridID)
		a.needs = append(a.needs, m.NeedID)
		a.lots = append(a.lots, m.LotID)
		a.matches = append(a.matches, m.ID)
	}
	paths, err := s.pathsOver(ctx, sc, grids)
	if err != nil {
		return HandoverView{}, err
	}
	var r rows
	reads := append(append(s.announce(sc, a, &r), store.RecallsOver(paths, &r.recalls)), more...)
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (HandoverView, error) {
		d := s.desk(tx, sc, &r)
		d.beside, d.relays = beside, d.renewed(relays)
		h, err := find(d.handovers, id)
		if err != nil {
			return HandoverView{}, err
		}
		tries := h.WrongTries
		if err := command(d, h); err != nil {
			return HandoverView{}, err
		}
		if err := d.plan(); err != nil {
			return HandoverView{}, err
		}
		if err := d.save(); err != nil {
			return HandoverView{}, err
		}
		view := d.viewHandover(actor, *h)
		view.WrongCode = h.WrongTries > tries
		return view, nil
	})
}

// withPoint gives the points of a scope, and that of a handover from beyond it.
func (s *Service) withPoint(ctx context.Context, sc scope, relay *models.ID) ([]models.RelayPoint, error) {
	if relay == nil || relayByID(sc.relays, relay) != nil {
		return sc.relays, nil
	}
	var point []models.RelayPoint
	err := s.store.Read(ctx, store.ByID([]models.ID{*relay}, &point))
	return slices.Concat(sc.relays, point), err
}

func partOf(actor models.Actor, h models.Handover, matches []models.Match) bool {
	if h.ReceiverID == actor.PersonID {
		return true
	}
	for _, m := range matches {
		if m.GiverID == actor.PersonID {
			return true
		}
	}
	return false
}
