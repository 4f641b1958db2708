package store

import (
	"linli/models"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// PathsTouching reads the rows of the path table that begin or end at one of the
// keys: all walks from and to a relay point.
func PathsTouching(keys []string, into *[]models.Path) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("from_key IN ? OR to_key IN ?", keys, keys).Order("from_key, to_key").Find(into)
	}
}

// PathsAmong reads the rows of the path table from one of the keys to another: the
// walks of a round.
func PathsAmong(keys []string, into *[]models.Path) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("from_key IN ? AND to_key IN ?", keys, keys).Order("from_key, to_key").Find(into)
	}
}

// AllPaths reads the whole path table.
func AllPaths(into *[]models.Path) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Order("from_key, to_key").Find(into) }
}

// SavePaths writes rows of the path table, over those of the same keys.
func (tx *Tx) SavePaths(paths []models.Path) error {
	for len(paths) > 0 {
		n := min(len(paths), 500)
		over := clause.OnConflict{Columns: []clause.Column{{Name: "from_key"}, {Name: "to_key"}},
			DoUpdates: clause.AssignmentColumns([]string{"metres"})}
		if err := many(tx.db).Clauses(over).Create(paths[:n]).Error; err != nil {
			return err
		}
		paths = paths[n:]
	}
	return nil
}
