package exchange

import (
	"linli/matching"
	"linli/models"
	"linli/models/store"
)

// book is what views are made of: the matches around some needs, lots or
// handovers, and what hangs on them, read in a fixed number of queries.
type book struct {
	needs, lots, handovers []models.ID
	matcher                matching.Matcher

	matches []models.Match
	relays  []models.RelayPoint
	homes   []models.Household
	events  []models.Event
	reviews []models.Review
	viewer  viewer
}

func (b *book) load(tx *store.Tx, actor models.Actor, grid, household models.ID) error {
	reads := []store.Read{store.RelaysServing(grid, &b.relays), store.ByID([]models.ID{household}, &b.homes)}
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
	v := viewer{actor: actor, matcher: b.matcher}
	things := append(append([]models.ID{}, b.needs...), b.lots...)
	var lotIDs, handIDs, matchIDs []models.ID
	for _, m := range b.matches {
		lotIDs, handIDs, matchIDs = append(lotIDs, m.LotID), append(handIDs, m.HandoverID), append(matchIDs, m.ID)
	}
	things = append(append(append(things, lotIDs...), handIDs...), matchIDs...)
	reads = []store.Read{store.EventsOf(grid, things, &b.events), store.StopsAhead(handIDs, b.lots, &v.ahead)}
	if len(b.matches) > 0 {
		reads = append(reads, store.ByID(lotIDs, &lots), store.ByID(handIDs, &hands),
			store.ConsentsOfMatches(matchIDs, &v.consents))
	}
	if err := tx.Load(reads...); err != nil {
		return err
	}
	v.lots = byID(lots, func(l models.Lot) models.ID { return l.ID })
	v.hands = byID(hands, func(h models.Handover) models.ID { return h.ID })
	b.viewer = v
	return nil
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
