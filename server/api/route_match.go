package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/server/exchange"
	"linli/server/registry"
)

type acceptance struct {
	One
	Body struct {
		Applies string `json:"applies,omitempty" enum:"yes,no" doc:"For a substitute: does anything of its question apply?"`
	}
}

type agreement struct {
	One
	Body struct {
		Granted bool `json:"granted"`
	}
}

type contactOf struct {
	One
	Of string `query:"of" enum:"giver,receiver" doc:"Whose; a worker must say. A party is shown the other one, whatever this says"`
}

// Contact is a party's door and phone.
type Contact struct {
	Name     string     `json:"name"`
	Phone    string     `json:"phone"`
	Building string     `json:"building"`
	Door     string     `json:"door"`
	Until    *time.Time `json:"until" doc:"Seven days after closing; null while under way"`
}

// Code is what the receiver shows at the relay point.
type Code struct {
	Code  string `json:"code"`
	Token string `json:"token"`
	QR    string `json:"qr" doc:"An SVG of the token"`
}

type giving struct {
	One
	Body struct {
		Code      string     `json:"code,omitempty" pattern:"^[0-9]{6}$" doc:"Six digits; a wrong one counts"`
		Token     string     `json:"token,omitempty" minLength:"1" maxLength:"200" doc:"Or what the QR holds"`
		How       string     `json:"how,omitempty" enum:"code,token,offline,household,relative,left,face" doc:"Without a code: by what; some are looked at by the leader. Empty: by code or token, whichever is there"`
		Door      string     `json:"door,omitempty" minLength:"1" maxLength:"100" doc:"household: the code on its own door"`
		Why       string     `json:"why,omitempty" maxLength:"300" doc:"face: the reason; relative: who took it, unless named before"`
		Adult     bool       `json:"adult,omitempty" doc:"Whoever takes it is of age; medicine is handed to nobody else"`
		ScannedAt *time.Time `json:"scanned_at,omitempty" doc:"offline: when the QR was scanned, at most 24 hours ago"`
	}
}

type newWay struct {
	One
	Body struct {
		Way string `json:"way" enum:"relay,door,leave"`
	}
}

type newCollector struct {
	One
	Body struct {
		Name string `json:"name" maxLength:"60" doc:"Who collects it for the receiver; empty: she does herself"`
	}
}

func (a *API) matchRoutes() {
	handle(a, route{method: http.MethodPost, path: "/matches/{id}/accept", id: "acceptMatch", tag: "matches",
		summary: "Yes to a proposal"}, a.acceptMatch)
	handle(a, route{method: http.MethodPost, path: "/matches/{id}/decline", id: "declineMatch", tag: "matches",
		summary: "No, free until hand-in"}, a.matchCall((*exchange.Service).DeclineMatch))
	handle(a, route{method: http.MethodPost, path: "/matches/{id}/received", id: "received", tag: "matches",
		summary: "I have got it"}, a.matchCall((*exchange.Service).Received))
	handle(a, route{method: http.MethodPost, path: "/matches/{id}/contact", id: "consentContact", tag: "matches",
		summary: "Show them my door and phone, or not"}, a.consentContact)
	handle(a, route{method: http.MethodGet, path: "/matches/{id}/contact", id: "contact", tag: "matches",
		summary: "The other party's door and phone, once both agreed; either's, for a worker"}, a.contact)
}

func (a *API) handoverRoutes() {
	handle(a, route{method: http.MethodGet, path: "/handovers/{id}", id: "handover", tag: "handovers",
		summary: "One handover"}, a.oneHandover)
	handle(a, route{method: http.MethodGet, path: "/handovers/{id}/code", id: "pickupCode", tag: "handovers",
		summary: "The receiver's code, when it is ready"}, a.pickupCode)
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/way", id: "changeWay", tag: "handovers",
		summary: "Collect it, have it brought, or left at the door"}, a.changeWay)
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/collector", id: "nameCollector", tag: "handovers",
		summary: "Somebody else collects it"}, a.nameCollector)
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/label", id: "labelHandover", tag: "worker",
		summary: "What was cut for it is labelled"}, a.handoverCall((*exchange.Service).LabelHandover))
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/give", id: "give", tag: "worker",
		summary: "Hand over against the code, or as those need who have none"}, a.give)
	handle(a, route{method: http.MethodPost, path: "/handovers/{id}/reissue", id: "reissue", tag: "worker",
		summary: "A new code; the old one is dead"}, a.handoverCall((*exchange.Service).Reissue))
}

func (a *API) acceptMatch(ctx context.Context, me models.Actor, in *acceptance) (Match, error) {
	v, err := a.o.Exchange.AcceptMatch(ctx, me, in.ID, map[string]models.Answer{"applies": models.Answer(in.Body.Applies)})
	return a.match(v), err
}

// matchCall binds a use case that needs no more than the match.
func (a *API) matchCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (exchange.MatchView, error)) func(
	context.Context, models.Actor, *One) (Match, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Match, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return a.match(v), err
	}
}

func (a *API) consentContact(ctx context.Context, me models.Actor, in *agreement) (Match, error) {
	v, err := a.o.Exchange.ConsentContact(ctx, me, in.ID, in.Body.Granted)
	return a.match(v), err
}

func (a *API) contact(ctx context.Context, me models.Actor, in *contactOf) (Contact, error) {
	v, err := a.o.Exchange.Contact(ctx, me, in.ID, exchange.Side(in.Of))
	return Contact{v.Name, v.Phone, v.Building, v.Door, v.Until}, err
}

func (a *API) oneHandover(ctx context.Context, me models.Actor, in *One) (Handover, error) {
	v, err := a.o.Exchange.Handover(ctx, me, in.ID)
	h := a.handover(v)
	if v.Side != exchange.SideGiver { // answers to unsafe calls name nobody
		h.Collector = v.Collector
	}
	return h, err
}

func (a *API) pickupCode(ctx context.Context, me models.Actor, in *One) (Code, error) {
	v, err := a.o.Exchange.PickupCode(ctx, me, in.ID)
	if err != nil {
		return Code{}, err
	}
	qr, err := registry.QR(v.Token)
	return Code{Code: v.Code, Token: v.Token, QR: string(qr)}, err
}

func (a *API) give(ctx context.Context, me models.Actor, in *giving) (Handover, error) {
	b := in.Body
	v, err := a.o.Exchange.Give(ctx, me, in.ID, exchange.Giving{Code: b.Code, Token: b.Token, How: models.ClosedHow(b.How), Door: b.Door,
		Why: b.Why, Adult: b.Adult, ScannedAt: b.ScannedAt})
	return a.handover(v), err
}

func (a *API) changeWay(ctx context.Context, me models.Actor, in *newWay) (Handover, error) {
	v, err := a.o.Exchange.ChangeWay(ctx, me, in.ID, models.Way(in.Body.Way))
	return a.handover(v), err
}

func (a *API) nameCollector(ctx context.Context, me models.Actor, in *newCollector) (Handover, error) {
	v, err := a.o.Exchange.NameCollector(ctx, me, in.ID, in.Body.Name)
	return a.handover(v), err
}

// handoverCall binds a use case that needs no more than the handover.
func (a *API) handoverCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (exchange.HandoverView, error)) func(
	context.Context, models.Actor, *One) (Handover, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Handover, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return a.handover(v), err
	}
}
