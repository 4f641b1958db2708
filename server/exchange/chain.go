package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Hand is who held units of a lot, as it may be said: a home by its building, a
// point or a recovery point by its name, a carrier by hers.
type Hand struct {
	Kind models.HolderKind
	Name string
}

// ChainStep is one change of hands.
type ChainStep struct {
	models.Custody
	FromHand, ToHand Hand
	By               string // who did it, "" where time did
}

// Chain tells who held what of a lot from when to when, to the workers of its grids
// and to who keeps its point. Doors and phones are in no chain.
func (s *Service) Chain(ctx context.Context, actor models.Actor, id models.ID) (LotView, []ChainStep, error) {
	var lots []models.Lot
	var matches []models.Match
	var chain []models.Custody
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &lots), store.MatchesOfLots([]models.ID{id}, &matches),
		store.CustodyOf([]models.ID{id}, &chain)); err != nil {
		return LotView{}, nil, err
	}
	l, err := store.One(lots)
	if err != nil {
		return LotView{}, nil, err
	}
	if err := s.seesChain(ctx, actor, l, matches); err != nil {
		return LotView{}, nil, err
	}
	steps := []ChainStep{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		say, err := handNames(tx, chain)
		for _, c := range chain {
			step := ChainStep{Custody: c, FromHand: say(c.From), ToHand: say(c.To)}
			if c.By != nil {
				step.By = say(models.Carrier(*c.By)).Name
			}
			steps = append(steps, step)
		}
		return err
	})
	return viewer{actor: actor, matcher: s.matcher}.lot(l, nil), steps, err
}

func (s *Service) seesChain(ctx context.Context, actor models.Actor, l models.Lot, matches []models.Match) error {
	grids := append(ids(matches, func(m models.Match) models.ID { return m.GridID }), l.GridID, l.GiverGridID)
	for _, g := range distinct(grids) {
		if sc, err := s.scope(ctx, g); err == nil && actor.Works(sc.grid.Path) {
			return nil
		}
	}
	if l.RelayID != nil {
		if _, err := s.boxOf(ctx, actor, *l.RelayID); err == nil {
			return nil
		}
	}
	return fault.New(fault.NotFound, "not_found")
}

// handNames reads what the hands of a chain are called.
func handNames(tx *store.Tx, chain []models.Custody) (func(models.Holder) Hand, error) {
	var all []models.ID
	for _, c := range chain {
		all = append(all, c.From.ID, c.To.ID)
		if c.By != nil {
			all = append(all, *c.By)
		}
	}
	all = distinct(slices.Clone(all))
	names := map[models.ID]string{}
	var homes []models.Household
	var relays []models.RelayPoint
	var receipts []models.Recovery
	var grids []models.Grid
	if len(all) > 0 {
		if err := tx.Load(store.HouseholdsPlain(all, &homes), store.ByID(all, &relays), store.ByID(all, &receipts), store.ByID(all, &grids)); err != nil {
			return nil, err
		}
		people, err := namesOf(tx, all)
		if err != nil {
			return nil, err
		}
		names = people
	}
	for _, h := range homes {
		names[h.ID] = h.Building
	}
	for _, r := range relays {
		names[r.ID] = r.Name
	}
	for _, r := range receipts {
		names[r.ID] = r.Place + " " + r.Receipt
	}
	for _, g := range grids {
		names[g.ID] = g.Name
	}
	return func(h models.Holder) Hand { return Hand{h.Kind, names[h.ID]} }, nil
}
