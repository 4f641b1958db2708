package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// DueStop is something that a round could be for.
type DueStop struct {
	Kind        models.StopKind
	HandoverID  models.ID
	LotID       models.ID
	HouseholdID models.ID
	Reason      string
	Building    string
	What        []Carried
	Way         models.Way
	// Wanted tells that somebody waits for it: a round without a choice takes it.
	Wanted bool
}

// RoundDue is all that rounds of a grid could be for, and who could walk.
type RoundDue struct {
	Grid       models.Grid
	Stops      []DueStop
	Relays     []models.RelayPoint
	Volunteers []models.Person
}

// RoundDue gathers what is due in a grid and in no round yet: what is ready and
// wants to be brought, what its giver asked to have fetched, and who was marked in
// the ledger and still waits.
func (s *Service) RoundDue(ctx context.Context, actor models.Actor, grid models.ID) (RoundDue, error) {
	sc, err := s.scope(ctx, grid)
	if err != nil || !actor.Works(sc.grid.Path) {
		return RoundDue{}, fault.New(fault.NotFound, "not_found")
	}
	due := RoundDue{Grid: sc.grid, Stops: []DueStop{}, Relays: sc.relays}
	var hands []models.Handover
	var lots []models.Lot
	var needs []models.Need
	var matches []models.Match
	above := ids(sc.above, func(g models.Grid) models.ID { return g.ID })
	err = s.store.Read(ctx, store.HandoversToBring(grid, todayMost, &hands), store.LotsToFetch(grid, todayMost, &lots),
		store.NeedsOpen(grid, &needs), store.Volunteers(above, todayMost, &due.Volunteers))
	if err != nil {
		return due, err
	}
	homes := ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID })
	homes = append(homes, ids(lots, func(l models.Lot) models.ID { return l.HouseholdID })...)
	homes = append(homes, ids(needs, func(n models.Need) models.ID { return n.HouseholdID })...)
	var rows []models.Household
	err = s.store.Read(ctx, store.HouseholdsPlain(distinct(homes), &rows),
		store.MatchesOfHandovers(ids(hands, func(h models.Handover) models.ID { return h.ID }), &matches))
	if err != nil {
		return due, err
	}
	at := byID(rows, func(h models.Household) models.ID { return h.ID })
	for _, h := range hands {
		due.Stops = append(due.Stops, DueStop{Kind: models.StopBring, HandoverID: h.ID, HouseholdID: h.ReceiverHouseholdID,
			Building: at[h.ReceiverHouseholdID].Building, What: carriedOf(h.ID, matches), Way: h.Way, Wanted: true})
	}
	for _, l := range lots {
		due.Stops = append(due.Stops, DueStop{Kind: models.StopFetch, LotID: l.ID, HouseholdID: l.HouseholdID,
			Building: at[l.HouseholdID].Building, What: []Carried{{l.ItemID, l.Remaining + l.Reserved}}, Way: l.Way, Wanted: l.Reserved > 0})
	}
	seen := map[models.ID]bool{}
	for _, n := range needs {
		if home := at[n.HouseholdID]; home.Care != models.CareNone && home.GridID == grid && !seen[home.ID] {
			seen[home.ID] = true
			due.Stops = append(due.Stops, DueStop{Kind: models.StopVisit, HouseholdID: home.ID, Reason: "waits", Building: home.Building})
		}
	}
	return due, nil
}

// wanted is what a round takes that was told nothing: as much as it can hold of
// what somebody waits for, but nothing of who walks.
func (d RoundDue) wanted(walks models.ID) (handovers, lots []models.ID, visits []NewVisit) {
	for _, st := range d.Stops {
		if !st.Wanted || st.HouseholdID == walks || len(handovers)+len(lots) == mostStops {
			continue
		}
		if st.Kind == models.StopBring {
			handovers = append(handovers, st.HandoverID)
		} else {
			lots = append(lots, st.LotID)
		}
	}
	return handovers, lots, nil
}

// Carried is so many units of an item.
type Carried struct {
	ItemID models.ItemID
	Units  int
}

// carriedOf is what of a handover is still to be given, item by item.
func carriedOf(handover models.ID, matches []models.Match) []Carried {
	var all []Carried
	for _, m := range matches {
		if m.HandoverID != handover || !m.Live() && m.State != models.MatchGiven {
			continue
		}
		if at := slices.IndexFunc(all, func(c Carried) bool { return c.ItemID == m.ItemID }); at >= 0 {
			all[at].Units += m.Quantity
		} else {
			all = append(all, Carried{m.ItemID, m.Quantity})
		}
	}
	return all
}
