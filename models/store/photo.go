package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// CreatePhoto keeps a picture; that there is one is told by its thing, which is
// saved with it.
func (tx *Tx) CreatePhoto(p *models.Photo) error { return tx.db.Create(p).Error }

// DropPhoto forgets a picture.
func (tx *Tx) DropPhoto(id models.ID) error {
	return tx.db.Where("id = ?", id).Delete(&models.Photo{}).Error
}

// PhotosOf reads which photos there are of some things, without the pictures.
func PhotosOf(things []models.ID, into *[]models.Photo) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Omit("image").Where("thing_id IN ?", things).Order("created_at, id").Find(into)
	}
}

// PhotoHead reads one photo without its picture.
func PhotoHead(id models.ID, into *[]models.Photo) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Omit("image").Where("id = ?", id).Find(into) }
}

// EndPhotos gives up to limit photos their last day, whose things have closed
// since, and tells how many. A lot does not keep when it closed; it is looked for
// often enough.
func (tx *Tx) EndPhotos(limit int) (int64, error) {
	done := many(tx.db).Exec("UPDATE photos SET gone_at = ? WHERE id IN (SELECT p.id FROM photos p"+
		" LEFT JOIN lots l ON p.thing = 'lot' AND l.id = p.thing_id LEFT JOIN handovers h ON p.thing = 'handover' AND h.id = p.thing_id"+
		" WHERE p.gone_at IS NULL AND (l.state = 'closed' OR h.closed_at IS NOT NULL) LIMIT ?)",
		tx.Now.AddDate(0, 0, models.PhotoDays), limit)
	return done.RowsAffected, done.Error
}

// DropGonePhotos forgets up to limit photos whose last day is over, and tells how many.
func (tx *Tx) DropGonePhotos(limit int) (int64, error) {
	done := many(tx.db).Exec("DELETE FROM photos WHERE id IN (SELECT id FROM photos WHERE gone_at <= ? ORDER BY gone_at LIMIT ?)", tx.Now, limit)
	return done.RowsAffected, done.Error
}
