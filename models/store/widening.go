package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// CreateWidening keeps a step by which a line looks further; the line itself
// is saved with it.
func (tx *Tx) CreateWidening(w *models.Widening) error { return tx.db.Create(w).Error }

// WideningsOf reads the steps of lines, oldest first.
func WideningsOf(needs []models.ID, into *[]models.Widening) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("need_id IN ?", needs).Order("at, id").Find(into)
	}
}

// NeedsWidened reads up to limit open lines that look beyond their grid, after so
// many others: the widest first, and of those the oldest.
func NeedsWidened(after, limit int, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'open' AND reach <> '' AND held = ?", false).
			Order("length(reach), reach, created_at, id").Offset(after).Limit(limit).Find(into)
	}
}

// LotsFreeWithin reads up to limit free lots at or below a path, of those items,
// that no open window of their grid holds back; oldest first.
func LotsFreeWithin(path string, items []models.ItemID, now time.Time, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'offered' AND item_id IN ?", items).
			Where("grid_id IN (SELECT id FROM grids WHERE substr(path, 1, ?) = ?)", len(path), path).
			Where("grid_id NOT IN (SELECT grid_id FROM windows WHERE closes_at > ?)", now).
			Order("created_at, id").Limit(limit).Find(into)
	}
}

// FreeUnits are the free units of an item in a micro-grid.
type FreeUnits struct {
	Path   string
	ItemID models.ItemID
	Units  int
}

// FreeByGrid counts what lies free, by micro-grid and item.
func FreeByGrid(into *[]FreeUnits) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Table("lots").Select("grids.path AS path, lots.item_id AS item_id, SUM(lots.remaining) AS units").
			Joins("JOIN grids ON grids.id = lots.grid_id").Where("lots.state = 'offered'").
			Group("grids.path, lots.item_id").Find(into)
	}
}

// HouseholdsPlain reads households without their doors.
func HouseholdsPlain(ids []models.ID, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Select("id", "grid_id", "building", "care", "lat", "lon", "created_at").
			Where("id IN ?", ids).Order("id").Find(into)
	}
}

// RelaysWithin reads the relay points whose box lies at or below a path.
func RelaysWithin(path string, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id IN (SELECT id FROM grids WHERE substr(path, 1, ?) = ?)", len(path), path).
			Order("code").Find(into)
	}
}

// MatchesIn reads what the households of grids were matched with since a time.
func MatchesIn(grids []models.ID, since time.Time, into *[]models.Match) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id IN ? AND created_at >= ?", grids, since).Order("created_at, id").Find(into)
	}
}
