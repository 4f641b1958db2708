package models

import (
	"strings"
	"time"
)

// GridLevel says how high in the tree a grid stands.
type GridLevel string

// The levels of the tree, top down. A dedicated grid has the last three.
const (
	LevelCity     GridLevel = "city"
	LevelTown     GridLevel = "town"
	LevelGeneral  GridLevel = "general"
	LevelOrdinary GridLevel = "ordinary"
	LevelMicro    GridLevel = "micro"
)

// LevelsAbove are the levels that a need widens to, one after the other.
var LevelsAbove = []GridLevel{LevelOrdinary, LevelGeneral, LevelTown, LevelCity}

// GridTree tells the territorial tree from that of markets, campuses and hospitals.
type GridTree string

// The two trees under a city.
const (
	TreeTerritorial GridTree = "territorial"
	TreeDedicated   GridTree = "dedicated"
)

// Grid is a node 网格. Path is the codes from the city down, each followed by
// a slash ("510184/510184101/…/"), so that "is below" is a prefix.
type Grid struct {
	ID       ID `gorm:"primaryKey"`
	ParentID *ID
	Code     string
	Name     string
	Level    GridLevel
	Tree     GridTree
	Path     string
	// Homes counts the households below; kept by the import, because counts
	// are all that strangers may see.
	Homes     int
	CreatedAt time.Time
}

// Within reports whether g is the node named by path or stands below it.
func (g Grid) Within(path string) bool { return path != "" && strings.HasPrefix(g.Path, path) }

// AncestorPaths lists the paths of g and of every node above it, top first.
func (g Grid) AncestorPaths() []string {
	var paths []string
	for i, r := range g.Path {
		if r == '/' {
			paths = append(paths, g.Path[:i+1])
		}
	}
	return paths
}

// GridSeq is the narrow row that is locked to change a grid: its last event
// number and the first one still kept.
type GridSeq struct {
	GridID   ID `gorm:"primaryKey"`
	Seq      int64
	FirstSeq int64
}

// TableName keeps the singular: there is one counter a grid.
func (GridSeq) TableName() string { return "grid_seq" }

// Care says why a household is looked after first; it comes from the
// special-group ledger or a worker, never from the asker, and is sealed.
type Care string

// What the ledger may say of a household in this version.
const (
	CareNone  Care = ""
	CareAlone Care = "alone" // an elder living alone
	CareFrail Care = "frail" // disabled or destitute
)

// Household is an address 户. Building and position are plain (rounded to the
// building); unit, room and care are sealed.
type Household struct {
	ID       ID `gorm:"primaryKey"`
	GridID   ID
	Building string
	Unit     string `gorm:"serializer:seal"`
	Room     string `gorm:"serializer:seal"`
	Care     Care   `gorm:"serializer:seal"`
	// AddressKey is a keyed hash of the full address, so that an import run
	// again finds the household without reading it.
	AddressKey []byte
	// DoorGeneration counts the door codes printed; the code is derived from
	// it, so that replacing one kills the old at once.
	DoorGeneration int
	Lat, Lon       float64
	// Made marks test households of `linli token mint`.
	Made      bool
	Version   int
	CreatedAt time.Time
}

// Door writes unit and room as people do: "2单元 501".
func (h Household) Door() string {
	if h.Unit == "" {
		return h.Room
	}
	return strings.TrimSpace(h.Unit + "单元 " + h.Room)
}

// RelayState says whether a relay point takes goods.
type RelayState string

// A relay point is open or paused.
const (
	RelayOpen   RelayState = "open"
	RelayPaused RelayState = "paused"
)

// RelayPoint is a 药物中转站. Its box belongs to GridID, a micro-grid; it serves
// everything below ServesID.
type RelayPoint struct {
	ID       ID `gorm:"primaryKey"`
	GridID   ID
	ServesID ID
	Code     string
	Name     string
	Address  string
	// Contact and Phone are the published line of the point, not a person's own.
	Contact  string
	Phone    string
	HostID   *ID
	DeputyID *ID
	Hours    []Hours `gorm:"serializer:json"`
	// Exceptions are the days that are not like the week.
	Exceptions []HoursException `gorm:"serializer:json"`
	// Capacity is how many parcels there is room for, 0 where nobody has said: a lot
	// in the box is one, and so is a hand-over that is still to be brought.
	Capacity int
	Lat, Lon float64
	State    RelayState
	// PauseReason says why it is paused, as one of PauseReasons; "" while it is open.
	PauseReason PauseReason
	Version     int
	CreatedAt   time.Time
}

// PauseReason is what residents read when a point is paused. It is one of a few
// codes, so that nobody writes down there who is ill.
type PauseReason string

// PauseReasons are all there are; "" was paused by an import.
var PauseReasons = []PauseReason{"host_away", "no_supplies", "closed_today", "other"}
