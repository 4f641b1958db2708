package api

import (
	"context"
	"net/http"

	"linli/models"
)

// ShareCounts are lines, not units: tablets and thermometers do not add up.
type ShareCounts struct {
	Homes  int `json:"homes" doc:"Homes that asked"`
	Served int `json:"served" doc:"Of these, homes that got something"`
	Needs  int `json:"needs" doc:"Lines that were asked for"`
	Met    int `json:"met" doc:"In full"`
	Part   int `json:"part"`
	Open   int `json:"open" doc:"Open, or on the way"`
	Gave   int `json:"gave" doc:"Times that something was given"`
}

// ShareRow is how a home, or a grid below, stands.
type ShareRow struct {
	ShareCounts
	ID   string `json:"id" doc:"Of the household, or of the grid"`
	Name string `json:"name" doc:"Building and door, or the grid's name"`
}

// Shares is how a grid shared what there was.
type Shares struct {
	Grid  Grid        `json:"grid"`
	Days  int         `json:"days"`
	Of    string      `json:"of" enum:"homes,grids" doc:"What the rows are"`
	Total ShareCounts `json:"total"`
	Rows  []ShareRow  `json:"rows" nullable:"false" doc:"Who is furthest behind comes first"`
}

type sharesOf struct {
	One
	Days int `query:"days" minimum:"1" maximum:"90" default:"7" doc:"Today and the days before it"`
}

func (a *API) shareRoutes() {
	handle(a, route{method: http.MethodGet, path: "/grids/{id}/shares", id: "shares", tag: "worker",
		summary: "How goods were shared: by home for the worker of a micro-grid, else by the grids below"}, a.shares)
}

func (a *API) shares(ctx context.Context, me models.Actor, in *sharesOf) (Shares, error) {
	v, err := a.o.Registry.Shares(ctx, me, in.ID, in.Days)
	out := Shares{Grid: gridOf(v.Grid), Days: v.Days, Of: "grids", Total: ShareCounts(v.Total), Rows: []ShareRow{}}
	if v.Grid.Level == models.LevelMicro {
		out.Of = "homes"
	}
	for _, s := range v.Rows {
		row := ShareRow{ShareCounts: ShareCounts(s.ShareCounts)}
		if s.Grid != nil {
			row.ID, row.Name = s.Grid.ID, s.Grid.Name
		} else {
			row.ID, row.Name = s.Household.ID, s.Household.Building+" "+s.Household.Door
		}
		out.Rows = append(out.Rows, row)
	}
	return out, err
}
