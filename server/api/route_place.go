package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

type children struct {
	Paging
	Parent string `query:"parent" required:"true" maxLength:"64"`
}

type homes struct {
	Grid  string `query:"grid" required:"true" maxLength:"64"`
	Query string `query:"query" maxLength:"200"`
}

type ofGrid struct {
	Grid string `query:"grid" required:"true" maxLength:"64"`
}

// Card is an open line as its worker sees it.
type Card struct {
	Need          Need   `json:"need"`
	Building      string `json:"building"`
	WaitedMinutes int    `json:"waited_minutes"`
	Care          string `json:"household_care" doc:"From the ledger: alone, frail, or empty"`
}

// ToCheck is a lot that waits for the four checks.
type ToCheck struct {
	Lot       Lot    `json:"lot"`
	Building  string `json:"giver_building"`
	Handovers int    `json:"handovers"`
}

// Today is a worker's page.
type Today struct {
	Grid       Grid         `json:"grid"`
	Numbers    Numbers      `json:"numbers"`
	Dangers    []Card       `json:"dangers" nullable:"false"`
	Urgent     []Card       `json:"urgent" nullable:"false"`
	ToCheck    []ToCheck    `json:"to_check" nullable:"false"`
	ToHandOver []Handover   `json:"to_hand_over" nullable:"false"`
	Reviews    []ReviewCard `json:"reviews" nullable:"false"`
	Twice      []Handover   `json:"twice" nullable:"false" doc:"Of the last seven days: a code turned up again, one loss each"`
	Loans      []Loan       `json:"loans" nullable:"false" doc:"Due today or overdue"`
	ToGiveBack []Lot        `json:"to_give_back" nullable:"false" doc:"In the box, and wanted by their lenders"`
	Relays     []RelayCard  `json:"relays" nullable:"false"`
	Claims     int          `json:"claims"`
}

// Numbers head the page.
type Numbers struct {
	Short      int `json:"short"`
	ToCheck    int `json:"to_check"`
	ToHandOver int `json:"to_hand_over"`
	Claims     int `json:"claims"`
	Losses     int `json:"losses" doc:"In the last seven days"`
	Samples    int `json:"samples" doc:"Handed over without a code, for this leader to look at"`
}

// BoardRow is what neighbours see of a need.
type BoardRow struct {
	NeedID    string    `json:"need_id"`
	Building  string    `json:"building"`
	Item      Item      `json:"item"`
	Open      int       `json:"open"`
	Matched   int       `json:"matched"`
	Urgency   string    `json:"urgency"`
	State     string    `json:"state"`
	Mine      bool      `json:"mine"`
	CreatedAt time.Time `json:"created_at"`
	Version   int       `json:"version"`
}

// Ticket opens one stream within thirty seconds.
type Ticket struct {
	Ticket    string    `json:"ticket"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (a *API) placeRoutes() {
	handle(a, route{method: http.MethodGet, path: "/grids", id: "gridChildren", tag: "places", summary: "The grids below one"}, a.gridChildren)
	handle(a, route{method: http.MethodGet, path: "/grids/{id}", id: "grid", tag: "places", summary: "A grid with its counts"}, a.grid)
	handle(a, route{method: http.MethodGet, path: "/overview", id: "overview", tag: "operator", summary: "Counts of the widest grid I operate"}, a.overview)
	handle(a, route{method: http.MethodGet, path: "/households", id: "households", tag: "worker", summary: "The homes of a micro-grid"}, a.households)
	handle(a, route{method: http.MethodPost, path: "/households/{id}/door-code", id: "replaceDoorCode", tag: "worker",
		summary: "A new door code; the old dies at once"}, a.replaceDoorCode)
	handle(a, route{method: http.MethodGet, path: "/today", id: "today", tag: "worker", summary: "A worker's day"}, a.today)
	sheet := route{method: http.MethodGet, path: "/grids/{id}/door-sheet", id: "doorSheet", tag: "worker",
		summary: "A page of door codes to print"}
	op := publish[One](a, sheet)
	op.Responses = map[string]*huma.Response{"200": {Description: "A page", Content: map[string]*huma.MediaType{"text/html": {}}}}
	a.huma.OpenAPI().AddOperation(&op)
	a.router.GET(base+ginPath(sheet.path), a.doorSheet)
}

func (a *API) streamRoutes() {
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "stream", Method: http.MethodGet, Path: streamPath, Tags: []string{"stream"},
		Summary: "Live events (WebSocket)", Description: "Bearer, or ?ticket=. hello, resume within ten seconds, then event, cursor and resync.",
		Responses: map[string]*huma.Response{"101": {Description: "A WebSocket"}}})
	handle(a, route{method: http.MethodPost, path: "/stream/tickets", id: "streamTicket", tag: "stream", created: true, noKey: true,
		summary: "A ticket for GET /api/v1/stream"}, a.ticket)
}

func (a *API) gridChildren(ctx context.Context, _ models.Actor, in *children) (list[Grid], error) {
	page, err := a.o.Registry.Children(ctx, in.Parent, in.Cursor, in.Limit)
	return list[Grid]{mapped(page.Items, gridOf), page.Next}, err
}

func (a *API) grid(ctx context.Context, _ models.Actor, in *One) (GridCounts, error) {
	v, err := a.o.Registry.Grid(ctx, in.ID)
	return gridCounts(v), err
}

func (a *API) overview(ctx context.Context, me models.Actor, _ *struct{}) (Overview, error) {
	v, err := a.o.Registry.Overview(ctx, me)
	return Overview{gridCounts(v.Grid), mapped(v.Children, gridCounts)}, err
}

func (a *API) households(ctx context.Context, me models.Actor, in *homes) (list[Home], error) {
	all, err := a.o.Registry.Households(ctx, me, in.Grid, in.Query)
	return list[Home]{Items: mapped(all, homeOf)}, err
}

func (a *API) replaceDoorCode(ctx context.Context, me models.Actor, in *One) (Home, error) {
	h, err := a.o.Registry.ReplaceDoorCode(ctx, me, in.ID)
	return homeOf(h), err
}

// doorSheet is a page to print, not JSON; it brings its own content policy.
func (a *API) doorSheet(c *gin.Context) {
	ctx := c.Request.Context()
	sheet, err := a.o.Registry.DoorSheet(ctx, callOf(ctx).actor, c.Param("id"), a.o.BaseURL)
	if err != nil {
		a.fail(c, err)
		return
	}
	c.Header("Content-Security-Policy", sheet.Policy)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/html; charset=utf-8", sheet.HTML)
}

func (a *API) today(ctx context.Context, me models.Actor, in *ofGrid) (Today, error) {
	if !store.ValidID(in.Grid) {
		return Today{}, fault.New(fault.NotFound, "not_found")
	}
	v, err := a.o.Exchange.Today(ctx, me, in.Grid)
	if err != nil {
		return Today{}, err
	}
	g, err := a.o.Registry.Grid(ctx, in.Grid)
	if err != nil {
		return Today{}, err
	}
	card := func(c exchange.Card) Card {
		return Card{a.need(c.Need), c.Building, int(c.Waited.Minutes()), string(c.Care)}
	}
	return Today{Grid: gridOf(g.GridRef), Dangers: mapped(v.Dangers, card), Urgent: mapped(v.Urgent, card),
		ToCheck:    mapped(v.ToCheck, func(t exchange.ToCheck) ToCheck { return ToCheck{a.lot(t.Lot), t.Building, t.Handovers} }),
		ToHandOver: mapped(v.ToHandOver, a.handover), Twice: mapped(v.Twice, a.handover), Claims: v.Claims,
		Loans: mapped(v.Loans, a.loan), ToGiveBack: mapped(v.ToGiveBack, a.lot), Relays: mapped(v.Relays, relayCard),
		Reviews: mapped(v.Reviews, func(r exchange.ReviewCard) ReviewCard {
			return ReviewCard{reviewOf(me)(r.Review), a.need(r.Need), r.Building}
		}),
		Numbers: Numbers{Short: len(v.Urgent) + len(v.Dangers), ToCheck: len(v.ToCheck), ToHandOver: len(v.ToHandOver), Claims: v.Claims,
			Losses: len(v.Twice), Samples: v.Samples}}, nil
}

func (a *API) board(ctx context.Context, me models.Actor, in *Paging) (list[BoardRow], error) {
	page, err := in.page()
	if err != nil {
		return list[BoardRow]{}, err
	}
	rows, err := a.o.Exchange.Board(ctx, me, page)
	if err != nil {
		return list[BoardRow]{}, err
	}
	out := list[BoardRow]{Items: mapped(rows, func(r exchange.BoardRow) BoardRow {
		return BoardRow{r.ID, r.Building, a.item(r.ItemID), r.Open, r.Matched, string(r.Urgency), string(r.State),
			r.PersonID == me.PersonID, r.CreatedAt, r.Version}
	})}
	if len(rows) == page.Limit {
		last := rows[len(rows)-1]
		out.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
	}
	return out, nil
}

func (a *API) ticket(ctx context.Context, me models.Actor, _ *struct{}) (Ticket, error) {
	t, err := a.o.Feed.IssueTicket(ctx, me)
	return Ticket{t.Ticket, t.ExpiresAt}, err
}
