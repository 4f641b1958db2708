package models

import "time"

// HolderKind says what kind of hands hold units of a lot.
type HolderKind string

// The hands. A home is the giver's before, or the receiver's after; a box is a
// relay point's; a carrier is on the way; recovery is a pharmacy or health centre
// that takes what nobody may use; nowhere is what a count did not
// find, and what was lost or broken.
const (
	HolderHome     HolderKind = "home"
	HolderBox      HolderKind = "box"
	HolderCarrier  HolderKind = "carrier"
	HolderRecovery HolderKind = "recovery"
	HolderNowhere  HolderKind = "nowhere"
)

// Holder is whose hands: a household, a relay point (or the micro-grid, whose
// worker keeps it by hand), a person, a receipt. Nowhere has no ID but the lot's.
type Holder struct {
	Kind HolderKind
	ID   ID
}

// Home, Box and Carrier name the usual hands.
func Home(household ID) Holder { return Holder{HolderHome, household} }

// Box is the relay point's, or the grid's where a worker keeps it by hand.
func Box(relay ID) Holder { return Holder{HolderBox, relay} }

// Nowhere is where units of a lot are that nobody has any more.
func Nowhere(lot ID) Holder { return Holder{HolderNowhere, lot} }

// Carrier is a person on the way.
func Carrier(person ID) Holder { return Holder{HolderCarrier, person} }

// Custody 经手 is one change of hands: so many units of a lot went from one holder
// to another. A lot begins in its giver's home. Rows are appended, never changed;
// who held what from when to when follows from them.
// Law: no hand ever holds less than nothing, so nothing is in two hands.
type Custody struct {
	ID      ID `gorm:"primaryKey"`
	GridID  ID // of the lot at that moment
	LotID   ID
	MatchID *ID // where it is about the units of one match
	Units   int
	From    Holder `gorm:"embedded;embeddedPrefix:from_"`
	To      Holder `gorm:"embedded;embeddedPrefix:to_"`
	Why     string
	By      *ID // nil: time did
	At      time.Time
}

// TableName is singular: there is one chain a lot.
func (Custody) TableName() string { return "custody" }

// Held folds the chain of a lot, oldest first, into what each hand holds. It tells
// the first row after which a hand would hold less than nothing; -1 without one.
func Held(l Lot, chain []Custody) (held map[Holder]int, broken int) {
	held = map[Holder]int{Home(l.HouseholdID): l.Offered}
	for i, c := range chain {
		short := held[c.From] < c.Units
		held[c.From] -= c.Units
		held[c.To] += c.Units
		if c.Units <= 0 || short {
			return held, i
		}
	}
	return held, -1
}
