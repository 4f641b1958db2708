package models

import "time"

// What a need does while nothing near fits it: it waits a moment for others
// who want the same scarce thing (Window, a row that survives a restart), looks
// further (Widening), and has neighbours asked (Ask). Whoever thinks that a plan
// decided wrongly has the worker look (Review).

// Window 集中: the needs of a scarce class in a micro-grid wait until ClosesAt
// and are then planned together. It is never extended; the row stays while the
// class stays scarce, so that one shortage opens one window.
type Window struct {
	GridID   ID     `gorm:"primaryKey"`
	ItemID   ItemID `gorm:"primaryKey"` // the class, or the item that has none
	ClosesAt time.Time
}

// Open reports whether the needs of the class still wait.
func (w Window) Open(now time.Time) bool { return now.Before(w.ClosesAt) }

// Widening 扩圈: from At on the need looks in ToGridID, a node above its own
// micro-grid. ActorID is nil where the policy widened, else the worker.
type Widening struct {
	ID       ID `gorm:"primaryKey"`
	NeedID   ID
	GridID   ID // home micro-grid of the need
	ToGridID ID
	ActorID  *ID
	At       time.Time
}

// AskState is where a question to a neighbour stands.
type AskState string

// The states of an Ask.
const (
	AskOpen   AskState = "open"
	AskYes    AskState = "yes"    // a lot was offered for it
	AskNo     AskState = "no"     // has none, or not today
	AskSilent AskState = "silent" // no answer in time
	AskOver   AskState = "over"   // the need was met or closed meanwhile
)

// Ask 寻药: a question to one neighbour, could you help with this? It says what
// is needed and how much, never who needs it.
type Ask struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID // home micro-grid of the person asked
	NeedID      ID
	NeedGridID  ID
	ItemID      ItemID
	Units       int
	PersonID    ID
	HouseholdID ID
	State       AskState
	CreatedAt   time.Time
	DueAt       time.Time // silent from then on
	AnsweredAt  *time.Time
	Version     int
}

// ReviewState is where a review stands, and what came of it.
type ReviewState string

// The states of a Review.
const (
	ReviewOpen   ReviewState = "open"
	ReviewStands ReviewState = "stands" // the plan was right, and why
	ReviewHelped ReviewState = "helped" // the worker did something about it
)

// Review 复核: "觉得不对？请网格员看看". Somebody concerned by what a plan decided
// about a need, or by one of its matches, has the worker look; her decision is
// recorded.
type Review struct {
	ID        ID `gorm:"primaryKey"`
	GridID    ID // home micro-grid of the need
	NeedID    ID
	MatchID   *ID
	PersonID  ID     // who asked for it
	Note      string `gorm:"serializer:seal"`
	State     ReviewState
	Reply     string `gorm:"serializer:seal"` // the worker's words to her
	DecidedBy *ID
	CreatedAt time.Time
	DecidedAt *time.Time
	Version   int
}
