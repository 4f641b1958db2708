package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
	"linli/server/registry"
)

// Notice is what a worker tells everybody of a grid.
type Notice struct {
	ID          string    `json:"id"`
	Grid        Grid      `json:"grid" doc:"Everybody there and below is meant"`
	Text        string    `json:"text" doc:"Empty once it is taken back"`
	Call        *Call     `json:"call" doc:"What it calls for, if anything"`
	State       string    `json:"state" enum:"open,full,closed,over,withdrawn"`
	Corrections int       `json:"corrections" doc:"How often it was put right"`
	Mine        bool      `json:"mine" doc:"This reader may correct it and take it back"`
	CreatedAt   time.Time `json:"created_at"`
	DueAt       time.Time `json:"due_at" doc:"Over from then on"`
	Version     int       `json:"version"`
}

// Call is the bar of a notice.
type Call struct {
	Item   Item   `json:"item"`
	Wanted int    `json:"wanted"`
	Got    int    `json:"got" doc:"May be more than was wanted"`
	Homes  int    `json:"homes" doc:"That answered"`
	Own    int    `json:"own" doc:"Of got, what the reader's own home answers with"`
	Relay  *Relay `json:"relay" doc:"The box for which it is collected"`
}

type newNotice struct {
	One
	Body struct {
		Text  string     `json:"text" maxLength:"500"`
		Call  *newCall   `json:"call,omitempty"`
		Until *time.Time `json:"until,omitempty" doc:"At most 30 days ahead; seven where nothing is said"`
	}
}

type newCall struct {
	ItemID   string `json:"item_id" maxLength:"20" doc:"An item, or a class of items"`
	Quantity int    `json:"quantity" minimum:"1" maximum:"1000"`
	RelayID  string `json:"relay_id,omitempty" maxLength:"64" doc:"Collected for the box of this relay point, which serves the grid"`
}

type noticeChange struct {
	One
	Body struct {
		Text     string     `json:"text,omitempty" maxLength:"500"`
		Quantity int        `json:"quantity,omitempty" minimum:"0" maximum:"1000"`
		Until    *time.Time `json:"until,omitempty"`
	}
}

type noticeList struct {
	One
	Paging
	State string `query:"state" enum:"live,all" default:"live" doc:"A worker of the grid also reads what is over"`
}

func (a *API) noticeRoutes() {
	handle(a, route{method: http.MethodPost, path: "/grids/{id}/notices", id: "postNotice", tag: "notices", created: true,
		summary: "Tell everybody of a grid and below; call for something"}, a.postNotice)
	handle(a, route{method: http.MethodGet, path: "/grids/{id}/notices", id: "notices", tag: "notices",
		summary: "What is told to a grid, there and above, newest first"}, a.notices)
	handle(a, route{method: http.MethodGet, path: "/notices/{id}", id: "notice", tag: "notices",
		summary: "One notice, and how far its call has come"}, a.notice)
	handle(a, route{method: http.MethodPost, path: "/notices/{id}/correct", id: "correctNotice", tag: "notices",
		summary: "Put a notice right; what is left out stays"}, a.correctNotice)
	handle(a, route{method: http.MethodPost, path: "/notices/{id}/close", id: "closeCall", tag: "notices",
		summary: "No more is wanted"}, a.noticeCall((*exchange.Service).CloseCall))
	handle(a, route{method: http.MethodPost, path: "/notices/{id}/withdraw", id: "withdrawNotice", tag: "notices",
		summary: "Take a notice back, with its words"}, a.noticeCall((*exchange.Service).WithdrawNotice))
}

func (a *API) postNotice(ctx context.Context, me models.Actor, in *newNotice) (Notice, error) {
	post := exchange.NewNotice{Text: in.Body.Text, Until: when(in.Body.Until)}
	if c := in.Body.Call; c != nil {
		if c.RelayID != "" && !store.ValidID(c.RelayID) {
			return Notice{}, fault.InvalidField("call.relay_id", "call_relay")
		}
		post.Call = &exchange.NewCall{ItemID: c.ItemID, Units: c.Quantity, RelayID: c.RelayID}
	}
	if err := a.checkWords(ctx, me, post.Text); err != nil {
		return Notice{}, err
	}
	v, err := a.o.Exchange.PostNotice(ctx, me, in.ID, post)
	return a.noticeOf(v), err
}

func (a *API) notices(ctx context.Context, me models.Actor, in *noticeList) (list[Notice], error) {
	page, err := in.page()
	if err != nil {
		return list[Notice]{}, err
	}
	views, err := a.o.Exchange.Notices(ctx, me, in.ID, in.State == "all", page)
	if err != nil {
		return list[Notice]{}, err
	}
	out := list[Notice]{Items: mapped(views, a.noticeOf)}
	if len(views) == page.Limit {
		last := views[len(views)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, nil
}

func (a *API) notice(ctx context.Context, me models.Actor, in *One) (Notice, error) {
	v, err := a.o.Exchange.Notice(ctx, me, in.ID)
	return a.noticeOf(v), err
}

func (a *API) correctNotice(ctx context.Context, me models.Actor, in *noticeChange) (Notice, error) {
	if err := a.checkWords(ctx, me, in.Body.Text); err != nil {
		return Notice{}, err
	}
	v, err := a.o.Exchange.CorrectNotice(ctx, me, in.ID,
		exchange.NoticeChange{Text: in.Body.Text, Wanted: in.Body.Quantity, Until: when(in.Body.Until)})
	return a.noticeOf(v), err
}

// noticeCall binds a use case that needs no more than the notice.
func (a *API) noticeCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (exchange.NoticeView, error)) func(
	context.Context, models.Actor, *One) (Notice, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Notice, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return a.noticeOf(v), err
	}
}

func (a *API) noticeOf(v exchange.NoticeView) Notice {
	n := Notice{ID: v.ID, Text: v.Text, State: string(v.State), Corrections: v.Corrections, Mine: v.Mine, CreatedAt: v.CreatedAt, DueAt: v.DueAt,
		Version: v.Version, Grid: gridOf(registry.GridRef{ID: v.GridID, Code: v.Grid.Code, Name: v.Grid.Name, Level: v.Grid.Level, Homes: v.Grid.Homes})}
	if v.Calls() {
		n.Call = &Call{Item: a.item(v.ItemID), Wanted: v.Wanted, Got: v.Got, Homes: v.Homes, Own: v.Own, Relay: relayOf(v.Relay, -1)}
	}
	return n
}

// when is a time, or none.
func when(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}
