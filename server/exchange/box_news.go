package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// freeInBox is what anybody whom the box serves may get of a lot at once.
func freeInBox(l models.Lot) int {
	if l.Place != models.PlaceBox || l.RelayID == nil || l.CheckedAt == nil {
		return 0
	}
	return l.Remaining
}

// tellBox leaves word for the micro-grids that a point serves when more of a lot
// lies free in its box than before: they are not locked now. A point that serves
// only the grid that this change plans as well has nobody to tell.
func (d *desk) tellBox(l models.Lot) error {
	if freeInBox(l) <= d.free[l.ID] {
		return nil
	}
	if relay := relayByID(d.relays, l.RelayID); d.planned && relay != nil && relay.ServesID == d.scope.grid.ID {
		return nil
	}
	return d.tx.TellBox(*l.RelayID, l.ItemID)
}

// newsBatch is of how many boxes and items one sweep tells; servedNeeds how many
// open lines it looks at for each.
const (
	newsBatch   = 100
	servedNeeds = 2000
)

// hearBoxes plans the micro-grids in which somebody may want what is new in a box
// that serves them. News is forgotten once it has been heard by all of them, so a
// sweep that dies half-way begins anew.
func (s *Service) hearBoxes(ctx context.Context) (int, error) {
	var news, heard []models.BoxNews
	if err := s.store.Read(ctx, store.NewsOfBoxes(newsBatch, &news)); err != nil || len(news) == 0 {
		return 0, err
	}
	planned := map[models.ID]error{}
	today := models.DateOf(s.store.Now())
	for _, n := range news {
		var needs []models.Need
		if err := s.store.Read(ctx, store.NeedsServed(n.RelayID, servedNeeds, &needs)); err != nil {
			return 0, err
		}
		all := true
		for _, need := range needs {
			if !slices.Contains(s.matcher.MayGet(need, today), n.ItemID) {
				continue
			}
			err, done := planned[need.GridID]
			if !done {
				err = s.Plan(ctx, need.GridID)
				planned[need.GridID] = err
			}
			if err != nil && !fault.Is(err, fault.Conflict) {
				return 0, err
			}
			all = all && err == nil
		}
		if all {
			heard = append(heard, n)
		}
	}
	return len(planned), s.store.InTx(ctx, func(tx *store.Tx) error {
		for _, n := range heard {
			if err := tx.ForgetNews(n); err != nil {
				return err
			}
		}
		return nil
	})
}
