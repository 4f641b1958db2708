package exchange

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// desk is where one locked change is worked out: the rows that were announced,
// what was changed of them, and what each change is called.
type desk struct {
	svc   *Service
	tx    *store.Tx
	scope scope
	// beside are the other micro-grids of a match that crosses a border: whoever
	// works at one end may check and hand over what comes from the other.
	beside []models.Grid
	// relays are the points of the scope, and those where what is changed lies or goes.
	relays []models.RelayPoint
	loads  []store.RelayLoad

	needs      map[models.ID]*models.Need
	lots       map[models.ID]*models.Lot
	matches    map[models.ID]*models.Match
	handovers  map[models.ID]*models.Handover
	asks       map[models.ID]*models.Ask
	loans      map[models.ID]*models.Loan
	households []models.Household
	windows    []models.Window
	photos     []models.Photo // of the lots and handovers that the command is about
	changed    []change
	custody    []models.Custody          // that this change adds
	carried    []models.Custody          // of the lots that it is about, until now
	free       map[models.ID]int         // by lot, what lay free in a box before
	recalls    []models.Recall           // that stand over the grids concerned
	asked      []models.Collection       // of the lot that it is about, until now
	collected  []*models.Collection      // that this change adds or ends
	left       map[models.ID][]models.ID // by lot, the grids from which it moved away
	was        map[models.ID]models.HandoverState
	kept       []KeptBack // what was not safe to give any more
	waiting    int        // homes that wait for the loan that it is about
	planned    bool       // its scope was planned with what it sets free
	found      found
}

// change names what happened to a row; a row is written once, under the name
// of the last thing that happened to it.
type change struct {
	id   models.ID
	kind string
}

// rows are the targets of announced reads; a decide that runs again finds them
// filled anew.
type rows struct {
	needs, moreNeeds     []models.Need
	lots, moreLots       []models.Lot
	matches, moreMatches []models.Match
	handovers            []models.Handover
	households           []models.Household
	windows              []models.Window
	asks, moreAsks       []models.Ask
	recalls              []models.Recall
	loads                []store.RelayLoad
	photos               []models.Photo
	loans, moreLoans     []models.Loan
	found                found
}

// about names rows beyond the pool that a command needs.
type about struct {
	needs, lots, matches, handovers, households, relays []models.ID
}

// announce lists the reads of a change in a scope: everything that a plan may
// look at, and the rows that the command is about.
func (s *Service) announce(sc scope, a about, r *rows) []store.Read {
	since := s.store.Now().AddDate(0, 0, -s.policy.CeilingWindowDays)
	reads := []store.Read{
		store.NeedsOpen(sc.grid.ID, &r.needs),
		store.LotsFree(sc.grid.ID, sc.grids(), &r.lots),
		store.MatchesAround(sc.grid.ID, since, &r.matches),
		store.HouseholdsOfPool(sc.grid.ID, sc.grids(), a.households, &r.households),
		store.WindowsOf(sc.grid.ID, &r.windows),
		store.AsksOfGrid(sc.grid.ID, since, &r.asks),
		store.LoansOut(sc.grid.ID, &r.loans),
	}
	if points := append(ids(sc.relays, func(r models.RelayPoint) models.ID { return r.ID }), a.relays...); len(points) > 0 {
		reads = append(reads, store.RelayLoads(points, &r.loads))
	}
	if len(a.needs) > 0 {
		reads = append(reads, store.ByID(a.needs, &r.moreNeeds))
	}
	if len(a.lots) > 0 {
		reads = append(reads, store.ByID(a.lots, &r.moreLots))
	}
	if len(a.matches) > 0 {
		reads = append(reads, store.ByID(a.matches, &r.moreMatches))
	}
	if len(a.handovers) > 0 {
		reads = append(reads, store.ByID(a.handovers, &r.handovers))
	}
	if things := slices.Concat(a.lots, a.handovers); len(things) > 0 {
		reads = append(reads, store.PhotosOf(things, &r.photos))
	}
	return reads
}

func (s *Service) desk(tx *store.Tx, sc scope, r *rows) *desk {
	d := &desk{svc: s, tx: tx, scope: sc, loads: r.loads, households: slices.Clone(r.households), windows: r.windows, photos: r.photos, recalls: r.recalls, found: r.found,
		left: map[models.ID][]models.ID{}, was: map[models.ID]models.HandoverState{}, free: map[models.ID]int{}}
	d.scope.relays = d.renewed(sc.relays)
	d.relays = d.scope.relays
	d.needs = byID(slices.Concat(r.needs, r.moreNeeds), func(n models.Need) models.ID { return n.ID })
	d.lots = byID(slices.Concat(r.lots, r.moreLots), func(l models.Lot) models.ID { return l.ID })
	d.matches = byID(slices.Concat(r.matches, r.moreMatches), func(m models.Match) models.ID { return m.ID })
	d.handovers = byID(r.handovers, func(h models.Handover) models.ID { return h.ID })
	for id, h := range d.handovers {
		d.was[id] = h.State
	}
	d.asks = byID(slices.Concat(r.asks, r.moreAsks), func(a models.Ask) models.ID { return a.ID })
	for _, l := range d.lots {
		d.free[l.ID] = freeInBox(*l)
	}
	d.loans = byID(slices.Concat(r.loans, r.moreLoans), func(l models.Loan) models.ID { return l.ID })
	return d
}

func byID[T any](rows []T, id func(T) models.ID) map[models.ID]*T {
	all := make(map[models.ID]*T, len(rows))
	for _, row := range rows {
		all[id(row)] = &row
	}
	return all
}

// find gives a row of the desk, or not found.
func find[T any](rows map[models.ID]*T, id models.ID) (*T, error) {
	if row, ok := rows[id]; ok {
		return row, nil
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

// worked reports whether the actor works where this is done.
func (d *desk) worked(actor models.Actor) bool { return worked(actor, d.scope, d.beside) }

func worked(actor models.Actor, sc scope, beside []models.Grid) bool {
	return actor.Works(sc.grid.Path) || slices.ContainsFunc(beside, func(g models.Grid) bool { return actor.Works(g.Path) })
}

// across finds the grids other than the scope's own.
func (s *Service) across(ctx context.Context, sc scope, grids []models.ID) ([]models.Grid, error) {
	var beside []models.Grid
	for _, id := range distinct(slices.Clone(grids)) {
		if id == sc.grid.ID {
			continue
		}
		other, err := s.scope(ctx, id)
		if err != nil {
			return nil, err
		}
		beside = append(beside, other.grid)
	}
	return beside, nil
}

func (d *desk) mark(id models.ID, kind string) {
	for i := range d.changed {
		if d.changed[i].id == id {
			d.changed[i].kind = kind
			return
		}
	}
	d.changed = append(d.changed, change{id, kind})
}

// plan asks the matcher about the scope as it stands on the desk and takes its
// proposals.
func (d *desk) plan() error {
	d.planned = true
	if err := d.stopRecalled(); err != nil {
		return err
	}
	pool := d.pool()
	for _, n := range d.needs {
		if n.Open > 0 && n.GridID == d.scope.grid.ID {
			pool.Needs = append(pool.Needs, *n)
		}
	}
	grids := d.scope.grids()
	for _, l := range d.lots {
		if l.Remaining > 0 && slices.Contains(grids, l.GridID) {
			pool.Lots = append(pool.Lots, *l)
		}
	}
	plan := d.svc.matcher.Plan(pool)
	if err := d.gather(plan.Windows); err != nil {
		return err
	}
	if err := d.widen(plan.Widen); err != nil {
		return err
	}
	d.ask(plan.Asks)
	return d.take(plan)
}

// pool is what every plan of the desk looks at, but for its needs and lots.
func (d *desk) pool() matching.Pool {
	pool := matching.Pool{Now: d.tx.Now, Scope: d.scope.grid.ID, Relays: d.scope.relays, Loads: d.parcels(), Walks: d.scope.walks, Grids: d.scope.above,
		Households: d.households, Windows: d.windows, Elsewhere: d.svc.freeAbove(d.scope),
		NoSearch: !d.found.searched, Neighbours: d.found.neighbours(d.scope.grid.ID), Policy: d.svc.policy}
	pool.Received = d.received()
	for _, a := range d.asks {
		pool.Asks = append(pool.Asks, *a)
	}
	return pool
}

// received are the matches that count for what a household has. A loan counts for
// as long as it is out, however long ago it was given.
func (d *desk) received() []models.Match {
	var all []models.Match
	lent := map[models.ID]models.Loan{}
	for _, l := range d.loans {
		if l.Out() {
			lent[l.MatchID] = *l
		}
	}
	for _, m := range d.matches {
		row := *m
		if _, out := lent[m.ID]; out {
			row.CreatedAt = d.tx.Now
			delete(lent, m.ID)
		}
		all = append(all, row)
	}
	for _, l := range lent { // given before what was read
		all = append(all, models.Match{ID: l.MatchID, LotID: l.LotID, ReceiverHouseholdID: l.HouseholdID, ItemID: l.ItemID,
			Quantity: l.Quantity, State: models.MatchGiven, CreatedAt: d.tx.Now})
	}
	return all
}

// gather keeps the windows that stand after a plan. What waits for one asks to
// be planned again when it closes.
func (d *desk) gather(windows []models.Window) error {
	same := func(a, b models.Window) bool { return a.ItemID == b.ItemID && a.ClosesAt.Equal(b.ClosesAt) }
	if slices.EqualFunc(d.windows, windows, same) {
		return nil
	}
	d.windows = windows
	return d.tx.SaveWindows(d.scope.grid.ID, windows)
}

// take makes matches of the proposals and keeps why the others wait.
func (d *desk) take(plan matching.Plan) error {
	shared := map[journey]*models.Handover{}
	for _, p := range plan.Matches {
		if err := d.match(plan, p, shared); err != nil {
			return err
		}
	}
	for id, waiting := range plan.Open {
		n, err := find(d.needs, id)
		if err != nil {
			return err
		}
		if !sameReasons(n.Why, waiting.Why) || !sameTime(n.NextAt, waiting.NextAt) {
			n.Why, n.NextAt = waiting.Why, waiting.NextAt
			if !d.marked(id) {
				d.mark(id, "need.waiting")
			}
		}
	}
	return nil
}

func (d *desk) marked(id models.ID) bool {
	return slices.ContainsFunc(d.changed, func(c change) bool { return c.id == id })
}

// match makes one match. Lots of one giver for one receiver by one point travel in
// one handover; a checked lot in the box is ready at once. A lot that is still to be
// brought names its point, so that others of it are collected there too.
func (d *desk) match(plan matching.Plan, p matching.Proposal, shared map[journey]*models.Handover) error {
	n, err := find(d.needs, p.NeedID)
	if err != nil {
		return err
	}
	l, err := find(d.lots, p.LotID)
	if err != nil {
		return err
	}
	if err := n.Reserve(p.Units); err != nil {
		return err
	}
	if err := l.Reserve(p.Units); err != nil {
		return err
	}
	inBox := l.Place == models.PlaceBox && l.CheckedAt != nil
	m := &models.Match{ID: d.tx.NewID(), GridID: n.GridID, LotGridID: l.GridID, NeedID: n.ID, LotID: l.ID,
		ReceiverID: n.PersonID, ReceiverHouseholdID: n.HouseholdID, GiverID: l.PersonID,
		GiverHouseholdID: l.HouseholdID, ItemID: l.ItemID, Quantity: p.Units, Substitute: p.Substitute,
		State: models.MatchProposed, Reasons: p.Reasons, PolicyVersion: plan.PolicyVersion,
		CatalogueVersion: plan.CatalogueVersion, CreatedAt: d.tx.Now}
	due := d.point(p.RelayID).DropOffBy(d.tx.Now, n.Urgency)
	m.DueAt = &due
	h, err := d.handover(m, l, p.RelayID, cmp.Or(n.Way, models.WayRelay), inBox && p.Agreed, shared)
	if err != nil {
		return err
	}
	m.HandoverID = h.ID
	if l.Place != models.PlaceBox {
		l.RelayID = p.RelayID
	}
	if p.Agreed {
		m.State = models.MatchAgreed
	}
	switch {
	case p.Agreed && inBox:
		err = m.Apply(models.CommandReady)
		m.DueAt = h.DueAt
	case p.Agreed && l.Place != models.PlaceHome:
		err = d.onItsWay(m, l)
	}
	if err != nil {
		return err
	}
	d.matches[m.ID] = m
	d.mark(n.ID, needKind(n, "need.matched"))
	d.mark(l.ID, d.lotKind(l, "lot.reserved"))
	d.mark(m.ID, "match.made")
	return nil
}

// journey is what matches of a plan have in common that travel in one handover. All
// of a handover is collected at once, so that what is ready never waits for what has
// still to be brought, checked or agreed to, nor is it given while that hangs on it.
type journey struct {
	from, need, relay models.ID
	place             models.Place
	ready             bool
}

func (d *desk) handover(m *models.Match, l *models.Lot, relay *models.ID, way models.Way, ready bool,
	shared map[journey]*models.Handover) (*models.Handover, error) {
	if l.Place == models.PlaceBox {
		relay = l.RelayID
	}
	key := journey{l.HouseholdID, m.NeedID, deref(relay), l.Place, ready}
	if ready { // whoever gave it: she goes once for all that lies there
		key.from = *cmp.Or(l.RelayID, &l.GridID)
	}
	if h, ok := shared[key]; ok {
		return h, nil
	}
	due := *m.DueAt
	h := &models.Handover{ID: d.tx.NewID(), GridID: m.GridID, RelayID: relay, ReceiverID: m.ReceiverID,
		ReceiverHouseholdID: m.ReceiverHouseholdID, State: models.HandoverAwaiting, Way: way, Generation: 1,
		CreatedAt: d.tx.Now, DueAt: &due}
	if l.Place == models.PlaceHome {
		giver := l.HouseholdID
		h.GiverHouseholdID = &giver
	}
	if ready {
		if err := d.ready(h); err != nil {
			return nil, err
		}
	}
	shared[key] = h
	d.handovers[h.ID] = h
	d.mark(h.ID, "handover."+string(h.State))
	return h, nil
}

// ready opens the collecting time of a handover.
func (d *desk) ready(h *models.Handover) error {
	point := models.RelayPoint{}
	if known := relayByID(d.relays, h.RelayID); known != nil {
		point = *known
	}
	due, now := point.CollectBy(d.tx.Now), d.tx.Now
	h.DueAt, h.ReadyAt = &due, &now
	return h.Apply(models.CommandReady)
}

func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}

func sameReasons(a, b []models.Reason) bool {
	return slices.EqualFunc(a, b, func(x, y models.Reason) bool {
		return x.Code == y.Code && maps.Equal(x.Args, y.Args) && slices.Equal(x.Readers, y.Readers)
	})
}
