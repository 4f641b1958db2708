package api

import (
	"time"

	"linli/models"
	"linli/server/exchange"
)

// Round is a worker's or a volunteer's way from stop to stop.
type Round struct {
	ID       string      `json:"id"`
	GridID   string      `json:"grid_id"`
	State    string      `json:"state" enum:"planned,out,done,cancelled"`
	Day      string      `json:"day"`
	StartAt  time.Time   `json:"start_at"`
	Start    RoundEnd    `json:"start"`
	End      RoundEnd    `json:"end"`
	Mine     bool        `json:"mine" doc:"I walk it"`
	Walker   string      `json:"walker"`
	Accepted bool        `json:"accepted" doc:"Who walks has said yes"`
	Metres   int         `json:"metres"`
	Exact    bool        `json:"exact" doc:"No order is shorter"`
	Stops    []RoundStop `json:"stops" nullable:"false"`
	Version  int         `json:"version"`
}

// RoundEnd is where a round begins or ends; 0, 0 is anywhere.
type RoundEnd struct {
	Kind string  `json:"kind" enum:"relay,home,here,anywhere"`
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
}

// RoundStop is a stop of a round: how, but never why.
type RoundStop struct {
	ID         string         `json:"id"`
	Kind       string         `json:"kind" enum:"take,fetch,drop,bring,visit"`
	State      string         `json:"state" enum:"open,done,failed,later"`
	Building   string         `json:"building" doc:"Empty where few homes share one and it is not walked now"`
	Door       string         `json:"door" doc:"Only to who walks, while the stop is open"`
	Name       string         `json:"name" doc:"Likewise"`
	Proof      string         `json:"proof" doc:"Likewise: base64url of the SHA-256 of the token that opens its handover, for a phone without a net"`
	Relay      *Relay         `json:"relay"`
	What       []RoundCarries `json:"what" nullable:"false"`
	Way        string         `json:"way"`
	Reason     string         `json:"reason" doc:"Of a visit, as a code"`
	Lat        float64        `json:"lat" doc:"Of the building; 0: not shown"`
	Lon        float64        `json:"lon"`
	Arrival    time.Time      `json:"arrival"`
	Late       bool           `json:"late" doc:"After the last moment that was wanted"`
	Later      int            `json:"later" doc:"Minutes later than before this change"`
	Tries      int            `json:"tries"`
	Why        string         `json:"why"`
	At         *time.Time     `json:"at"`
	HandoverID string         `json:"handover_id,omitempty"`
	LotID      string         `json:"lot_id,omitempty"`
	MatchID    string         `json:"match_id,omitempty"`
	KeptBack   []KeptBack     `json:"kept_back" nullable:"false" doc:"Not safe to give any more when this was: to be taken back"`
	TwiceAt    *time.Time     `json:"twice_at" doc:"When the code of its handover turned up again after it was closed"`
	ToLabel    bool           `json:"to_label,omitempty" doc:"Something of it has to be cut and labelled before it leaves its box"`
}

// RoundCarries is so many units of an item.
type RoundCarries struct {
	Item     Item `json:"item"`
	Quantity int  `json:"quantity"`
}

// RoundDue is what rounds of a grid could be for, and who could walk.
type RoundDue struct {
	Stops      []DueStop `json:"stops" nullable:"false"`
	Relays     []Relay   `json:"relays" nullable:"false"`
	Volunteers []Walker  `json:"volunteers" nullable:"false"`
}

// DueStop is something that a round could be for.
type DueStop struct {
	Kind        string         `json:"kind" enum:"fetch,bring,visit"`
	HandoverID  string         `json:"handover_id,omitempty"`
	LotID       string         `json:"lot_id,omitempty"`
	HouseholdID string         `json:"household_id"`
	Building    string         `json:"building"`
	What        []RoundCarries `json:"what" nullable:"false"`
	Way         string         `json:"way"`
	Reason      string         `json:"reason"`
	Wanted      bool           `json:"wanted" doc:"Somebody waits for it"`
}

// Walker is somebody who walks rounds.
type Walker struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (a *API) round(v exchange.RoundView) Round {
	end := func(e models.RoundEnd) RoundEnd { return RoundEnd{string(e.Kind), e.Lat, e.Lon} }
	return Round{ID: v.ID, GridID: v.GridID, State: string(v.State), Day: string(v.Day), StartAt: v.StartAt, Start: end(v.Start), End: end(v.End),
		Mine: v.Mine, Walker: v.Walker, Accepted: v.AcceptedAt != nil, Metres: v.Metres, Exact: v.Exact,
		Stops: mapped(v.Stops, a.roundStop), Version: v.Version}
}

func (a *API) roundStop(v exchange.StopView) RoundStop {
	id := func(id *models.ID) string {
		if id == nil {
			return ""
		}
		return *id
	}
	return RoundStop{ID: v.ID, Kind: string(v.Kind), State: string(v.State), Building: v.Building, Door: v.Door, Name: v.Name, Proof: v.Proof,
		Relay: relayOf(v.Relay, -1), What: mapped(v.What, a.carries), Way: string(v.Way), Reason: v.Reason, Lat: v.Lat, Lon: v.Lon,
		Arrival: v.Arrival, Late: v.State == models.StopOpen && v.Late(), Later: v.Later, Tries: v.Tries, Why: v.Why, At: v.At,
		HandoverID: id(v.HandoverID), LotID: id(v.LotID), MatchID: v.MatchID,
		KeptBack: mapped(v.KeptBack, a.keptBack), TwiceAt: v.TwiceAt, ToLabel: v.ToLabel}
}

func (a *API) carries(c exchange.Carried) RoundCarries {
	return RoundCarries{a.item(c.ItemID), c.Units}
}

func (a *API) roundDue(v exchange.RoundDue) RoundDue {
	return RoundDue{
		Stops: mapped(v.Stops, func(s exchange.DueStop) DueStop {
			return DueStop{string(s.Kind), s.HandoverID, s.LotID, s.HouseholdID, s.Building, mapped(s.What, a.carries), string(s.Way), s.Reason, s.Wanted}
		}),
		Relays:     mapped(v.Relays, func(r models.RelayPoint) Relay { return *relayOf(&r, -1) }),
		Volunteers: mapped(v.Volunteers, func(p models.Person) Walker { return Walker{p.ID, p.Name} }),
	}
}
