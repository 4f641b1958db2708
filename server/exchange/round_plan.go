package exchange

import (
	"context"
	"math"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NewRound is a round to be planned. Without handovers, lots and visits it takes
// everything that is due.
type NewRound struct {
	GridID     models.ID
	PersonID   models.ID // who walks; "" for the planner herself
	StartAt    *time.Time
	Start, End NewEnd
	Handovers  []models.ID
	Lots       []models.ID
	Visits     []NewVisit
}

// NewEnd is where a round shall begin or end.
type NewEnd struct {
	Kind     models.EndKind
	RelayID  models.ID
	Lat, Lon float64
}

// NewVisit is a household to look after, and why in a word.
type NewVisit struct {
	HouseholdID models.ID
	Reason      string
}

// How far ahead a round is planned, and how far back it may have begun.
const (
	planAhead = 7 * 24 * time.Hour
	planBack  = time.Hour
)

// PlanRound makes a round of what is due, or of what is named, for the worker
// herself or for a volunteer of her grid, who is asked for his yes.
func (s *Service) PlanRound(ctx context.Context, actor models.Actor, in NewRound) (RoundView, error) {
	sc, err := s.scope(ctx, in.GridID)
	if err != nil || !actor.Works(sc.grid.Path) {
		return RoundView{}, fault.New(fault.NotFound, "not_found")
	}
	if err := s.checkRound(in); err != nil {
		return RoundView{}, err
	}
	o := outfit{svc: s, sc: sc}
	walker, err := s.walker(ctx, actor, in, sc)
	if err != nil {
		return RoundView{}, err
	}
	o.walks = deref(walker.HouseholdID)
	if o.set.round, err = s.newRound(ctx, actor, in, walker, sc); err != nil {
		return RoundView{}, err
	}
	stops, err := s.gather(ctx, actor, &o, in)
	if err != nil {
		return RoundView{}, err
	}
	ways := map[models.ID]models.Way{}
	for _, h := range o.set.hands {
		ways[h.ID] = h.Way
	}
	s.order(o.ground, &o.set.round, stops, ways)
	o.set.stops = stops
	return s.saveRound(ctx, actor, o, walker)
}

func (s *Service) checkRound(in NewRound) error {
	f := fault.New(fault.Invalid, "invalid_input")
	now := s.store.Now()
	if in.StartAt != nil && (in.StartAt.Before(now.Add(-planBack)) || in.StartAt.After(now.Add(planAhead))) {
		f = f.Field("start_at", "out_of_range")
	}
	if len(in.Handovers)+len(in.Lots)+len(in.Visits) > mostStops {
		f = f.Field("handovers", "too_many_stops")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// walker is who walks: the planner, or a volunteer whose role reaches the grid.
func (s *Service) walker(ctx context.Context, actor models.Actor, in NewRound, sc scope) (models.Person, error) {
	id := in.PersonID
	if id == "" {
		id = actor.PersonID
	}
	var people []models.Person
	var roles []models.Role
	if err := s.store.Read(ctx, store.PersonByID(id, &people), store.RolesOf(id, &roles)); err != nil {
		return models.Person{}, err
	}
	of := models.Actor{Roles: roles}
	may := id == actor.PersonID || of.Reaches(sc.grid.Path, models.RoleVolunteer)
	if len(people) != 1 || people[0].State != models.PersonApproved || !may {
		return models.Person{}, fault.InvalidField("person_id", "not_a_volunteer")
	}
	return people[0], nil
}

func (s *Service) newRound(ctx context.Context, actor models.Actor, in NewRound, walker models.Person, sc scope) (models.Round, error) {
	at := s.store.Now()
	if in.StartAt != nil {
		at = models.Millis(*in.StartAt)
	}
	r := models.Round{GridID: sc.grid.ID, PersonID: walker.ID, PlannedBy: actor.PersonID, Day: models.DateOf(at), StartAt: at,
		State: models.RoundPlanned}
	due := r.Day.EndOf()
	r.DueAt = &due
	var homes []models.Household
	if walker.HouseholdID != nil {
		if err := s.store.Read(ctx, store.HouseholdsPlain([]models.ID{*walker.HouseholdID}, &homes)); err != nil {
			return r, err
		}
	}
	var err error
	if r.Start, err = endOf("start", in.Start, sc, homes); err != nil {
		return r, err
	}
	if in.Start.Kind == models.EndAnywhere {
		return r, fault.InvalidField("start", "end_unknown")
	}
	r.End, err = endOf("end", in.End, sc, homes)
	return r, err
}

// endOf finds where a round begins or ends.
func endOf(field string, in NewEnd, sc scope, homes []models.Household) (models.RoundEnd, error) {
	end := models.RoundEnd{Kind: in.Kind}
	tenMetres := func(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }
	switch in.Kind {
	case models.EndAnywhere:
		return end, nil
	case models.EndHere:
		if in.Lat >= -90 && in.Lat <= 90 && in.Lon >= -180 && in.Lon <= 180 {
			end.Lat, end.Lon = tenMetres(in.Lat), tenMetres(in.Lon)
			return end, nil
		}
	case models.EndHome:
		if len(homes) == 1 {
			end.Lat, end.Lon = homes[0].Lat, homes[0].Lon
			return end, nil
		}
	case models.EndRelay:
		if r := relayByID(sc.relays, &in.RelayID); r != nil {
			end.RelayID, end.Lat, end.Lon = &r.ID, r.Lat, r.Lon
			return end, nil
		}
	}
	return end, fault.InvalidField(field, "end_unknown")
}

// gather makes the stops of what is named, or of all that is due.
func (s *Service) gather(ctx context.Context, actor models.Actor, o *outfit, in NewRound) ([]models.Stop, error) {
	all := len(in.Handovers)+len(in.Lots)+len(in.Visits) == 0
	if all {
		due, err := s.RoundDue(ctx, actor, in.GridID)
		if err != nil {
			return nil, err
		}
		in.Handovers, in.Lots, in.Visits = due.wanted(o.walks)
	}
	a := about{handovers: in.Handovers, lots: in.Lots, relays: []models.ID{deref(o.set.round.Start.RelayID), deref(o.set.round.End.RelayID)}}
	if err := s.loadThings(ctx, &o.set, a); err != nil {
		return nil, err
	}
	if err := s.loadHomes(ctx, o, in.Visits); err != nil {
		return nil, err
	}
	var stops []models.Stop
	add := func(st models.Stop, err error) error {
		stops = append(stops, st)
		return err
	}
	for _, id := range distinct(slices.Clone(in.Handovers)) {
		if err := add(o.bring(id)); err != nil {
			return nil, err
		}
	}
	for _, id := range distinct(slices.Clone(in.Lots)) {
		if err := add(o.fetch(id)); err != nil {
			return nil, err
		}
	}
	seen := map[models.ID]bool{}
	for _, v := range in.Visits {
		if seen[v.HouseholdID] {
			continue
		}
		seen[v.HouseholdID] = true
		if err := add(o.visit(v)); err != nil {
			return nil, err
		}
	}
	if len(stops) == 0 {
		return nil, fault.New(fault.Conflict, "nothing_due")
	}
	return append(stops, o.relayStops(stops)...), nil
}

func (s *Service) loadHomes(ctx context.Context, o *outfit, visits []NewVisit) error {
	homes := ids(visits, func(v NewVisit) models.ID { return v.HouseholdID })
	for _, h := range o.set.hands {
		homes = append(homes, h.ReceiverHouseholdID)
	}
	for _, l := range o.set.lots {
		homes = append(homes, l.HouseholdID)
	}
	var err error
	o.ground, err = s.groundOf(ctx, o.sc, homes, o.set.relays)
	return err
}

// saveRound writes a round that was planned from what was read, if all of that is
// still so under the locks.
func (s *Service) saveRound(ctx context.Context, actor models.Actor, o outfit, walker models.Person) (RoundView, error) {
	var r rows
	var taken []models.Stop
	a := aboutStops(o.set.stops)
	handIDs := ids(o.set.hands, func(h models.Handover) models.ID { return h.ID })
	lotIDs := ids(o.set.lots, func(l models.Lot) models.ID { return l.ID })
	reads := []store.Read{store.ByID(handIDs, &r.handovers), store.MatchesOfHandovers(handIDs, &r.matches), store.ByID(lotIDs, &r.lots),
		store.StopsWaiting(a.handovers, a.lots, &taken)}
	return store.Exchange(ctx, s.store, actor, o.set.grids(), reads, func(tx *store.Tx) (RoundView, error) {
		if len(taken) > 0 {
			return RoundView{}, fault.New(fault.Conflict, "in_another_round")
		}
		d := s.desk(tx, o.sc, &r)
		d.relays = slices.Concat(d.relays, o.set.relays)
		round := o.set.round
		round.ID, round.CreatedAt = tx.NewID(), tx.Now
		if walker.ID == actor.PersonID {
			now := tx.Now
			round.AcceptedAt = &now
		}
		w := newWalk(d, &round, slices.Clone(o.set.stops))
		w.actor, w.walker, w.was, w.ground = actor, walker.Name, nil, o.ground
		for i := range w.stops {
			st := &w.stops[i]
			st.ID, st.RoundID = tx.NewID(), round.ID
			w.added[st.ID] = true
			if st.Kind == models.StopFetch {
				d.keepGiver(d.lots[*st.LotID], st.Arrival)
			}
		}
		if err := w.still(); err != nil {
			return RoundView{}, err
		}
		w.mark(round.ID, "round.planned")
		if err := w.save(); err != nil {
			return RoundView{}, err
		}
		return w.view(actor), nil
	})
}

// still holds the stops against their things once more: nothing of them may have
// gone another way between planning and locking.
func (w *walk) still() error {
	for _, st := range w.stops {
		switch st.Kind {
		case models.StopBring:
			if h := w.handovers[*st.HandoverID]; h == nil || h.State != models.HandoverReady {
				return fault.New(fault.Conflict, "stale")
			}
		case models.StopFetch:
			if l := w.lots[*st.LotID]; l == nil || l.Place != models.PlaceHome || !l.Live() {
				return fault.New(fault.Conflict, "stale")
			}
		}
	}
	return nil
}
