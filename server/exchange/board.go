package exchange

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// privacyHomes is how many homes a building needs before it is named: in a
// smaller one the building would name the family.
const privacyHomes = 8

// BoardRow is what neighbours see of a need: building, item, units.
type BoardRow struct {
	models.Need
	Building string // "" where fewer than eight homes share it
}

// Board lists what neighbours of the actor's micro-grid look for.
func (s *Service) Board(ctx context.Context, actor models.Actor, p Page) ([]BoardRow, error) {
	if !actor.LivesIn(actor.GridID) {
		return nil, fault.New(fault.Forbidden, "not_approved_yet")
	}
	var needs []models.Need
	var homes []models.Household
	var buildings []store.BuildingHomes
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.NeedsLive(actor.GridID, true, p.Cursor, p.Limit, &needs)); err != nil || len(needs) == 0 {
			return err
		}
		households := ids(needs, func(n models.Need) models.ID { return n.HouseholdID })
		return tx.Load(store.ByID(households, &homes), store.HomesByBuilding(actor.GridID, &buildings))
	})
	if err != nil {
		return nil, err
	}
	named := namedBuildings(homes, buildings)
	rows := []BoardRow{}
	for _, n := range needs {
		rows = append(rows, BoardRow{Need: n, Building: named[n.HouseholdID]})
	}
	return rows, nil
}

// namedBuildings gives the building of each household that may be named.
func namedBuildings(homes []models.Household, buildings []store.BuildingHomes) map[models.ID]string {
	large := map[string]bool{}
	for _, b := range buildings {
		large[b.Building] = b.Homes >= privacyHomes
	}
	named := map[models.ID]string{}
	for _, h := range homes {
		if large[h.Building] {
			named[h.ID] = h.Building
		}
	}
	return named
}

// Card is an open line as its worker sees it.
type Card struct {
	Need     NeedView
	Building string
	Care     models.Care
	Waited   time.Duration
}

// ToCheck is a lot that waits for the worker's four checks.
type ToCheck struct {
	Lot       LotView
	Building  string
	Handovers int
}

// Today is a worker's page: what is urgent, what to check, what to hand over.
type Today struct {
	Grid       models.Grid
	Dangers    []Card
	Urgent     []Card
	ToCheck    []ToCheck
	ToHandOver []HandoverView
	Reviews    []ReviewCard
	ToCollect  []CollectionView // recalled, and still with whom it was given
	Bags       []BagView        // that a point of the grid waits for, or has open
	Claims     int
}

// ReviewCard is a review that waits for the worker, with the line it is about.
type ReviewCard struct {
	models.Review
	Need     NeedView
	Building string
}

// todayMost is how many rows of each kind a day shows at once.
const todayMost = 100

// Today gathers a worker's day in one micro-grid.
func (s *Service) Today(ctx context.Context, actor models.Actor, grid models.ID) (Today, error) {
	sc, err := s.scope(ctx, grid)
	if err != nil {
		return Today{}, err
	}
	if !actor.Works(sc.grid.Path) {
		return Today{}, fault.New(fault.NotFound, "not_found")
	}
	today := Today{Grid: sc.grid, Dangers: []Card{}, Urgent: []Card{}, ToCheck: []ToCheck{}, ToHandOver: []HandoverView{},
		Reviews: []ReviewCard{}, ToCollect: []CollectionView{}, Bags: []BagView{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var needs []models.Need
		var lots []models.Lot
		var hands []models.Handover
		var claims []models.Person
		var reviews []models.Review
		var recalled []models.Collection
		var bags []models.Bag
		if err := tx.Load(store.NeedsOpen(grid, &needs), store.LotsToCheck(grid, todayMost, &lots),
			store.HandoversReady(grid, todayMost, &hands), store.ReviewsOpen(grid, todayMost, &reviews),
			store.CollectionsOpen(grid, todayMost, &recalled), store.BagsIn(grid, todayMost, &bags), store.Claims([]string{sc.grid.Path}, nil, todayMost, &claims)); err != nil {
			return err
		}
		today.Claims = len(claims)
		if today.ToCollect, err = viewCollections(tx, actor, recalled); err != nil {
			return err
		}
		if today.Bags, err = viewBags(tx, bags); err != nil {
			return err
		}
		if err := today.addNeeds(tx, viewer{actor: actor, matcher: s.matcher}, needs); err != nil {
			return err
		}
		if err := today.addReviews(tx, viewer{actor: actor, matcher: s.matcher}, reviews); err != nil {
			return err
		}
		if err := today.addLots(tx, actor, lots); err != nil {
			return err
		}
		return today.addHandovers(tx, actor, sc, hands)
	})
	return today, err
}

func (t *Today) addNeeds(tx *store.Tx, v viewer, needs []models.Need) error {
	if len(needs) == 0 {
		return nil
	}
	var homes []models.Household
	var matches []models.Match
	households := ids(needs, func(n models.Need) models.ID { return n.HouseholdID })
	needIDs := ids(needs, func(n models.Need) models.ID { return n.ID })
	if err := tx.Load(store.ByID(households, &homes), store.MatchesOfNeeds(needIDs, &matches)); err != nil {
		return err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, n := range needs {
		h := at[n.HouseholdID]
		card := Card{Need: v.need(n, matches), Building: h.Building, Care: h.Care, Waited: tx.Now.Sub(n.CreatedAt)}
		if n.Held {
			t.Dangers = append(t.Dangers, card)
		} else {
			t.Urgent = append(t.Urgent, card)
		}
	}
	return nil
}

func (t *Today) addReviews(tx *store.Tx, v viewer, reviews []models.Review) error {
	if len(reviews) == 0 {
		return nil
	}
	var needs []models.Need
	var matches []models.Match
	var homes []models.Household
	needIDs := ids(reviews, func(r models.Review) models.ID { return r.NeedID })
	if err := tx.Load(store.ByID(needIDs, &needs), store.MatchesOfNeeds(needIDs, &matches)); err != nil {
		return err
	}
	if err := tx.Load(store.HouseholdsPlain(ids(needs, func(n models.Need) models.ID { return n.HouseholdID }), &homes)); err != nil {
		return err
	}
	of := byID(needs, func(n models.Need) models.ID { return n.ID })
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, r := range reviews {
		n := of[r.NeedID]
		t.Reviews = append(t.Reviews, ReviewCard{Review: r, Need: v.need(*n, matches), Building: at[n.HouseholdID].Building})
	}
	return nil
}

func (t *Today) addLots(tx *store.Tx, actor models.Actor, lots []models.Lot) error {
	if len(lots) == 0 {
		return nil
	}
	var homes []models.Household
	b := book{lots: ids(lots, func(l models.Lot) models.ID { return l.ID })}
	households := ids(lots, func(l models.Lot) models.ID { return l.HouseholdID })
	if err := tx.Load(store.ByID(households, &homes)); err != nil {
		return err
	}
	if err := b.load(tx, actor, t.Grid.ID, lots[0].HouseholdID); err != nil {
		return err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, l := range lots {
		row := ToCheck{Lot: b.viewer.lot(l, b.matches)}
		if home := at[l.HouseholdID]; home != nil { // none where the point gave it itself
			row.Building = home.Building
		}
		for _, m := range row.Lot.Matches {
			if m.Live() {
				row.Handovers++
			}
		}
		t.ToCheck = append(t.ToCheck, row)
	}
	return nil
}

func (t *Today) addHandovers(tx *store.Tx, actor models.Actor, sc scope, hands []models.Handover) error {
	if len(hands) == 0 {
		return nil
	}
	var homes []models.Household
	b := book{handovers: ids(hands, func(h models.Handover) models.ID { return h.ID })}
	households := ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID })
	if err := tx.Load(store.ByID(households, &homes)); err != nil {
		return err
	}
	if err := b.load(tx, actor, t.Grid.ID, hands[0].ReceiverHouseholdID); err != nil {
		return err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, h := range hands {
		view := b.viewer.handover(h, b.matches)
		view.Relay = relayByID(sc.relays, h.RelayID)
		view.Building = at[h.ReceiverHouseholdID].Building
		t.ToHandOver = append(t.ToHandOver, view)
	}
	return nil
}
