package registry

import (
	"math"
	"slices"
	"strings"

	"linli/models"
	"linli/models/store"
)

// pathColumns is the path table: the walk from one place to another where the map is
// wrong, because of a river, a fence or a gate. A place is a building of a micro-grid
// ("510184107001002007/3 栋") or a relay point ("relay:DJQ-1"). A row counts both ways
// unless the way back has a row of its own; what no row names goes by the map.
var pathColumns = []column{
	{name: "from", headers: []string{"起点", "from"}, required: true},
	{name: "to", headers: []string{"终点", "to"}, required: true},
	{name: "metres", headers: []string{"米数", "metres"}, required: true},
}

// maxPath is the longest walk that a row may name.
const maxPath = 100_000

type pathRow struct {
	line int
	path models.Path
}

func (s *Service) readPaths(sheet *Sheet, paper *paper) (func(*job) error, error) {
	at, err := sheet.bind(pathColumns)
	if err != nil {
		return nil, err
	}
	r := newReader(paper, at, pathColumns)
	var rows []pathRow
	first := map[string]int{}
	err = sheet.each(func(line int, cells []string) error {
		r.row(line, cells)
		if path, ok := pathOf(r); ok && !r.twice(first, path.FromKey+"\n"+path.ToKey, "from") {
			rows = append(rows, pathRow{line, path})
		}
		return nil
	})
	return func(j *job) error { return j.paths(rows) }, err
}

func pathOf(r *reader) (models.Path, bool) {
	before := r.bad()
	p := models.Path{FromKey: r.place("from"), ToKey: r.place("to")}
	text, _ := r.text("metres", true)
	metres := r.number("metres", 0, maxPath)
	if p.Metres = int(metres); text != "" && (float64(p.Metres) != metres || math.Signbit(metres)) {
		r.wrong("metres", "cell_number", "low", "0", "high", "100000")
	}
	if p.FromKey != "" && p.FromKey == p.ToKey {
		r.wrong("to", "path_to_itself")
	}
	return p, r.bad() == before
}

// place is a cell that names a building or a relay point, written as it is stored.
func (r *reader) place(column string) string {
	text, ok := r.text(column, true)
	if !ok || text == "" {
		return ""
	}
	if code, isRelay := strings.CutPrefix(text, models.RelayKey("")); isRelay && gridCode.MatchString(code) {
		return text
	}
	if grid, building, found := strings.Cut(text, "/"); found && building != "" && gridCode.MatchString(grid) {
		return models.BuildingKey(grid, asWritten(building))
	}
	r.wrong(column, "place_unreadable")
	return ""
}

// paths writes the rows of which both ends are known. It knows whole tables: a city
// has some thousand grids and points, and this is done once.
func (j *job) paths(rows []pathRow) error {
	places, err := j.places(rows)
	if err != nil {
		return err
	}
	var there []models.Path
	if err := j.tx.Load(store.AllPaths(&there)); err != nil {
		return err
	}
	had := models.WalksOf(there)
	r := newReader(j.paper, nil, pathColumns)
	var changed []models.Path
	for i, row := range rows {
		r.line = row.line
		for _, end := range [][2]string{{"from", row.path.FromKey}, {"to", row.path.ToKey}} {
			if !places[end[1]] {
				r.wrong(end[0], "place_unknown", "place", end[1])
			}
		}
		was, known := had[[2]string{row.path.FromKey, row.path.ToKey}]
		switch {
		case !j.good():
		case known && was == row.path.Metres:
			j.report.Unchanged++
		case known:
			j.report.Updated++
			changed = append(changed, row.path)
		default:
			j.report.Created++
			changed = append(changed, row.path)
		}
		j.progress(i+1, len(rows))
	}
	if !j.good() {
		return nil
	}
	return j.tx.SavePaths(changed)
}

// places are the keys of all relay points, and of the buildings in the grids that
// the rows name.
func (j *job) places(rows []pathRow) (map[string]bool, error) {
	known, err := gridsByCode(j.tx)
	if err != nil {
		return nil, err
	}
	var grids []models.ID
	codes := map[models.ID]string{}
	for _, row := range rows {
		for _, key := range []string{row.path.FromKey, row.path.ToKey} {
			code, _, _ := strings.Cut(key, "/")
			if g, ok := known[code]; ok && codes[g.ID] == "" {
				codes[g.ID] = code
				grids = append(grids, g.ID)
			}
		}
	}
	places := map[string]bool{}
	for some := range slices.Chunk(grids, 500) {
		var buildings []store.GridBuilding
		if err := j.tx.Load(store.BuildingsIn(some, &buildings)); err != nil {
			return nil, err
		}
		for _, b := range buildings {
			places[models.BuildingKey(codes[b.GridID], b.Building)] = true
		}
	}
	var relays []models.RelayPoint
	if err := j.tx.Load(store.AllRelays(&relays)); err != nil {
		return nil, err
	}
	for _, r := range relays {
		places[models.RelayKey(r.Code)] = true
	}
	return places, nil
}
