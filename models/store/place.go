package store

import (
	"linli/models"

	"gorm.io/gorm"
)

// GridsByPath reads the nodes with these paths (a node with its ancestors).
func GridsByPath(paths []string, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("path IN ?", paths).Order("path").Find(into) }
}

// GridsBelow reads the children of a node in code order, after a code.
func GridsBelow(parent models.ID, afterCode string, limit int, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("parent_id = ? AND code > ?", parent, afterCode).Order("code").Limit(limit).Find(into)
	}
}

// MicroGridsWithin reads the ids of up to limit micro-grids at or below a path.
func MicroGridsWithin(path string, limit int, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("level = 'micro' AND substr(path, 1, ?) = ?", len(path), path).
			Order("path").Limit(limit).Find(into)
	}
}

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

// HouseholdsOfPool reads, without their doors, the households of the open
// needs and free lots of a grid, and those named besides.
func HouseholdsOfPool(grid models.ID, locked, besides []models.ID, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Select("id", "grid_id", "building", "care", "lat", "lon", "created_at").
			Where("id IN ? OR id IN (SELECT household_id FROM needs WHERE grid_id = ? AND state = 'open')"+
				" OR id IN (SELECT household_id FROM lots WHERE remaining > 0 AND grid_id IN ?)", besides, grid, locked).
			Order("id").Find(into)
	}
}

// BuildingHomes is how many households share a building of a grid.
type BuildingHomes struct {
	Building string
	Homes    int
}

// HomesByBuilding counts the households of each building of a grid.
func HomesByBuilding(grid models.ID, into *[]BuildingHomes) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Household{}).Select("building, COUNT(*) AS homes").
			Where("grid_id = ?", grid).Group("building").Find(into)
	}
}
