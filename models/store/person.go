package store

import (
	"time"

	"linli/models"

	"gorm.io/gorm"
)

var personChanging = []string{"grid_id", "household_id", "name", "phone", "phone_index", "state"}

// SavePerson writes the person. People have no exchange: the change of a claim
// is an event of the grid only where the caller holds its lock.
func (tx *Tx) SavePerson(p *models.Person, kind string, to models.Audience) error {
	if err := tx.versioned(p, &p.Version, personChanging); err != nil {
		return err
	}
	tx.append(models.Event{Kind: kind, Thing: models.ThingPerson, ThingID: p.ID, Version: p.Version,
		State: string(p.State), Audience: to}, p.GridID)
	return nil
}

// RolesOf reads the roles a person holds now.
func RolesOf(person models.ID, into *[]models.Role) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND revoked_at IS NULL", person).Order("id").Find(into)
	}
}

// CredentialByHash reads the secret with that hash.
func CredentialByHash(hash []byte, into *[]models.Credential) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("hash = ?", hash).Find(into) }
}

// RevokedSince reads credentials and roles taken away since a time; open
// sockets are closed by it.
func RevokedSince(since time.Time, credentials *[]models.Credential, roles *[]models.Role) []Read {
	return []Read{
		func(db *gorm.DB) *gorm.DB {
			return fresh(db, credentials).Where("revoked_at IS NOT NULL AND revoked_at >= ?", since).Find(credentials)
		},
		func(db *gorm.DB) *gorm.DB {
			return fresh(db, roles).Where("revoked_at IS NOT NULL AND revoked_at >= ?", since).Find(roles)
		},
	}
}

// ConsentsOf reads a person's answers, oldest first: the last one counts.
func ConsentsOf(person models.ID, into *[]models.Consent) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ?", person).Order("at, id").Find(into)
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

// ApprovedOf reads the approved members of a household, longest there first.
func ApprovedOf(household models.ID, into *[]models.Person) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("household_id = ? AND state = 'approved'", household).Order("created_at, id").Find(into)
	}
}
