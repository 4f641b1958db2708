package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// WithdrawLot takes back what is still free of one's own lot. Of what is lent, the
// rest follows when it comes back: it is lent to nobody else.
func (s *Service) WithdrawLot(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if l.PersonID != actor.PersonID {
			return fault.New(fault.Forbidden, "not_yours")
		}
		later := l.Kind == models.LotLoan && l.CheckedAt != nil && l.Reserved+l.Lent > 0 && l.WantBackAt == nil
		if later {
			now := d.tx.Now
			l.WantBackAt = &now
			d.mark(l.ID, "lot.wanted_back")
		}
		switch {
		case l.Remaining > 0:
			return d.withdraw(l.ID, l.Remaining, models.ReasonGiver)
		case !later:
			return fault.New(fault.Conflict, "nothing_left")
		}
		return nil
	})
}

// HandIn is the giver's "我送到了": the goods are at the relay point and wait
// for the worker's check.
func (s *Service) HandIn(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if l.PersonID != actor.PersonID && !d.worked(actor) {
			return fault.New(fault.Forbidden, "not_yours")
		}
		if l.Place != models.PlaceHome || !l.Live() {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(l.State))
		}
		return d.handIn(l, actor.PersonID)
	})
}

// handIn moves the lot to the relay point and its agreed matches with it. What was
// to be collected elsewhere is collected here.
func (d *desk) handIn(l *models.Lot, by models.ID) error {
	d.into(l, d.relayFor(l), "hand_in", by)
	d.mark(l.ID, "lot.handed_in")
	for _, m := range sortedMatches(d.matches) {
		if m.LotID != l.ID || m.State != models.MatchAgreed {
			continue
		}
		if err := d.onItsWay(d.matches[m.ID], l); err != nil {
			return err
		}
	}
	return nil
}

// onItsWay takes an agreed match on of which the goods have left their giver: she has
// done her part, and nothing of it lapses any more.
func (d *desk) onItsWay(m *models.Match, l *models.Lot) error {
	if err := m.Apply(models.CommandHandIn); err != nil {
		return err
	}
	m.DueAt = nil
	d.mark(m.ID, "match.moving")
	if l.Place != models.PlaceBox {
		return nil // it arrives when its carrier puts it down
	}
	return d.arrived(m.HandoverID, l.RelayID)
}

// arrived: something of a handover lies at a point and waits for the check there.
func (d *desk) arrived(handover models.ID, relay *models.ID) error {
	h, err := find(d.handovers, handover)
	if err != nil {
		return err
	}
	moved := deref(h.RelayID) != deref(relay)
	h.RelayID = relay
	if h.State == models.HandoverAwaiting {
		if err := h.Apply(models.CommandHandIn); err != nil {
			return err
		}
		moved = true
	}
	if moved {
		d.mark(h.ID, "handover.checking")
	}
	return nil
}

// hosts reports whether the actor is host or deputy of that point.
func (d *desk) hosts(actor models.Actor, relay *models.ID) bool {
	return hosts(actor, relayByID(d.relays, relay))
}

func hosts(actor models.Actor, r *models.RelayPoint) bool {
	is := func(id *models.ID) bool { return id != nil && *id == actor.PersonID }
	return r != nil && (is(r.HostID) || is(r.DeputyID))
}

// changeLot runs one command about a lot, plans anew and shows the result.
func (s *Service) changeLot(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, l *models.Lot) error) (LotView, error) {
	var lots []models.Lot
	var matches []models.Match
	err := s.store.Read(ctx, store.ByID([]models.ID{id}, &lots), store.MatchesOfLots([]models.ID{id}, &matches))
	if err != nil {
		return LotView{}, err
	}
	l, err := store.One(lots)
	if err != nil {
		return LotView{}, err
	}
	sc, err := s.scope(ctx, l.GridID)
	if err != nil {
		return LotView{}, err
	}
	live := slices.DeleteFunc(slices.Clone(matches), func(m models.Match) bool { return !m.Live() })
	beside, err := s.across(ctx, sc, ids(live, func(m models.Match) models.ID { return m.GridID }))
	if err != nil {
		return LotView{}, err
	}
	way, err := s.wayOf(ctx, sc, l, live)
	if err != nil {
		return LotView{}, err
	}
	if l.PersonID != actor.PersonID && !worked(actor, sc, beside) && !hosts(actor, relayByID(way.relays, l.RelayID)) {
		return LotView{}, fault.New(fault.NotFound, "not_found")
	}
	grids := sc.grids()
	grids = append(append(grids, l.GiverGridID), way.grids...)
	a := about{lots: []models.ID{id}, households: []models.ID{l.HouseholdID}, relays: way.more}
	for _, m := range matches {
		grids = append(grids, m.GridID)
		a.needs = append(a.needs, m.NeedID)
		a.handovers = append(a.handovers, m.HandoverID)
		a.households = append(a.households, m.ReceiverHouseholdID)
	}
	paths, err := s.pathsOver(ctx, sc, way.grids)
	if err != nil {
		return LotView{}, err
	}
	var r rows
	var together []models.Match
	var custody []models.Custody
	var asked []models.Collection
	reads := append(s.announce(sc, a, &r), store.MatchesOfLots([]models.ID{id}, &r.moreMatches), store.CustodyOf([]models.ID{id}, &custody),
		store.RecallsOver(paths, &r.recalls), store.CollectionsOfLot(id, &asked))
	if l.Kind == models.LotLoan && len(matches) > 0 {
		reads = append(reads, store.LoansOf(ids(matches, func(m models.Match) models.ID { return m.ID }), &r.moreLoans))
	}
	if len(a.handovers) > 0 {
		reads = append(reads, store.MatchesOfHandovers(a.handovers, &together))
	}
	view, err := store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (LotView, error) {
		r.moreMatches = append(r.moreMatches, together...)
		d := s.desk(tx, sc, &r)
		d.beside, d.relays, d.carried, d.asked = beside, d.renewed(way.relays), custody, asked
		l, err := find(d.lots, id)
		if err != nil {
			return LotView{}, err
		}
		if err := command(d, l); err != nil {
			return LotView{}, err
		}
		if err := d.plan(); err != nil {
			return LotView{}, err
		}
		if err := d.save(); err != nil {
			return LotView{}, err
		}
		return d.viewLot(actor, *l), nil
	})
	if err == nil {
		s.tellCall(ctx, l.CallID)
	}
	return view, err
}

// lotWay is where a lot lies and may go: the points of its scope with those of its
// live matches, and the grids of all of them and of what travels with it.
type lotWay struct {
	relays []models.RelayPoint
	more   []models.ID // of these, those that do not serve its scope
	grids  []models.ID
}

func (s *Service) wayOf(ctx context.Context, sc scope, l models.Lot, live []models.Match) (lotWay, error) {
	way := lotWay{relays: sc.relays}
	points := []models.ID{deref(l.RelayID)}
	if len(live) > 0 {
		var hands []models.Handover
		var together []models.Match
		of := ids(live, func(m models.Match) models.ID { return m.HandoverID })
		if err := s.store.Read(ctx, store.ByID(of, &hands), store.MatchesOfHandovers(of, &together)); err != nil {
			return way, err
		}
		points = append(points, ids(hands, func(h models.Handover) models.ID { return deref(h.RelayID) })...)
		way.grids = ids(together, func(m models.Match) models.ID { return m.LotGridID })
	}
	points = slices.DeleteFunc(distinct(points), func(id models.ID) bool { return id == "" || relayByID(sc.relays, &id) != nil })
	if way.more = points; len(points) > 0 {
		var more []models.RelayPoint
		if err := s.store.Read(ctx, store.ByID(points, &more)); err != nil {
			return way, err
		}
		way.relays = slices.Concat(sc.relays, more)
	}
	for _, r := range way.relays {
		way.grids = append(way.grids, r.GridID)
	}
	return way, nil
}

func deref(id *models.ID) models.ID {
	if id == nil {
		return ""
	}
	return *id
}
