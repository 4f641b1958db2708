package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Collect ticks off that a worker has called on a household: what it gave back goes
// into the box, from where it leaves against a receipt; the rest is used up.
func (s *Service) Collect(ctx context.Context, actor models.Actor, id models.ID, got int) (CollectionView, error) {
	if got < 0 || got > models.MaxUnits {
		return CollectionView{}, fault.InvalidField("quantity", "units_out_of_range")
	}
	var found []models.Collection
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &found)); err != nil {
		return CollectionView{}, err
	}
	c, err := store.One(found)
	if err != nil {
		return CollectionView{}, err
	}
	if err := s.workerOf(ctx, actor, c.GridID); err != nil {
		return CollectionView{}, err
	}
	if c.HouseholdID == actor.HouseholdID {
		return CollectionView{}, fault.New(fault.Forbidden, "not_alone")
	}
	if got > c.Units {
		return CollectionView{}, fault.InvalidField("quantity", "more_than_given")
	}
	sc, err := s.scope(ctx, c.GridID)
	if err != nil {
		return CollectionView{}, err
	}
	var lots []models.Lot
	if err := s.store.Read(ctx, store.ByID([]models.ID{c.LotID}, &lots)); err != nil {
		return CollectionView{}, err
	}
	l, err := store.One(lots)
	if err != nil {
		return CollectionView{}, err
	}
	to := l.Holder()
	if to.Kind != models.HolderBox { // it went straight from door to door
		to = models.Box(l.GridID)
		if len(sc.relays) > 0 {
			to = models.Box(sc.relays[0].ID)
		}
	}
	a := about{lots: []models.ID{c.LotID}}
	var r rows
	reads := append(s.announce(sc, a, &r), store.ByID([]models.ID{id}, &found))
	grids := append(sc.grids(), l.GridID, l.GiverGridID)
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (CollectionView, error) {
		d := s.desk(tx, sc, &r)
		c, err := store.One(slices.Clone(found))
		if err != nil {
			return CollectionView{}, err
		}
		l, err := find(d.lots, c.LotID)
		if err != nil {
			return CollectionView{}, err
		}
		if err := c.Apply(models.CommandClose); err != nil {
			return CollectionView{}, err
		}
		now, by := tx.Now, actor.PersonID
		c.Got, c.ClosedBy, c.ClosedAt = got, &by, &now
		d.hand(l, &c.MatchID, got, models.Home(c.HouseholdID), to, models.WhyRecall, by)
		d.collected = append(d.collected, &c)
		d.mark(l.ID, "lot.fetched_back")
		return CollectionView{Collection: c}, d.save()
	})
}
