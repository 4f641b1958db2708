package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/server/registry"

	"github.com/danielgtaylor/huma/v2"
)

// Client is whom wrong codes are counted against: the address of who calls.
type Client struct{ address string }

// Resolve reads the address from the request, behind trusted proxies only.
func (c *Client) Resolve(ctx huma.Context) []error {
	c.address = callOf(ctx.Context()).address()
	return nil
}

type joining struct {
	Client
	Body struct {
		Code  string `json:"code" maxLength:"200"`
		Name  string `json:"name,omitempty" maxLength:"60"`
		Phone string `json:"phone,omitempty" maxLength:"40"`
	}
}

type consentAnswer struct {
	Body struct {
		Kind    string `json:"kind" enum:"terms,health,board,asks,night"`
		Granted bool   `json:"granted"`
	}
}

type claimRefusal struct {
	One
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200"`
	}
}

func (a *API) peopleRoutes() {
	handle(a, route{method: http.MethodGet, path: "/session", id: "session", tag: "people", summary: "Who is signed in"}, a.mySession)
	handleSilent(a, route{method: http.MethodDelete, path: "/session", id: "signOut", tag: "people",
		summary: "End this session", noKey: true}, a.signOut)
	handleSilent(a, route{method: http.MethodDelete, path: "/people/me", id: "leave", tag: "people",
		summary: "Leave Linli: what is known of me is emptied", noKey: true}, a.leave)
	handle(a, route{method: http.MethodPost, path: "/session/door", id: "joinByDoor", tag: "people", open: true, created: true,
		summary: "Scan a door: a claim that the worker approves"}, a.joinByDoor)
	handle(a, route{method: http.MethodPost, path: "/session/invitation", id: "joinByInvitation", tag: "people", open: true,
		created: true, summary: "Take an invitation"}, a.joinByInvitation)
	handle(a, route{method: http.MethodGet, path: "/consents", id: "consents", tag: "people", summary: "All my answers"}, a.consents)
	handle(a, route{method: http.MethodPost, path: "/consents", id: "consent", tag: "people", created: true,
		summary: "Give or take back a consent"}, a.consent)
	handle(a, route{method: http.MethodGet, path: "/claims", id: "claims", tag: "worker", summary: "Who waits to be let in"}, a.claims)
	handle(a, route{method: http.MethodPost, path: "/claims/{id}/approve", id: "approveClaim", tag: "worker",
		summary: "She lives there"}, a.approve)
	handle(a, route{method: http.MethodPost, path: "/claims/{id}/refuse", id: "refuseClaim", tag: "worker",
		summary: "She does not"}, a.refuse)
}

func (a *API) mySession(ctx context.Context, me models.Actor, _ *struct{}) (Session, error) {
	v, err := a.o.Registry.Session(ctx, me)
	if err != nil {
		return Session{}, err
	}
	relay, metres, err := a.o.Exchange.HomeRelay(ctx, me)
	session := a.session(v)
	session.Relay = relayOf(relay, metres)
	return session, err
}

func (a *API) leave(ctx context.Context, me models.Actor, _ *struct{}) error {
	err := a.o.Registry.Leave(ctx, me)
	a.o.Feed.HintRevoked()
	return err
}

func (a *API) signOut(ctx context.Context, me models.Actor, _ *struct{}) error {
	err := a.o.Registry.SignOut(ctx, me)
	a.o.Feed.HintRevoked() // its sockets close now, not at the next look
	return err
}

func (a *API) joinByDoor(ctx context.Context, _ models.Actor, in *joining) (Token, error) {
	token, err := a.o.Registry.JoinByDoor(ctx, in.address, registry.JoinInput{Code: in.Body.Code, Name: in.Body.Name, Phone: in.Body.Phone})
	return Token{token}, err
}

func (a *API) joinByInvitation(ctx context.Context, me models.Actor, in *joining) (Token, error) {
	token, err := a.o.Registry.JoinByInvitation(ctx, me, in.address,
		registry.JoinInput{Code: in.Body.Code, Name: in.Body.Name, Phone: in.Body.Phone})
	return Token{token}, err
}

func (a *API) consents(ctx context.Context, me models.Actor, _ *struct{}) (list[Consent], error) {
	all, err := a.o.Registry.Consents(ctx, me)
	return list[Consent]{Items: mapped(all, consentOf)}, err
}

func (a *API) consent(ctx context.Context, me models.Actor, in *consentAnswer) (Consent, error) {
	c, err := a.o.Registry.Consent(ctx, me, models.ConsentKind(in.Body.Kind), in.Body.Granted)
	return consentOf(c), err
}

func (a *API) claims(ctx context.Context, me models.Actor, in *Paging) (list[Claim], error) {
	page, err := a.o.Registry.Claims(ctx, me, in.Cursor, in.Limit)
	return list[Claim]{mapped(page.Items, claimOf), page.Next}, err
}

func (a *API) approve(ctx context.Context, me models.Actor, in *One) (Claim, error) {
	c, err := a.o.Registry.Approve(ctx, me, in.ID)
	return claimOf(c), err
}

func (a *API) refuse(ctx context.Context, me models.Actor, in *claimRefusal) (Claim, error) {
	c, err := a.o.Registry.Refuse(ctx, me, in.ID, in.Body.Reason)
	return claimOf(c), err
}
