package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Page is a piece of a list: the cursor where it begins, and how much of it.
type Page struct {
	Cursor *store.Cursor
	Limit  int
}

// Request shows one post to its asker, or to a worker of its grid.
func (s *Service) Request(ctx context.Context, actor models.Actor, id models.ID) (RequestView, error) {
	var posts []models.Request
	var views []RequestView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &posts)); err != nil || len(posts) == 0 {
			return err
		}
		var err error
		views, err = s.viewRequests(ctx, tx, actor, posts)
		return err
	})
	if err != nil {
		return RequestView{}, err
	}
	view, err := store.One(views)
	if err != nil {
		return RequestView{}, err
	}
	if view.PersonID != actor.PersonID && view.PostedBy != actor.PersonID {
		if err := s.workerOf(ctx, actor, view.GridID); err != nil {
			return RequestView{}, err
		}
	}
	return view, nil
}

// workerOf refuses who does not work in the grid, as if nothing were there.
func (s *Service) workerOf(ctx context.Context, actor models.Actor, grid models.ID) error {
	sc, err := s.scope(ctx, grid)
	if err != nil || !actor.Works(sc.grid.Path) {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

// Requests lists the actor's own posts, newest first.
func (s *Service) Requests(ctx context.Context, actor models.Actor, live bool, p Page) ([]RequestView, error) {
	var views []RequestView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var posts []models.Request
		if err := tx.Load(store.RequestsOf(actor.PersonID, live, p.Cursor, p.Limit, &posts)); err != nil {
			return err
		}
		var err error
		views, err = s.viewRequests(ctx, tx, actor, posts)
		return err
	})
	return views, err
}

// viewRequests loads what belongs to posts in a fixed number of queries.
func (s *Service) viewRequests(ctx context.Context, tx *store.Tx, actor models.Actor, posts []models.Request) ([]RequestView, error) {
	if len(posts) == 0 {
		return []RequestView{}, nil
	}
	var needs []models.Need
	if err := tx.Load(store.NeedsOfRequest(ids(posts, func(r models.Request) models.ID { return r.ID }), &needs)); err != nil {
		return nil, err
	}
	b := book{matcher: s.matcher, needs: ids(needs, func(n models.Need) models.ID { return n.ID })}
	if err := b.load(tx, actor, posts[0].GridID, posts[0].HouseholdID); err != nil {
		return nil, err
	}
	views := []RequestView{}
	for _, r := range posts {
		view := RequestView{Request: r, Needs: []NeedView{}}
		things := map[models.ID]bool{}
		for _, n := range needs {
			if n.RequestID == r.ID {
				view.Needs = append(view.Needs, b.need(n))
				things[n.ID] = true
			}
		}
		b.follow(things, func(m models.Match) bool { return things[m.NeedID] })
		view.Steps = steps(b.eventsOf(things), models.ThingNeed)
		view.Relay, view.Metres = nearestRelay(b.relays, b.walks, b.home())
		views = append(views, view)
	}
	return views, nil
}

// Offer shows one post to its giver, or to a worker of its grid.
func (s *Service) Offer(ctx context.Context, actor models.Actor, id models.ID) (OfferView, error) {
	var posts []models.Offer
	var views []OfferView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &posts)); err != nil || len(posts) == 0 {
			return err
		}
		var err error
		views, err = s.viewOffers(tx, actor, posts)
		return err
	})
	if err != nil {
		return OfferView{}, err
	}
	view, err := store.One(views)
	if err != nil {
		return OfferView{}, err
	}
	if view.PersonID != actor.PersonID {
		err := s.workerOf(ctx, actor, view.GridID)
		if err != nil && view.Bag != nil { // or who keeps the point that has her bag
			_, err = s.boxOf(ctx, actor, view.Bag.RelayID)
		}
		if err != nil {
			return OfferView{}, err
		}
	}
	return view, nil
}

// Offers lists the actor's own posts, newest first.
func (s *Service) Offers(ctx context.Context, actor models.Actor, live bool, p Page) ([]OfferView, error) {
	var views []OfferView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var posts []models.Offer
		if err := tx.Load(store.OffersOf(actor.PersonID, live, p.Cursor, p.Limit, &posts)); err != nil {
			return err
		}
		var err error
		views, err = s.viewOffers(tx, actor, posts)
		return err
	})
	return views, err
}

func (s *Service) viewOffers(tx *store.Tx, actor models.Actor, posts []models.Offer) ([]OfferView, error) {
	if len(posts) == 0 {
		return []OfferView{}, nil
	}
	var lots []models.Lot
	var bags []models.Bag
	var points []models.RelayPoint // to which the bags go
	posted := ids(posts, func(o models.Offer) models.ID { return o.ID })
	if err := tx.Load(store.LotsOfOffer(posted, &lots), store.ByID(posted, &bags)); err != nil {
		return nil, err
	}
	if len(bags) > 0 {
		if err := tx.Load(store.ByID(distinct(ids(bags, func(b models.Bag) models.ID { return b.RelayID })), &points)); err != nil {
			return nil, err
		}
	}
	bagOf := byID(bags, func(b models.Bag) models.ID { return b.ID })
	b := book{matcher: s.matcher, lots: ids(lots, func(l models.Lot) models.ID { return l.ID }),
		bags: ids(bags, func(b models.Bag) models.ID { return b.ID })}
	if err := b.load(tx, actor, posts[0].GridID, posts[0].HouseholdID); err != nil {
		return nil, err
	}
	views := []OfferView{}
	for _, o := range posts {
		view := OfferView{Offer: o, Bag: bagOf[o.ID], Lots: []LotView{}}
		things := map[models.ID]bool{o.ID: view.Bag != nil}
		for _, l := range lots {
			if l.OfferID == o.ID {
				view.Lots = append(view.Lots, b.viewer.lot(l, b.matches))
				things[l.ID] = true
			}
		}
		b.follow(things, func(m models.Match) bool { return things[m.LotID] })
		view.Steps = steps(b.eventsOf(things), models.ThingLot)
		view.Relay, view.Metres = nearestRelay(b.relays, b.walks, b.home())
		if view.Bag != nil { // it goes where its giver was sent, whatever is nearest now
			if own := relayByID(points, &view.Bag.RelayID); own != nil {
				view.Relay, view.Metres = own, b.walks.Metres(b.home(), own.Spot())
			}
		}
		views = append(views, view)
	}
	return views, nil
}

// Handover shows a journey to its two sides and to the workers of its grid.
func (s *Service) Handover(ctx context.Context, actor models.Actor, id models.ID) (HandoverView, error) {
	var rows []models.Handover
	var view HandoverView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &rows)); err != nil {
			return err
		}
		h, err := store.One(rows)
		if err != nil {
			return err
		}
		b := book{matcher: s.matcher, handovers: []models.ID{id}}
		if err := b.load(tx, actor, h.GridID, h.ReceiverHouseholdID); err != nil {
			return err
		}
		grids := append(ids(b.matches, func(m models.Match) models.ID { return m.LotGridID }), h.GridID)
		var nodes []models.Grid
		if err := tx.Load(store.ByID(distinct(grids), &nodes)); err != nil {
			return err
		}
		// Where it goes, or where the goods come from.
		works := slices.ContainsFunc(nodes, func(g models.Grid) bool { return actor.Works(g.Path) })
		if h.RelayID != nil && relayByID(b.relays, h.RelayID) == nil {
			if err := tx.Load(store.ByID([]models.ID{*h.RelayID}, &b.relays)); err != nil {
				return err
			}
		}
		b.viewer.helps = !works
		view = b.viewer.handover(h, b.matches)
		view.Relay = relayByID(b.relays, h.RelayID)
		view.Building = b.homes[0].Building
		if view.ReceiverID != actor.PersonID && view.Side == SideWorker && !works && !carries(actor, h, nodes...) && !hosts(actor, view.Relay) {
			return fault.New(fault.NotFound, "not_found")
		}
		return nil
	})
	if err != nil {
		return HandoverView{}, err
	}
	if view.Side == SideGiver {
		view.Building = "" // the giver learns of the receiver by consent only
	}
	return view, err
}
