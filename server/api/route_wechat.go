package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/server/miniprogram"
	"linli/server/registry"
)

type wechatCode struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"200" doc:"Of wx.login"`
	}
}

type wechatTicket struct {
	Body struct {
		Ticket string `json:"ticket" minLength:"1" maxLength:"200"`
	}
}

type wechatTaps struct {
	Body struct {
		Moments []string `json:"moments" minItems:"1" maxItems:"5" nullable:"false" enum:"match,drop,ready,lapse,closed" doc:"Those whose template was accepted"`
	}
}

type wechatPage struct {
	URL string `query:"url" required:"true" minLength:"1" maxLength:"2000" doc:"The page as it was opened"`
}

// WechatTicket is what the shell puts into the fragment of the app's address.
type WechatTicket struct {
	Ticket    string    `json:"ticket"`
	ExpiresAt time.Time `json:"expires_at"`
}

// WechatArrival is a session, or a ticket to bind the account with after joining.
type WechatArrival struct {
	Token string        `json:"token,omitempty"`
	Bind  *WechatTicket `json:"bind,omitempty"`
}

// WechatStatus is what WeChat is for the caller.
type WechatStatus struct {
	On      bool           `json:"on" doc:"Whether WeChat is connected here"`
	Bound   bool           `json:"bound"`
	Moments []WechatMoment `json:"moments" nullable:"false"`
}

// WechatMoment is a moment that a subscribe message can tell of.
type WechatMoment struct {
	Moment   string `json:"moment"`
	Template string `json:"template" doc:"For wx.requestSubscribeMessage"`
	Left     int    `json:"left" doc:"How many messages are allowed"`
}

// WechatSignature is what wx.config wants.
type WechatSignature struct {
	AppID     string `json:"app_id"`
	Timestamp int64  `json:"timestamp"`
	Nonce     string `json:"nonce"`
	Signature string `json:"signature"`
}

func (a *API) wechatRoutes() {
	handle(a, route{method: http.MethodGet, path: "/wechat", id: "wechat", tag: "wechat",
		summary: "What WeChat is for me"}, a.wechatStatus)
	handle(a, route{method: http.MethodPost, path: "/wechat/login", id: "wechatLogin", tag: "wechat", open: true, created: true,
		summary: "From the shell: a code of wx.login for a ticket that serves once"}, a.wechatLogin)
	handle(a, route{method: http.MethodPost, path: "/wechat/tickets/exchange", id: "exchangeWechatTicket", tag: "wechat", open: true, created: true,
		summary: "From the app: the ticket for a session"}, a.exchangeWechatTicket)
	handleSilent(a, route{method: http.MethodPost, path: "/wechat/binding", id: "bindWechat", tag: "wechat",
		summary: "This WeChat account is mine"}, a.bindWechat)
	handleSilent(a, route{method: http.MethodDelete, path: "/wechat/binding", id: "unbindWechat", tag: "wechat",
		summary: "Let my WeChat account go", noKey: true}, a.unbindWechat)
	handle(a, route{method: http.MethodPost, path: "/wechat/grants", id: "allowWechat", tag: "wechat", created: true,
		summary: "One tap: one message of each of these moments"}, a.allowWechat)
	handle(a, route{method: http.MethodGet, path: "/wechat/signature", id: "wechatSignature", tag: "wechat",
		summary: "Sign a page for the JS-SDK of an official account"}, a.wechatSignature)
}

// mini is the mini-program, where there is one.
func (a *API) mini() (*miniprogram.Service, error) {
	if a.o.Mini == nil {
		return nil, fault.New(fault.NotFound, "wechat_off")
	}
	return a.o.Mini, nil
}

func (a *API) wechatStatus(ctx context.Context, me models.Actor, _ *struct{}) (WechatStatus, error) {
	if a.o.Mini == nil {
		return WechatStatus{Moments: []WechatMoment{}}, nil
	}
	s, err := a.o.Mini.Status(ctx, me)
	return wechatStatusOf(s), err
}

func wechatStatusOf(s miniprogram.Status) WechatStatus {
	return WechatStatus{On: true, Bound: s.Bound, Moments: mapped(s.Moments, func(m miniprogram.MomentStatus) WechatMoment {
		return WechatMoment{Moment: string(m.Moment), Template: m.Template, Left: m.Left}
	})}
}

func (a *API) wechatLogin(ctx context.Context, _ models.Actor, in *wechatCode) (WechatTicket, error) {
	mini, err := a.mini()
	if err != nil {
		return WechatTicket{}, err
	}
	openid, err := mini.Login(ctx, in.Body.Code)
	if err != nil {
		return WechatTicket{}, err
	}
	ticket, err := a.o.Registry.IssueWechatTicket(ctx, openid)
	return wechatTicketOf(ticket), err
}

func wechatTicketOf(t registry.WechatTicket) WechatTicket { return WechatTicket(t) }

func (a *API) exchangeWechatTicket(ctx context.Context, _ models.Actor, in *wechatTicket) (WechatArrival, error) {
	if _, err := a.mini(); err != nil {
		return WechatArrival{}, err
	}
	arrival, err := a.o.Registry.ArriveByWechat(ctx, in.Body.Ticket)
	if err != nil || arrival.Bind == nil {
		return WechatArrival{Token: arrival.Token}, err
	}
	bind := wechatTicketOf(*arrival.Bind)
	return WechatArrival{Bind: &bind}, nil
}

func (a *API) bindWechat(ctx context.Context, me models.Actor, in *wechatTicket) error {
	if _, err := a.mini(); err != nil {
		return err
	}
	return a.o.Registry.BindWechat(ctx, me, in.Body.Ticket)
}

// unbindWechat also works where WeChat was switched off: what is kept can go.
func (a *API) unbindWechat(ctx context.Context, me models.Actor, _ *struct{}) error {
	return a.o.Registry.UnbindWechat(ctx, me)
}

func (a *API) allowWechat(ctx context.Context, me models.Actor, in *wechatTaps) (WechatStatus, error) {
	mini, err := a.mini()
	if err != nil {
		return WechatStatus{}, err
	}
	var moments []models.Moment
	for _, m := range in.Body.Moments {
		moments = append(moments, models.Moment(m))
	}
	s, err := mini.Allow(ctx, me, moments)
	return wechatStatusOf(s), err
}

func (a *API) wechatSignature(ctx context.Context, _ models.Actor, in *wechatPage) (WechatSignature, error) {
	mini, err := a.mini()
	if err != nil {
		return WechatSignature{}, err
	}
	s, err := mini.Sign(ctx, in.URL)
	return WechatSignature{AppID: s.AppID, Timestamp: s.Timestamp, Nonce: s.Nonce, Signature: s.Signature}, err
}

// checkWords asks WeChat about the free texts of one post, where that is configured.
func (a *API) checkWords(ctx context.Context, me models.Actor, texts ...string) error {
	if a.o.Mini == nil {
		return nil
	}
	return a.o.Mini.CheckWords(ctx, me, texts...)
}
