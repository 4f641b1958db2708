package models

import "time"

// Thing names what an event or an audit entry is about.
type Thing string

// The things that have events.
const (
	ThingNeed     Thing = "need"
	ThingLot      Thing = "lot"
	ThingMatch    Thing = "match"
	ThingHandover Thing = "handover"
	ThingRound    Thing = "round"
	ThingStop     Thing = "stop" // told by its round's events
	ThingLoan     Thing = "loan"
	ThingAsk      Thing = "ask"
	ThingReview   Thing = "review"
	ThingBag      Thing = "bag"
	ThingMessage  Thing = "message"
	ThingPerson   Thing = "person"
	ThingRelay    Thing = "relay"
	ThingNotice   Thing = "notice"
	ThingSample   Thing = "sample" // of a handover: it has no events of its own

	ThingCollection Thing = "collection"
)

// Audience is fixed when the event is written. Grid is everybody of the
// micro-grid; Workers those with a worker's reach; Persons are named.
type Audience struct {
	Grid    bool `json:"grid,omitempty"`
	Workers bool `json:"workers,omitempty"`
	Persons []ID `json:"persons,omitempty"`
}

// Event is a committed fact, numbered per grid, gapless and in commit order.
// It holds ids and figures only: no name, phone, door, note or code.
type Event struct {
	GridID     ID             `gorm:"primaryKey" json:"grid"`
	Seq        int64          `gorm:"primaryKey" json:"seq"`
	ID         ID             `json:"id"` // the same in every grid concerned
	Kind       string         `json:"kind"`
	Thing      Thing          `json:"thing"`
	ThingID    ID             `json:"thing_id"`
	Version    int            `json:"version"`
	State      string         `json:"state"`
	Quantities map[string]int `gorm:"serializer:json" json:"quantities,omitempty"`
	Audience   Audience       `gorm:"serializer:json" json:"-"`
	At         time.Time      `json:"at"`
}

// SeenBy reports whether a person with that reach on the event's grid may see it.
func (a Audience) SeenBy(person ID, ofGrid, worker bool) bool {
	if a.Grid && ofGrid || a.Workers && worker {
		return true
	}
	for _, p := range a.Persons {
		if p == person {
			return true
		}
	}
	return false
}
