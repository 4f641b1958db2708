package api

import (
	"context"
	"fmt"
	"net/http"

	"linli/models"
	"linli/models/store"
	"linli/server/exchange"
)

type shelfQuery struct {
	One
	Paging
	Item  string `query:"item" maxLength:"20"`
	Batch string `query:"batch" maxLength:"60" doc:"Part of a batch number"`
	State string `query:"state" enum:"free,soon,kept,stopped,unchecked,"`
}

type boxList struct {
	One
	Paging
}

type stockTake struct {
	One
	Body struct {
		Counts  []count    `json:"counts" minItems:"1" maxItems:"500" nullable:"false"`
		Surplus []bookLine `json:"surplus,omitempty" minItems:"1" maxItems:"10" nullable:"false" doc:"What is too much: a new lot of the point, with its check"`
	}
}

type count struct {
	LotID   string `json:"lot_id" maxLength:"64"`
	Usable  int    `json:"usable" minimum:"0" maximum:"1000" doc:"That may be given, as it lies there"`
	Spoiled int    `json:"spoiled,omitempty" minimum:"0" maximum:"1000" doc:"Of these, not to be given any more"`
	Stopped *int   `json:"stopped,omitempty" minimum:"0" maximum:"1000" doc:"That may not be given; as it should be, if not given"`
	Why     string `json:"why,omitempty" enum:"unrecorded,not_found" doc:"Of what is missing"`
}

type newRecovery struct {
	One
	Body struct {
		Place   string   `json:"place" minLength:"1" maxLength:"60" doc:"Pharmacy or health centre"`
		Receipt string   `json:"receipt" minLength:"1" maxLength:"60" doc:"The number of their receipt"`
		Lots    []parcel `json:"lots" minItems:"1" maxItems:"500" nullable:"false"`
	}
}

type parcel struct {
	LotID    string `json:"lot_id" maxLength:"64"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"1000"`
}

func (a *API) boxRoutes() {
	handle(a, route{method: http.MethodGet, path: "/relays/{id}/shelf", id: "shelf", tag: "worker",
		summary: "What lies in a box, by expiry"}, a.shelfOf)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/stock-takes", id: "takeStock", tag: "worker",
		summary: "Count a box; what differs is explained", created: true}, a.takeStock)
	handle(a, route{method: http.MethodGet, path: "/relays/{id}/stock-takes", id: "stockTakes", tag: "worker",
		summary: "The counts of a box, newest first"}, a.stockTakes)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/recoveries", id: "handToRecovery", tag: "worker",
		summary: "Hand in for disposal what may not be given", created: true}, a.handToRecovery)
	handle(a, route{method: http.MethodGet, path: "/relays/{id}/recoveries", id: "recoveries", tag: "worker",
		summary: "The receipts of a box, newest first"}, a.recoveries)
	handle(a, route{method: http.MethodGet, path: "/recoveries/{id}", id: "recovery", tag: "worker",
		summary: "One receipt"}, a.oneRecovery)
	handle(a, route{method: http.MethodPost, path: "/lots/{id}/give-back", id: "giveBack", tag: "worker",
		summary: "Back to its giver, what nobody may use, or to its lender"}, a.lotCall((*exchange.Service).GiveBack))
	handle(a, route{method: http.MethodGet, path: "/lots/{id}/chain", id: "chain", tag: "worker",
		summary: "Who held what of a lot from when to when"}, a.chain)
}

func at(path string, i int) string { return fmt.Sprintf("%s[%d].", path, i) }

func (a *API) shelfOf(ctx context.Context, me models.Actor, in *shelfQuery) (Shelf, error) {
	v, err := a.o.Exchange.Shelf(ctx, me, in.ID, exchange.ShelfQuery{Item: in.Item, Batch: in.Batch, State: exchange.ShelfState(in.State),
		Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return Shelf{}, err
	}
	return a.shelf(v), nil
}

func (a *API) takeStock(ctx context.Context, me models.Actor, in *stockTake) (StockTake, error) {
	surplus, err := linesOf("surplus", in.Body.Surplus)
	if err != nil {
		return StockTake{}, err
	}
	counts := mapped(in.Body.Counts, func(c count) exchange.Count {
		return exchange.Count{LotID: c.LotID, Usable: c.Usable, Spoiled: c.Spoiled, Stopped: c.Stopped, Why: c.Why}
	})
	v, err := a.o.Exchange.StockTake(ctx, me, in.ID, counts, surplus)
	return a.stockTake(exchange.TakeView{StockTake: v}), err
}

func (a *API) stockTakes(ctx context.Context, me models.Actor, in *boxList) (list[StockTake], error) {
	page, err := in.page()
	if err != nil {
		return list[StockTake]{}, err
	}
	views, err := a.o.Exchange.StockTakes(ctx, me, in.ID, page)
	out := list[StockTake]{Items: mapped(views, a.stockTake)}
	if len(views) == page.Limit {
		last := views[len(views)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, err
}

func (a *API) handToRecovery(ctx context.Context, me models.Actor, in *newRecovery) (Recovery, error) {
	parcels := mapped(in.Body.Lots, func(p parcel) exchange.Parcel { return exchange.Parcel{LotID: p.LotID, Units: p.Quantity} })
	v, err := a.o.Exchange.HandToRecovery(ctx, me, in.ID, parcels, in.Body.Place, in.Body.Receipt)
	return a.recovery(v), err
}

func (a *API) recoveries(ctx context.Context, me models.Actor, in *boxList) (list[Recovery], error) {
	page, err := in.page()
	if err != nil {
		return list[Recovery]{}, err
	}
	views, err := a.o.Exchange.Recoveries(ctx, me, in.ID, page)
	out := list[Recovery]{Items: mapped(views, a.recovery)}
	if len(views) == page.Limit {
		last := views[len(views)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, err
}

func (a *API) oneRecovery(ctx context.Context, me models.Actor, in *One) (Recovery, error) {
	v, err := a.o.Exchange.Recovery(ctx, me, in.ID)
	return a.recovery(v), err
}

func (a *API) chain(ctx context.Context, me models.Actor, in *One) (Chain, error) {
	lot, steps, err := a.o.Exchange.Chain(ctx, me, in.ID)
	return Chain{Lot: a.lot(lot), Steps: mapped(steps, chainStep)}, err
}
