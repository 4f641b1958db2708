package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// roundSet is a round with everything that its stops are about.
type roundSet struct {
	round   models.Round
	stops   []models.Stop
	hands   []models.Handover
	matches []models.Match
	lots    []models.Lot
	needs   []models.Need
	relays  []models.RelayPoint
}

// loadRound finds a round and what its stops are about, and more handovers and
// lots that a command names.
func (s *Service) loadRound(ctx context.Context, id models.ID, more about) (roundSet, error) {
	var set roundSet
	var rounds []models.Round
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rounds), store.StopsOf([]models.ID{id}, &set.stops)); err != nil {
		return set, err
	}
	var err error
	if set.round, err = store.One(rounds); err != nil {
		return set, err
	}
	about := aboutStops(set.stops)
	about.handovers = append(about.handovers, more.handovers...)
	about.lots = append(about.lots, more.lots...)
	return set, s.loadThings(ctx, &set, about)
}

// loadThings reads handovers and lots to fetch, with their matches, the lots of
// those, and every point where they lie or go.
func (s *Service) loadThings(ctx context.Context, set *roundSet, a about) error {
	var ofLots []models.Match
	if err := s.store.Read(ctx, store.MatchesOfLots(a.lots, &ofLots)); err != nil {
		return err
	}
	hands := slices.Clone(a.handovers)
	for _, m := range ofLots {
		if m.Live() {
			hands = append(hands, m.HandoverID)
		}
	}
	hands = distinct(hands)
	if err := s.store.Read(ctx, store.ByID(hands, &set.hands), store.MatchesOfHandovers(hands, &set.matches)); err != nil {
		return err
	}
	lots := append(ids(set.matches, func(m models.Match) models.ID { return m.LotID }), a.lots...)
	needs := ids(set.matches, func(m models.Match) models.ID { return m.NeedID })
	if err := s.store.Read(ctx, store.ByID(distinct(lots), &set.lots), store.ByID(distinct(needs), &set.needs)); err != nil {
		return err
	}
	points := slices.Clone(a.relays)
	for _, h := range set.hands {
		points = append(points, deref(h.RelayID))
	}
	for _, l := range set.lots {
		points = append(points, deref(l.RelayID))
	}
	points = slices.DeleteFunc(distinct(points), func(id models.ID) bool { return id == "" })
	return s.store.Read(ctx, store.ByID(points, &set.relays))
}

func aboutStops(stops []models.Stop) about {
	var a about
	for _, st := range stops {
		if st.HandoverID != nil {
			a.handovers = append(a.handovers, *st.HandoverID)
		}
		if st.LotID != nil {
			a.lots = append(a.lots, *st.LotID)
		}
		if st.HouseholdID != nil {
			a.households = append(a.households, *st.HouseholdID)
		}
		if st.RelayID != nil {
			a.relays = append(a.relays, *st.RelayID)
		}
	}
	return a
}

// grids are all that a change of the set may tell something in.
func (set roundSet) grids() []models.ID {
	grids := []models.ID{set.round.GridID}
	for _, st := range set.stops {
		grids = append(grids, st.GridID)
	}
	for _, h := range set.hands {
		grids = append(grids, h.GridID)
	}
	for _, m := range set.matches {
		grids = append(grids, m.GridID, m.LotGridID)
	}
	for _, l := range set.lots {
		grids = append(grids, l.GridID, l.GiverGridID)
	}
	for _, r := range set.relays {
		grids = append(grids, r.GridID)
	}
	return distinct(grids)
}

// holds reports whether the journeys of all live matches are in the set.
func (set roundSet) holds(matches []models.Match) bool {
	return !slices.ContainsFunc(matches, func(m models.Match) bool {
		return m.Live() && !slices.ContainsFunc(set.hands, func(h models.Handover) bool { return h.ID == m.HandoverID })
	})
}

// walk is a round on the desk: its rows under the locks, and what is changed of it.
type walk struct {
	*desk
	actor   models.Actor
	round   *models.Round
	stops   []models.Stop
	touched map[models.ID]bool
	added   map[models.ID]bool
	was     map[models.ID]time.Time // when she would have come, before this change
	ground  ground
	out     []models.Round // that who walks it is walking now
	walker  string
	try     bool       // nothing is saved
	atDoor  []KeptBack // that the handover at this door has named
}

// roundTries is how often a change looks again when the round has changed between
// finding and locking what it is about.
const roundTries = 3

// changeRound runs one command about a round and shows what came of it, without
// doors: those are read, not answered.
func (s *Service) changeRound(ctx context.Context, actor models.Actor, id models.ID, more about,
	command func(w *walk) error) (RoundView, error) {
	var view RoundView
	var err error
	for range roundTries {
		if view, err = s.changeRoundOnce(ctx, actor, id, more, command); fault.From(err).Reason != "stale" {
			break
		}
	}
	return view, err
}

func (s *Service) changeRoundOnce(ctx context.Context, actor models.Actor, id models.ID, more about,
	command func(w *walk) error) (RoundView, error) {
	set, err := s.loadRound(ctx, id, more)
	if err != nil {
		return RoundView{}, err
	}
	sc, err := s.scope(ctx, set.round.GridID)
	if err != nil {
		return RoundView{}, err
	}
	if !mayFollow(actor, set.round, sc) {
		return RoundView{}, fault.New(fault.NotFound, "not_found")
	}
	homes := append(aboutStops(set.stops).households, more.households...)
	for _, h := range set.hands {
		homes = append(homes, h.ReceiverHouseholdID)
	}
	for _, l := range set.lots {
		homes = append(homes, l.HouseholdID)
	}
	g, err := s.groundOf(ctx, sc, homes, set.relays)
	if err != nil {
		return RoundView{}, err
	}
	var r rows
	var under roundSet
	var rounds, out []models.Round
	var people []models.Person
	var custody []models.Custody
	var ofLots []models.Match
	a := aboutStops(set.stops)
	needIDs := ids(set.needs, func(n models.Need) models.ID { return n.ID })
	handIDs, lotIDs := ids(set.hands, func(h models.Handover) models.ID { return h.ID }), ids(set.lots, func(l models.Lot) models.ID { return l.ID })
	points := ids(g.relays, func(r models.RelayPoint) models.ID { return r.ID })
	reads := []store.Read{store.ByID([]models.ID{id}, &rounds), store.StopsOf([]models.ID{id}, &under.stops), store.RelayLoads(distinct(points), &r.loads),
		store.ByID(handIDs, &r.handovers), store.MatchesOfHandovers(handIDs, &r.matches), store.ByID(lotIDs, &r.lots),
		store.ByID(needIDs, &r.needs), store.CustodyOf(lotIDs, &custody), store.RoundsOut(set.round.PersonID, &out),
		store.PersonByID(set.round.PersonID, &people), store.MatchesOfLots(append(a.lots, more.lots...), &ofLots)}
	grids := append(sc.grids(), set.grids()...) // what was to go to a paused point goes to another of its scope
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (RoundView, error) {
		round, err := store.One(slices.Clone(rounds))
		if err != nil {
			return RoundView{}, err
		}
		if round.Version != set.round.Version || !set.holds(ofLots) { // they are about more than was loaded
			return RoundView{}, fault.New(fault.Conflict, "stale")
		}
		d := s.desk(tx, sc, &r)
		d.relays, d.carried = d.renewed(slices.Concat(d.relays, set.relays)), custody
		w := newWalk(d, &round, slices.Clone(under.stops))
		w.actor, w.ground, w.out = actor, g, out
		if len(people) == 1 {
			w.walker = people[0].Name
		}
		if err := command(w); err != nil {
			return RoundView{}, err
		}
		if !w.try {
			if err := w.save(); err != nil {
				return RoundView{}, err
			}
		}
		return w.view(actor), nil
	})
}

func newWalk(d *desk, round *models.Round, stops []models.Stop) *walk {
	w := &walk{desk: d, round: round, stops: stops, touched: map[models.ID]bool{}, added: map[models.ID]bool{}, was: map[models.ID]time.Time{}}
	for _, st := range stops {
		w.was[st.ID] = st.Arrival
	}
	return w
}

// mayFollow: who walks it, as long as she may walk there, and the workers of its
// grid. It is asked at every step: a role is taken away at once.
func mayFollow(actor models.Actor, r models.Round, sc scope) bool {
	return r.PersonID == actor.PersonID && actor.Walks(sc.grid.Path) || actor.Works(sc.grid.Path)
}

// walks refuses whoever does not walk the round.
func (w *walk) walks(actor models.Actor) error {
	if w.round.PersonID != actor.PersonID {
		return fault.New(fault.Forbidden, "not_your_round")
	}
	return nil
}

// stop finds a stop of the round that is still open.
func (w *walk) stop(id models.ID) (*models.Stop, error) {
	for i := range w.stops {
		if w.stops[i].ID != id {
			continue
		}
		if w.round.State != models.RoundOut {
			return nil, fault.New(fault.Conflict, "round_not_out")
		}
		return &w.stops[i], nil
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

// touch notes that a stop is written again.
func (w *walk) touch(st *models.Stop) { w.touched[st.ID] = true }

// close takes a stop out of the order.
func (w *walk) close(st *models.Stop, command, why string) error {
	if err := st.Apply(command); err != nil {
		return err
	}
	now := w.tx.Now
	st.At, st.Why = &now, why
	w.touch(st)
	return nil
}

// save writes what was changed of the round and of everything in it.
func (w *walk) save() error {
	if err := w.desk.save(); err != nil {
		return err
	}
	var fresh []models.Stop
	for i := range w.stops {
		st := &w.stops[i]
		switch {
		case w.added[st.ID]:
			fresh = append(fresh, *st)
		case w.touched[st.ID]:
			if err := w.tx.SaveStop(st); err != nil {
				return err
			}
		}
	}
	if len(fresh) > 0 {
		if err := w.tx.CreateStops(fresh); err != nil {
			return err
		}
	}
	return w.tx.SaveRound(w.round, w.kindOf(w.round.ID), len(models.OpenStops(w.stops)))
}
