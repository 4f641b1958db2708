package store

import (
	"linli/models"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Lying is how many units of a lot lie in a box.
type Lying struct {
	LotID models.ID
	Units int
}

// LyingIn reads what lies in a box, as the changes of hands have it.
func LyingIn(relay models.ID, into *[]Lying) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Raw("SELECT lot_id, SUM(units) AS units FROM (SELECT lot_id, units FROM custody WHERE to_kind = 'box' AND to_id = ?"+
			" UNION ALL SELECT lot_id, -units FROM custody WHERE from_kind = 'box' AND from_id = ?) moves"+
			" GROUP BY lot_id HAVING SUM(units) > 0 ORDER BY lot_id", relay, relay).Find(into)
	}
}

// CustodyTo reads what came into hands of a kind, oldest first.
func CustodyTo(kind models.HolderKind, hands []models.ID, into *[]models.Custody) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("to_kind = ? AND to_id IN ?", kind, hands).Order("at, id").Find(into)
	}
}

// CreateStockTake keeps what somebody counted.
func (tx *Tx) CreateStockTake(s *models.StockTake) error { return tx.db.Create(s).Error }

// StockTakesAt reads the counts of a box, newest first.
func StockTakesAt(relay models.ID, before *Cursor, limit int, into *[]models.StockTake) Read {
	return func(db *gorm.DB) *gorm.DB {
		return before.page(fresh(db, into).Where("relay_id = ?", relay)).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// CreateRecovery keeps the receipt under which things left a box.
func (tx *Tx) CreateRecovery(r *models.Recovery) error { return tx.db.Create(r).Error }

// RecoveriesAt reads the receipts of a box, newest first.
func RecoveriesAt(relay models.ID, before *Cursor, limit int, into *[]models.Recovery) Read {
	return func(db *gorm.DB) *gorm.DB {
		return before.page(fresh(db, into).Where("relay_id = ?", relay)).Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// TellBox notes that something of an item lies free in a box: news for the grids
// that it serves, which are not locked now.
func (tx *Tx) TellBox(relay models.ID, item models.ItemID) error {
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "relay_id"}, {Name: "item_id"}}, DoUpdates: clause.AssignmentColumns([]string{"mark", "at"})}).
		Create(&models.BoxNews{RelayID: relay, ItemID: item, Mark: tx.NewID(), At: tx.Now}).Error
}

// NewsOfBoxes reads up to limit boxes' news, oldest first.
func NewsOfBoxes(limit int, into *[]models.BoxNews) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Order("at, relay_id, item_id").Limit(limit).Find(into)
	}
}

// ForgetNews drops news that has been looked at, unless there was newer one meanwhile.
func (tx *Tx) ForgetNews(news models.BoxNews) error {
	return many(tx.db).Where("relay_id = ? AND item_id = ? AND mark = ?", news.RelayID, news.ItemID, news.Mark).Delete(&models.BoxNews{}).Error
}

// NeedsServed reads up to limit open lines of the micro-grids that a point serves.
func NeedsServed(relay models.ID, limit int, into *[]models.Need) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'open' AND held = ?", false).
			Where("grid_id IN (SELECT g.id FROM grids g JOIN relay_points r ON r.id = ? JOIN grids s ON s.id = r.serves_id"+
				" WHERE substr(g.path, 1, length(s.path)) = s.path)", relay).
			Order("created_at, id").Limit(limit).Find(into)
	}
}
