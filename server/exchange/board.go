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
	Messages   []MessageView    // of the last day, newest first
	// Loans should be back today, or should have been; ToGiveBack lies in the box,
	// and its lender wants it.
	Loans      []LoanView
	ToGiveBack []LotView
	Relays     []RelayCard
	// Twice are the handovers of the last seven days whose code was used again.
	Twice   []HandoverView
	Claims  int
	Samples int // that wait for this leader's look
}

// RelayCard is a relay point that serves the grid: how full it is, and what is stuck
// there because it is paused and nobody has carried or can send it elsewhere.
type RelayCard struct {
	models.RelayPoint
	Parcels int
	Stuck   int
}

// ReviewCard is a review that waits for the worker, with the line it is about.
type ReviewCard struct {
	models.Review
	Need     NeedView
	Building string
}

// todayMost is how many rows of each kind a day shows at once.
const todayMost = 100

// twiceDays is for how long a loss is told.
const twiceDays = 7

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
		Reviews: []ReviewCard{}, ToCollect: []CollectionView{}, Bags: []BagView{},
		Relays: []RelayCard{}, Twice: []HandoverView{}, Loans: []LoanView{}, ToGiveBack: []LotView{}, Messages: []MessageView{}}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		var needs []models.Need
		var lots []models.Lot
		var hands, twice, looks []models.Handover
		var claims []models.Person
		var reviews []models.Review
		var recalled []models.Collection
		var bags []models.Bag
		var sent []models.Message
		var points []models.RelayPoint
		var loans []models.Loan
		var back []models.Lot
		if err := tx.Load(store.MessagesAround(grid, tx.Now.AddDate(0, 0, -1), messagesMost, &sent), store.NeedsOpen(grid, &needs), store.LotsToCheck(grid, todayMost, &lots),
			store.HandoversReady(grid, todayMost, &hands), store.ReviewsOpen(grid, todayMost, &reviews),
			store.LoansDueBy(grid, models.DateOf(tx.Now), todayMost, &loans), store.LotsToGiveBack(grid, todayMost, &back),
			store.CollectionsOpen(grid, todayMost, &recalled), store.BagsIn(grid, todayMost, &bags),
			store.RelaysServing(grid, &points), store.Claims([]string{sc.grid.Path}, nil, todayMost, &claims)); err != nil {
			return err
		}
		if err := tx.Load(store.HandoversTwice(grid, tx.Now.AddDate(0, 0, -twiceDays), todayMost, &twice),
			store.HandoversSampled(leads(actor), actor.PersonID, todayMost, &looks)); err != nil {
			return err
		}
		today.Claims, today.Samples = len(claims), len(looks)
		if err := today.addRelays(tx, points); err != nil {
			return err
		}
		if err := today.addNeeds(tx, viewer{actor: actor, matcher: s.matcher, now: tx.Now}, needs); err != nil {
			return err
		}
		var err error
		if today.ToCollect, err = viewCollections(tx, actor, recalled); err != nil {
			return err
		}
		if today.Bags, err = viewBags(tx, bags); err != nil {
			return err
		}
		if today.Loans, err = s.viewLoans(tx, actor, loans); err != nil {
			return err
		}
		for _, l := range back {
			today.ToGiveBack = append(today.ToGiveBack, LotView{Lot: l, Matches: []MatchView{}})
		}
		if err := today.addReviews(tx, viewer{actor: actor, matcher: s.matcher, now: tx.Now}, reviews); err != nil {
			return err
		}
		if err := today.addMessages(tx, sent); err != nil {
			return err
		}
		if today.ToCheck, err = s.toCheck(tx, actor, grid, lots, false); err != nil {
			return err
		}
		if today.ToHandOver, err = s.handoversOf(tx, actor, sc, hands); err != nil {
			return err
		}
		today.Twice, err = s.handoversOf(tx, actor, sc, twice)
		return err
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

func (t *Today) addRelays(tx *store.Tx, points []models.RelayPoint) error {
	if len(points) == 0 {
		return nil
	}
	var loads []store.RelayLoad
	var counts []store.WaitingCount
	of := ids(points, func(r models.RelayPoint) models.ID { return r.ID })
	if err := tx.Load(store.RelayLoads(of, &loads), store.WaitingAt(of, &counts)); err != nil {
		return err
	}
	for _, p := range points {
		card := RelayCard{RelayPoint: p}
		for _, l := range loads {
			if l.ID == p.ID {
				card.Parcels = l.Parcels
			}
		}
		for _, c := range counts {
			if c.RelayID == p.ID && p.State == models.RelayPaused {
				card.Stuck += c.Waiting
			}
		}
		t.Relays = append(t.Relays, card)
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

// toCheck lists what waits for a check. Who helps and is no worker learns what and
// where, never why.
func (s *Service) toCheck(tx *store.Tx, actor models.Actor, grid models.ID, lots []models.Lot, helps bool) ([]ToCheck, error) {
	rows := []ToCheck{}
	if len(lots) == 0 {
		return rows, nil
	}
	var homes []models.Household
	b := book{matcher: s.matcher, lots: ids(lots, func(l models.Lot) models.ID { return l.ID })}
	households := ids(lots, func(l models.Lot) models.ID { return l.HouseholdID })
	if err := tx.Load(store.HouseholdsPlain(distinct(households), &homes)); err != nil {
		return nil, err
	}
	if err := b.load(tx, actor, grid, lots[0].HouseholdID); err != nil {
		return nil, err
	}
	b.viewer.home, b.viewer.helps = models.Spot{}, helps // they come from many homes
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
		rows = append(rows, row)
	}
	return rows, nil
}

// handoversOf shows handovers to a worker; those that may be opened with what a
// phone without a net compares a scanned token with.
func (s *Service) handoversOf(tx *store.Tx, actor models.Actor, sc scope, hands []models.Handover) ([]HandoverView, error) {
	views := []HandoverView{}
	if len(hands) == 0 {
		return views, nil
	}
	var homes []models.Household
	b := book{matcher: s.matcher, handovers: ids(hands, func(h models.Handover) models.ID { return h.ID })}
	households := ids(hands, func(h models.Handover) models.ID { return h.ReceiverHouseholdID })
	if err := tx.Load(store.ByID(households, &homes)); err != nil {
		return nil, err
	}
	if err := b.load(tx, actor, sc.grid.ID, hands[0].ReceiverHouseholdID); err != nil {
		return nil, err
	}
	at := byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, h := range hands {
		view := b.viewer.handover(h, b.matches)
		view.Relay = relayByID(sc.relays, h.RelayID)
		view.Building = at[h.ReceiverHouseholdID].Building
		if h.Live() && view.Side == SideWorker && h.ReceiverHouseholdID != actor.HouseholdID {
			view.Proof = proof(s.token(h))
		}
		views = append(views, view)
	}
	return views, nil
}
