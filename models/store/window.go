package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// WindowsOf reads the windows of a micro-grid.
func WindowsOf(grid models.ID, into *[]models.Window) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ?", grid).Order("item_id").Find(into)
	}
}

// SaveWindows writes the windows that stand in a locked micro-grid in place of
// those that stood.
func (tx *Tx) SaveWindows(grid models.ID, windows []models.Window) error {
	if err := many(tx.db).Where("grid_id = ?", grid).Delete(&models.Window{}).Error; err != nil || len(windows) == 0 {
		return err
	}
	return tx.db.Create(&windows).Error
}
