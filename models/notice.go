package models

import (
	"slices"
	"time"
)

// NoticeState is where a notice stands.
type NoticeState string

// The states of a Notice. Only a call is full or closed; it stays to be read, and
// opens again when what filled it is taken back.
const (
	NoticeOpen      NoticeState = "open"
	NoticeFull      NoticeState = "full"
	NoticeClosed    NoticeState = "closed"    // by hand: no more is wanted
	NoticeOver      NoticeState = "over"      // its time has come
	NoticeWithdrawn NoticeState = "withdrawn" // its words are gone
)

// Limits of notices.
const (
	MaxNoticeRunes = 500
	MaxNotices     = 20 // of one person in a day
	MaxCorrections = 10 // of one notice
	NoticeDays     = 7  // a notice stays, where nothing else is said
	MaxNoticeDays  = 30
)

// Notice 通知: a worker tells everybody of a grid and below. It may call for
// something 征集: an item and how many units. It is an event of its own grid and
// no part of the exchange: the lots that answer a call name it and lie in their
// givers' micro-grids, where they are changed without a look at the call. Got is
// how many units they held when they were counted last.
type Notice struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID // any node; everybody below is meant
	SentBy      ID
	Text        string `gorm:"serializer:seal"` // anybody may have written anything
	ItemID      ItemID // of a call; "" calls for nothing
	Wanted      int
	Got         int
	RelayID     *ID // the box for which a call collects
	Corrections int
	State       NoticeState
	CreatedAt   time.Time
	DueAt       time.Time // over from then on
	ClosedAt    *time.Time
	Version     int
}

// Calls reports whether the notice calls for something.
func (n Notice) Calls() bool { return n.ItemID != "" }

// Reads reports whether the notice is still there to be read.
func (n Notice) Reads(now time.Time) bool {
	return slices.Contains([]NoticeState{NoticeOpen, NoticeFull, NoticeClosed}, n.State) && now.Before(n.DueAt)
}

// Count takes down how many units answer a call, and reports what that changed:
// "filled", "full", "reopened" or "". What is too much counts too; a bar shows
// no more than all.
func (n *Notice) Count(units int) (string, error) {
	if !n.Calls() || n.State != NoticeOpen && n.State != NoticeFull {
		return "", nil
	}
	moved := n.Got != units
	n.Got = units
	switch {
	case n.State == NoticeOpen && units >= n.Wanted:
		return "full", n.Apply(CommandFinish)
	case n.State == NoticeFull && units < n.Wanted:
		return "reopened", n.Apply(CommandResume)
	case moved:
		return "filled", nil
	}
	return "", nil
}
