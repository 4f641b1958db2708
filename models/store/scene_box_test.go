package store_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/store"
)

// callBack lives the whole life of a bag: it is booked in, given, recalled, fetched
// back and brought to a pharmacy; and a second bag is awaited.
func (s *scene) callBack(t *testing.T) (called *deal, bag, collection, receipt models.ID) {
	t.Helper()
	d := s.agree(t, 6, 6, 6)
	s.wait(time.Hour)
	s.bring(t, d, s.Relay)
	s.wait(time.Hour)
	s.give(t, d)
	s.wait(time.Hour)
	s.in(t, func(tx *store.Tx) error {
		by := s.worker.PersonID
		d.lot.Batch, d.lot.CheckedAt, d.lot.CheckedBy = "a1-17 B", &tx.Now, &by
		waiting := models.Offer{ID: tx.NewID(), GridID: s.Micro.ID, HouseholdID: s.giver.HouseholdID, PersonID: s.giver.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
		done := models.Bag{ID: d.lot.OfferID, GridID: s.Micro.ID, RelayID: s.Relay.ID, RelayGridID: s.Micro.ID, PersonID: s.giver.PersonID,
			HouseholdID: s.giver.HouseholdID, State: models.BagDone, Taken: 1, OpenedBy: &by, OpenedAt: &tx.Now, CreatedAt: tx.Now, ClosedAt: &tx.Now}
		due := models.BagDue(tx.Now)
		next := models.Bag{ID: waiting.ID, GridID: s.Micro.ID, RelayID: s.Relay.ID, RelayGridID: s.Micro.ID, PersonID: s.giver.PersonID,
			HouseholdID: s.giver.HouseholdID, State: models.BagWaiting, DueAt: &due, CreatedAt: tx.Now}
		r := models.Recall{ID: tx.NewID(), GridID: s.Community.ID, Path: s.Community.Path, ItemID: d.lot.ItemID, Batch: "A117b",
			BatchKey: models.BatchKey("A117b"), Reason: awkward, PersonID: by, State: models.RecallRunning, CreatedAt: tx.Now}
		c := models.Collection{ID: tx.NewID(), RecallID: r.ID, GridID: s.Micro.ID, LotID: d.lot.ID, MatchID: d.match.ID, HouseholdID: s.elder.HouseholdID,
			PersonID: s.elder.PersonID, ItemID: d.lot.ItemID, Units: 6, State: models.CollectionAsked, CreatedAt: tx.Now}
		to := models.Recovery{ID: tx.NewID(), GridID: s.Micro.ID, RelayID: s.Relay.ID, PersonID: by, Place: "怀远大药房", Receipt: awkward, CreatedAt: tx.Now}
		took := models.StockTake{ID: tx.NewID(), GridID: s.Micro.ID, RelayID: s.Relay.ID, PersonID: by, Counted: 3, CreatedAt: tx.Now,
			Lines: []models.StockTakeLine{{LotID: d.lot.ID, ItemID: "M004", Should: 3, Counted: 2, Spoiled: 1, Why: models.WhyNotFound}}}
		bag, collection, receipt = done.ID, c.ID, to.ID
		err := first(tx.SaveLot(&d.lot, "lot.checked_in", everybody), tx.CreateOffer(&waiting), tx.SaveBag(&done, "bag.done", everybody),
			tx.SaveBag(&next, "bag.posted", everybody), tx.CreateRecall(&r), tx.SaveCollection(&c, "collection.asked"),
			tx.CreateRecovery(&to), tx.CreateStockTake(&took), tx.TellBox(s.Relay.ID, "M004"), tx.TellBox(s.Relay.ID, "M004"))
		c.Got, c.ClosedBy, c.ClosedAt = 4, &by, &tx.Now
		return first(err, c.Apply(models.CommandClose), tx.SaveCollection(&c, "collection.collected"), tx.FinishRecall(&r),
			tx.CreateCustody([]models.Custody{
				{GridID: s.Micro.ID, LotID: d.lot.ID, MatchID: &d.match.ID, Units: 4, From: models.Home(s.elder.HouseholdID), To: models.Box(s.Relay.ID), Why: models.WhyRecall, By: &by},
				{GridID: s.Micro.ID, LotID: d.lot.ID, Units: 3, From: models.Box(s.Relay.ID), To: models.Recovered(to.ID), Why: "recovery", By: &by}}))
	})
	return d, bag, collection, receipt
}
