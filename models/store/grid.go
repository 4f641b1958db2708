package store

import (
	"strings"
	"time"

	"linli/models"

	"gorm.io/gorm"
)

// GridByID reads one node.
func GridByID(id models.ID, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("id = ?", id).Find(into) }
}

// GridOfHousehold reads the micro-grid of a household.
func GridOfHousehold(household models.ID, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("id = (SELECT grid_id FROM households WHERE id = ?)", household).Find(into)
	}
}

// GridsByPath reads the nodes with these paths (a node with its ancestors).
func GridsByPath(paths []string, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("path IN ?", paths).Order("path").Find(into) }
}

// GridsByCode reads the nodes with these codes.
func GridsByCode(codes []string, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("code IN ?", codes).Order("code").Find(into) }
}

// GridsBelow reads the children of a node in code order, after a code.
func GridsBelow(parent models.ID, afterCode string, limit int, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("parent_id = ? AND code > ?", parent, afterCode).Order("code").Limit(limit).Find(into)
	}
}

// GridRoots reads the nodes that have no parent: the city.
func GridRoots(into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Where("parent_id IS NULL").Order("code").Find(into) }
}

// AllGrids reads the whole tree. A county has some 7,600 nodes.
func AllGrids(into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB { return fresh(db, into).Order("path").Find(into) }
}

// MicroGridsWithin reads the ids of up to limit micro-grids at or below a path.
func MicroGridsWithin(path string, limit int, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("level = 'micro' AND substr(path, 1, ?) = ?", len(path), path).
			Order("path").Limit(limit).Find(into)
	}
}

// NodesWithin reads up to limit nodes at or below a path that are no micro-grids.
func NodesWithin(path string, limit int, into *[]models.Grid) Read {
	return func(db *gorm.DB) *gorm.DB {
		return fresh(db, into).Where("level <> 'micro' AND substr(path, 1, ?) = ?", len(path), path).
			Order("path").Limit(limit).Find(into)
	}
}

// CreateGrids inserts nodes, parents before children, each with its counter.
func (tx *Tx) CreateGrids(grids []models.Grid) error {
	if err := createAll(tx, grids); err != nil {
		return err
	}
	counters := make([]models.GridSeq, len(grids))
	for i, g := range grids {
		counters[i] = models.GridSeq{GridID: g.ID, FirstSeq: 1}
	}
	return createAll(tx, counters)
}

// RenameGrid changes what a node is called; nothing else of it may change.
func (tx *Tx) RenameGrid(id models.ID, name string) error {
	return tx.db.Model(&models.Grid{}).Where("id = ?", id).Update("name", name).Error
}

// AddHomes counts n more households at the node of that path and at all above it.
func (tx *Tx) AddHomes(g models.Grid, n int) error {
	return many(tx.db).Model(&models.Grid{}).Where("path IN ?", g.AncestorPaths()).
		Update("homes", gorm.Expr("homes + ?", n)).Error
}

// CountHomes counts every node's households anew and writes the counts that changed.
func (tx *Tx) CountHomes() error {
	var grids []models.Grid
	var perGrid []struct {
		GridID models.ID
		Homes  int
	}
	err := tx.Load(AllGrids(&grids), func(db *gorm.DB) *gorm.DB {
		return db.Model(&models.Household{}).Select("grid_id, COUNT(*) AS homes").Group("grid_id").Find(&perGrid)
	})
	if err != nil {
		return err
	}
	own := make(map[models.ID]int, len(perGrid))
	for _, row := range perGrid {
		own[row.GridID] = row.Homes
	}
	byPath := make(map[string]int, len(grids))
	for _, g := range grids {
		if n := own[g.ID]; n > 0 {
			for _, path := range g.AncestorPaths() {
				byPath[path] += n
			}
		}
	}
	return tx.writeHomes(grids, byPath)
}

// writeHomes sends the new counts as VALUES, some hundred nodes a statement.
func (tx *Tx) writeHomes(grids []models.Grid, byPath map[string]int) error {
	const perStatement = 400
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		rows := strings.TrimSuffix(strings.Repeat("(?,CAST(? AS integer)),", len(args)/2), ",")
		sql := "UPDATE grids SET homes = v.column2 FROM (VALUES " + rows + ") AS v WHERE grids.path = v.column1"
		err := many(tx.db).Exec(sql, args...).Error
		args = nil
		return err
	}
	for _, g := range grids {
		if byPath[g.Path] == g.Homes {
			continue
		}
		if args = append(args, g.Path, byPath[g.Path]); len(args) == 2*perStatement {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// GridCount is what is going on in one micro-grid: figures only.
type GridCount struct {
	Path           string
	NeedsOpen      int // lines that look for something
	UnitsOpen      int // their units
	Matched        int // units on their way to somebody
	FulfilledToday int // units handed over since the given moment
	LotsFree       int // lots of which something is free
}

// CountsWithin counts by micro-grid at or below a path; micro-grids in which
// nothing goes on are left out, and one may come in several rows to be added up.
func CountsWithin(path string, today time.Time, into *[]GridCount) []Read {
	count := func(columns, from, where string, args ...any) Read {
		return func(db *gorm.DB) *gorm.DB {
			var rows []GridCount
			db = db.Table(from+" t").Select("g.path AS path, "+columns).
				Joins("JOIN grids g ON g.id = t.grid_id AND substr(g.path, 1, ?) = ?", len(path), path).
				Where(where, args...).Group("g.path").Find(&rows)
			*into = append(*into, rows...)
			return db
		}
	}
	*into = nil
	return []Read{
		count("SUM(CASE WHEN t.state = 'open' THEN 1 ELSE 0 END) AS needs_open, "+
			"SUM(t.open) AS units_open, SUM(t.matched) AS matched", "needs", "t.state IN ('open','matched')"),
		count("SUM(t.quantity) AS fulfilled_today", "matches", "t.state = 'given' AND t.closed_at >= ?", today),
		count("COUNT(*) AS lots_free", "lots", "t.state = 'offered'"),
	}
}
