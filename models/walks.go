package models

// Spot is somewhere that people walk to: a building or a relay point. Key is its
// name in the path table, Lat and Lon its position, both 0 where it is not known.
type Spot struct {
	Key      string
	Lat, Lon float64
}

// known reports whether the spot has a position.
func (s Spot) known() bool { return s.Lat != 0 || s.Lon != 0 }

// BuildingKey names a building of a micro-grid in the path table.
func BuildingKey(gridCode, building string) string { return gridCode + "/" + building }

// RelayKey names a relay point in the path table.
func RelayKey(code string) string { return "relay:" + code }

// Spot is where the point stands.
func (r RelayPoint) Spot() Spot { return Spot{RelayKey(r.Code), r.Lat, r.Lon} }

// Spot is where the home stands, in the grid of that code: "" names none.
func (h Household) Spot(gridCode string) Spot {
	if gridCode == "" {
		return Spot{"", h.Lat, h.Lon}
	}
	return Spot{BuildingKey(gridCode, h.Building), h.Lat, h.Lon}
}

// Path is a row of the path table: what a city knows better than the map, such as
// a river or a fence between two buildings.
type Path struct {
	FromKey string `gorm:"primaryKey"`
	ToKey   string `gorm:"primaryKey"`
	Metres  int
}

// Walks are the ways that a city has given. A nil Walks knows none.
type Walks map[[2]string]int

// WalksOf lays out rows of the path table.
func WalksOf(paths []Path) Walks {
	if len(paths) == 0 {
		return nil
	}
	w := make(Walks, len(paths))
	for _, p := range paths {
		w[[2]string{p.FromKey, p.ToKey}] = p.Metres
	}
	return w
}

// UnknownMetres says that a walk is not known.
const UnknownMetres = -1

// Metres is the walk from a to b: as the city's table says, of that direction or
// of the other one, else Metres of the positions; UnknownMetres without them.
func (w Walks) Metres(a, b Spot) int {
	if len(w) > 0 && a.Key != "" && b.Key != "" {
		if m, given := w[[2]string{a.Key, b.Key}]; given {
			return m
		}
		if m, given := w[[2]string{b.Key, a.Key}]; given {
			return m
		}
	}
	if !a.known() || !b.known() {
		return UnknownMetres
	}
	return Metres(a.Lat, a.Lon, b.Lat, b.Lon)
}
