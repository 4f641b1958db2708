package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// InboundByID reads a message of a platform, if it has come before.
func InboundByID(robot models.ID, message string, into *[]models.InboundMessage) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("robot_id = ? AND message_id = ?", robot, message).Find(into)
	}
}

// CreateInbound takes a message: of two that arrive at once, one meets a conflict.
func (tx *Tx) CreateInbound(m *models.InboundMessage) error { return tx.db.Create(m).Error }

// RetakeInbound takes over a message that somebody took and never answered.
func (tx *Tx) RetakeInbound(m *models.InboundMessage) error {
	return tx.db.Model(&models.InboundMessage{}).Where("id = ? AND state = 'taken' AND taken_at = ?", m.ID, m.TakenAt).
		Update("taken_at", tx.Now).Error
}

// AnswerInbound keeps the answer, for the same message again. Who took the message
// before somebody else did is refused.
func (tx *Tx) AnswerInbound(m *models.InboundMessage) error {
	return tx.db.Model(m).Where("state = 'taken' AND taken_at = ?", m.TakenAt).Select("state", "answer").Updates(m).Error
}

// ReleaseInbound gives back what was taken, as if it had been taken at that time;
// nothing, if somebody else has taken it by now.
func (tx *Tx) ReleaseInbound(m *models.InboundMessage, at time.Time) error {
	return many(tx.db).Model(&models.InboundMessage{}).Where("id = ? AND state = 'taken' AND taken_at = ?", m.ID, m.TakenAt).
		Update("taken_at", at).Error
}

// InboundSince counts what a robot's group wrote since a time.
func InboundSince(robot models.ID, since time.Time, into *int64) Read {
	return func(db *gorm.DB) *gorm.DB {
		return db.Model(&models.InboundMessage{}).Where("robot_id = ? AND created_at >= ?", robot, since).Count(into)
	}
}
