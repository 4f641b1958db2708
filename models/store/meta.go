package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Meta is one fact about this database.
type Meta struct {
	Name  string `gorm:"primaryKey"`
	Value string
}

// TableName keeps the singular: there is one set of facts.
func (Meta) TableName() string { return "meta" }

// The facts kept.
const (
	MetaEpoch = "epoch" // changes when the database was restored: cursors before it mean nothing
	MetaKey   = "key"   // the id of the key that seals this database
	MetaDemo  = "demo"  // set: an example, of which --demo may take hold
)

// MetaOf reads some facts; one that was never set is left out.
func MetaOf(names []string, into *[]Meta) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("name IN ?", names).Find(into) }
}

// SetMeta sets a fact, or replaces it.
func (tx *Tx) SetMeta(name, value string) error {
	return tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "name"}},
		DoUpdates: clause.AssignmentColumns([]string{"value"})}).Create(&Meta{Name: name, Value: value}).Error
}

// SetMetaOnce sets a fact unless it is set already: of two processes that
// start at once, one decides and both go on with its value.
func (tx *Tx) SetMetaOnce(name, value string) error {
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&Meta{Name: name, Value: value}).Error
}

// createAll inserts many rows in statements of a size that both databases take.
func createAll[T any](tx *Tx, rows []T) error {
	const perStatement = 500
	for len(rows) > 0 {
		n := min(perStatement, len(rows))
		batch := rows[:n]
		if err := tx.db.Create(&batch).Error; err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
