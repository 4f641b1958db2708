package store

import (
	"time"

	"linli/models"
	"linli/models/store/seal"

	"gorm.io/gorm"
)

// SessionRow is a session with its person, home grid and one role that the
// person holds now; a person with several roles comes in several rows.
type SessionRow struct {
	CredentialID models.ID
	Kind         models.CredentialKind
	ExpiresAt    *time.Time
	UsedAt       *time.Time
	RevokedAt    *time.Time
	PersonID     models.ID
	HouseholdID  *models.ID
	State        models.PersonState
	GridID       models.ID
	GridPath     string
	RoleID       *models.ID
	RoleKind     *models.RoleKind
	RoleGridID   *models.ID
	RoleGridPath *string
}

// SessionByHash reads everything that a sign-in needs in one statement.
func SessionByHash(hash []byte, into *[]SessionRow) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Table("credentials c").
			Select("c.id AS credential_id, c.kind, c.expires_at, c.used_at, c.revoked_at, p.id AS person_id, p.household_id,"+
				" p.state, p.grid_id, g.path AS grid_path, r.id AS role_id, r.kind AS role_kind,"+
				" r.grid_id AS role_grid_id, r.grid_path AS role_grid_path").
			Joins("JOIN people p ON p.id = c.person_id").
			Joins("JOIN grids g ON g.id = p.grid_id").
			Joins("LEFT JOIN roles r ON r.person_id = p.id AND r.revoked_at IS NULL").
			Where("c.hash = ?", hash).Order("r.id").Find(into)
	}
}

// CredentialByHash reads the secret with that hash.
func CredentialByHash(hash []byte, into *[]models.Credential) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("hash = ?", hash).Find(into) }
}

// DoorByCode reads the secret that a typed or scanned door code stands for.
func DoorByCode(typed string, into *[]models.Credential) Read {
	return CredentialByHash(seal.Hash(models.DoorText(typed)), into)
}

// CredentialsByHash reads the secrets with these hashes.
func CredentialsByHash(hashes [][]byte, into *[]models.Credential) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("hash IN ?", hashes).Find(into) }
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

// CreateCredentials stores hashes of new secrets.
func (tx *Tx) CreateCredentials(credentials ...models.Credential) error {
	return createAll(tx, credentials)
}

// UseCredential marks a single-use secret as used; whoever comes second meets
// a conflict.
func (tx *Tx) UseCredential(id models.ID) error {
	return tx.db.Model(&models.Credential{}).Where("id = ? AND used_at IS NULL AND revoked_at IS NULL", id).
		Update("used_at", tx.Now).Error
}

// RevokeCredential ends one secret, if it has not ended before.
func (tx *Tx) RevokeCredential(id models.ID) error {
	return many(tx.db).Model(&models.Credential{}).Where("id = ? AND revoked_at IS NULL", id).
		Update("revoked_at", tx.Now).Error
}

// RevokeSessions ends all sessions and tickets of a person.
func (tx *Tx) RevokeSessions(person models.ID) error {
	return many(tx.db).Model(&models.Credential{}).
		Where("person_id = ? AND kind IN ('session','ticket') AND revoked_at IS NULL", person).
		Update("revoked_at", tx.Now).Error
}

// RevokeDoors ends every door code of a household.
func (tx *Tx) RevokeDoors(household models.ID) error {
	return many(tx.db).Model(&models.Credential{}).
		Where("household_id = ? AND kind = 'door' AND revoked_at IS NULL", household).
		Update("revoked_at", tx.Now).Error
}
