package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// ConsentsOf reads a person's answers, oldest first: the last one counts.
func ConsentsOf(person models.ID, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ?", person).Order("at, id").Find(into)
	}
}

// ConsentsOfSession reads the answers of the person of a session, oldest first.
func ConsentsOfSession(hash []byte, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = (SELECT person_id FROM credentials WHERE hash = ?)", hash).
			Order("at, id").Find(into)
	}
}

// ConsentsOfHousehold reads the answers of everybody who lives there, oldest first.
func ConsentsOfHousehold(household models.ID, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id IN (SELECT id FROM people WHERE household_id = ?)", household).
			Order("at, id").Find(into)
	}
}

// ConsentsOfMatches reads the answers to "show door and phone" of matches.
func ConsentsOfMatches(matches []models.ID, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("match_id IN ?", matches).Order("at, id").Find(into)
	}
}

// CreateConsent appends an answer.
func (tx *Tx) CreateConsent(c *models.Consent) error { return tx.db.Create(c).Error }

// CreateConsents appends many answers.
func (tx *Tx) CreateConsents(consents []models.Consent) error { return createAll(tx, consents) }
