package models

import (
	"cmp"
	"slices"
	"time"
)

// RoundState is the state of a Round; see states.go.
type RoundState string

// The states of a Round.
const (
	RoundPlanned   RoundState = "planned"
	RoundOut       RoundState = "out"
	RoundDone      RoundState = "done"
	RoundCancelled RoundState = "cancelled"
)

// EndKind says what kind of place a round begins or ends at.
type EndKind string

// A relay point, the walker's own building, where she stands, or wherever the
// last stop is.
const (
	EndRelay    EndKind = "relay"
	EndHome     EndKind = "home"
	EndHere     EndKind = "here"
	EndAnywhere EndKind = "anywhere"
)

// RoundEnd is where a round begins or ends. A position is rounded to some ten
// metres: nobody needs to know where exactly she stood.
type RoundEnd struct {
	Kind     EndKind
	RelayID  *ID
	Lat, Lon float64
}

// Round 送药路线 is the stops of a worker or a volunteer in their order. Its home
// is the micro-grid that it was planned in.
type Round struct {
	ID        ID `gorm:"primaryKey"`
	GridID    ID
	PersonID  ID // who walks
	PlannedBy ID
	Day       Date
	// StartAt is when it shall begin; once it is out, when it did.
	StartAt time.Time
	Start   RoundEnd `gorm:"embedded;embeddedPrefix:start_"`
	End     RoundEnd `gorm:"embedded;embeddedPrefix:end_"`
	State   RoundState
	// AcceptedAt is when who walks said yes: at once, where she planned it herself.
	AcceptedAt *time.Time
	Metres     int  // of the walk
	Exact      bool // no order is shorter
	DueAt      *time.Time
	Version    int
	CreatedAt  time.Time
	ClosedAt   *time.Time
}

// StopKind says what is done at a stop.
type StopKind string

// Take what is to be brought out of a box, fetch a lot from its giver, drop what
// was fetched into a box, bring a handover to its door, look after a household.
const (
	StopTake  StopKind = "take"
	StopFetch StopKind = "fetch"
	StopDrop  StopKind = "drop"
	StopBring StopKind = "bring"
	StopVisit StopKind = "visit"
)

// StopState is the state of a Stop; see states.go.
type StopState string

// The states of a Stop. Failed is over; later is for another day.
const (
	StopOpen   StopState = "open"
	StopDone   StopState = "done"
	StopFailed StopState = "failed"
	StopLater  StopState = "later"
)

// StopReasons are why a stop was not done; nobody is blamed by any.
var StopReasons = []string{"not_home", "refused", "wrong_door", "no_time", "other"}

// StopGone is why a stop is over without anybody's doing there: what it was for
// went another way.
const StopGone = "gone"

// VisitReasons are why a household is looked after. None tells of an illness.
var VisitReasons = []string{"look", "waits", "post", "uncollected", "loan"}

// Stop is one place of a round.
type Stop struct {
	ID       ID `gorm:"primaryKey"`
	RoundID  ID
	Position int // in the order, from 1
	Kind     StopKind
	// GridID is the home of what the stop is about; its chain of audits has who read
	// the door.
	GridID      ID
	RelayID     *ID // take and drop
	HouseholdID *ID // fetch, bring and visit
	LotID       *ID // fetch
	HandoverID  *ID // bring
	Reason      string
	Lat, Lon    float64
	Arrival     time.Time
	// OpensAt and LastAt are when one may arrive; nil: at any time.
	OpensAt, LastAt *time.Time
	State           StopState
	At              *time.Time
	Why             string
	Tries           int
	DoorReadAt      *time.Time
}

// TableName says whose stops they are.
func (Stop) TableName() string { return "round_stops" }

// Late reports whether she arrives there after the last moment that was wanted.
func (s Stop) Late() bool { return s.LastAt != nil && s.Arrival.After(*s.LastAt) }

// Live reports whether the round is still to be walked or being walked.
func (r Round) Live() bool { return r.State == RoundPlanned || r.State == RoundOut }

// OpenStops lists the stops that are still open, in their order.
func OpenStops(stops []Stop) []Stop {
	open := slices.DeleteFunc(slices.Clone(stops), func(s Stop) bool { return s.State != StopOpen })
	slices.SortFunc(open, func(a, b Stop) int { return cmp.Compare(a.Position, b.Position) })
	return open
}
