package api

import (
	"context"
	"net/http"

	"linli/models"
	"linli/models/words"
	"linli/server/exchange"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// Staff names somebody who works in a grid.
type Staff struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role" enum:"worker,leader,doctor,volunteer,"`
}

// RelayCard is a relay point on a worker's page.
type RelayCard struct {
	Relay    Relay `json:"relay"`
	Parcels  int   `json:"parcels" doc:"Of its room so much is taken: lots in the box, and hand-overs to be brought"`
	Capacity int   `json:"capacity" doc:"0: nobody has said"`
	Stuck    int   `json:"stuck" doc:"Hand-overs that wait there although it is paused"`
}

// RelayPage is a relay point as those who run it see it.
type RelayPage struct {
	Relay     Relay   `json:"relay"`
	Serves    string  `json:"serves" doc:"The name of the grid that it serves"`
	MayChange bool    `json:"may_change"`
	Parcels   int     `json:"parcels" doc:"Of its room so much is taken"`
	Capacity  int     `json:"capacity" doc:"Parcels for which there is room; 0: nobody has said"`
	Coming    int     `json:"coming" doc:"Hand-overs that are still to be brought"`
	Waiting   int     `json:"waiting" doc:"Hand-overs that are checked or to be collected there"`
	Host      *Staff  `json:"host"`
	Deputy    *Staff  `json:"deputy"`
	Staff     []Staff `json:"staff" nullable:"false" doc:"Who may be deputy"`
	Others    []Relay `json:"others" nullable:"false" doc:"Open points to which the box may be carried"`
	Version   int     `json:"version"`
}

type relayEdit struct {
	One
	Body struct {
		Exceptions []HoursException `json:"exceptions" maxItems:"40" nullable:"false"`
		Capacity   int              `json:"capacity" minimum:"0" maximum:"100000"`
		DeputyID   string           `json:"deputy_id" maxLength:"64" doc:"Empty: nobody stands in"`
		Version    int              `json:"version" minimum:"1" maximum:"100000000" doc:"The version that was seen"`
	}
}

type relayPause struct {
	One
	Body struct {
		Reason string `json:"reason" enum:"host_away,no_supplies,closed_today,other" doc:"What residents read"`
	}
}

type boxMove struct {
	One
	Body struct {
		To string `json:"to" maxLength:"64" doc:"The relay point where the box is now"`
	}
}

// BoxMove is what came of carrying a box over.
type BoxMove struct {
	Lots      int `json:"lots"`
	Handovers int `json:"handovers"`
	Left      int `json:"left" doc:"Lots that stay, because something of them is out at a door"`
}

// RelayDesk is what waits at a point for the hands of those who keep it.
type RelayDesk struct {
	ToCheck    []ToCheck  `json:"to_check" nullable:"false"`
	ToHandOver []Handover `json:"to_hand_over" nullable:"false"`
}

func (a *API) relayRoutes() {
	handle(a, route{method: http.MethodGet, path: "/relays", id: "keptRelays", tag: "relays",
		summary: "The points of which I am host or deputy"}, a.keptRelays)
	handle(a, route{method: http.MethodGet, path: "/relays/{id}/desk", id: "relayDesk", tag: "relays",
		summary: "What is to be checked and handed over at a point"}, a.relayDesk)
	handle(a, route{method: http.MethodGet, path: "/relays/{id}", id: "relay", tag: "relays",
		summary: "A relay point, for who runs it and the workers whom it serves"}, a.relay)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/edit", id: "editRelay", tag: "relays",
		summary: "Change days off, room and deputy"}, a.editRelay)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/pause", id: "pauseRelay", tag: "relays",
		summary: "Stop a point; what is to be brought goes to the next"}, a.pauseRelay)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/resume", id: "resumeRelay", tag: "relays",
		summary: "Open a paused point again"}, a.resumeRelay)
	handle(a, route{method: http.MethodPost, path: "/relays/{id}/move-box", id: "moveBox", tag: "relays",
		summary: "The box was carried over to another point"}, a.moveBox)
	sheet := route{method: http.MethodGet, path: "/relays/{id}/sheet", id: "relaySheet", tag: "relays",
		summary: "A page of today's hand-overs to print"}
	op := publish[One](a, sheet)
	op.Responses = map[string]*huma.Response{"200": {Description: "A page", Content: map[string]*huma.MediaType{"text/html": {}}}}
	a.huma.OpenAPI().AddOperation(&op)
	a.router.GET(base+ginPath(sheet.path), a.relaySheet)
}

func relayPage(v exchange.RelayView) RelayPage {
	staff := func(s *exchange.Staff) *Staff {
		if s == nil {
			return nil
		}
		return &Staff{s.ID, s.Name, string(s.Role)}
	}
	page := RelayPage{Relay: *relayOf(&v.RelayPoint, models.UnknownMetres), Serves: v.Serves, MayChange: v.MayChange, Parcels: v.Parcels,
		Capacity: v.Capacity, Coming: v.Coming, Waiting: v.Waiting, Host: staff(v.Host), Deputy: staff(v.Deputy), Version: v.Version,
		Staff:  mapped(v.Staff, func(s exchange.Staff) Staff { return *staff(&s) }),
		Others: mapped(v.Others, func(r models.RelayPoint) Relay { return *relayOf(&r, models.UnknownMetres) })}
	return page
}

func relayCard(c exchange.RelayCard) RelayCard {
	return RelayCard{Relay: *relayOf(&c.RelayPoint, models.UnknownMetres), Parcels: c.Parcels, Capacity: c.Capacity, Stuck: c.Stuck}
}

func (a *API) relay(ctx context.Context, me models.Actor, in *One) (RelayPage, error) {
	v, err := a.o.Exchange.Relay(ctx, me, in.ID)
	return relayPage(v), err
}

func (a *API) keptRelays(ctx context.Context, me models.Actor, _ *struct{}) (list[Relay], error) {
	all, err := a.o.Exchange.KeptRelays(ctx, me)
	return list[Relay]{Items: mapped(all, func(r models.RelayPoint) Relay { return *relayOf(&r, models.UnknownMetres) })}, err
}

func (a *API) relayDesk(ctx context.Context, me models.Actor, in *One) (RelayDesk, error) {
	d, err := a.o.Exchange.RelayDesk(ctx, me, in.ID)
	return RelayDesk{ToHandOver: mapped(d.ToHandOver, a.handover),
		ToCheck: mapped(d.ToCheck, func(t exchange.ToCheck) ToCheck { return ToCheck{a.lot(t.Lot), t.Building, t.Handovers} })}, err
}

func (a *API) editRelay(ctx context.Context, me models.Actor, in *relayEdit) (RelayPage, error) {
	edit := exchange.RelayEdit{Capacity: in.Body.Capacity, DeputyID: in.Body.DeputyID, Version: in.Body.Version,
		Exceptions: mapped(in.Body.Exceptions, func(e HoursException) models.HoursException {
			return models.HoursException{From: models.Date(e.From), Until: models.Date(e.Until), OpenMinute: e.Open, CloseMinute: e.Close, Reason: e.Reason}
		})}
	v, err := a.o.Exchange.EditRelay(ctx, me, in.ID, edit)
	return relayPage(v), err
}

func (a *API) pauseRelay(ctx context.Context, me models.Actor, in *relayPause) (RelayPage, error) {
	v, err := a.o.Exchange.PauseRelay(ctx, me, in.ID, models.PauseReason(in.Body.Reason))
	return relayPage(v), err
}

func (a *API) resumeRelay(ctx context.Context, me models.Actor, in *One) (RelayPage, error) {
	v, err := a.o.Exchange.ResumeRelay(ctx, me, in.ID)
	return relayPage(v), err
}

func (a *API) moveBox(ctx context.Context, me models.Actor, in *boxMove) (BoxMove, error) {
	m, err := a.o.Exchange.MoveBox(ctx, me, in.ID, in.Body.To)
	return BoxMove(m), err
}

// relaySheet is a page to print, not JSON; it brings its own content policy.
func (a *API) relaySheet(c *gin.Context) {
	ctx := c.Request.Context()
	info := callOf(ctx)
	sheet, err := a.o.Exchange.RelaySheet(ctx, info.actor, c.Param("id"),
		func(code string, args map[string]string) string { return words.Say(info.lang, code, args) })
	if err != nil {
		a.fail(c, err)
		return
	}
	c.Header("Content-Security-Policy", sheet.Policy)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/html; charset=utf-8", sheet.HTML)
}
