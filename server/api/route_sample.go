package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/server/exchange"
)

// Sample is a handover that was closed without a code, for its leader to look at.
type Sample struct {
	Handover Handover `json:"handover"`
	Grid     string   `json:"grid" doc:"Its name"`
	Why      string   `json:"why" doc:"What was written at the door: the reason, or who took it"`
	By       string   `json:"by" doc:"Who handed it over"`
}

type sampleDecision struct {
	One
	Body struct {
		Decision string `json:"decision" enum:"right,wrong"`
		Note     string `json:"note,omitempty" maxLength:"300"`
	}
}

func (a *API) sampleRoutes() {
	handle(a, route{method: http.MethodGet, path: "/samples", id: "samples", tag: "leader",
		summary: "Handed over without a code, oldest first"}, a.samples)
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/sample", id: "decideSample", tag: "leader",
		summary: "It went as it was said, or not"}, a.decideSample)
}

func (a *API) samples(ctx context.Context, me models.Actor, _ *struct{}) (list[Sample], error) {
	cards, err := a.o.Exchange.Samples(ctx, me)
	return list[Sample]{Items: mapped(cards, func(c exchange.SampleCard) Sample {
		return Sample{Handover: a.handover(c.HandoverView), Grid: c.Grid.Name, Why: c.ClosedWhy, By: c.ClosedByName}
	})}, err
}

func (a *API) decideSample(ctx context.Context, me models.Actor, in *sampleDecision) (Handover, error) {
	v, err := a.o.Exchange.DecideSample(ctx, me, in.ID, models.Sample(in.Body.Decision), in.Body.Note)
	return a.handover(v), err
}
