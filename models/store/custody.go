package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// CreateCustody appends changes of hands; what they are about tells the event.
func (tx *Tx) CreateCustody(rows []models.Custody) error {
	if len(rows) == 0 {
		return nil
	}
	for i := range rows {
		rows[i].ID, rows[i].At = tx.NewID(), tx.Now
	}
	return tx.db.Create(&rows).Error
}

// CustodyOf reads the chains of lots, oldest first.
func CustodyOf(lots []models.ID, into *[]models.Custody) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("lot_id IN ?", lots).Order("at, id").Find(into)
	}
}
