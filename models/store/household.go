package store

import (
	"strings"

	"linli/models"

	"gorm.io/gorm"
)

var householdChanging = []string{"building", "unit", "room", "care", "address_key", "lat", "lon", "version"}

// HouseholdsOfPool reads, without their doors, the households of the open
// needs and free lots of a grid, and those named besides.
func HouseholdsOfPool(grid models.ID, locked, besides []models.ID, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Select("id", "grid_id", "building", "care", "lat", "lon", "created_at").
			// A union, not three alternatives: for those PostgreSQL reads the whole table.
			Where("id IN (SELECT household_id FROM needs WHERE grid_id = ? AND state = 'open'"+
				" UNION SELECT household_id FROM lots WHERE state = 'offered' AND grid_id IN ?"+
				" UNION SELECT id FROM households WHERE id IN ?)", grid, locked, besides).
			Order("id").Find(into)
	}
}

// HouseholdsByID reads whole households, doors included.
func HouseholdsByID(ids []models.ID, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("id IN ?", ids).Find(into) }
}

// HouseholdsByAddress reads the households with these keyed hashes of an address.
func HouseholdsByAddress(keys [][]byte, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("address_key IN ?", keys).Find(into) }
}

// HouseholdsOfGrid reads up to limit households of a micro-grid, doors included.
func HouseholdsOfGrid(grid models.ID, limit int, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id = ?", grid).Order("building, id").Limit(limit).Find(into)
	}
}

// HouseholdsByBuilding reads the households of some micro-grids, doors included, in
// whose building's name a label stands: "3" in 3 栋, and in 13 栋 too.
func HouseholdsByBuilding(grids []models.ID, label string, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("grid_id IN ? AND lower(building) LIKE ?", grids, "%"+strings.ToLower(label)+"%").Order("id").Find(into)
	}
}

// HouseholdsFree reads up to limit households of a grid in which nobody is
// registered, in a stable order.
func HouseholdsFree(grid models.ID, limit int, into *[]models.Household) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Select("id", "grid_id", "building", "lat", "lon", "created_at").
			Where("grid_id = ? AND NOT EXISTS (SELECT 1 FROM people WHERE people.household_id = households.id)", grid).
			Order("building, id").Limit(limit).Find(into)
	}
}

// Residents is how many approved people belong to a household.
type Residents struct {
	HouseholdID models.ID
	Residents   int
}

// ResidentsOfGrid counts approved people by household.
func ResidentsOfGrid(grid models.ID, into *[]Residents) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Person{}).Select("household_id, COUNT(*) AS residents").
			Where("grid_id = ? AND household_id IS NOT NULL AND state = 'approved'", grid).
			Group("household_id").Find(into)
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

// GridBuilding is a building in which somebody lives.
type GridBuilding struct {
	GridID   models.ID
	Building string
}

// BuildingsIn reads the buildings of some grids.
func BuildingsIn(grids []models.ID, into *[]GridBuilding) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Model(&models.Household{}).Distinct("grid_id", "building").
			Where("grid_id IN ?", grids).Order("grid_id, building").Find(into)
	}
}

// CreateHouseholds inserts new households.
func (tx *Tx) CreateHouseholds(homes []models.Household) error { return createAll(tx, homes) }

// SaveHousehold writes what an import may change of a household.
func (tx *Tx) SaveHousehold(h *models.Household) error {
	h.Version++
	return tx.db.Model(h).Where("version = ?", h.Version-1).Select(householdChanging).Updates(h).Error
}

// CountDoor notes that the next door code of a household is printed.
func (tx *Tx) CountDoor(h *models.Household) error {
	h.DoorGeneration++
	return tx.db.Model(h).Where("door_generation = ?", h.DoorGeneration-1).Select("door_generation").Updates(h).Error
}

// CountMade counts the test households of a grid.
func CountMade(grid models.ID, into *int64) Read {
	return func(db *gorm.DB) *gorm.DB {
		return db.Model(&models.Household{}).Where("grid_id = ? AND made = ?", grid, true).Count(into)
	}
}
