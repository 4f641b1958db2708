package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// WechatBindingOf reads the WeChat accounts of people.
func WechatBindingOf(people []models.ID, into *[]models.WechatBinding) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id IN ?", people).Order("person_id").Find(into)
	}
}

// WechatBindingByIndex reads whose account has that keyed hash.
func WechatBindingByIndex(index []byte, into *[]models.WechatBinding) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("open_id_index = ?", index).Find(into) }
}

// BindWechat makes the account this person's, in place of what either had.
func (tx *Tx) BindWechat(b *models.WechatBinding) error {
	if err := tx.UnbindWechat(b.PersonID); err != nil {
		return err
	}
	return tx.db.Create(b).Error
}

// UnbindWechat forgets a person's account, what she allowed and what was to be
// sent to her; of what was sent it forgets that too.
func (tx *Tx) UnbindWechat(person models.ID) error {
	for _, statement := range []string{
		"DELETE FROM wechat_messages WHERE person_id = ?",
		"DELETE FROM wechat_grants WHERE person_id = ?",
		"DELETE FROM wechat_bindings WHERE person_id = ?",
	} {
		if err := many(tx.db).Exec(statement, person).Error; err != nil {
			return err
		}
	}
	return nil
}

// CreateWechatTicket keeps a ticket and forgets those that are over.
func (tx *Tx) CreateWechatTicket(t *models.WechatTicket) error {
	if err := many(tx.db).Where("expires_at < ?", tx.Now).Delete(&models.WechatTicket{}).Error; err != nil {
		return err
	}
	return tx.db.Create(t).Error
}

// WechatTicketByHash reads the ticket with that hash.
func WechatTicketByHash(hash []byte, into *[]models.WechatTicket) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("hash = ?", hash).Find(into) }
}

// UseWechatTicket spends a ticket: of any number of tries exactly one succeeds,
// the others meet a conflict.
func (tx *Tx) UseWechatTicket(id models.ID) error {
	return tx.db.Model(&models.WechatTicket{}).Where("id = ? AND used_at IS NULL AND expires_at > ?", id, tx.Now).
		Update("used_at", tx.Now).Error
}

// WechatGrantsOf reads what people still allow.
func WechatGrantsOf(people []models.ID, into *[]models.WechatGrant) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id IN ?", people).Order("person_id, moment").Find(into)
	}
}

// AllowWechat counts one tap: one message more of a moment, up to the most.
func (tx *Tx) AllowWechat(person models.ID, moment models.Moment) error {
	return tx.db.Exec("INSERT INTO wechat_grants (person_id, moment, budget) VALUES (?, ?, 1)"+
		" ON CONFLICT (person_id, moment) DO UPDATE SET budget = CASE WHEN wechat_grants.budget < ? THEN wechat_grants.budget + 1 ELSE wechat_grants.budget END",
		person, moment, models.MaxGrants).Error
}

// SpendWechat takes one message off; without one left it meets a conflict.
func (tx *Tx) SpendWechat(person models.ID, moment models.Moment) error {
	return tx.db.Exec("UPDATE wechat_grants SET budget = budget - 1 WHERE person_id = ? AND moment = ? AND budget > 0", person, moment).Error
}

// ReturnWechat gives back one that WeChat did not use up.
func (tx *Tx) ReturnWechat(person models.ID, moment models.Moment) error {
	return many(tx.db).Exec("UPDATE wechat_grants SET budget = budget + 1 WHERE person_id = ? AND moment = ? AND budget < ?",
		person, moment, models.MaxGrants).Error
}

// EmptyWechat is what WeChat says: nothing of this moment is allowed any more.
func (tx *Tx) EmptyWechat(person models.ID, moment models.Moment) error {
	return many(tx.db).Exec("UPDATE wechat_grants SET budget = 0 WHERE person_id = ? AND moment = ?", person, moment).Error
}

// FollowWechat begins to look at the events of a grid, from now on.
func (tx *Tx) FollowWechat(grid models.ID) error {
	return many(tx.db).Exec("INSERT INTO wechat_cursors (grid_id, seq) SELECT grid_id, seq FROM grid_seq WHERE grid_id = ?"+
		" ON CONFLICT (grid_id) DO NOTHING", grid).Error
}

// WechatCursorsBehind reads up to limit grids in which more has happened.
func WechatCursorsBehind(limit int, into *[]models.WechatCursor) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Select("wechat_cursors.*").Joins("JOIN grid_seq q ON q.grid_id = wechat_cursors.grid_id AND q.seq > wechat_cursors.seq").
			Order("wechat_cursors.grid_id").Limit(limit).Find(into)
	}
}

// MoveWechat moves a cursor on; of two processes that do so one meets a conflict.
func (tx *Tx) MoveWechat(c models.WechatCursor, to int64) error {
	return tx.db.Model(&models.WechatCursor{}).Where("grid_id = ? AND seq = ?", c.GridID, c.Seq).Update("seq", to).Error
}

// WechatMessagesOf reads what was sent, or is to be, about some handovers.
func WechatMessagesOf(handovers []models.ID, into *[]models.WechatMessage) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("handover_id IN ?", handovers).Order("created_at, id").Find(into)
	}
}

// CreateWechatMessages queues messages.
func (tx *Tx) CreateWechatMessages(messages []models.WechatMessage) error {
	return createAll(tx, messages)
}

// RenewWechatMessage queues once more a message that was sent or given up; one that
// waits meets a conflict.
func (tx *Tx) RenewWechatMessage(id models.ID) error {
	return tx.db.Exec("UPDATE wechat_messages SET state = 'waiting', tries = 0, code = 0, created_at = ?, due_at = ?, closed_at = NULL"+
		" WHERE id = ? AND state <> 'waiting'", tx.Now, tx.Now, id).Error
}

// WechatMessagesDue reads up to limit messages whose next try has come.
func WechatMessagesDue(now time.Time, limit int, into *[]models.WechatMessage) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'waiting' AND due_at <= ?", now).Order("due_at, id").Limit(limit).Find(into)
	}
}

// SaveWechatMessage writes what became of a message after that many tries; who
// has been overtaken meets a conflict.
func (tx *Tx) SaveWechatMessage(m *models.WechatMessage, tries int) error {
	return tx.db.Model(&models.WechatMessage{}).Where("id = ? AND tries = ? AND state = 'waiting'", m.ID, tries).
		Select("state", "tries", "code", "due_at", "closed_at").Updates(m).Error
}

// DropOldWechat forgets messages that were closed before a time: no handover
// lasts so long that one of its moments could come again.
func (tx *Tx) DropOldWechat(before time.Time) error {
	return many(tx.db).Where("closed_at < ?", before).Delete(&models.WechatMessage{}).Error
}
