package api

import (
	"time"

	"linli/models"
	"linli/server/outreach"
)

// Robot is a group that hears of grids, as who governs it sees it; its secrets are
// never told again.
type Robot struct {
	ID            string      `json:"id"`
	Name          string      `json:"name"`
	Platform      string      `json:"platform" enum:"wecom,dingtalk,feishu,webhook,chat"`
	State         string      `json:"state" enum:"on,paused,removed"`
	Grids         []RobotGrid `json:"grids" nullable:"false"`
	Given         []string    `json:"given" nullable:"false" doc:"Names of the settings that are there"`
	Style         string      `json:"style" doc:"text, markdown or template_card; empty where none was chosen"`
	GatherMinutes int         `json:"gather_minutes"`
	DigestHour    int         `json:"digest_hour" doc:"24: none"`
	Callback      string      `json:"callback" doc:"What the platform calls when somebody writes to the robot"`
	Queued        int         `json:"queued"`
	Dead          int         `json:"dead" doc:"Not taken within five days"`
	Failures      int         `json:"failures" doc:"In a row"`
	FailureCode   string      `json:"failure_code" doc:"Why not, as the code of a sentence (fail_gone …); empty while all is well"`
	Failure       string      `json:"failure" doc:"What the platform itself said last, its number first; may be empty"`
	FailedAt      *time.Time  `json:"failed_at"`
	SentAt        *time.Time  `json:"sent_at"`
	NextAt        time.Time   `json:"next_at"`
	CreatedAt     time.Time   `json:"created_at"`
	Version       int         `json:"version"`
}

// RobotGrid is a grid that a robot speaks for.
type RobotGrid struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Delivery is a message on its way to a group.
type Delivery struct {
	ID          string     `json:"id"`
	RobotID     string     `json:"robot_id"`
	Kind        string     `json:"kind" enum:"urgent,open,met,digest,test"`
	Needs       int        `json:"needs" doc:"How many it tells of"`
	State       string     `json:"state" enum:"queued,sent,dead,dropped"`
	Tries       int        `json:"tries"`
	FailureCode string     `json:"failure_code" doc:"As of the robot"`
	Failure     string     `json:"failure" doc:"As of the robot"`
	CreatedAt   time.Time  `json:"created_at"`
	TriedAt     *time.Time `json:"tried_at"`
	ClosedAt    *time.Time `json:"closed_at"`
}

func (a *API) robotCard(v outreach.RobotView) Robot {
	code, said := outreach.Failed(v.Failure)
	return Robot{ID: v.ID, Name: v.Name, Platform: v.Platform, State: string(v.State), Given: append([]string{}, v.Given...),
		Grids: mapped(v.Grids, func(g models.Grid) RobotGrid { return RobotGrid{ID: g.ID, Name: g.Name} }),
		Style: v.Style, GatherMinutes: v.GatherMinutes, DigestHour: v.DigestHour, Callback: a.o.BaseURL + base + "/robots/" + v.ID + "/callback",
		Queued: v.Queued, Dead: v.Dead, Failures: v.Failures, FailureCode: code, Failure: said, FailedAt: v.FailedAt, SentAt: v.SentAt, NextAt: v.NextAt,
		CreatedAt: v.CreatedAt, Version: v.Version}
}

func (a *API) delivery(d models.Delivery) Delivery {
	code, said := outreach.Failed(d.Failure)
	return Delivery{ID: d.ID, RobotID: d.RobotID, Kind: string(d.Kind), Needs: len(d.Card.Lines), State: string(d.State), Tries: d.Tries,
		FailureCode: code, Failure: said, CreatedAt: d.CreatedAt, TriedAt: d.TriedAt, ClosedAt: d.ClosedAt}
}
