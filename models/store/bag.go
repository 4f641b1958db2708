package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var bagChanging = []string{"state", "taken", "refused", "opened_by", "opened_at", "due_at", "closed_at"}

// SaveBag writes the bag and its event, at home and where its box lies.
func (tx *Tx) SaveBag(b *models.Bag, kind string, to models.Audience) error {
	if err := tx.versioned(b, &b.Version, bagChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingBag, ThingID: b.ID, Version: b.Version, State: string(b.State), Audience: to,
		Quantities: map[string]int{"taken": b.Taken, "refused": b.Refused}}, b.GridID, b.RelayGridID)
	return nil
}

// BagsAt reads up to limit bags that a point waits for or has open, oldest first.
func BagsAt(relay models.ID, limit int, into *[]models.Bag) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id = ? AND state IN ('waiting','open')", relay).Order("created_at, id").Limit(limit).Find(into)
	}
}

// BagsDue reads bags that nobody has brought in time.
func BagsDue(now time.Time, limit int, into *[]models.Bag) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'waiting' AND due_at <= ?", now).Order("due_at").Limit(limit).Find(into)
	}
}

// BagsIn reads up to limit bags that the points of a grid wait for or have open.
func BagsIn(grid models.ID, limit int, into *[]models.Bag) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("relay_id IN (SELECT id FROM relay_points WHERE grid_id = ?) AND state IN ('waiting','open')", grid).
			Order("created_at, id").Limit(limit).Find(into)
	}
}
