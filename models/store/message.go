package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var messageChanging = []string{"state", "answer", "closed_at"}

// SaveMessage writes the message and its event, which she hears whom it is for,
// and the workers at both ends.
func (tx *Tx) SaveMessage(m *models.Message, kind string) error {
	if err := tx.versioned(m, &m.Version, messageChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingMessage, ThingID: m.ID, Version: m.Version, State: string(m.State),
		Audience: models.Audience{Workers: true, Persons: []models.ID{m.PersonID}}}, m.GridID, m.AboutGridID)
	return nil
}

// MessagesTo reads what a person was sent since a time, oldest first.
func MessagesTo(person models.ID, since time.Time, into *[]models.Message) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND created_at >= ?", person, since).Order("created_at, id").Find(into)
	}
}

// MessagesAround reads up to limit messages since a time to people of a grid, or
// about things of it, newest first.
func MessagesAround(grid models.ID, since time.Time, limit int, into *[]models.Message) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("(grid_id = ? OR about_grid_id = ?) AND created_at >= ?", grid, grid, since).
			Order("created_at DESC, id DESC").Limit(limit).Find(into)
	}
}

// MessagesDue reads up to limit open messages that nobody answered in time.
func MessagesDue(now time.Time, limit int, into *[]models.Message) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("state = 'open' AND due_at <= ?", now).Order("due_at, id").Limit(limit).Find(into)
	}
}

// SessionsOf reads the live sessions of people: who has none reads nothing that
// is sent to her.
func SessionsOf(people []models.ID, now time.Time, into *[]models.Credential) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id IN ? AND kind = 'session' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)", people, now).
			Order("id").Find(into)
	}
}
