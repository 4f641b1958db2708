package store

import (
	"linli/models"

	"gorm.io/gorm"
)

var relayChanging = []string{"grid_id", "serves_id", "name", "address", "contact", "phone", "host_id", "deputy_id",
	"hours", "capacity", "lat", "lon", "state"}

// RelaysServing reads the relay points that serve a grid: of the node itself
// or of one above it.
func RelaysServing(grid models.ID, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).
			Joins("JOIN grids serves ON serves.id = relay_points.serves_id").
			Joins("JOIN grids home ON home.id = ? AND substr(home.path, 1, length(serves.path)) = serves.path", grid).
			Order("relay_points.code").Find(into)
	}
}

// RelaysByCode reads the relay points with these codes.
func RelaysByCode(codes []string, into *[]models.RelayPoint) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("code IN ?", codes).Find(into) }
}

// SaveRelay writes a relay point.
func (tx *Tx) SaveRelay(r *models.RelayPoint) error {
	return tx.versioned(r, &r.Version, relayChanging)
}
