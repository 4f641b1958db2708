package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// batchKey is models.BatchKey of a column, on both databases.
const batchKey = "UPPER(REPLACE(REPLACE(lots.batch, ' ', ''), '-', ''))"

var collectionChanging = []string{"got", "state", "closed_by", "closed_at"}

// CreateRecall writes a recall before anything is called back.
func (tx *Tx) CreateRecall(r *models.Recall) error { return tx.db.Create(r).Error }

// FinishRecall marks a recall that has reached every lot.
func (tx *Tx) FinishRecall(r *models.Recall) error {
	r.State, r.DoneAt = models.RecallDone, &tx.Now
	return tx.db.Model(r).Select("state", "done_at").Updates(r).Error
}

// RecallsOver reads the recalls that stand at one of these paths: those of a grid
// are few, of its own node and the nodes above it.
func RecallsOver(paths []string, into *[]models.Recall) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("path IN ?", paths).Order("created_at, id").Find(into)
	}
}

// RecallsAround reads up to limit recalls that concern a node, newest first: of it,
// of those above it and of those below it.
func RecallsAround(path string, above []string, limit int, into *[]models.Recall) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("path IN ? OR substr(path, 1, ?) = ?", above, len(path), path).
			Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// RecallsRunning reads up to limit recalls that have not reached every lot.
func RecallsRunning(limit int, into *[]models.Recall) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'running'").Order("created_at, id").Limit(limit).Find(into)
	}
}

// LotsToRecall reads up to limit lots at or below the node of a recall that it has
// still to reach: something of them can move, or was given and is not asked back, or
// is lent and not wanted back.
func LotsToRecall(r models.Recall, limit int, into *[]models.Lot) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("item_id = ? AND batch <> '' AND "+batchKey+" = ?", r.ItemID, r.BatchKey).
			Where("grid_id IN (SELECT id FROM grids WHERE substr(path, 1, ?) = ?)", len(r.Path), r.Path).
			Where("(remaining + reserved > 0 OR kind = 'loan' AND lent > 0 AND want_back_at IS NULL" +
				" OR kind <> 'loan' AND EXISTS (SELECT 1 FROM matches m WHERE m.lot_id = lots.id AND m.state = 'given'" +
				" AND NOT EXISTS (SELECT 1 FROM collections c WHERE c.match_id = m.id)))").
			Order("grid_id, id").Limit(limit).Find(into)
	}
}

// RecallCounts say what a recall has come to.
type RecallCounts struct {
	Lots      int // of that batch
	LeftOver  int // that it has still to reach
	Stopped   int // units that were called back before they were given
	Asked     int // households that were asked not to take it
	Collected int // of these, that have been called on
}

// CountRecall counts what a recall has come to.
func CountRecall(r models.Recall, into *[]RecallCounts) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Raw("SELECT COUNT(*) AS lots, COALESCE(SUM(CASE WHEN remaining + reserved > 0 THEN 1 ELSE 0 END), 0) AS left_over,"+
			" COALESCE(SUM(CASE WHEN close_reason = 'recalled' THEN withdrawn ELSE 0 END), 0) AS stopped,"+
			" (SELECT COUNT(*) FROM collections WHERE recall_id = ?) AS asked,"+
			" (SELECT COUNT(*) FROM collections WHERE recall_id = ? AND state = 'collected') AS collected"+
			" FROM lots WHERE item_id = ? AND batch <> '' AND "+batchKey+" = ? AND grid_id IN (SELECT id FROM grids WHERE substr(path, 1, ?) = ?)",
			r.ID, r.ID, r.ItemID, r.BatchKey, len(r.Path), r.Path).Find(into)
	}
}

// SaveCollection writes the collection and its event, which the receiver hears and
// her workers.
func (tx *Tx) SaveCollection(c *models.Collection, kind string) error {
	if err := tx.versioned(c, &c.Version, collectionChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingCollection, ThingID: c.ID, Version: c.Version, State: string(c.State),
		Audience:   models.Audience{Workers: true, Persons: []models.ID{c.PersonID}},
		Quantities: map[string]int{"units": c.Units, "got": c.Got}}, c.GridID)
	return nil
}

// CollectionsOf reads what of some matches was called back.
func CollectionsOf(matches []models.ID, into *[]models.Collection) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("match_id IN ?", matches).Order("id").Find(into)
	}
}

// CollectionsOfLot reads what of a lot was called back after it was given.
func CollectionsOfLot(lot models.ID, into *[]models.Collection) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("lot_id = ?", lot).Order("id").Find(into) }
}

// CollectionsOpen reads up to limit collections of a grid that nobody has fetched.
func CollectionsOpen(grid models.ID, limit int, into *[]models.Collection) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND state = 'asked'", grid).Order("created_at, id").Limit(limit).Find(into)
	}
}

// CollectionsOfRecall reads up to limit collections of a recall, open ones first.
func CollectionsOfRecall(recall models.ID, limit int, into *[]models.Collection) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("recall_id = ?", recall).Order("state, created_at, id").Limit(limit).Find(into)
	}
}
