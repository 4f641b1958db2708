package api

import (
	"time"

	"linli/models"
	"linli/server/exchange"
)

// Bag is an offer without a list, and how far it has come.
type Bag struct {
	ID        string     `json:"id" doc:"Of its offer, too"`
	RelayID   string     `json:"relay_id"`
	State     string     `json:"state" enum:"waiting,open,done,cancelled,lapsed"`
	Taken     int        `json:"taken"`
	Refused   int        `json:"refused"`
	DueAt     *time.Time `json:"due_at"`
	CreatedAt time.Time  `json:"created_at"`
	Version   int        `json:"version"`
}

// BagCard is a bag as the point sees it.
type BagCard struct {
	Bag
	Building string `json:"giver_building"`
}

// Shelf is what lies in a box, by expiry.
type Shelf struct {
	Relay    Relay       `json:"relay"`
	Capacity int         `json:"capacity" doc:"Lots that it takes; 0: not said"`
	Items    []ShelfLot  `json:"items" nullable:"false"`
	Next     string      `json:"next"`
	Counts   ShelfCounts `json:"counts"`
	Bags     int         `json:"bags"`
}

// ShelfCounts are lots of the whole box.
type ShelfCounts struct {
	All       int `json:"all"`
	Free      int `json:"free"`
	Soon      int `json:"soon"`
	Kept      int `json:"kept"`
	Stopped   int `json:"stopped"`
	Unchecked int `json:"unchecked"`
}

// ShelfLot is a lot that lies in the box, in parts by what may be done with them.
type ShelfLot struct {
	LotID     string      `json:"lot_id"`
	OfferID   string      `json:"offer_id"`
	Item      Item        `json:"item"`
	Strength  string      `json:"strength"`
	Form      string      `json:"form"`
	Batch     string      `json:"batch"`
	ExpiresOn string      `json:"expires_on"`
	DaysLeft  int         `json:"days_left"`
	Units     int         `json:"units"`
	Parts     []ShelfPart `json:"parts" nullable:"false"`
	Back      bool        `json:"back" doc:"Its giver may have back what is stopped"`
}

// ShelfPart is so many units in one state.
type ShelfPart struct {
	State    string `json:"state" enum:"free,soon,kept,stopped,unchecked"`
	Units    int    `json:"units"`
	Building string `json:"building" doc:"For whom it is kept"`
	Why      string `json:"why" doc:"Why it is stopped"`
}

// ChainStep is one change of hands.
type ChainStep struct {
	At       time.Time `json:"at"`
	Units    int       `json:"units"`
	FromKind string    `json:"from_kind" enum:"home,box,carrier,recovery,nowhere"`
	From     string    `json:"from"`
	ToKind   string    `json:"to_kind" enum:"home,box,carrier,recovery,nowhere"`
	To       string    `json:"to"`
	Why      string    `json:"why"`
	By       string    `json:"by"`
}

// Chain is who held what of a lot from when to when.
type Chain struct {
	Lot   Lot         `json:"lot"`
	Steps []ChainStep `json:"steps" nullable:"false"`
}

// StockTake is who counted a box, when, and what differed.
type StockTake struct {
	ID        string          `json:"id"`
	By        string          `json:"by"`
	Counted   int             `json:"counted" doc:"Lots that were looked at"`
	Lines     []StockTakeLine `json:"lines" nullable:"false"`
	CreatedAt time.Time       `json:"created_at"`
}

// StockTakeLine is a lot of which there was another number than should be.
type StockTakeLine struct {
	LotID   string `json:"lot_id"`
	Item    Item   `json:"item"`
	Should  int    `json:"should"`
	Counted int    `json:"counted"`
	Spoiled int    `json:"spoiled"`
	Why     string `json:"why"`
}

// Recovery is a receipt of who took what nobody may use.
type Recovery struct {
	ID        string         `json:"id"`
	Relay     Relay          `json:"relay"`
	By        string         `json:"by"`
	Place     string         `json:"place"`
	Receipt   string         `json:"receipt"`
	Lots      []RecoveredLot `json:"lots" nullable:"false"`
	CreatedAt time.Time      `json:"created_at"`
}

// RecoveredLot is what of a lot went, and why it had to.
type RecoveredLot struct {
	LotID     string `json:"lot_id"`
	Item      Item   `json:"item"`
	Strength  string `json:"strength"`
	Batch     string `json:"batch"`
	ExpiresOn string `json:"expires_on"`
	Quantity  int    `json:"quantity"`
	Why       string `json:"why"`
}

// Recall is an item and batch that nobody may give any more, and how far that is.
type Recall struct {
	ID          string       `json:"id"`
	Grid        Grid         `json:"grid"`
	Item        Item         `json:"item"`
	Batch       string       `json:"batch"`
	Reason      string       `json:"reason"`
	State       string       `json:"state" enum:"running,done"`
	CreatedAt   time.Time    `json:"created_at"`
	DoneAt      *time.Time   `json:"done_at"`
	Lots        int          `json:"lots"`
	Left        int          `json:"left" doc:"Lots that it has still to reach"`
	Stopped     int          `json:"stopped" doc:"Units that were not given yet"`
	Asked       int          `json:"asked" doc:"Homes that were asked not to take it"`
	Collected   int          `json:"collected"`
	Collections []Collection `json:"collections" nullable:"false" doc:"Those of the caller's own grids"`
}

// Collection is what a home is to give back of a recalled batch.
type Collection struct {
	ID        string    `json:"id"`
	RecallID  string    `json:"recall_id"`
	LotID     string    `json:"lot_id"`
	Item      Item      `json:"item"`
	Units     int       `json:"units"`
	Got       int       `json:"got"`
	State     string    `json:"state" enum:"asked,collected"`
	Building  string    `json:"building"`
	CreatedAt time.Time `json:"created_at"`
	Version   int       `json:"version"`
}

func bagOf(b *models.Bag) *Bag {
	if b == nil {
		return nil
	}
	return &Bag{ID: b.ID, RelayID: b.RelayID, State: string(b.State), Taken: b.Taken, Refused: b.Refused, DueAt: b.DueAt,
		CreatedAt: b.CreatedAt, Version: b.Version}
}

func bagCard(v exchange.BagView) BagCard { return BagCard{*bagOf(&v.Bag), v.Building} }

func (a *API) shelf(v exchange.Shelf) Shelf {
	n := func(s exchange.ShelfState) int { return v.Counts[s] }
	return Shelf{Relay: *relayOf(&v.Relay, -1), Capacity: v.Relay.Capacity, Items: mapped(v.Lots, a.shelfLot), Next: v.Next, Bags: v.Bags,
		Counts: ShelfCounts{v.All, n(exchange.ShelfFree), n(exchange.ShelfSoon), n(exchange.ShelfKept), n(exchange.ShelfStopped), n(exchange.ShelfUnchecked)}}
}

func (a *API) shelfLot(l exchange.ShelfLot) ShelfLot {
	row := ShelfLot{LotID: l.ID, OfferID: l.OfferID, Item: a.item(l.ItemID), Strength: l.Strength, Form: l.Form, Batch: l.Batch,
		ExpiresOn: string(l.ExpiresOn), Units: l.Units, Back: l.Back,
		Parts: mapped(l.Parts, func(p exchange.ShelfPart) ShelfPart { return ShelfPart{string(p.State), p.Units, p.Building, p.Why} })}
	if l.ExpiresOn != "" {
		row.DaysLeft = l.ExpiresOn.DaysAfter(models.DateOf(a.o.Now()))
	}
	return row
}

func chainStep(s exchange.ChainStep) ChainStep {
	return ChainStep{s.At, s.Units, string(s.FromHand.Kind), s.FromHand.Name, string(s.ToHand.Kind), s.ToHand.Name, s.Why, s.By}
}

func (a *API) stockTake(v exchange.TakeView) StockTake {
	return StockTake{ID: v.ID, By: v.By, Counted: v.Counted, CreatedAt: v.CreatedAt,
		Lines: mapped(v.Lines, func(l models.StockTakeLine) StockTakeLine {
			return StockTakeLine{l.LotID, a.item(l.ItemID), l.Should, l.Counted, l.Spoiled, l.Why}
		})}
}

func (a *API) recovery(v exchange.RecoveryView) Recovery {
	return Recovery{ID: v.ID, Relay: *relayOf(&v.Relay, -1), By: v.By, Place: v.Place, Receipt: v.Receipt, CreatedAt: v.CreatedAt,
		Lots: mapped(v.Lots, func(l exchange.RecoveredLot) RecoveredLot {
			return RecoveredLot{l.ID, a.item(l.ItemID), l.Strength, l.Batch, string(l.ExpiresOn), l.Units, l.CloseReason}
		})}
}

func (a *API) recall(v exchange.RecallView) Recall {
	return Recall{ID: v.ID, Grid: gridModel(v.Grid), Item: a.item(v.ItemID), Batch: v.Batch, Reason: v.Reason, State: string(v.State), CreatedAt: v.CreatedAt,
		DoneAt: v.DoneAt, Lots: v.Counts.Lots, Left: v.Counts.LeftOver, Stopped: v.Counts.Stopped, Asked: v.Counts.Asked, Collected: v.Counts.Collected,
		Collections: mapped(v.Collections, a.collection)}
}

func (a *API) collection(v exchange.CollectionView) Collection {
	return Collection{v.ID, v.RecallID, v.LotID, a.item(v.ItemID), v.Units, v.Got, string(v.State), v.Building, v.CreatedAt, v.Version}
}

// gridModel is a grid without what only lists of grids tell.
func gridModel(g models.Grid) Grid {
	return Grid{ID: g.ID, Code: g.Code, Name: g.Name, Level: string(g.Level), Homes: g.Homes}
}
