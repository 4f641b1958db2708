package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
)

type newRecall struct {
	Body struct {
		GridID string `json:"grid_id" maxLength:"64" doc:"It reaches this grid and all below it"`
		ItemID string `json:"item_id" maxLength:"20"`
		Batch  string `json:"batch" minLength:"1" maxLength:"60"`
		Reason string `json:"reason" minLength:"1" maxLength:"300"`
	}
}

type collecting struct {
	One
	Body struct {
		Quantity int `json:"quantity" minimum:"0" maximum:"1000" doc:"Units that came back; the rest is used up"`
	}
}

func (a *API) recallRoutes() {
	handle(a, route{method: http.MethodPost, path: "/recalls", id: "recallBatch", tag: "worker",
		summary: "Call a batch back at a grid and below", created: true}, a.recallBatch)
	handle(a, route{method: http.MethodGet, path: "/recalls", id: "recalls", tag: "worker",
		summary: "The recalls that concern a grid"}, a.recalls)
	handle(a, route{method: http.MethodGet, path: "/recalls/{id}", id: "recall", tag: "worker",
		summary: "How far a recall has come"}, a.oneRecall)
	handle(a, route{method: http.MethodPost, path: "/collections/{id}/collect", id: "collect", tag: "worker",
		summary: "Fetched back what was given and recalled"}, a.collect)
}

func (a *API) recallBatch(ctx context.Context, me models.Actor, in *newRecall) (Recall, error) {
	if !store.ValidID(in.Body.GridID) {
		return Recall{}, fault.InvalidField("grid_id", "not_found")
	}
	if err := a.checkWords(ctx, me, in.Body.Reason); err != nil {
		return Recall{}, err
	}
	v, err := a.o.Exchange.Recall(ctx, me, exchange.NewRecall{GridID: in.Body.GridID, ItemID: in.Body.ItemID, Batch: in.Body.Batch, Reason: in.Body.Reason})
	return a.recall(v), err
}

func (a *API) recalls(ctx context.Context, me models.Actor, in *ofGrid) (list[Recall], error) {
	if !store.ValidID(in.Grid) {
		return list[Recall]{}, fault.New(fault.NotFound, "not_found")
	}
	v, err := a.o.Exchange.Recalls(ctx, me, in.Grid)
	return list[Recall]{Items: mapped(v, a.recall)}, err
}

func (a *API) oneRecall(ctx context.Context, me models.Actor, in *One) (Recall, error) {
	v, err := a.o.Exchange.OneRecall(ctx, me, in.ID)
	return a.recall(v), err
}

func (a *API) collect(ctx context.Context, me models.Actor, in *collecting) (Collection, error) {
	v, err := a.o.Exchange.Collect(ctx, me, in.ID, in.Body.Quantity)
	return a.collection(v), err
}
