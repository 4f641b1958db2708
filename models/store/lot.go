package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var lotChanging = []string{"remaining", "reserved", "lent", "given", "withdrawn", "expired", "state", "close_reason",
	"batch", "expires_on", "place", "carrier_id", "grid_id", "relay_id", "checked_at", "checked_by", "want_back_at", "due_at"}

// SaveLot writes the lot and its event, in its grid and those that it left, and
// where its giver hears of it.
func (tx *Tx) SaveLot(l *models.Lot, kind string, to models.Audience, grids ...models.ID) error {
	if err := l.Check(); err != nil {
		return err
	}
	if err := tx.versioned(l, &l.Version, lotChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingLot, ThingID: l.ID, Version: l.Version,
		State: string(l.State), Audience: to, Quantities: map[string]int{"offered": l.Offered,
			"remaining": l.Remaining, "reserved": l.Reserved, "given": l.Given, "withdrawn": l.Withdrawn,
			"lent": l.Lent, "expired": l.Expired}}, append(grids, l.GridID)...)
	tx.also(l.GiverGridID)
	return nil
}

// CreateOffer writes the post itself; its lots follow by SaveLot.
func (tx *Tx) CreateOffer(o *models.Offer) error { return tx.db.Create(o).Error }

// LotsOfOffer reads the lots of posts.
func LotsOfOffer(offers []models.ID, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("offer_id IN ?", offers).Order("created_at, id").Find(into)
	}
}

// LotsOfHandover reads the lots of which something travels in a handover.
func LotsOfHandover(handover models.ID, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("id IN (SELECT lot_id FROM matches WHERE handover_id = ?)", handover).Find(into)
	}
}

// LotsFree reads what a need of grid may get: free lots of the grid itself
// and of the boxes that serve it, as far as their grids are locked.
func LotsFree(grid models.ID, locked []models.ID, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'offered' AND grid_id IN ?", locked).
			Where("(grid_id = ? OR place = 'box')", grid).Order("created_at, id").Find(into)
	}
}

// LotsToCheck reads lots that a worker of the grid has still to see: matched
// or handed in, and not yet checked; also those that come from another grid.
func LotsToCheck(grid models.ID, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("checked_at IS NULL AND state <> 'closed' AND (reserved > 0 OR place = 'box')").
			Where("(grid_id = ? OR id IN (SELECT lot_id FROM matches WHERE grid_id = ? AND lot_grid_id <> grid_id AND state IN "+live+"))", grid, grid).Order("created_at, id").Limit(limit).Find(into)
	}
}

// LotsDue reads lots of which something remains past its date.
func LotsDue(now time.Time, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'offered' AND due_at <= ?", now).Order("due_at").Limit(limit).Find(into)
	}
}

// OffersOf reads a person's posts, newest first; live ones only where asked.
func OffersOf(person models.ID, live bool, before *Cursor, limit int, into *[]models.Offer) Read {
	return func(db *gorm.DB) *gorm.DB {
		db = fresh(db, into).Where("person_id = ?", person)
		if live {
			db = db.Where("EXISTS (SELECT 1 FROM lots WHERE lots.offer_id = offers.id AND lots.state <> 'closed')")
		}
		return before.page(db).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}
