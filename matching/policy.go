package matching

// Policy holds the figures of a plan. A saved policy has a version, and every
// match names the version that made it.
type Policy struct {
	Version string
	// CourseDays a drug must still be good for when it is handed over.
	CourseDays int
	// CeilingDays of leaflet use per item and household, within CeilingWindowDays.
	CeilingDays       int
	CeilingWindowDays int
	// NearMetres is the distance at which "near" costs as much as a substitute.
	NearMetres int
}

// DefaultPolicy is the one that a fresh installation runs.
var DefaultPolicy = Policy{Version: "2026-11-1", CourseDays: 3, CeilingDays: 3, CeilingWindowDays: 7, NearMetres: 1000}
