package models

import "time"

// BagState is where a bag stands; see states.go.
type BagState string

// The states of a Bag.
const (
	BagWaiting   BagState = "waiting" // the giver has not brought it yet
	BagOpen      BagState = "open"    // the worker books it in, item by item
	BagDone      BagState = "done"
	BagCancelled BagState = "cancelled" // the giver changed her mind
	BagLapsed    BagState = "lapsed"    // nobody brought it
)

// Bag 一整袋: an offer without a list, and one code for all of it. It has the ID of
// its offer, of which the lots are what the worker booked in. Its home is the
// giver's micro-grid.
type Bag struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID
	RelayID     ID
	RelayGridID ID // where the box lies
	PersonID    ID
	HouseholdID ID
	State       BagState
	Taken       int // items that were booked in
	Refused     int // items that were not
	OpenedBy    *ID
	OpenedAt    *time.Time
	DueAt       *time.Time // lapsed from then on
	Version     int
	CreatedAt   time.Time
	ClosedAt    *time.Time
}

// BagDue is when a bag that nobody has brought is let go: the evening of the third day.
func BagDue(now time.Time) time.Time { return TomorrowAt18(now.AddDate(0, 0, 2)) }
