package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
)

type newRound struct {
	Body struct {
		GridID    string     `json:"grid_id" minLength:"1" maxLength:"64"`
		PersonID  string     `json:"person_id,omitempty" minLength:"1" maxLength:"64" doc:"A volunteer of the grid, who is asked; empty: myself"`
		InMinutes int        `json:"in_minutes,omitempty" minimum:"0" maximum:"10080" doc:"When it begins, from now"`
		Start     newEnd     `json:"start"`
		End       newEnd     `json:"end"`
		Handovers []string   `json:"handovers,omitempty" minItems:"1" maxItems:"40" nullable:"false" doc:"To bring. Without any choice: everything that is due"`
		Lots      []string   `json:"lots,omitempty" minItems:"1" maxItems:"40" nullable:"false" doc:"To fetch"`
		Visits    []newVisit `json:"visits,omitempty" minItems:"1" maxItems:"40" nullable:"false" doc:"Households to look after"`
	}
}

type newEnd struct {
	Kind    string  `json:"kind" enum:"relay,home,here,anywhere"`
	RelayID string  `json:"relay_id,omitempty" minLength:"1" maxLength:"64"`
	Lat     float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"here: to some ten metres"`
	Lon     float64 `json:"lon,omitempty" minimum:"-180" maximum:"180"`
}

type newVisit struct {
	HouseholdID string `json:"household_id" minLength:"1" maxLength:"64"`
	Reason      string `json:"reason" enum:"look,waits,post,uncollected,loan"`
}

type roundsOf struct {
	Grid string `query:"grid" maxLength:"64" doc:"Of a grid, for its worker; without: those that I walk"`
}

// OneStop names a stop of a round.
type OneStop struct {
	One
	Stop string `path:"stop" maxLength:"64"`
}

type addedStop struct {
	One
	Body struct {
		HandoverID string    `json:"handover_id,omitempty" minLength:"1" maxLength:"64"`
		LotID      string    `json:"lot_id,omitempty" minLength:"1" maxLength:"64"`
		Visit      *newVisit `json:"visit,omitempty"`
		Try        bool      `json:"try,omitempty" doc:"Only tell how much later everybody becomes"`
	}
}

type doneStop struct {
	OneStop
	Body struct {
		Code      string     `json:"code,omitempty" pattern:"^[0-9]{6}$" doc:"Six digits; a wrong one counts"`
		Token     string     `json:"token,omitempty" minLength:"1" maxLength:"200" doc:"Or what the QR holds"`
		How       string     `json:"how,omitempty" enum:"code,token,offline,household,relative,left,face" doc:"Without a code: by what. Empty: by code or token"`
		Door      string     `json:"door,omitempty" minLength:"1" maxLength:"100" doc:"household: the code on its own door"`
		Why       string     `json:"why,omitempty" maxLength:"300"`
		Adult     bool       `json:"adult,omitempty"`
		ScannedAt *time.Time `json:"scanned_at,omitempty"`
	}
}

type failedStop struct {
	OneStop
	Body struct {
		Reason string `json:"reason" enum:"not_home,refused,wrong_door,no_time,other"`
		When   string `json:"when" enum:"end,tomorrow,never" doc:"To the end of this round, another day, or not at all"`
	}
}

func (a *API) roundRoutes() {
	handle(a, route{method: http.MethodGet, path: "/grids/{id}/round-due", id: "roundDue", tag: "rounds", summary: "What a round could be for"}, a.due)
	handle(a, route{method: http.MethodPost, path: "/rounds", id: "planRound", tag: "rounds", created: true,
		summary: "Put what is due into the shortest order"}, a.planRound)
	handle(a, route{method: http.MethodGet, path: "/rounds", id: "rounds", tag: "rounds", summary: "Rounds that are live or of today"}, a.rounds)
	handle(a, route{method: http.MethodGet, path: "/rounds/{id}", id: "round", tag: "rounds",
		summary: "One round; with doors while I walk it"}, a.oneRound)
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/accept", id: "acceptRound", tag: "rounds",
		summary: "I shall walk it"}, a.roundCall((*exchange.Service).AcceptRound))
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/start", id: "startRound", tag: "rounds",
		summary: "Set out: doors are shown from here on"}, a.roundCall((*exchange.Service).StartRound))
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/end", id: "endRound", tag: "rounds",
		summary: "At home: what is left lies in its box again"}, a.roundCall((*exchange.Service).EndRound))
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/cancel", id: "cancelRound", tag: "rounds",
		summary: "Give it up before it begins"}, a.roundCall((*exchange.Service).CancelRound))
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/stops", id: "addStop", tag: "rounds",
		summary: "One more, where it costs least"}, a.addStop)
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/stops/{stop}/done", id: "stopDone", tag: "rounds", summary: "Done"}, a.stopDone)
	handle(a, route{method: http.MethodPost, path: "/rounds/{id}/stops/{stop}/fail", id: "stopFailed", tag: "rounds",
		summary: "Not done, and what becomes of it"}, a.stopFailed)
}

// roundCall binds a use case that needs no more than the round.
func (a *API) roundCall(use func(*exchange.Service, context.Context, models.Actor, models.ID) (exchange.RoundView, error)) func(
	context.Context, models.Actor, *One) (Round, error) {
	return func(ctx context.Context, me models.Actor, in *One) (Round, error) {
		v, err := use(a.o.Exchange, ctx, me, in.ID)
		return a.round(v), err
	}
}

func (a *API) due(ctx context.Context, me models.Actor, in *One) (RoundDue, error) {
	v, err := a.o.Exchange.RoundDue(ctx, me, in.ID)
	return a.roundDue(v), err
}

func (a *API) planRound(ctx context.Context, me models.Actor, in *newRound) (Round, error) {
	b := in.Body
	single := map[string]string{"grid_id": b.GridID, "person_id": b.PersonID, "start.relay_id": b.Start.RelayID, "end.relay_id": b.End.RelayID}
	lists := map[string][]string{"handovers[%d]": b.Handovers, "lots[%d]": b.Lots,
		"visits[%d].household_id": mapped(b.Visits, func(v newVisit) string { return v.HouseholdID })}
	if err := idsOf(single, lists); err != nil {
		return Round{}, err
	}
	end := func(e newEnd) exchange.NewEnd {
		return exchange.NewEnd{Kind: models.EndKind(e.Kind), RelayID: e.RelayID, Lat: e.Lat, Lon: e.Lon}
	}
	at := a.o.Now().Add(time.Duration(b.InMinutes) * time.Minute)
	v, err := a.o.Exchange.PlanRound(ctx, me, exchange.NewRound{GridID: b.GridID, PersonID: b.PersonID, StartAt: &at, Start: end(b.Start),
		End: end(b.End), Handovers: b.Handovers, Lots: b.Lots, Visits: mapped(b.Visits, visitOf)})
	return a.round(v), err
}

func visitOf(v newVisit) exchange.NewVisit {
	return exchange.NewVisit{HouseholdID: v.HouseholdID, Reason: v.Reason}
}

// idsOf refuses what can be no id, by the field that holds it; a single "" names
// nothing.
func idsOf(single map[string]string, lists map[string][]string) error {
	f := fault.New(fault.Invalid, "invalid_input")
	for field, id := range single {
		if id != "" && !store.ValidID(id) {
			f = f.Field(field, "not_found")
		}
	}
	for field, all := range lists {
		for i, id := range all {
			if !store.ValidID(id) {
				f = f.Field(fmt.Sprintf(field, i), "not_found")
			}
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

func (a *API) rounds(ctx context.Context, me models.Actor, in *roundsOf) (list[Round], error) {
	if in.Grid != "" && !store.ValidID(in.Grid) {
		return list[Round]{}, fault.New(fault.NotFound, "not_found")
	}
	views, err := a.o.Exchange.Rounds(ctx, me, in.Grid)
	return list[Round]{Items: mapped(views, a.round)}, err
}

func (a *API) oneRound(ctx context.Context, me models.Actor, in *One) (Round, error) {
	v, err := a.o.Exchange.Round(ctx, me, in.ID)
	return a.round(v), err
}

func (a *API) addStop(ctx context.Context, me models.Actor, in *addedStop) (Round, error) {
	b := in.Body
	add := exchange.NewStop{HandoverID: b.HandoverID, LotID: b.LotID, Try: b.Try}
	if b.Visit != nil {
		add.Visit = visitOf(*b.Visit)
	}
	single := map[string]string{"handover_id": b.HandoverID, "lot_id": b.LotID, "visit.household_id": add.Visit.HouseholdID}
	if err := idsOf(single, nil); err != nil {
		return Round{}, err
	}
	v, err := a.o.Exchange.AddStop(ctx, me, in.ID, add)
	return a.round(v), err
}

func (a *API) stopDone(ctx context.Context, me models.Actor, in *doneStop) (Round, error) {
	b := in.Body
	v, err := a.o.Exchange.StopDone(ctx, me, in.ID, in.Stop, exchange.Giving{Code: b.Code, Token: b.Token, How: models.ClosedHow(b.How),
		Door: b.Door, Why: b.Why, Adult: b.Adult, ScannedAt: b.ScannedAt})
	return a.round(v), err
}

func (a *API) stopFailed(ctx context.Context, me models.Actor, in *failedStop) (Round, error) {
	v, err := a.o.Exchange.StopFailed(ctx, me, in.ID, in.Stop, in.Body.Reason, exchange.When(in.Body.When))
	return a.round(v), err
}
