package models

import "time"

// Seal is how whole a pack is.
type Seal string

// 整盒没拆, 整板没破, 拆过了.
const (
	SealBox     Seal = "box"
	SealBlister Seal = "blister"
	SealOpened  Seal = "opened"
)

// LotKind says whether a lot is given for good or lent.
type LotKind string

// Given or lent.
const (
	LotGift LotKind = "gift"
	LotLoan LotKind = "loan"
)

// Place is where a lot lies.
type Place string

// At the giver's, with whoever fetched it, or in the box of a relay point.
const (
	PlaceHome    Place = "home"
	PlaceCarrier Place = "carrier"
	PlaceBox     Place = "box"
)

// Offer is a post 分享.
type Offer struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID
	HouseholdID ID
	PersonID    ID
	Way         Way
	Note        string `gorm:"serializer:seal"`
	CreatedAt   time.Time
}

// LotState is derived from the quantities; see states.go.
type LotState string

// The states of a Lot: units may still be matched, all are spoken for, or
// nothing moves any more.
const (
	LotOffered LotState = "offered"
	LotTaken   LotState = "taken"
	LotClosed  LotState = "closed"
)

// Lot is a line of an offer; quantities are base units of the item.
// Law, over the lot with its children: Remaining + Reserved + Lent + Given +
// Withdrawn + Expired == Offered, all >= 0. A child's Offered left its parent.
type Lot struct {
	ID          ID `gorm:"primaryKey"`
	OfferID     ID
	ParentID    *ID
	AskID       *ID // the ask that it answers: a match of it waits for the receiver's yes
	CallID      *ID // the notice that it answers; its units fill that bar
	GridID      ID  // where it lies: the giver's micro-grid, or that of the box
	GiverGridID ID  // where its giver hears of it
	HouseholdID ID  // the giver's
	PersonID    ID
	ItemID      ItemID
	Strength    string
	Form        string
	PackSize    int // base units in one pack; 0: not said
	Batch       string
	ExpiresOn   Date // last day of use; "" where nothing expires
	Seal        Seal
	Kind        LotKind
	LendDays    int // of a loan: for how many days at a time
	// WantBackAt: since then its lender wants a loan back; what comes back or is
	// released is not lent again.
	WantBackAt *time.Time
	Way        Way
	Offered    int
	Remaining  int
	Reserved   int
	Lent       int
	Given      int
	Withdrawn  int
	Expired    int
	State      LotState
	// CloseReason says why Withdrawn or Expired grew last.
	CloseReason string
	Place       Place
	CarrierID   *ID // who fetched it and has not brought it yet
	RelayID     *ID
	CheckedAt   *time.Time
	CheckedBy   *ID
	DueAt       *time.Time // when what remains expires
	Version     int
	CreatedAt   time.Time
}

// Holder is whose hands hold what has not been given away of the lot.
func (l Lot) Holder() Holder {
	switch {
	case l.Place == PlaceCarrier && l.CarrierID != nil:
		return Carrier(*l.CarrierID)
	case l.Place == PlaceBox && l.RelayID != nil:
		return Box(*l.RelayID)
	case l.Place == PlaceBox:
		return Box(l.GridID) // no relay point: the worker of the grid keeps it by hand
	}
	return Home(l.HouseholdID)
}

// OfPoint reports whether the lot is stock of a relay point itself.
func (l Lot) OfPoint() bool { return l.PersonID == l.HouseholdID }

// Live reports whether units of the lot can still move.
func (l Lot) Live() bool { return l.State != LotClosed }
