package models

import "time"

// TellingState is what a group has been told of a need.
type TellingState string

// waiting → told → ending → over; a need that is looked for again waits again,
// and one that was met before it was told is over without a word.
const (
	TellingWaiting TellingState = "waiting"
	TellingTold    TellingState = "told"
	TellingEnding  TellingState = "ending"
	TellingOver    TellingState = "over"
)

// Telling is what one robot's group has been told, or is about to be told, of one
// need. A need that stands in two groups is one need with two tellings.
type Telling struct {
	RobotID ID `gorm:"primaryKey"`
	NeedID  ID `gorm:"primaryKey"`
	GridID  ID
	State   TellingState
	Urgent  bool
	DueAt   *time.Time // when the next card about it is made
	ToldAt  *time.Time
	At      time.Time // of the last change
}

// TellTimes are when cards are made: at once, when what can wait is gathered, and
// soon, which is at once by day.
type TellTimes struct{ Now, Gathered, Soon time.Time }

// Tells says what is to be done about a need as it is now. The zero Telling is
// one that was never made.
func (t Telling) Tells(n Need, at TellTimes) Telling {
	open := n.State == NeedOpen && !n.Private && !n.Held
	urgent := n.Urgency == UrgencyNow
	due, ends := at.Gathered, at.Soon
	if urgent {
		due, ends = at.Now, at.Now
	}
	t.NeedID, t.GridID = n.ID, n.GridID
	switch {
	case open && (t.State == "" || t.State == TellingOver):
		t.State, t.Urgent, t.DueAt, t.ToldAt, t.At = TellingWaiting, urgent, &due, nil, at.Now
	case open && t.State == TellingWaiting && urgent && !t.Urgent:
		t.Urgent, t.DueAt, t.At = true, &due, at.Now
	case open && t.State == TellingEnding: // it was met, and then it was not
		t.State, t.DueAt, t.At = TellingTold, nil, at.Now
	case !open && t.State == TellingWaiting:
		t.State, t.DueAt, t.At = TellingOver, nil, at.Now
	case !open && t.State == TellingTold:
		t.State, t.DueAt, t.At = TellingEnding, &ends, at.Now
	}
	return t
}

// DeliveryKind is what a message to a group is.
type DeliveryKind string

// An urgent need, others gathered, what was met since, the day's digest, a test.
const (
	DeliveryUrgent DeliveryKind = "urgent"
	DeliveryOpen   DeliveryKind = "open"
	DeliveryMet    DeliveryKind = "met"
	DeliveryDigest DeliveryKind = "digest"
	DeliveryTest   DeliveryKind = "test"
)

// Rank orders a robot's queue: what cannot wait overtakes what can.
func (k DeliveryKind) Rank() int {
	if k == DeliveryUrgent || k == DeliveryTest {
		return 0
	}
	return 1
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// A delivery is tried for five days and then dead, which the operator sees; what
// there is nothing to say of any more is dropped.
const (
	DeliveryQueued  DeliveryState = "queued"
	DeliverySent    DeliveryState = "sent"
	DeliveryDead    DeliveryState = "dead"
	DeliveryDropped DeliveryState = "dropped"
)

// Delivery is one message on its way to a group.
type Delivery struct {
	ID        ID `gorm:"primaryKey"`
	RobotID   ID
	Kind      DeliveryKind
	Card      Card `gorm:"serializer:json"`
	Rank      int
	DueAt     time.Time // when it is tried, or tried again
	Tries     int
	State     DeliveryState
	Fence     int64 // under which number it was taken last
	Failure   string
	CreatedAt time.Time
	TriedAt   *time.Time
	ClosedAt  *time.Time
}

// Card is what a group is told: items, units and places that neighbours may see,
// and nobody's name, door, phone, age or illness.
type Card struct {
	Lines  []CardLine `json:"lines,omitempty"`
	Counts *CardCount `json:"counts,omitempty"` // of a digest
	More   int        `json:"more,omitempty"`   // lines that did not fit
}

// CardLine is one need of a card.
type CardLine struct {
	NeedID   ID        `json:"need"`
	Item     ItemID    `json:"item"`
	Units    int       `json:"units"`
	Grid     string    `json:"grid"`               // its name
	Building string    `json:"building,omitempty"` // "" where fewer than eight homes share it
	Urgent   bool      `json:"urgent,omitempty"`
	End      NeedState `json:"end,omitempty"` // of what is over: how
}

// CardCount is what a day came to.
type CardCount struct {
	Open   int         `json:"open"`
	Urgent int         `json:"urgent"`
	Met    int         `json:"met"`
	Items  []ItemCount `json:"items,omitempty"` // most wanted first
}

// ItemCount is how much of an item is looked for, by how many homes.
type ItemCount struct {
	Item  ItemID `json:"item"`
	Units int    `json:"units"`
	Homes int    `json:"homes"`
}
