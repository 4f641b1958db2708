package matching

import "time"

// Policy holds the figures of a plan. A saved policy has a version, and every
// match names the version that made it. What keeps people safe is no policy:
// it stands with its rule.
type Policy struct {
	Version string
	// CourseDays a drug must still be good for when it is handed over.
	CourseDays int
	// CeilingWindowDays is how long what a household received counts against
	// its ceiling, its first packs and its givers' turn.
	CeilingWindowDays int
	// NearMetres is as far as "near" is said, and what a substitute costs.
	NearMetres int
	// RaiseAfter is the wait that raises a need by one step of urgency, so
	// that nobody starves.
	RaiseAfter time.Duration
	// SameMoment is the wait that makes one of two equal needs the earlier one:
	// it goes by need, not by speed of hand.
	SameMoment time.Duration
	// UrgentContact is after how long a worker contacts whoever needs it now.
	UrgentContact time.Duration
	// ContactHour of the day, in Shanghai, is when a worker contacts the others.
	ContactHour int
}

// DefaultPolicy is the one that a fresh installation runs.
var DefaultPolicy = Policy{Version: "2026-11-1", CourseDays: 3, CeilingWindowDays: 7, NearMetres: 1000,
	RaiseAfter: 6 * time.Hour, SameMoment: 10 * time.Minute, UrgentContact: time.Hour, ContactHour: 12}
