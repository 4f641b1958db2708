package models

import (
	"strings"
	"time"
)

// A box is more than its lots: it is counted, what may not be given is called
// back or leaves it against a receipt, and what is new in it is news to every
// micro-grid that the point serves.

// ReasonRecalled is why units of a recalled batch left the exchange.
const ReasonRecalled = "recalled"

// RecallState says how far a recall has come.
type RecallState string

// A recall runs until it has reached every lot below its node.
const (
	RecallRunning RecallState = "running"
	RecallDone    RecallState = "done"
)

// Recall 召回: an item and batch number that nobody may give any more, at or below
// a node. It stands for good.
type Recall struct {
	ID        ID `gorm:"primaryKey"`
	GridID    ID
	Path      string
	ItemID    ItemID
	Batch     string // as it was typed
	BatchKey  string
	Reason    string `gorm:"serializer:seal"`
	PersonID  ID     // who called it back
	State     RecallState
	CreatedAt time.Time
	DoneAt    *time.Time
}

// BatchKey is a batch number without what differs from hand to hand: blanks,
// hyphens and small letters.
func BatchKey(batch string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return -1
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, batch)
}

// Covers reports whether the recall is about what a lot holds, wherever it lies.
func (r Recall) Covers(l Lot) bool { return r.ItemID == l.ItemID && r.BatchKey == BatchKey(l.Batch) }

// CollectionState says whether what was given has been fetched back.
type CollectionState string

// The states of a Collection.
const (
	CollectionAsked     CollectionState = "asked"
	CollectionCollected CollectionState = "collected"
)

// Collection is what a household was given of a recalled batch, and has been asked
// not to take, until somebody fetches it. Got may be less: the rest is used up.
type Collection struct {
	ID          ID `gorm:"primaryKey"`
	RecallID    ID
	GridID      ID // home micro-grid of the receiver
	LotID       ID
	MatchID     ID
	HouseholdID ID
	PersonID    ID
	ItemID      ItemID
	Units       int
	Got         int
	State       CollectionState
	ClosedBy    *ID
	Version     int
	CreatedAt   time.Time
	ClosedAt    *time.Time
}

// StockTake 盘点: who counted a box, when, and what came of it.
type StockTake struct {
	ID        ID `gorm:"primaryKey"`
	GridID    ID
	RelayID   ID
	PersonID  ID
	Counted   int             // lots that were looked at
	Lines     []StockTakeLine `gorm:"serializer:json"` // those that differed
	CreatedAt time.Time
}

// StockTakeLine is a lot of which there was another number than should be.
type StockTakeLine struct {
	LotID   ID     `json:"lot_id"`
	ItemID  ItemID `json:"item_id"`
	Should  int    `json:"should"`  // units that should have lain there
	Counted int    `json:"counted"` // units that did
	Spoiled int    `json:"spoiled"` // of these, not to be given any more
	Why     string `json:"why"`     // of what is missing; "surplus" of what was too much
}

// Why units are not where they should be.
const (
	WhyUnrecorded = "unrecorded" // given out, and nobody wrote it down
	WhyNotFound   = "not_found"
	WhySpoiled    = "spoiled"
	WhySurplus    = "surplus"
)

// Recovery 回收: what nobody may use went to a pharmacy or a health centre.
type Recovery struct {
	ID        ID `gorm:"primaryKey"`
	GridID    ID
	RelayID   ID
	PersonID  ID // who brought it there
	Place     string
	Receipt   string // the number on their receipt
	CreatedAt time.Time
}

// BoxNews says that something of an item lies free in a box since a moment. Mark is
// another with every news, so that newer news is not taken for what was looked at.
type BoxNews struct {
	RelayID ID     `gorm:"primaryKey"`
	ItemID  ItemID `gorm:"primaryKey"`
	Mark    ID
	At      time.Time
}

// TableName is news, which has no plural.
func (BoxNews) TableName() string { return "box_news" }
