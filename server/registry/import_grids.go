package registry

import (
	"regexp"
	"slices"
	"strings"

	"linli/models"

	"golang.org/x/text/unicode/norm"
)

// gridColumns is the grid file: one row a node, in any order. The parent is
// left empty for the city alone; the tree may be left out for 属地.
var gridColumns = []column{
	{name: "code", headers: []string{"网格编码", "code"}, required: true},
	{name: "name", headers: []string{"网格名称", "name"}, required: true},
	{name: "level", headers: []string{"级别", "level"}, required: true},
	{name: "parent", headers: []string{"上级编码", "parent_code"}, required: true},
	{name: "tree", headers: []string{"类别", "tree"}},
}

var levels = map[string]models.GridLevel{
	"city": models.LevelCity, "市": models.LevelCity, "城市": models.LevelCity,
	"town": models.LevelTown, "镇街": models.LevelTown, "镇": models.LevelTown, "街道": models.LevelTown,
	"general": models.LevelGeneral, "总网格": models.LevelGeneral,
	"ordinary": models.LevelOrdinary, "一般网格": models.LevelOrdinary,
	"micro": models.LevelMicro, "微网格": models.LevelMicro,
}

var trees = map[string]models.GridTree{
	"": models.TreeTerritorial, "territorial": models.TreeTerritorial, "属地": models.TreeTerritorial, "属地网格": models.TreeTerritorial,
	"dedicated": models.TreeDedicated, "专属": models.TreeDedicated, "专属网格": models.TreeDedicated,
}

// parentLevel says under which level a grid hangs; a dedicated tree has no
// towns and hangs under the city itself.
var parentLevel = map[models.GridTree]map[models.GridLevel]models.GridLevel{
	models.TreeTerritorial: {models.LevelTown: models.LevelCity, models.LevelGeneral: models.LevelTown,
		models.LevelOrdinary: models.LevelGeneral, models.LevelMicro: models.LevelOrdinary},
	models.TreeDedicated: {models.LevelGeneral: models.LevelCity, models.LevelOrdinary: models.LevelGeneral,
		models.LevelMicro: models.LevelOrdinary},
}

var levelOrder = []models.GridLevel{models.LevelCity, models.LevelTown, models.LevelGeneral,
	models.LevelOrdinary, models.LevelMicro}

// A code is opaque; it only may not hold what parts a path.
var gridCode = regexp.MustCompile(`^[0-9A-Za-z._-]{1,32}$`)

// asNumber is what a spreadsheet makes of a long code: 5.10184E+17.
var asNumber = regexp.MustCompile(`^[0-9](\.[0-9]+)?[Ee]\+[0-9]+$`)

type gridRow struct {
	line               int
	code, name, parent string
	level              models.GridLevel
	tree               models.GridTree
}

func (s *Service) readGrids(sheet *Sheet, paper *paper) (func(*job) error, error) {
	at, err := sheet.bind(gridColumns)
	if err != nil {
		return nil, err
	}
	r := newReader(paper, at, gridColumns)
	rows := make([]gridRow, 0, sheet.Rows())
	first := map[string]int{}
	err = sheet.each(func(line int, cells []string) error {
		r.row(line, cells)
		if row, ok := gridOf(r); ok && !r.twice(first, row.code, "code") {
			rows = append(rows, row)
		}
		return nil
	})
	// Parents come first, wherever they stand in the file.
	slices.SortStableFunc(rows, func(a, b gridRow) int {
		return slices.Index(levelOrder, a.level) - slices.Index(levelOrder, b.level)
	})
	return func(j *job) error { return j.grids(rows) }, err
}

// twice complains when a key has stood in an earlier row.
func (r *reader) twice(first map[string]int, key, column string) bool {
	if earlier, ok := first[key]; ok {
		r.wrong(column, "row_twice", "line", itoa(earlier))
		return true
	}
	first[key] = r.line
	return false
}

func gridOf(r *reader) (gridRow, bool) {
	row := gridRow{line: r.line}
	before := r.bad()
	row.code = r.code("code", true)
	row.name, _ = r.text("name", true)
	row.parent = r.code("parent", false)
	level, _ := r.text("level", true)
	tree, _ := r.text("tree", false)
	var ok bool
	if row.level, ok = levels[strings.ToLower(level)]; !ok && level != "" {
		r.wrong("level", "level_unknown")
	}
	if row.tree, ok = trees[strings.ToLower(tree)]; !ok {
		r.wrong("tree", "tree_unknown")
	}
	switch {
	case row.level == models.LevelCity && row.parent != "":
		r.wrong("parent", "city_has_parent")
	case row.level != models.LevelCity && row.level != "" && row.parent == "":
		r.wrong("parent", "parent_missing")
	}
	return row, r.bad() == before
}

// code is a grid's code: full-width signs count as the plain ones.
func (r *reader) code(column string, required bool) string {
	text, ok := r.text(column, required)
	code := norm.NFKC.String(text)
	switch {
	case !ok || code == "" || gridCode.MatchString(code):
	case asNumber.MatchString(code):
		r.wrong(column, "code_as_number")
	default:
		r.wrong(column, "code_unreadable")
	}
	return code
}

func (j *job) grids(rows []gridRow) error {
	known, err := gridsByCode(j.tx)
	if err != nil {
		return err
	}
	columns := newReader(j.paper, nil, gridColumns)
	var fresh []models.Grid
	for i, row := range rows {
		columns.line = row.line
		grid, isNew, ok := j.grid(row, known, columns)
		switch {
		case !ok:
		case isNew:
			known[row.code] = grid
			fresh = append(fresh, grid)
			j.report.Created++
		case grid.Name != row.name:
			if err := j.tx.RenameGrid(grid.ID, row.name); err != nil {
				return err
			}
			j.report.Updated++
		default:
			j.report.Unchanged++
		}
		if i%1000 == 999 {
			j.progress(i+1, len(rows))
		}
	}
	if !j.good() {
		return nil
	}
	j.progress(len(rows), len(rows))
	return j.tx.CreateGrids(fresh)
}

// grid fits a row into the tree, as a node that is there or as a new one.
func (j *job) grid(row gridRow, known map[string]models.Grid, r *reader) (g models.Grid, isNew, ok bool) {
	parent, found := known[row.parent]
	if row.level != models.LevelCity {
		want, fits := parentLevel[row.tree][row.level]
		switch {
		case !fits:
			r.wrong("level", "level_not_in_tree")
			return g, false, false
		case !found:
			r.wrong("parent", "parent_unknown", "code", row.parent)
			return g, false, false
		case parent.Level != want, parent.Level != models.LevelCity && parent.Tree != row.tree:
			r.wrong("parent", "parent_wrong_level", "code", row.parent)
			return g, false, false
		}
	}
	if g, exists := known[row.code]; exists {
		if g.Path != parent.Path+row.code+"/" || g.Level != row.level || g.Tree != row.tree {
			r.wrong("code", "grid_moved")
			return g, false, false
		}
		return g, false, true
	}
	g = models.Grid{ID: j.tx.NewID(), Code: row.code, Name: row.name, Level: row.level, Tree: row.tree,
		Path: parent.Path + row.code + "/", CreatedAt: j.tx.Now}
	if parent.ID != "" {
		g.ParentID = &parent.ID
	}
	return g, true, true
}

// microGrid finds the micro-grid of a code, or says what is wrong.
func microGrid(known map[string]models.Grid, code string, r *reader) (models.Grid, bool) {
	g, ok := known[code]
	switch {
	case !ok:
		r.wrong("grid", "grid_unknown_code", "code", code)
	case g.Level != models.LevelMicro:
		r.wrong("grid", "grid_not_micro", "code", code)
		ok = false
	}
	return g, ok
}
