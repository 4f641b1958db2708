package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// RolesOf reads the roles a person holds now.
func RolesOf(person models.ID, into *[]models.Role) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("person_id = ? AND revoked_at IS NULL", person).Order("id").Find(into)
	}
}

// RolesOn reads up to limit roles of these kinds that are held on a grid.
func RolesOn(grid models.ID, kinds []models.RoleKind, limit int, into *[]models.Role) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ? AND kind IN ? AND revoked_at IS NULL", grid, kinds).
			Order("kind, id").Limit(limit).Find(into)
	}
}

// CreateRoles gives roles.
func (tx *Tx) CreateRoles(roles ...models.Role) error { return createAll(tx, roles) }

// RevokeRole takes a role away.
func (tx *Tx) RevokeRole(id models.ID) error {
	return tx.db.Model(&models.Role{}).Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", tx.Now).Error
}
