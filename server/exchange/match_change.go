package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// matchCall is a command about one match: found before the locks, so that its
// grids can be named, and found again under them.
type matchCall struct {
	sc    scope
	grids []models.ID
	match models.Match
	rows  rows
	reads []store.Read
}

// callMatch finds the match and announces everything that a command about it
// may change. Who has no part in it is told that it is not there.
func (s *Service) callMatch(ctx context.Context, actor models.Actor, id models.ID) (*matchCall, error) {
	var matches []models.Match
	var siblings []models.Match
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &matches)); err != nil || len(matches) == 0 {
			return err
		}
		return tx.Load(store.MatchesOfHandovers([]models.ID{matches[0].HandoverID}, &siblings))
	})
	if err != nil {
		return nil, err
	}
	m, err := store.One(matches)
	if err != nil {
		return nil, err
	}
	c := &matchCall{match: m}
	if c.sc, err = s.scope(ctx, m.GridID); err != nil {
		return nil, err
	}
	if actor.PersonID != m.ReceiverID && actor.PersonID != m.GiverID && !actor.Works(c.sc.grid.Path) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	c.grids = append(c.sc.grids(), m.LotGridID)
	a := about{handovers: []models.ID{m.HandoverID}, households: []models.ID{m.ReceiverHouseholdID, m.GiverHouseholdID}}
	for _, sib := range siblings {
		c.grids = append(c.grids, sib.LotGridID)
		a.matches = append(a.matches, sib.ID)
		a.needs = append(a.needs, sib.NeedID)
		a.lots = append(a.lots, sib.LotID)
	}
	paths, err := s.pathsOver(ctx, c.sc, c.grids)
	if err != nil {
		return nil, err
	}
	c.reads = append(s.announce(c.sc, a, &c.rows), store.RecallsOver(paths, &c.rows.recalls))
	return c, nil
}

// AcceptMatch is the yes of the person concerned to a proposal; the answers
// are those to the question of a substitute.
func (s *Service) AcceptMatch(ctx context.Context, actor models.Actor, id models.ID, answers map[string]models.Answer) (MatchView, error) {
	return s.changeMatch(ctx, actor, id, func(d *desk, m *models.Match) error {
		if actor.PersonID != m.ReceiverID && !actor.Works(d.scope.grid.Path) {
			return fault.New(fault.Forbidden, "not_yours")
		}
		if err := d.checkAnswers(m, answers); err != nil {
			return err
		}
		if err := m.Apply(models.CommandAccept); err != nil {
			return err
		}
		d.mark(m.ID, "match.agreed")
		l := d.lots[m.LotID]
		switch {
		case l == nil || l.Place == models.PlaceHome:
			return nil
		case l.Place == models.PlaceBox && l.CheckedAt != nil:
			return d.readyMatch(m)
		}
		return d.onItsWay(m, l)
	})
}

// DeclineMatch is a no, free for either side until the goods are handed in.
// The need opens again and is planned anew; the planner never pairs the two
// again. Later the receiver may still say no: what she leaves goes to the box.
func (s *Service) DeclineMatch(ctx context.Context, actor models.Actor, id models.ID) (MatchView, error) {
	return s.changeMatch(ctx, actor, id, func(d *desk, m *models.Match) error {
		switch {
		case actor.PersonID == m.GiverID:
			if err := d.endMatch(m, models.CommandDecline, "giver"); err != nil {
				return err
			}
			if l := d.lots[m.LotID]; l != nil && l.WantBackAt != nil {
				return nil // it has left the exchange already
			}
			return d.withdraw(m.LotID, m.Quantity, "giver_declined")
		case m.State == models.MatchMoving || m.State == models.MatchReady:
			if err := d.endMatch(m, models.CommandCancel, "receiver"); err != nil {
				return err
			}
			return d.drop(m.NeedID, m.Quantity, "asker")
		}
		return d.endMatch(m, models.CommandDecline, "receiver")
	})
}

// changeMatch runs one command about a match, plans anew and shows the result.
func (s *Service) changeMatch(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, m *models.Match) error) (MatchView, error) {
	c, err := s.callMatch(ctx, actor, id)
	if err != nil {
		return MatchView{}, err
	}
	return store.Exchange(ctx, s.store, actor, c.grids, c.reads, func(tx *store.Tx) (MatchView, error) {
		d := s.desk(tx, c.sc, &c.rows)
		m, err := find(d.matches, id)
		if err != nil {
			return MatchView{}, err
		}
		if err := command(d, m); err != nil {
			return MatchView{}, err
		}
		if err := d.plan(); err != nil {
			return MatchView{}, err
		}
		if err := d.save(); err != nil {
			return MatchView{}, err
		}
		return d.viewer(actor).match(*m), nil
	})
}

// endMatch closes a match without goods changing hands: units go back to the
// need and to the lot, and its handover ends when nothing is left in it. What is on
// the way is free when it lies in its box again, not before.
func (d *desk) endMatch(m *models.Match, command, reason string) error {
	h := d.handovers[m.HandoverID]
	away := h != nil && h.State == models.HandoverOut
	if away && command == models.CommandCancel {
		return fault.New(fault.Conflict, "on_the_way") // it is in a bag: she says no at the door
	}
	if err := m.Apply(command); err != nil {
		return err
	}
	now := d.tx.Now
	m.EndReason, m.ClosedAt, m.DueAt = reason, &now, nil
	d.mark(m.ID, "match."+string(m.State))
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return err
	}
	if err := n.Release(m.Quantity); err != nil {
		return err
	}
	n.NextAt = &now // it is searched for anew; where it is of another grid, planned there by the sweep
	d.mark(n.ID, "need.reopened")
	if away {
		return d.endHandover(m.HandoverID, command)
	}
	l, err := find(d.lots, m.LotID)
	if err != nil {
		return err
	}
	if err := l.Release(m.Quantity); err != nil {
		return err
	}
	if l.Reserved == 0 && l.Place == models.PlaceHome {
		l.RelayID = nil // nobody waits for it anywhere
	}
	d.mark(l.ID, "lot.released")
	return d.endHandover(m.HandoverID, command)
}

// endHandover closes the journey when none of its matches is live any more. What is
// left of it may have waited for nothing but what ended: then that is ready.
func (d *desk) endHandover(id models.ID, command string) error {
	h, err := find(d.handovers, id)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(sortedMatches(d.matches), func(m models.Match) bool { return m.HandoverID == id && m.Live() }) {
		return d.readyHandover(h)
	}
	step := models.CommandLapse
	switch {
	case command == models.CommandRefuse:
		step = models.CommandRefuse
	case h.State == models.HandoverReady || h.State == models.HandoverOut:
		step = models.CommandReturn
	}
	if err := h.Apply(step); err != nil {
		return err
	}
	now := d.tx.Now
	h.ClosedAt, h.DueAt = &now, nil
	d.mark(h.ID, "handover."+string(h.State))
	return nil
}

// drop cancels units that have just been opened again, for a reason.
func (d *desk) drop(need models.ID, units int, reason string) error {
	n, err := find(d.needs, need)
	if err != nil {
		return err
	}
	if err := n.Drop(units, reason); err != nil {
		return err
	}
	d.mark(n.ID, "need.cancelled")
	return nil
}

// withdraw takes free units of a lot out of the exchange.
func (d *desk) withdraw(lot models.ID, units int, reason string) error {
	l, err := find(d.lots, lot)
	if err != nil {
		return err
	}
	if err := l.Withdraw(units, reason); err != nil {
		return err
	}
	d.mark(l.ID, "lot.withdrawn")
	return nil
}

// readyMatch and its handover wait to be collected.
func (d *desk) readyMatch(m *models.Match) error {
	if err := m.Apply(models.CommandReady); err != nil {
		return err
	}
	d.mark(m.ID, "match.ready")
	h, err := find(d.handovers, m.HandoverID)
	if err != nil {
		return err
	}
	m.DueAt = nil // from here on the handover's time counts
	return d.readyHandover(h)
}

// readyHandover opens the collecting time of what is under way, when all of it is there.
func (d *desk) readyHandover(h *models.Handover) error {
	waits := slices.ContainsFunc(sortedMatches(d.matches), func(m models.Match) bool {
		return m.HandoverID == h.ID && m.Live() && m.State != models.MatchReady
	})
	if waits || h.State != models.HandoverAwaiting && h.State != models.HandoverChecking {
		return nil
	}
	if err := d.ready(h); err != nil {
		return err
	}
	d.mark(h.ID, "handover.ready")
	return nil
}

// checkAnswers: a substitute is taken only by somebody to whom nothing of its
// question applies; the answer is kept with the line. Any yes, or no answer,
// is a no.
func (d *desk) checkAnswers(m *models.Match, answers map[string]models.Answer) error {
	if !m.Substitute {
		return nil
	}
	if answers["applies"] != models.No {
		return fault.New(fault.Refused, "substitute_unanswered").Field("applies", "answer_missing")
	}
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return err
	}
	kept := map[string]models.Answer{"substitute:" + m.ItemID: models.No}
	for key, answer := range n.Patient.Answers {
		kept[key] = answer
	}
	n.Patient.Answers = kept
	d.mark(n.ID, "need.answered")
	return nil
}
