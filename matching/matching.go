// Package matching decides what may go to whom, what should, and why.
//
// A Pool flows in: the open needs, free lots, relay points and households of
// one scope at one moment. A Plan flows out: who gets how many units of which
// lot, with reasons, and for every need that stays open why and what happens
// next. Screen holds the rules of a single line and is asked when a post
// arrives, at every plan and again at hand-over.
//
// The same pool gives the same plan, whatever the order of its rows. Nothing
// here reads a clock, a database or the network, and nothing here saves: a
// plan is a proposal until server/exchange commits it.
package matching

import (
	"time"

	"linli/models"
)

// Pool is everything that a plan may look at.
type Pool struct {
	Now   time.Time
	Scope models.ID // the grid node planned for
	// Needs that are open (Open > 0); held ones are reported, never matched.
	Needs []models.Need
	// Lots with free units, of this scope and of the boxes that serve it.
	Lots   []models.Lot
	Relays []models.RelayPoint
	// Loads of the relay points; none is nothing.
	Loads []Load
	// Walks are the ways that the city has given, for where the map is wrong.
	Walks models.Walks
	// Households of every need and lot above.
	Households []models.Household
	// Received are the live and recent matches of these households, for
	// ceilings, for ingredients that must not be doubled and for fairness.
	Received []models.Match
	// Elsewhere counts free units by ancestor grid and item, for "why not yet"
	// and for where to widen to.
	Elsewhere []Free
	// Grids are the micro-grids of lots that lie outside Scope's own, and the
	// nodes above Scope. Needs reach only what is named here.
	Grids []models.Grid
	// Windows, of this scope, open and closed.
	Windows []models.Window
	// Asks about these needs, of every state.
	Asks []models.Ask
	// Neighbours who may be asked.
	Neighbours []Neighbour
	// NoSearch: a command plans, who has not read whom to ask. Nothing is widened
	// and nobody asked; a need that has not been searched for wants it at once.
	NoSearch bool
	Policy   Policy
}

// Neighbour is somebody who may be asked for help.
type Neighbour struct {
	PersonID    models.ID
	HouseholdID models.ID
	GridID      models.ID
	// Had are the items that she has offered before, the best sign of what
	// else lies in her drawer.
	Had []models.ItemID
	// SaidNo are the items that she was asked for lately and did not have to spare.
	SaidNo []models.ItemID
	// AskedToday counts every question to her since midnight in Shanghai.
	AskedToday int
	// AtNight: she said that she may be asked in the quiet hours.
	AtNight bool
}

// Free is a count of free units below a grid, the one thing that strangers see.
type Free struct {
	GridID models.ID
	Item   models.ItemID
	Units  int
}

// Plan is what should happen.
type Plan struct {
	Matches []Proposal
	// Open says for every need that keeps open units why, and when the next
	// step comes.
	Open map[models.ID]Waiting
	// Asks to send now; ids are given when they are saved.
	Asks []models.Ask
	// Widen lists the needs that look further from now on.
	Widen []models.Widening
	// Windows that stand after this plan: new ones, and those whose class is
	// still scarce. What is not listed is over.
	Windows []models.Window
	// Shares say how every household stands; what a grid got is their sum.
	Shares []Share
	// PolicyVersion and CatalogueVersion made this plan.
	PolicyVersion    string
	CatalogueVersion string
}

// Proposal is so many units of a lot for a need. Agreed: no one need be asked;
// otherwise the match starts as proposed and waits for the person concerned.
type Proposal struct {
	NeedID     models.ID
	LotID      models.ID
	RelayID    *models.ID // nil: the worker of the grid takes it in by hand
	Units      int
	Substitute bool
	Agreed     bool
	Reasons    []models.Reason
}

// Waiting is the answer to "why not yet".
type Waiting struct {
	Why    []models.Reason
	NextAt *time.Time
}

// Share is what the households of a grid asked for and got, with this plan:
// the figures by which a community sees whether it is fair.
type Share struct {
	GridID      models.ID
	HouseholdID models.ID
	Asked       int // units, of all needs in the pool
	Received    int // units within Policy.CeilingWindowDays, before this plan
	Proposed    int // units of this plan
}
