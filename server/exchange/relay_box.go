package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// maxCarried is how many lots go in one step: more than a shelf holds.
const maxCarried = 1000

// BoxMove is what came of carrying a box over: so many lots and hand-overs lie at
// the other point now; Left lots stay, because something of them is out at a door.
type BoxMove struct {
	Lots, Handovers, Left int
}

// boxRows are the targets of the reads of a box.
type boxRows struct {
	points []models.RelayPoint
	lots   []models.Lot // in the box
	others []models.Lot // that travel with them and are still to be brought
	hands  []models.Handover
	live   []models.Match // of the lots
	with   []models.Match // of the hand-overs
	kept   []models.Match // that were kept back at a door and are not back yet
	loans  []models.Loan  // of the lots
	grids  []models.Grid
}

func (b *boxRows) reads(from, to models.ID) []store.Read {
	return []store.Read{store.ByID([]models.ID{from, to}, &b.points), store.LotsInBox(from, maxCarried+1, &b.lots),
		store.HandoversAt(from, maxCarried+1, &b.hands), store.MatchesLiveOf(from, &b.live), store.MatchesTravelling(from, &b.with),
		store.MatchesKeptOut(from, &b.kept), store.LoansFrom(from, &b.loans)}
}

// MoveBox is somebody's word that she has carried the box of one point over to
// another: every lot lies there from now on, and what was to be collected is
// collected there. The codes of the receivers stay as they are.
func (s *Service) MoveBox(ctx context.Context, actor models.Actor, from, to models.ID) (BoxMove, error) {
	r, home, _, err := s.seeRelay(ctx, actor, from)
	if err != nil {
		return BoxMove{}, err
	}
	if !runsRelay(actor, r, home) {
		return BoxMove{}, fault.New(fault.Forbidden, "relay_not_yours")
	}
	if to == from || !store.ValidID(to) {
		return BoxMove{}, fault.InvalidField("to", "relay_unknown")
	}
	sc, err := s.scope(ctx, r.GridID)
	if err != nil {
		return BoxMove{}, err
	}
	var before boxRows
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(before.reads(from, to)...); err != nil {
			return err
		}
		if err := tx.Load(store.ByID(before.travelling(), &before.others)); err != nil {
			return err
		}
		nodes := before.receiving()
		for _, r := range before.points {
			nodes = append(nodes, r.ServesID, r.GridID)
		}
		return tx.Load(store.ByID(distinct(nodes), &before.grids))
	})
	if err != nil {
		return BoxMove{}, err
	}
	if err := before.check(to); err != nil {
		return BoxMove{}, err
	}
	var b boxRows
	var r2 rows
	reads := append(b.reads(from, to), store.RelayLoads([]models.ID{from, to}, &r2.loads), store.ByID(before.travelling(), &b.others),
		store.ByID(distinct(ids(before.live, func(m models.Match) models.ID { return m.NeedID })), &r2.needs),
		store.ByID(ids(before.loans, func(l models.Loan) models.ID { return l.ID }), &r2.loans), store.RecallsOver(before.pathsOf(to), &r2.recalls))
	moved, err := store.Exchange(ctx, s.store, actor, before.locks(sc), reads, func(tx *store.Tx) (BoxMove, error) {
		r2.lots, r2.moreLots = b.lots, b.others
		r2.matches, r2.moreMatches, r2.handovers = b.live, b.with, b.hands
		d := s.desk(tx, sc, &r2)
		b.grids = before.grids
		if err := b.check(to); err != nil {
			return BoxMove{}, err
		}
		d.relays = d.renewed(b.points)
		return d.carry(&b, from, to, actor.PersonID)
	})
	if err != nil {
		return BoxMove{}, err
	}
	if point := relayByID(before.points, &to); point != nil { // those whom that point serves may have it
		err = s.Plan(ctx, point.GridID)
	}
	return moved, err
}

// carry moves what lies in the box, but for lots of which something is out.
func (d *desk) carry(b *boxRows, from, to models.ID, by models.ID) (BoxMove, error) {
	point := relayByID(d.relays, &to)
	if point == nil || point.State != models.RelayOpen {
		return BoxMove{}, fault.New(fault.Conflict, "relay_paused")
	}
	var m BoxMove
	out := map[models.ID]bool{}
	for _, match := range d.matches {
		if h := d.handovers[match.HandoverID]; h != nil && h.State == models.HandoverOut && match.Live() {
			out[match.LotID] = true
		}
	}
	for _, match := range b.kept {
		out[match.LotID] = true
	}
	for _, in := range b.lots {
		if out[in.ID] {
			m.Left++
			continue
		}
		d.into(d.lots[in.ID], point, "carried", by)
		d.mark(in.ID, "lot.carried")
		m.Lots++
		if err := d.stopArrived(d.lots[in.ID]); err != nil {
			return m, err
		}
	}
	for _, at := range b.hands {
		h := d.handovers[at.ID]
		if !d.follows(h, from, to) {
			continue
		}
		h.RelayID = &to
		d.anew(h, *point)
		d.mark(h.ID, "handover.moved")
		m.Handovers++
	}
	if m.Lots == 0 && m.Handovers == 0 {
		return m, fault.New(fault.Conflict, "box_empty")
	}
	return m, d.save()
}

// stopArrived stops what has come to where its batch is recalled: the recall may have
// gone through that grid before it came.
func (d *desk) stopArrived(l *models.Lot) error {
	if !d.recalled(l) {
		return nil
	}
	for _, m := range d.matches {
		if m.LotID == l.ID && m.Live() && d.needs[m.NeedID] == nil {
			return fault.New(fault.Conflict, "stale") // made a moment ago: look again
		}
	}
	stopped, err := d.stop(l)
	if stopped {
		d.mark(l.ID, "lot.recalled")
	}
	return err
}

// follows reports whether a handover goes with the box: something of it lies in it
// and came along. What its other lots have still to bring is brought there too.
func (d *desk) follows(h *models.Handover, from, to models.ID) bool {
	came := false
	var coming []*models.Lot
	for _, m := range sortedMatches(d.matches) {
		l := d.lots[m.LotID]
		if m.HandoverID != h.ID || !m.Live() || l == nil {
			continue
		}
		switch {
		case l.Place == models.PlaceBox && deref(l.RelayID) == from:
			return false // it stays, because something of it is out
		case l.Place == models.PlaceBox:
			came = true
		default:
			coming = append(coming, l)
		}
	}
	for _, l := range coming {
		if came && deref(l.RelayID) == from {
			l.RelayID = &to
			d.mark(l.ID, "lot.rerouted")
		}
	}
	return came
}

// check refuses to carry a box to where it does not belong: the other point must
// serve everybody who waits for something of it.
func (b *boxRows) check(to models.ID) error {
	point := relayByID(b.points, &to)
	if point == nil {
		return fault.InvalidField("to", "relay_unknown")
	}
	if point.State != models.RelayOpen {
		return fault.New(fault.Conflict, "relay_paused")
	}
	if len(b.lots) > maxCarried || len(b.hands) > maxCarried {
		return fault.New(fault.TooLarge, "box_too_large")
	}
	at := byID(b.grids, func(g models.Grid) models.ID { return g.ID })
	for _, id := range b.receiving() {
		g, serves := at[id], at[point.ServesID]
		if g == nil || serves == nil {
			return fault.New(fault.Conflict, "stale") // somebody new waits: look again
		}
		if !g.Within(serves.Path) {
			return fault.New(fault.Conflict, "relay_serves_others")
		}
	}
	return nil
}

// receiving are the grids of those who wait for something of the box.
func (b *boxRows) receiving() []models.ID {
	return distinct(ids(b.live, func(m models.Match) models.ID { return m.GridID }))
}

// travelling are the lots of the hand-overs.
func (b *boxRows) travelling() []models.ID {
	return distinct(ids(b.with, func(m models.Match) models.ID { return m.LotID }))
}

// pathsOf are those of the grid of a point and of all above it: what is recalled
// there, may not be had from it.
func (b *boxRows) pathsOf(to models.ID) []string {
	point := relayByID(b.points, &to)
	for _, g := range b.grids {
		if point != nil && g.ID == point.GridID {
			return g.AncestorPaths()
		}
	}
	return nil
}

// locks are the grids of all that moves, and of all who hear of it.
func (b *boxRows) locks(sc scope) []models.ID {
	grids := []models.ID{sc.grid.ID}
	for _, r := range b.points {
		grids = append(grids, r.GridID)
	}
	for _, l := range slices.Concat(b.lots, b.others) {
		grids = append(grids, l.GridID, l.GiverGridID)
	}
	for _, m := range slices.Concat(b.live, b.with) {
		grids = append(grids, m.GridID, m.LotGridID)
	}
	for _, l := range b.loans {
		grids = append(grids, l.GridID)
	}
	return grids
}
