package exchange

import (
	"context"
	"slices"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// PauseRelay stops a point: from now on nothing is sent there. What is still to be
// brought goes to the next point, at once as far as it can and else with the next
// sweep; what lies there waits for somebody to carry it (MoveBox).
func (s *Service) PauseRelay(ctx context.Context, actor models.Actor, id models.ID, reason models.PauseReason) (RelayView, error) {
	if !slices.Contains(models.PauseReasons, reason) {
		return RelayView{}, fault.InvalidField("reason", "reason_unknown")
	}
	_, err := s.changeRelay(ctx, actor, id, "relay.paused", nil, func(_ *store.Tx, r *models.RelayPoint) error {
		r.PauseReason = reason
		return r.Apply(models.CommandPause)
	})
	if err != nil {
		return RelayView{}, err
	}
	// The pause is kept whatever becomes of this: the sweep does what is left.
	if _, err := s.moveStranded(ctx); err != nil {
		return RelayView{}, err
	}
	return s.Relay(ctx, actor, id)
}

// ResumeRelay opens a paused point again. What was moved meanwhile stays where it is;
// for what waits there its time begins anew, before the point opens: a sweep must not
// find it open with times that ran out while nobody could come.
func (s *Service) ResumeRelay(ctx context.Context, actor models.Actor, id models.ID) (RelayView, error) {
	if err := s.renewTimes(ctx, actor, id); err != nil {
		return RelayView{}, err
	}
	view, err := s.changeRelay(ctx, actor, id, "relay.resumed", nil, func(_ *store.Tx, r *models.RelayPoint) error {
		r.PauseReason = ""
		return r.Apply(models.CommandResume)
	})
	if err != nil {
		return RelayView{}, err
	}
	return view, s.Plan(ctx, view.GridID) // what lies in its box can be had again
}

// renewTimes gives all that waits at a paused point its whole time again.
func (s *Service) renewTimes(ctx context.Context, actor models.Actor, id models.ID) error {
	r, home, _, err := s.seeRelay(ctx, actor, id)
	if err != nil || r.State != models.RelayPaused || !runsRelay(actor, r, home) {
		return err // the change of the point itself says what is wrong
	}
	var hands []models.Handover
	if err := s.store.Read(ctx, store.HandoversAt(id, maxCarried, &hands)); err != nil {
		return err
	}
	for _, h := range hands {
		if h.State == models.HandoverOut {
			continue
		}
		err := second(s.changeHandover(ctx, models.Actor{System: true}, h.ID, (*desk).renew))
		if err != nil && !fault.Is(err, fault.Conflict) { // over meanwhile
			return err
		}
	}
	return nil
}

// renew begins the time of a handover anew at its own point, with that of what its
// giver has still to bring there.
func (d *desk) renew(h *models.Handover) error {
	if !h.Live() || h.State == models.HandoverOut {
		return errNotDue
	}
	point := d.point(h.RelayID)
	for _, m := range sortedMatches(d.matches) {
		n := d.needs[m.NeedID]
		if m.HandoverID != h.ID || m.State != models.MatchAgreed || n == nil {
			continue
		}
		due := point.DropOffBy(d.tx.Now, n.Urgency)
		if m.DueAt != nil && m.DueAt.Before(due) {
			d.matches[m.ID].DueAt = &due
			d.mark(m.ID, "match.renewed")
		}
		if h.DueAt == nil || h.DueAt.Before(due) {
			h.DueAt = &due
		}
	}
	d.anew(h, point)
	d.mark(h.ID, "handover.renewed")
	return nil
}

// anew begins the collecting time of what is ready anew at a point, and the reminders
// of all that waits there. Nobody has less time than was said.
func (d *desk) anew(h *models.Handover, point models.RelayPoint) {
	if due := point.CollectBy(d.tx.Now); h.State == models.HandoverReady && (h.DueAt == nil || h.DueAt.Before(due)) {
		h.DueAt = &due
	}
	h.Reminded, h.RemindAt = 0, h.FirstReminder(point, d.tx.Now)
}

// moveStranded sends what is to be brought to paused points elsewhere, grid by grid.
// It tells how many grids it changed, so that a second run finds nothing to do.
func (s *Service) moveStranded(ctx context.Context) (int, error) {
	var stranded []store.Stranded
	if err := s.store.Read(ctx, store.StrandedAt(sweepBatch, &stranded)); err != nil {
		return 0, err
	}
	done := 0
	for _, at := range stranded {
		moved, err := s.reroute(ctx, at.RelayID, at.GridID)
		if err != nil && !fault.Is(err, fault.Conflict) {
			return done, err
		}
		if moved {
			done++
		}
	}
	return done, nil
}

// reroute sends what the receivers of a grid wait for by a paused point by another
// one. Without another it stays, and the worker sees it.
func (s *Service) reroute(ctx context.Context, relay, grid models.ID) (moved bool, err error) {
	sc, err := s.scope(ctx, grid)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(sc.relays, func(r models.RelayPoint) bool { return r.ID != relay && r.State == models.RelayOpen }) {
		return false, nil
	}
	var hands []models.Handover
	var matches []models.Match
	var lots []models.Lot
	var points []models.RelayPoint
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.HandoversComing(relay, grid, sweepBatch, &hands), store.ByID([]models.ID{relay}, &points)); err != nil || len(hands) == 0 {
			return err
		}
		if err := tx.Load(store.MatchesOfHandovers(ids(hands, func(h models.Handover) models.ID { return h.ID }), &matches)); err != nil {
			return err
		}
		return tx.Load(store.ByID(distinct(ids(matches, func(m models.Match) models.ID { return m.LotID })), &lots))
	})
	if err != nil || len(hands) == 0 || len(points) == 0 {
		return false, err
	}
	grids := append(sc.grids(), points[0].GridID)
	homes := []models.ID{}
	for _, m := range matches {
		grids, homes = append(grids, m.LotGridID), append(homes, m.GiverHouseholdID, m.ReceiverHouseholdID)
	}
	for _, l := range lots {
		grids = append(grids, l.GiverGridID, l.GridID)
	}
	beside, err := s.across(ctx, sc, grids)
	if err != nil {
		return false, err
	}
	var r rows
	of := ids(hands, func(h models.Handover) models.ID { return h.ID })
	known := append(ids(sc.relays, func(r models.RelayPoint) models.ID { return r.ID }), relay)
	reads := []store.Read{store.ByID(of, &r.handovers), store.MatchesOfHandovers(of, &r.matches), store.RelayLoads(distinct(known), &r.loads),
		store.ByID(ids(lots, func(l models.Lot) models.ID { return l.ID }), &r.lots),
		store.ByID(distinct(ids(matches, func(m models.Match) models.ID { return m.NeedID })), &r.needs), store.HouseholdsPlain(distinct(homes), &r.households)}
	err = s.store.InGrids(ctx, grids, reads, func(tx *store.Tx) error {
		d := s.desk(tx, sc, &r)
		d.beside = beside
		for _, h := range sortedRows(d.handovers, func(h models.Handover) models.ID { return h.ID }) {
			d.reroute(d.handovers[h.ID], relay)
		}
		moved = len(d.changed) > 0
		return d.save()
	})
	return moved, err
}

// reroute sends one handover by another point, if its own is still paused and it is
// still to be brought. What its lots bring to others goes there as well.
func (d *desk) reroute(h *models.Handover, from models.ID) {
	paused := slices.ContainsFunc(d.loads, func(l store.RelayLoad) bool { return l.ID == from && l.State == models.RelayPaused })
	if !paused || h.State != models.HandoverAwaiting || h.GiverHouseholdID == nil || deref(h.RelayID) != from {
		return
	}
	var with []*models.Match
	urgency := models.UrgencyDays
	var bound *models.ID
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID != h.ID || !m.Live() {
			continue
		}
		with = append(with, d.matches[m.ID])
		if n := d.needs[m.NeedID]; n != nil {
			urgency = n.Urgency
		}
		if l := d.lots[m.LotID]; l != nil && deref(l.RelayID) != from {
			bound = l.RelayID // moved with another handover, a moment ago
		}
	}
	e := matching.Errand{From: d.spotOf(*h.GiverHouseholdID), To: d.spotOf(h.ReceiverHouseholdID), Urgency: urgency}
	c := matching.Choice{Relay: relayByID(d.scope.relays, bound)}
	if c.Relay == nil || c.Relay.State != models.RelayOpen {
		c = d.choose(e, d.scope.relays)
	}
	if c.Relay == nil {
		return
	}
	d.redirect(h, with, c, urgency)
}

// redirect sends a handover with its matches by a point. Nobody has less time than
// was said.
func (d *desk) redirect(h *models.Handover, with []*models.Match, c matching.Choice, urgency models.Urgency) {
	to, due := c.Relay.ID, c.Relay.DropOffBy(d.tx.Now, urgency)
	h.RelayID = &to
	if h.DueAt == nil || h.DueAt.Before(due) {
		h.DueAt = &due
	}
	d.anew(h, *c.Relay)
	d.mark(h.ID, "handover.moved")
	for i := range d.loads {
		if d.loads[i].ID == to {
			d.loads[i].Parcels++
		}
	}
	for _, m := range with {
		if m.DueAt != nil && m.DueAt.Before(*h.DueAt) {
			at := *h.DueAt
			m.DueAt = &at
		}
		m.Reasons = slices.DeleteFunc(slices.Clone(m.Reasons), func(r models.Reason) bool { return r.Code == "relay_least_walk" || r.Code == "relay_next" })
		m.Reasons = append(m.Reasons, models.Reason{Code: "relay_moved", Readers: []models.Reader{models.ReaderAll}})
		d.mark(m.ID, "match.rerouted")
		if l := d.lots[m.LotID]; l != nil && l.Place != models.PlaceBox && deref(l.RelayID) != to {
			l.RelayID = &to
			d.mark(l.ID, "lot.rerouted")
		}
	}
}
