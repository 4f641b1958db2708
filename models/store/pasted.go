package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// PastedByMark reads the messages of a grid with these marks.
func PastedByMark(grid models.ID, marks [][]byte, into *[]models.PastedMessage) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND mark IN ?", grid, marks).Find(into)
	}
}

// SavePasted notes what came of a message. An old row is of a message that was
// forgotten: it is written anew where it stands.
func (tx *Tx) SavePasted(m models.PastedMessage, old bool) error {
	if !old {
		return tx.db.Create(&m).Error
	}
	return tx.db.Model(&m).Select("post_id", "at").Updates(&m).Error
}

// PastedTwice reports whether err is the loss of a race for one message.
func PastedTwice(err error) bool { return duplicateOf(err, "pasted_messages") }

// DropPasted forgets messages that were posted before a time.
func (tx *Tx) DropPasted(before time.Time) error {
	return many(tx.db).Where("at < ?", before).Delete(&models.PastedMessage{}).Error
}
