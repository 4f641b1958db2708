package exchange

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// LotCode says whether the giver may show this lot's code at the point: it leads
// the worker to the check. It proves nothing and is signed by nobody, because who
// may check is asked of the one who scans, not of the one who shows.
func (s *Service) LotCode(ctx context.Context, actor models.Actor, id models.ID) error {
	var lots []models.Lot
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &lots)); err != nil {
		return err
	}
	l, err := store.One(lots)
	if err != nil || l.PersonID != actor.PersonID {
		return fault.New(fault.NotFound, "not_found")
	}
	if l.CheckedAt != nil || !l.Live() {
		return fault.New(fault.Conflict, "already_checked")
	}
	return nil
}
