package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// WithdrawLot takes back what is still free of one's own lot.
func (s *Service) WithdrawLot(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if l.PersonID != actor.PersonID {
			return fault.New(fault.Forbidden, "not_yours")
		}
		if l.Remaining == 0 {
			return fault.New(fault.Conflict, "nothing_left")
		}
		return d.withdraw(l.ID, l.Remaining, "giver")
	})
}

// HandIn is the giver's "我送到了": the goods are at the relay point and wait
// for the worker's check.
func (s *Service) HandIn(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if l.PersonID != actor.PersonID && !d.worked(actor) {
			return fault.New(fault.Forbidden, "not_yours")
		}
		if l.Place == models.PlaceBox || !l.Live() {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(l.State))
		}
		return d.handIn(l)
	})
}

// handIn moves the lot to the relay point and its agreed matches with it.
func (d *desk) handIn(l *models.Lot) error {
	l.Place, l.RelayID = models.PlaceBox, d.relayFor(l)
	d.mark(l.ID, "lot.handed_in")
	for _, m := range sortedMatches(d.matches) {
		if m.LotID != l.ID || m.State != models.MatchAgreed {
			continue
		}
		moving := d.matches[m.ID]
		if err := moving.Apply(models.CommandHandIn); err != nil {
			return err
		}
		d.mark(m.ID, "match.moving")
		h, err := find(d.handovers, m.HandoverID)
		if err != nil {
			return err
		}
		if h.State == models.HandoverAwaiting {
			if err := h.Apply(models.CommandHandIn); err != nil {
				return err
			}
			d.mark(h.ID, "handover.checking")
		}
	}
	return nil
}

// relayFor is where the lot's matches go, else the first point that serves
// the grid; nil where the worker keeps it by hand.
func (d *desk) relayFor(l *models.Lot) *models.ID {
	for _, m := range sortedMatches(d.matches) {
		if m.LotID == l.ID && m.Live() {
			if h := d.handovers[m.HandoverID]; h != nil && h.RelayID != nil {
				return h.RelayID
			}
		}
	}
	for _, r := range d.scope.relays {
		if r.State == models.RelayOpen {
			id := r.ID
			return &id
		}
	}
	return nil
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
	if l.PersonID != actor.PersonID && !worked(actor, sc, beside) {
		return LotView{}, fault.New(fault.NotFound, "not_found")
	}
	grids := sc.grids()
	a := about{lots: []models.ID{id}, households: []models.ID{l.HouseholdID}}
	for _, m := range matches {
		grids = append(grids, m.GridID)
		a.needs = append(a.needs, m.NeedID)
		a.handovers = append(a.handovers, m.HandoverID)
		a.households = append(a.households, m.ReceiverHouseholdID)
	}
	var r rows
	var carried []models.Match
	reads := append(s.announce(sc, a, &r), store.MatchesOfLots([]models.ID{id}, &r.moreMatches))
	if len(a.handovers) > 0 {
		reads = append(reads, store.MatchesOfHandovers(a.handovers, &carried))
	}
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (LotView, error) {
		r.moreMatches = append(r.moreMatches, carried...)
		d := s.desk(tx, sc, &r)
		d.beside = beside
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
}
