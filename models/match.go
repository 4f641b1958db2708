package models

import "time"

// MatchState is the state of a Match; see states.go.
type MatchState string

// The states of a Match.
const (
	MatchProposed  MatchState = "proposed"
	MatchAgreed    MatchState = "agreed"
	MatchMoving    MatchState = "moving"
	MatchReady     MatchState = "ready"
	MatchGiven     MatchState = "given"
	MatchReturned  MatchState = "returned"
	MatchDeclined  MatchState = "declined"
	MatchCancelled MatchState = "cancelled"
	MatchLapsed    MatchState = "lapsed"
	MatchRefused   MatchState = "refused"
)

// Match is so many units of one Lot for one Need. Its home is the receiver's
// micro-grid; LotGridID is the lot's.
type Match struct {
	ID                  ID `gorm:"primaryKey"`
	GridID              ID
	LotGridID           ID
	NeedID              ID
	LotID               ID
	HandoverID          ID
	ReceiverID          ID
	ReceiverHouseholdID ID
	GiverID             ID
	GiverHouseholdID    ID
	ItemID              ItemID // of the lot, not of the need: a class is met by a member
	Quantity            int
	Substitute          bool
	State               MatchState
	Reasons             []Reason `gorm:"serializer:json"`
	PolicyVersion       string
	CatalogueVersion    string
	// EndReason says why it ended without being given, or how a loan ended.
	EndReason string
	// LabelledAt is since when a worker has seen the piece with its label, or as a
	// whole pack that needs none.
	LabelledAt *time.Time
	DueAt      *time.Time
	Version    int
	CreatedAt  time.Time
	ClosedAt   *time.Time
}

// EndNotBrought is the end reason of a match whose giver had said yes and did not
// come in time.
const EndNotBrought = "not_brought"

// Live reports whether the match still holds units of its lot.
func (m Match) Live() bool {
	switch m.State {
	case MatchProposed, MatchAgreed, MatchMoving, MatchReady:
		return true
	}
	return false
}

// FromPoint reports whether the lot is stock of a relay point itself: no neighbour
// gave it. The point stands for person and household then.
func (m Match) FromPoint() bool { return m.GiverID == m.GiverHouseholdID }

// Over reports whether what was given is no longer with who got it: a loan that
// has ended.
func (m Match) Over() bool { return m.State == MatchGiven && m.EndReason != "" }

// HandoverState is the state of a Handover; see states.go.
type HandoverState string

// The states of a Handover.
const (
	HandoverAwaiting HandoverState = "awaiting"
	HandoverChecking HandoverState = "checking"
	HandoverReady    HandoverState = "ready"
	HandoverOut      HandoverState = "out"
	HandoverDone     HandoverState = "done"
	HandoverReturned HandoverState = "returned"
	HandoverRefused  HandoverState = "refused"
	HandoverLapsed   HandoverState = "lapsed"
)

// MaxCodeTries locks a handover until a worker reissues its code.
const MaxCodeTries = 5

// Handover is the journey of the matches of one plan from one household (or
// the box) to another. The code is derived from ID and Generation.
type Handover struct {
	ID                  ID `gorm:"primaryKey"`
	GridID              ID
	RelayID             *ID
	ReceiverID          ID
	ReceiverHouseholdID ID
	GiverHouseholdID    *ID // nil: from the box
	State               HandoverState
	// Way is how it reaches the receiver: collected, brought, or left at the door.
	Way Way
	// CarrierID is who has it while it is out.
	CarrierID *ID
	// Collector is the name of who collects it for the receiver, said beforehand.
	Collector  string `gorm:"serializer:seal"`
	Generation int
	WrongTries int
	DueAt      *time.Time
	// RemindAt is when the next reminder goes out; Reminded how many have.
	RemindAt *time.Time
	Reminded int
	ClosedBy *ID
	// ClosedHow says by what it was closed, ClosedWhy why without a code.
	ClosedHow ClosedHow
	ClosedWhy string `gorm:"serializer:seal"`
	// Sample is where the leader's look at it stands.
	Sample     Sample
	SampledBy  *ID
	SampleNote string `gorm:"serializer:seal"`
	// TwiceAt and TwiceBy: the same code was used again without a net.
	TwiceAt   *time.Time
	TwiceBy   *ID
	Version   int
	CreatedAt time.Time
	ReadyAt   *time.Time
	ClosedAt  *time.Time
}

// ClosedHow says by what a handover was closed.
type ClosedHow string

// The ways to close a handover.
const (
	HowCode      ClosedHow = "code"      // six digits
	HowToken     ClosedHow = "token"     // the signed QR
	HowOffline   ClosedHow = "offline"   // the signed QR, scanned without a net
	HowHousehold ClosedHow = "household" // the door code of the receiver's home
	HowRelative  ClosedHow = "relative"  // the yes of somebody named
	HowLeft      ClosedHow = "left"      // left at the door, with a photo of the bag
	HowFace      ClosedHow = "face"      // face to face without a code, with a reason
	HowReceived  ClosedHow = "received"  // the receiver's own tap
)

// Sample 抽查 is the leader's look at a handover that was closed without a code.
type Sample string

// Where the look stands; "" where none is wanted.
const (
	SampleWaits Sample = "waits"
	SampleRight Sample = "right"
	SampleWrong Sample = "wrong"
)

// Live reports whether the handover is still under way.
func (h Handover) Live() bool {
	switch h.State {
	case HandoverAwaiting, HandoverChecking, HandoverReady, HandoverOut:
		return true
	}
	return false
}

// Locked reports whether too many wrong codes were tried.
func (h Handover) Locked() bool { return h.WrongTries >= MaxCodeTries }
