package store

import (
	"time"

	"gorm.io/gorm"

	"linli/models"
)

// ShareCounts say what was asked for, got and given in a time. Lines are counted,
// not units: tablets and thermometers do not add up.
type ShareCounts struct {
	Homes  int // that asked
	Served int // of these, that got something
	Needs  int
	Met    int // in full
	Part   int
	Open   int // open, or matched and on the way
	Gave   int // times that something was given
}

// Add adds up.
func (c *ShareCounts) Add(more ShareCounts) {
	c.Homes += more.Homes
	c.Served += more.Served
	c.Needs += more.Needs
	c.Met += more.Met
	c.Part += more.Part
	c.Open += more.Open
	c.Gave += more.Gave
}

// ShareRow counts for a household, or for a micro-grid.
type ShareRow struct {
	HouseholdID models.ID
	Path        string // of the grid, where grids are counted
	ShareCounts
}

const shareColumns = "COUNT(DISTINCT n.household_id) AS homes, COUNT(DISTINCT CASE WHEN n.fulfilled > 0 THEN n.household_id END) AS served, " +
	"COUNT(*) AS needs, SUM(CASE WHEN n.fulfilled = n.requested THEN 1 ELSE 0 END) AS met, " +
	"SUM(CASE WHEN n.fulfilled > 0 AND n.fulfilled < n.requested THEN 1 ELSE 0 END) AS part, " +
	"SUM(CASE WHEN n.state IN ('open','matched') THEN 1 ELSE 0 END) AS open"

// byNeighbour leaves out the stock of relay points: nobody's gifts.
const byNeighbour = "m.giver_id <> m.giver_household_id"

// SharesOfHomes counts by household of a micro-grid, of what was asked or given
// since a time; a household may come in two rows to be added up. It begins with
// the grid's people, for they are few and lines of long ago are many.
func SharesOfHomes(grid models.ID, since time.Time, into *[]ShareRow) []Read {
	asked := func(db *gorm.DB) *gorm.DB {
		var rows []ShareRow
		db = db.Table("needs n").Select("n.household_id, "+shareColumns).
			Where("n.person_id IN (SELECT id FROM people WHERE grid_id = ?) AND n.grid_id = ? AND n.created_at >= ?", grid, grid, since).
			Group("n.household_id").Find(&rows)
		*into = append(*into, rows...)
		return db
	}
	gave := func(db *gorm.DB) *gorm.DB {
		var rows []ShareRow
		db = db.Table("matches m").Select("m.giver_household_id AS household_id, COUNT(*) AS gave").
			Where("m.lot_grid_id = ? AND m.state = 'given' AND m.closed_at >= ? AND "+byNeighbour, grid, since).Group("m.giver_household_id").Find(&rows)
		*into = append(*into, rows...)
		return db
	}
	*into = nil
	return []Read{asked, gave}
}

// SharesWithin counts by micro-grid at or below a path; a grid may come in two rows.
func SharesWithin(path string, since time.Time, into *[]ShareRow) []Read {
	asked := func(db *gorm.DB) *gorm.DB {
		var rows []ShareRow
		db = db.Table("needs n").Select("g.path, "+shareColumns).
			Joins("JOIN grids g ON g.id = n.grid_id AND substr(g.path, 1, ?) = ?", len(path), path).
			Where("n.created_at >= ?", since).Group("g.path").Find(&rows)
		*into = append(*into, rows...)
		return db
	}
	gave := func(db *gorm.DB) *gorm.DB {
		var rows []ShareRow
		db = db.Table("matches m").Select("g.path, COUNT(*) AS gave").
			Joins("JOIN grids g ON g.id = m.lot_grid_id AND substr(g.path, 1, ?) = ?", len(path), path).
			Where("m.state = 'given' AND m.closed_at >= ? AND "+byNeighbour, since).Group("g.path").Find(&rows)
		*into = append(*into, rows...)
		return db
	}
	*into = nil
	return []Read{asked, gave}
}
