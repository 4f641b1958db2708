package exchange

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// RoundView is a round as its reader may see it.
type RoundView struct {
	models.Round
	Mine   bool // the reader walks it
	Walker string
	Stops  []StopView
}

// StopView is a stop: how, but never why. Door and Name are there for who walks,
// while she walks, as long as the stop is open.
type StopView struct {
	models.Stop
	What       []Carried
	Way        models.Way
	Relay      *models.RelayPoint
	Building   string
	Door, Name string
	Proof      string    // of the token that opens its handover, where Door is shown: for a stairwell without a net
	MatchID    models.ID // of which a worker may read whom to call
	Later      int       // minutes later than before what has just been done
	KeptBack   []KeptBack
	TwiceAt    *time.Time // when the code of its handover was used again
	ToLabel    bool       // something of it has to be cut and labelled before it leaves its box
}

// round lays the stops of a set out without doors. Buildings are named to workers
// and to who walks now; else only where enough homes share one.
type roundBook struct {
	set    roundSet
	reader models.Actor
	works  bool
	walker string
	homes  map[models.ID]*models.Household
	named  map[models.ID]string
	was    map[models.ID]time.Time
	kept   []KeptBack // that the handover at a door has just named
	items  matching.Matcher
}

func (b roundBook) view() RoundView {
	r := b.set.round
	v := RoundView{Round: r, Mine: r.PersonID == b.reader.PersonID, Walker: b.walker, Stops: []StopView{}}
	slices.SortFunc(b.set.stops, func(x, y models.Stop) int { return cmp.Compare(x.Position, y.Position) })
	for _, st := range b.set.stops {
		sv := b.stop(st)
		if home := b.homes[deref(st.HouseholdID)]; home != nil {
			sv.Building = home.Building
			if !b.works && !(v.Mine && r.State == models.RoundOut) {
				sv.Building = b.named[home.ID]
			}
			if sv.Building == "" {
				sv.Lat, sv.Lon = 0, 0
			}
		}
		if was, known := b.was[st.ID]; known && st.State == models.StopOpen {
			sv.Later = int(st.Arrival.Sub(was).Round(time.Minute) / time.Minute)
		}
		v.Stops = append(v.Stops, sv)
	}
	return v
}

func (b roundBook) stop(st models.Stop) StopView {
	sv := StopView{Stop: st, Relay: relayByID(b.set.relays, st.RelayID), What: []Carried{}}
	switch {
	case st.HandoverID != nil:
		sv.What = carriedOf(*st.HandoverID, b.set.matches)
		for _, h := range b.set.hands {
			if h.ID == *st.HandoverID {
				sv.Way = h.Way
				b.tell(&sv, h)
			}
		}
	case st.LotID != nil:
		if l := b.lot(*st.LotID); l != nil {
			sv.What = []Carried{{l.ItemID, l.Offered - l.Withdrawn - l.Expired}}
			sv.Way = l.Way
		}
	}
	for _, m := range b.set.matches {
		if m.HandoverID == deref(st.HandoverID) || m.LotID == deref(st.LotID) {
			sv.MatchID = m.ID
		}
		if st.State == models.StopOpen && m.HandoverID == deref(st.HandoverID) {
			l := b.lot(m.LotID)
			sv.ToLabel = sv.ToLabel || l != nil && toLabel(b.items, m, *l)
		}
	}
	return sv
}

func (b roundBook) lot(id models.ID) *models.Lot {
	if at := slices.IndexFunc(b.set.lots, func(l models.Lot) bool { return l.ID == id }); at >= 0 {
		return &b.set.lots[at]
	}
	return nil
}

// view shows the round on the desk. It is the answer to a change, and so without
// doors.
func (w *walk) view(actor models.Actor) RoundView {
	set := roundSet{round: *w.round, stops: slices.Clone(w.stops), matches: sortedMatches(w.matches), lots: sortedLots(w.lots), relays: w.relays}
	for _, h := range w.handovers {
		set.hands = append(set.hands, *h)
	}
	return roundBook{set: set, reader: actor, works: w.worked(actor), walker: w.walker, homes: w.ground.homes, was: w.was, kept: w.atDoor, items: w.svc.matcher}.view()
}

// Round shows a round to who walks it and to the workers of its grid. To her who
// is walking, the doors that are still before her; each is noted in the chain of
// its grid the first time.
func (s *Service) Round(ctx context.Context, actor models.Actor, id models.ID) (RoundView, error) {
	set, err := s.loadRound(ctx, id, about{})
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
	view, err := s.viewRound(ctx, actor, set, sc)
	if err != nil || !view.Mine || view.State != models.RoundOut {
		return view, err
	}
	return view, s.showDoors(ctx, actor, set, &view)
}

// viewRound names walker and homes as the reader may know them.
func (s *Service) viewRound(ctx context.Context, actor models.Actor, set roundSet, sc scope, kept ...KeptBack) (RoundView, error) {
	b := roundBook{set: set, reader: actor, kept: kept, items: s.matcher, works: actor.Works(sc.grid.Path)}
	b.set.relays = slices.Concat(sc.relays, set.relays)
	var people []models.Person
	var homes []models.Household
	var buildings []store.BuildingHomes
	err := s.store.Read(ctx, store.HouseholdsPlain(distinct(aboutStops(set.stops).households), &homes),
		store.PersonByID(set.round.PersonID, &people), store.HomesByBuilding(set.round.GridID, &buildings))
	if err != nil {
		return RoundView{}, err
	}
	if len(people) == 1 {
		b.walker = people[0].Name
	}
	b.homes, b.named = byID(homes, func(h models.Household) models.ID { return h.ID }), namedBuildings(homes, buildings)
	return b.view(), nil
}

// showDoors fills in unit, room and name of the stops that are open, under the
// locks in which the round is still out, and notes who read them.
func (s *Service) showDoors(ctx context.Context, actor models.Actor, set roundSet, view *RoundView) error {
	var rounds []models.Round
	var stops []models.Stop
	var homes []models.Household
	var people []models.Person
	a := aboutStops(models.OpenStops(set.stops))
	for _, h := range set.hands {
		a.needs = append(a.needs, h.ReceiverID)
	}
	for _, l := range set.lots {
		a.needs = append(a.needs, l.PersonID)
	}
	reads := []store.Read{store.ByID([]models.ID{set.round.ID}, &rounds), store.StopsOf([]models.ID{set.round.ID}, &stops),
		store.HouseholdsByID(distinct(a.households), &homes), store.ByID(distinct(a.needs), &people)}
	return s.store.InGrids(ctx, set.grids(), reads, func(tx *store.Tx) error {
		if len(rounds) != 1 || rounds[0].State != models.RoundOut || rounds[0].PersonID != actor.PersonID {
			return nil
		}
		at, named := byID(homes, func(h models.Household) models.ID { return h.ID }), byID(people, func(p models.Person) models.ID { return p.ID })
		hands := byID(set.hands, func(h models.Handover) models.ID { return h.ID })
		for i := range stops {
			st := &stops[i]
			home := at[deref(st.HouseholdID)]
			if st.State != models.StopOpen || home == nil {
				continue
			}
			for j := range view.Stops {
				if view.Stops[j].ID == st.ID {
					view.Stops[j].Door, view.Stops[j].Name = home.Door(), nameAt(set, *st, named)
					if h := hands[deref(st.HandoverID)]; h != nil {
						view.Stops[j].Proof = proof(s.token(*h))
					}
				}
			}
			if st.DoorReadAt != nil {
				continue
			}
			now := tx.Now
			st.DoorReadAt = &now
			entry := models.Audit{ActorID: actor.PersonID, Action: "door.read", Thing: string(models.ThingRound), ThingID: st.RoundID, Reason: st.ID}
			if err := tx.Audit(st.GridID, entry); err != nil {
				return err
			}
			if err := tx.SaveStop(st); err != nil {
				return err
			}
		}
		return nil
	})
}

// nameAt is who opens the door: the receiver, or the giver.
func nameAt(set roundSet, st models.Stop, people map[models.ID]*models.Person) string {
	who := models.ID("")
	for _, h := range set.hands {
		if h.ID == deref(st.HandoverID) {
			who = h.ReceiverID
		}
	}
	for _, l := range set.lots {
		if l.ID == deref(st.LotID) {
			who = l.PersonID
		}
	}
	if p := people[who]; p != nil {
		return p.Name
	}
	return ""
}

// roundsMost is how many rounds of a day are shown.
const roundsMost = 20

// Rounds lists the rounds of a grid to its worker, or without one those that the
// actor walks herself: what is live, and what was of today. Without doors.
func (s *Service) Rounds(ctx context.Context, actor models.Actor, grid models.ID) ([]RoundView, error) {
	var rounds []models.Round
	today := models.DateOf(s.store.Now())
	read := store.RoundsOfPerson(actor.PersonID, today, roundsMost, &rounds)
	if grid != "" {
		if err := s.workerOf(ctx, actor, grid); err != nil {
			return nil, err
		}
		read = store.RoundsOfGrid(grid, today, roundsMost, &rounds)
	}
	if err := s.store.Read(ctx, read); err != nil {
		return nil, err
	}
	if len(rounds) == 0 {
		return []RoundView{}, nil
	}
	var all roundSet // what all of them are about, read at once
	if err := s.store.Read(ctx, store.StopsOf(ids(rounds, func(r models.Round) models.ID { return r.ID }), &all.stops)); err != nil {
		return nil, err
	}
	if err := s.loadThings(ctx, &all, aboutStops(all.stops)); err != nil {
		return nil, err
	}
	views := []RoundView{}
	scopes := map[models.ID]scope{} // of one grid, or of those where a volunteer helps
	for _, r := range rounds {
		if _, known := scopes[r.GridID]; !known {
			sc, err := s.scope(ctx, r.GridID)
			if err != nil {
				return nil, err
			}
			scopes[r.GridID] = sc
		}
		if !mayFollow(actor, r, scopes[r.GridID]) {
			continue
		}
		set := all
		set.round = r
		set.stops = slices.DeleteFunc(slices.Clone(all.stops), func(st models.Stop) bool { return st.RoundID != r.ID })
		view, err := s.viewRound(ctx, actor, set, scopes[r.GridID])
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}
