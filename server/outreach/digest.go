package outreach

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/store"
)

// digestItems is how many items a digest names.
const digestItems = 8

// digest puts the day's digest into a robot's queue; a day on which nothing is
// looked for and nothing was met is not told.
func (s *Service) digest(ctx context.Context, id models.ID) (made int, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		made = 0
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		r, bound, err := robot(tx, id)
		if err != nil || r.State != models.RobotOn || r.DigestAt == nil || r.DigestAt.After(tx.Now) {
			return err
		}
		paths := make([]string, len(bound))
		for i, b := range bound {
			paths[i] = b.GridPath
		}
		var open []store.WantedRow
		var met int64
		if err := tx.Load(store.WantedWithin(paths, &open), store.MetWithin(paths, tx.Now.Add(-24*time.Hour), &met)); err != nil {
			return err
		}
		if err := tx.SetDigest(id, digestAt(r, tx.Now)); err != nil {
			return err
		}
		if len(open) == 0 && met == 0 {
			return nil
		}
		made = 1
		return tx.CreateDelivery(&models.Delivery{RobotID: id, Kind: models.DeliveryDigest, Card: models.Card{Counts: count(open, int(met))}, DueAt: tx.Now})
	})
	return made, err
}

func count(open []store.WantedRow, met int) *models.CardCount {
	c := &models.CardCount{Met: met}
	for _, row := range open {
		c.Open += row.Needs
		c.Urgent += row.Urgent
		c.Items = append(c.Items, models.ItemCount{Item: row.ItemID, Units: row.Units, Homes: row.Homes})
	}
	slices.SortStableFunc(c.Items, func(a, b models.ItemCount) int { return b.Homes - a.Homes })
	c.Items = c.Items[:min(len(c.Items), digestItems)]
	return c
}
