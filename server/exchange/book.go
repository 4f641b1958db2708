package exchange

import (
	"slices"

	"linli/matching"
	"linli/models"
	"linli/models/store"
)

// book is what views are made of: the matches around some needs, lots or
// handovers, and what hangs on them, read in a fixed number of queries.
type book struct {
	needs, lots, handovers, bags []models.ID
	matcher                      matching.Matcher

	matches []models.Match
	relays  []models.RelayPoint // that serve the grid
	walks   models.Walks
	grids   []models.Grid // the one
	homes   []models.Household
	events  []models.Event
	reviews []models.Review
	viewer  viewer
}

func (b *book) load(tx *store.Tx, actor models.Actor, grid, household models.ID) error {
	reads := []store.Read{store.RelaysServing(grid, &b.relays), store.ByID([]models.ID{household}, &b.homes), store.ByID([]models.ID{grid}, &b.grids)}
	switch {
	case len(b.needs) > 0:
		reads = append(reads, store.MatchesOfNeeds(b.needs, &b.matches), store.ReviewsOf(b.needs, &b.reviews))
	case len(b.lots) > 0:
		reads = append(reads, store.MatchesOfLots(b.lots, &b.matches))
	case len(b.handovers) > 0:
		reads = append(reads, store.MatchesOfHandovers(b.handovers, &b.matches))
	}
	if err := tx.Load(reads...); err != nil {
		return err
	}
	var lots []models.Lot
	var hands []models.Handover
	var loans []models.Loan
	var by []models.RelayPoint
	var paths []models.Path
	v := viewer{actor: actor, matcher: b.matcher, now: tx.Now}
	things := append(append(append([]models.ID{}, b.needs...), b.lots...), b.bags...)
	var lotIDs, handIDs, matchIDs []models.ID
	for _, m := range b.matches {
		lotIDs, handIDs, matchIDs = append(lotIDs, m.LotID), append(handIDs, m.HandoverID), append(matchIDs, m.ID)
	}
	things = append(append(append(things, lotIDs...), handIDs...), matchIDs...)
	reads = []store.Read{store.EventsOf(grid, things, &b.events), store.StopsAhead(handIDs, b.lots, &v.ahead)}
	if len(b.relays) > 0 {
		reads = append(reads, store.PathsTouching(ids(b.relays, func(r models.RelayPoint) string { return models.RelayKey(r.Code) }), &paths))
	}
	if pictured := slices.Concat(b.lots, b.handovers, lotIDs, handIDs); len(pictured) > 0 {
		reads = append(reads, store.PhotosOf(pictured, &v.photos))
	}
	if len(b.matches) > 0 {
		reads = append(reads, store.ByID(lotIDs, &lots), store.ByID(handIDs, &hands), store.RelaysOfHandovers(handIDs, &by),
			store.ConsentsOfMatches(matchIDs, &v.consents), store.CollectionsOf(matchIDs, &v.recalled), store.LoansOf(matchIDs, &loans))
	}
	if err := tx.Load(reads...); err != nil {
		return err
	}
	v.lots = byID(lots, func(l models.Lot) models.ID { return l.ID })
	v.hands = byID(hands, func(h models.Handover) models.ID { return h.ID })
	b.walks = models.WalksOf(paths)
	if len(b.needs)+len(b.lots) > 0 { // a handover's own view names its point itself
		v.relays, v.walks, v.home = by, b.walks, b.home()
	}
	v.loans = byMatch(loans)
	b.viewer = v
	return nil
}

// home is where the household of the book stands.
func (b *book) home() models.Spot {
	if len(b.homes) == 0 || len(b.grids) == 0 {
		return models.Spot{}
	}
	return b.homes[0].Spot(b.grids[0].Code)
}

// follow adds to a set of things what hangs on their matches.
func (b *book) follow(things map[models.ID]bool, of func(models.Match) bool) {
	for _, m := range b.matches {
		if of(m) {
			things[m.ID], things[m.LotID], things[m.HandoverID] = true, true, true
		}
	}
}

// need shows a line with the reviews of it: her own to her who asked for them,
// all of them to the worker.
func (b *book) need(n models.Need) NeedView {
	view := b.viewer.need(n, b.matches)
	for _, r := range b.reviews {
		me := b.viewer.actor.PersonID
		if r.NeedID == n.ID && (r.PersonID == me || n.PersonID != me) {
			view.Reviews = append(view.Reviews, r)
		}
	}
	return view
}

func (b *book) eventsOf(things map[models.ID]bool) []models.Event {
	var of []models.Event
	for _, e := range b.events {
		if things[e.ThingID] {
			of = append(of, e)
		}
	}
	return of
}

func ids[T any](rows []T, id func(T) models.ID) []models.ID {
	all := make([]models.ID, 0, len(rows))
	for _, row := range rows {
		all = append(all, id(row))
	}
	return all
}
