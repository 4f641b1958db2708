package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// CreateTicket keeps the hash of a ticket and forgets the person's old ones,
// so that reconnecting for years leaves a few rows.
func (tx *Tx) CreateTicket(c *models.Credential) error {
	err := many(tx.db).Where("person_id = ? AND kind = ? AND expires_at < ?",
		c.PersonID, models.CredentialTicket, tx.Now).Delete(&models.Credential{}).Error
	if err != nil {
		return err
	}
	return tx.db.Create(c).Error
}

// UseTicket spends a ticket: of any number of tries exactly one succeeds, the
// others meet a conflict.
func (tx *Tx) UseTicket(hash []byte) error {
	return tx.db.Model(&models.Credential{}).
		Where("hash = ? AND kind = ? AND used_at IS NULL AND revoked_at IS NULL AND expires_at > ?",
			hash, models.CredentialTicket, tx.Now).
		Update("used_at", tx.Now).Error
}

// TicketsUnspent reads a person's tickets that still open a stream.
func TicketsUnspent(person models.ID, now time.Time, into *[]models.Credential) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND kind = ? AND used_at IS NULL AND expires_at > ?",
			person, models.CredentialTicket, now).Find(into)
	}
}
