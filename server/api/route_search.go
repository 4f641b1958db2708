package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
)

// Ask is a question to one neighbour: could you help with this? It never says
// who needs it.
type Ask struct {
	ID         string     `json:"id"`
	Item       Item       `json:"item"`
	Helps      []Item     `json:"helps" nullable:"false" doc:"What would do: for a class its members, and reviewed substitutes"`
	Quantity   int        `json:"quantity"`
	Urgency    string     `json:"urgency" enum:"now,today,days"`
	Building   string     `json:"building" doc:"Where it is needed; empty where neighbours may not see"`
	State      string     `json:"state" enum:"open,yes,no,silent,over"`
	CreatedAt  time.Time  `json:"created_at"`
	DueAt      time.Time  `json:"due_at" doc:"Somebody else is asked from then on"`
	AnsweredAt *time.Time `json:"answered_at"`
	OfferID    string     `json:"offer_id" doc:"What was offered for it"`
	Version    int        `json:"version"`
}

// Review is a plan's decision that the worker was asked to look at.
type Review struct {
	ID        string     `json:"id"`
	NeedID    string     `json:"need_id"`
	MatchID   string     `json:"match_id"`
	Mine      bool       `json:"mine"`
	Note      string     `json:"note"`
	State     string     `json:"state" enum:"open,stands,helped"`
	Reply     string     `json:"reply"`
	CreatedAt time.Time  `json:"created_at"`
	DecidedAt *time.Time `json:"decided_at"`
	Version   int        `json:"version"`
}

// ReviewCard is a review that waits for the worker.
type ReviewCard struct {
	Review   Review `json:"review"`
	Need     Need   `json:"need"`
	Building string `json:"building"`
}

type askAnswer struct {
	One
	Body struct {
		Answer string   `json:"answer" enum:"yes,no"`
		Lots   []newLot `json:"lots,omitempty" maxItems:"10" nullable:"false" doc:"What she has, for a yes"`
		Way    string   `json:"way,omitempty" enum:"relay,door" default:"relay"`
	}
}

type widening struct {
	One
	Body struct {
		GridID string `json:"grid_id,omitempty" maxLength:"64" doc:"A node above; empty: the next one"`
	}
}

type newReview struct {
	One
	Body struct {
		MatchID string `json:"match_id,omitempty" maxLength:"64" doc:"The match that is meant; empty: that nothing was found"`
		Note    string `json:"note,omitempty" maxLength:"300"`
	}
}

type reviewDecision struct {
	One
	Body struct {
		Decision string `json:"decision" enum:"stands,helped"`
		Reply    string `json:"reply,omitempty" maxLength:"300"`
	}
}

func (a *API) searchRoutes() {
	handle(a, route{method: http.MethodGet, path: "/asks", id: "asks", tag: "asks",
		summary: "What neighbours need and I might have"}, a.asks)
	handle(a, route{method: http.MethodPost, path: "/asks/{id}/answer", id: "answerAsk", tag: "asks",
		summary: "I have some, or not"}, a.answerAsk)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/widen", id: "widenNeed", tag: "worker",
		summary: "Let it look further"}, a.widenNeed)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/confirm", id: "confirmUrgency", tag: "worker",
		summary: "It is as urgent as declared"}, a.confirmUrgency)
	handle(a, route{method: http.MethodPost, path: "/needs/{id}/review", id: "askReview", tag: "requests",
		summary: "That is not right: let the worker look", created: true}, a.askReview)
	handle(a, route{method: http.MethodPost, path: "/reviews/{id}/decide", id: "decideReview", tag: "worker",
		summary: "It stands, or I have helped"}, a.decideReview)
}

func (a *API) asks(ctx context.Context, me models.Actor, _ *struct{}) (list[Ask], error) {
	views, err := a.o.Exchange.Asks(ctx, me)
	return list[Ask]{Items: mapped(views, a.ask)}, err
}

func (a *API) ask(v exchange.AskView) Ask {
	return Ask{ID: v.ID, Item: a.item(v.ItemID), Helps: mapped(v.Items, a.item), Quantity: v.Units, Urgency: string(v.Urgency),
		Building: v.Building, State: string(v.State), CreatedAt: v.CreatedAt, DueAt: v.DueAt, AnsweredAt: v.AnsweredAt,
		OfferID: v.OfferID, Version: v.Version}
}

func (a *API) answerAsk(ctx context.Context, me models.Actor, in *askAnswer) (Ask, error) {
	if in.Body.Answer == "no" {
		v, err := a.o.Exchange.AnswerAsk(ctx, me, in.ID, false, exchange.NewOffer{})
		return a.ask(v), err
	}
	if len(in.Body.Lots) == 0 {
		return Ask{}, fault.InvalidField("lots", "missing")
	}
	lots, err := lotsOf(in.Body.Lots)
	if err != nil {
		return Ask{}, err
	}
	v, err := a.o.Exchange.AnswerAsk(ctx, me, in.ID, true, exchange.NewOffer{Way: models.Way(in.Body.Way), Lots: lots})
	return a.ask(v), err
}

func (a *API) widenNeed(ctx context.Context, me models.Actor, in *widening) (Need, error) {
	if in.Body.GridID != "" && !store.ValidID(in.Body.GridID) {
		return Need{}, fault.InvalidField("grid_id", "not_wider")
	}
	v, err := a.o.Exchange.WidenNeed(ctx, me, in.ID, in.Body.GridID)
	return a.need(v), err
}

func (a *API) confirmUrgency(ctx context.Context, me models.Actor, in *One) (Need, error) {
	v, err := a.o.Exchange.ConfirmUrgency(ctx, me, in.ID)
	return a.need(v), err
}

func (a *API) askReview(ctx context.Context, me models.Actor, in *newReview) (Review, error) {
	if in.Body.MatchID != "" && !store.ValidID(in.Body.MatchID) {
		return Review{}, fault.New(fault.NotFound, "not_found")
	}
	if err := a.checkWords(ctx, me, in.Body.Note); err != nil {
		return Review{}, err
	}
	v, err := a.o.Exchange.AskReview(ctx, me, in.ID, in.Body.MatchID, in.Body.Note)
	return reviewOf(me)(v), err
}

func (a *API) decideReview(ctx context.Context, me models.Actor, in *reviewDecision) (Review, error) {
	if err := a.checkWords(ctx, me, in.Body.Reply); err != nil {
		return Review{}, err
	}
	v, err := a.o.Exchange.DecideReview(ctx, me, in.ID, models.ReviewState(in.Body.Decision), in.Body.Reply)
	return reviewOf(me)(v), err
}

func reviewOf(me models.Actor) func(models.Review) Review {
	return func(r models.Review) Review {
		view := Review{ID: r.ID, NeedID: r.NeedID, Mine: r.PersonID == me.PersonID, Note: r.Note, State: string(r.State),
			Reply: r.Reply, CreatedAt: r.CreatedAt, DecidedAt: r.DecidedAt, Version: r.Version}
		if r.MatchID != nil {
			view.MatchID = *r.MatchID
		}
		return view
	}
}
