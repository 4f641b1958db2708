package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
)

type newRequest struct {
	Body struct {
		HouseholdID string    `json:"household_id,omitempty" maxLength:"64" doc:"For whom a worker posts; empty: for the own home"`
		PersonID    string    `json:"person_id,omitempty" maxLength:"64" doc:"And for whom in it; empty: for the first who lives there"`
		Lines       []newLine `json:"lines" minItems:"1" maxItems:"10" nullable:"false"`
		Way         string    `json:"way" enum:"relay,door,leave"`
		Private     bool      `json:"private,omitempty"`
		Note        string    `json:"note,omitempty" maxLength:"300"`
	}
}

type newLine struct {
	ItemID     string  `json:"item_id" maxLength:"20"`
	Quantity   int     `json:"quantity" minimum:"1" maximum:"1000"`
	Patient    Patient `json:"patient"`
	Urgency    string  `json:"urgency" enum:"now,today,days"`
	UrgencyWhy string  `json:"urgency_why,omitempty" maxLength:"300"`
}

func (l newLine) model() exchange.NewNeed {
	return exchange.NewNeed{ItemID: l.ItemID, Units: l.Quantity, Patient: l.Patient.model(), Urgency: models.Urgency(l.Urgency), UrgencyWhy: l.UrgencyWhy}
}

type ownList struct {
	Paging
	State string `query:"state" enum:"live,all" default:"all"`
}

type newUrgency struct {
	One
	Body struct {
		Urgency string `json:"urgency" enum:"now,today,days"`
		Why     string `json:"why,omitempty" maxLength:"300"`
	}
}

type newCondition struct {
	One
	Body struct {
		Answers map[string]Answer `json:"answers" minProperties:"1" maxProperties:"40" doc:"By question key: what is known now"`
	}
}

func (a *API) requestRoutes() {
	handle(a, route{method: http.MethodPost, path: "/requests", id: "openRequest", tag: "requests",
		summary: "Ask for something", created: true}, a.openRequest)
	handle(a, route{method: http.MethodGet, path: "/requests", id: "requests", tag: "requests",
		summary: "My requests, newest first"}, a.requests)
	handle(a, route{method: http.MethodGet, path: "/requests/{id}", id: "request", tag: "requests",
		summary: "One request with its timeline"}, a.oneRequest)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/cancel", id: "cancelNeed", tag: "requests",
		summary: "Not needed any more"}, a.cancelNeed)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/urgency", id: "raiseUrgency", tag: "requests",
		summary: "It has become urgent"}, a.raiseUrgency)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/condition", id: "reportCondition", tag: "requests",
		summary: "Something about the person is different now"}, a.reportCondition)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/clear", id: "clearDanger", tag: "worker",
		summary: "The danger has been looked after"}, a.clearDanger)
	handle(a, route{method: http.MethodGet, path: "/board", id: "board", tag: "requests",
		summary: "What neighbours look for"}, a.board)
}

func (a *API) openRequest(ctx context.Context, me models.Actor, in *newRequest) (Request, error) {
	post := exchange.NewRequest{HouseholdID: in.Body.HouseholdID, PersonID: in.Body.PersonID, Way: models.Way(in.Body.Way), Private: in.Body.Private,
		Note: in.Body.Note}
	written := []string{post.Note}
	for _, l := range in.Body.Lines {
		post.Lines = append(post.Lines, l.model())
		written = append(written, l.UrgencyWhy)
	}
	if post.HouseholdID != "" && !store.ValidID(post.HouseholdID) {
		return Request{}, fault.InvalidField("household_id", "not_found")
	}
	if post.PersonID != "" && !store.ValidID(post.PersonID) {
		return Request{}, fault.InvalidField("person_id", "not_found")
	}
	if err := a.checkWords(ctx, me, written...); err != nil {
		return Request{}, err
	}
	v, err := a.o.Exchange.OpenRequest(ctx, me, post)
	if err != nil {
		return Request{}, err
	}
	return a.request(callOf(ctx), me, v), nil
}

func (a *API) requests(ctx context.Context, me models.Actor, in *ownList) (list[Request], error) {
	page, err := in.page()
	if err != nil {
		return list[Request]{}, err
	}
	views, err := a.o.Exchange.Requests(ctx, me, in.State == "live", page)
	if err != nil {
		return list[Request]{}, err
	}
	out := list[Request]{Items: mapped(views, func(v exchange.RequestView) Request { return a.request(callOf(ctx), me, v) })}
	if len(views) == page.Limit {
		last := views[len(views)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, nil
}

func (p Paging) page() (exchange.Page, error) {
	cursor, err := store.ParseCursor(p.Cursor)
	return exchange.Page{Cursor: cursor, Limit: p.Limit}, err
}

func (a *API) oneRequest(ctx context.Context, me models.Actor, in *One) (Request, error) {
	v, err := a.o.Exchange.Request(ctx, me, in.ID)
	if err != nil {
		return Request{}, err
	}
	return a.request(callOf(ctx), me, v), nil
}

func (a *API) cancelNeed(ctx context.Context, me models.Actor, in *One) (Need, error) {
	v, err := a.o.Exchange.CancelNeed(ctx, me, in.ID)
	return a.need(v), err
}

func (a *API) raiseUrgency(ctx context.Context, me models.Actor, in *newUrgency) (Need, error) {
	if err := a.checkWords(ctx, me, in.Body.Why); err != nil {
		return Need{}, err
	}
	v, err := a.o.Exchange.RaiseUrgency(ctx, me, in.ID, models.Urgency(in.Body.Urgency), in.Body.Why)
	return a.need(v), err
}

func (a *API) reportCondition(ctx context.Context, me models.Actor, in *newCondition) (Need, error) {
	v, err := a.o.Exchange.ReportCondition(ctx, me, in.ID, Patient{Answers: in.Body.Answers}.model().Answers)
	return a.need(v), err
}

func (a *API) clearDanger(ctx context.Context, me models.Actor, in *One) (Need, error) {
	v, err := a.o.Exchange.ClearDanger(ctx, me, in.ID)
	return a.need(v), err
}
