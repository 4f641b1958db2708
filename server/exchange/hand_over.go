package exchange

import (
	"context"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Give hands over to the receiver: the worker has opened the handover and
// types the six digits, or scans the signed token. A wrong code counts; five
// lock the handover until a worker reissues.
func (s *Service) Give(ctx context.Context, actor models.Actor, id models.ID, code, token string) (HandoverView, error) {
	view, err := s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		if err := d.mayGive(actor, h); err != nil {
			return err
		}
		if !s.codeFits(*h, code, token, d.tx.Now) {
			h.WrongTries++
			d.mark(h.ID, "handover.wrong_code")
			return nil
		}
		return d.giveAll(h, actor.PersonID)
	})
	if err == nil && view.State != models.HandoverDone { // the wrong try itself is saved
		return view, wrongCode(view.Handover)
	}
	return view, err
}

// Reissue gives the receiver a new code: the old one, and any photo of it, is dead.
func (s *Service) Reissue(ctx context.Context, actor models.Actor, id models.ID) (HandoverView, error) {
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		if !d.worked(actor) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if h.State != models.HandoverReady && h.State != models.HandoverOut {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
		}
		h.Generation++
		h.WrongTries = 0
		d.mark(h.ID, "handover.reissued")
		return nil
	})
}

// Received is the receiver's one tap "拿到了": it closes what nobody closed.
func (s *Service) Received(ctx context.Context, actor models.Actor, match models.ID) (MatchView, error) {
	return s.changeMatch(ctx, actor, match, func(d *desk, m *models.Match) error {
		if actor.PersonID != m.ReceiverID {
			return fault.New(fault.Forbidden, "not_yours")
		}
		h, err := find(d.handovers, m.HandoverID)
		if err != nil {
			return err
		}
		return d.giveAll(h, actor.PersonID)
	})
}

// mayGive: a worker of the grid, or who has it with her; and nobody hands over
// alone to her own household.
func (d *desk) mayGive(actor models.Actor, h *models.Handover) error {
	if !d.worked(actor) && !carries(actor, *h) {
		return fault.New(fault.Forbidden, "worker_only")
	}
	if h.ReceiverHouseholdID == actor.HouseholdID {
		return fault.New(fault.Forbidden, "not_alone")
	}
	if h.State != models.HandoverReady && h.State != models.HandoverOut {
		return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
	}
	if h.Locked() {
		return fault.New(fault.Conflict, "code_locked")
	}
	return nil
}

// giveAll closes the handover. Safety is asked once more: what expired since
// is refused and its need looks further.
func (d *desk) giveAll(h *models.Handover, by models.ID) error {
	if err := h.Apply(models.CommandGive); err != nil {
		return err
	}
	now := d.tx.Now
	h.ClosedAt, h.ClosedBy, h.DueAt = &now, &by, nil
	d.mark(h.ID, "handover.done")
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID == h.ID && m.State == models.MatchReady {
			if err := d.giveMatch(d.matches[m.ID], h, by); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *desk) giveMatch(m *models.Match, h *models.Handover, by models.ID) error {
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return err
	}
	l, err := find(d.lots, m.LotID)
	if err != nil {
		return err
	}
	v := d.svc.matcher.Screen(matching.Line{Item: l.ItemID, Units: m.Quantity, Patient: &n.Patient, Lot: l},
		models.DateOf(d.tx.Now))
	if v.Outcome != matching.OutcomeOK {
		return fault.New(fault.Refused, "unsafe_now").With("reason", v.Reasons[0].Code)
	}
	if err := m.Apply(models.CommandGive); err != nil {
		return err
	}
	if err := n.Fulfil(m.Quantity); err != nil {
		return err
	}
	if err := l.Give(m.Quantity); err != nil {
		return err
	}
	from := l.Holder()
	if h.CarrierID != nil {
		from = models.Carrier(*h.CarrierID)
	}
	d.hand(l, &m.ID, m.Quantity, from, models.Home(m.ReceiverHouseholdID), "give", by)
	now := d.tx.Now
	m.ClosedAt, m.DueAt = &now, nil
	d.mark(m.ID, "match.given")
	d.mark(n.ID, "need.fulfilled")
	d.mark(l.ID, "lot.given")
	return nil
}

// changeHandover runs one command about a handover, plans anew and shows it.
func (s *Service) changeHandover(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, h *models.Handover) error) (HandoverView, error) {
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
	if !worked(actor, sc, beside) && !partOf(actor, h, matches) && !carries(actor, h) {
		return HandoverView{}, fault.New(fault.NotFound, "not_found")
	}
	grids := append(sc.grids(), ids(lots, func(l models.Lot) models.ID { return l.GiverGridID })...)
	a := about{handovers: []models.ID{id}, households: []models.ID{h.ReceiverHouseholdID}}
	for _, m := range matches {
		grids = append(grids, m.LotGridID)
		a.needs = append(a.needs, m.NeedID)
		a.lots = append(a.lots, m.LotID)
		a.matches = append(a.matches, m.ID)
	}
	var r rows
	return store.Exchange(ctx, s.store, actor, grids, s.announce(sc, a, &r), func(tx *store.Tx) (HandoverView, error) {
		d := s.desk(tx, sc, &r)
		d.beside = beside
		h, err := find(d.handovers, id)
		if err != nil {
			return HandoverView{}, err
		}
		if err := command(d, h); err != nil {
			return HandoverView{}, err
		}
		if err := d.plan(); err != nil {
			return HandoverView{}, err
		}
		if err := d.save(); err != nil {
			return HandoverView{}, err
		}
		return d.viewHandover(actor, *h), nil
	})
}

// carries reports whether the actor has the handover with her on a round.
func carries(actor models.Actor, h models.Handover) bool {
	return h.State == models.HandoverOut && h.CarrierID != nil && *h.CarrierID == actor.PersonID
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
