package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/chat/group"
)

type pastedText struct {
	Body struct {
		GridID string `json:"grid_id" maxLength:"64" doc:"The micro-grid of the group"`
		Text   string `json:"text" maxLength:"20000" doc:"Messages as WeChat copies them, at most 200. Nothing of it is kept"`
	}
}

type newPostings struct {
	Body struct {
		GridID   string       `json:"grid_id" maxLength:"64"`
		Postings []newPosting `json:"postings" minItems:"1" maxItems:"40" nullable:"false"`
	}
}

type newPosting struct {
	Mark        string    `json:"mark,omitempty" maxLength:"43" doc:"Of the reading: the same message is not posted twice within a week; empty: it is another one"`
	HouseholdID string    `json:"household_id" maxLength:"64"`
	PersonID    string    `json:"person_id,omitempty" maxLength:"64" doc:"Empty: the first who lives there, or name"`
	Name        string    `json:"name,omitempty" maxLength:"60" doc:"Of somebody who is not known in the home yet"`
	Heard       string    `json:"heard,omitempty" enum:"face,phone," doc:"The yes that the worker has just heard; empty where consents stand"`
	Way         string    `json:"way" enum:"relay,door,leave"`
	Private     bool      `json:"private,omitempty"`
	Needs       []newLine `json:"needs,omitempty" maxItems:"10" nullable:"false" doc:"What is asked for; or lots"`
	Lots        []newLot  `json:"lots,omitempty" maxItems:"10" nullable:"false" doc:"What is offered; or needs"`
}

func (a *API) groupRoutes() {
	handle(a, route{method: http.MethodPost, path: "/chat/readings", id: "readPaste", tag: "worker", noKey: true,
		summary: "Understand messages pasted from a residents' group; nothing is kept"}, a.readPaste)
	handle(a, route{method: http.MethodPost, path: "/chat/postings", id: "postPasted", tag: "worker", created: true,
		summary: "Post what was confirmed of a paste, line by line"}, a.postPasted)
	handle(a, route{method: http.MethodGet, path: "/needs/{id}/group-card", id: "needCard", tag: "requests",
		summary: "A need as text for a residents' group"}, a.needCard)
	handle(a, route{method: http.MethodGet, path: "/grids/{id}/group-card", id: "dayCard", tag: "requests",
		summary: "All that a micro-grid looks for, as text for its group"}, a.dayCard)
}

func (a *API) readPaste(ctx context.Context, me models.Actor, in *pastedText) (Readings, error) {
	if !store.ValidID(in.Body.GridID) {
		return Readings{}, fault.InvalidField("grid_id", "not_found")
	}
	found, err := a.o.Group.Read(ctx, me, in.Body.GridID, in.Body.Text)
	return Readings{Items: mapped(found.List, a.reading), Chatter: found.Chatter}, err
}

func (a *API) postPasted(ctx context.Context, me models.Actor, in *newPostings) (list[Posted], error) {
	if !store.ValidID(in.Body.GridID) {
		return list[Posted]{}, fault.InvalidField("grid_id", "not_found")
	}
	postings := make([]group.Posting, len(in.Body.Postings))
	for i, p := range in.Body.Postings {
		var err error
		if postings[i], err = p.model(fmt.Sprintf("postings[%d].", i)); err != nil {
			return list[Posted]{}, err
		}
	}
	outcomes, err := a.o.Group.Post(ctx, me, in.Body.GridID, postings)
	return list[Posted]{Items: mapped(outcomes, func(o group.Outcome) Posted { return callOf(ctx).posted(o) })}, err
}

func (p newPosting) model(path string) (group.Posting, error) {
	out := group.Posting{HouseholdID: p.HouseholdID, PersonID: p.PersonID, Name: p.Name, Heard: models.Heard(p.Heard), Way: models.Way(p.Way),
		Private: p.Private}
	for _, l := range p.Needs {
		out.Needs = append(out.Needs, l.model())
	}
	for i, l := range p.Lots {
		lot, err := l.model(fmt.Sprintf("%slots[%d].", path, i))
		if err != nil {
			return out, err
		}
		out.Lots = append(out.Lots, lot)
	}
	if p.Mark != "" {
		mark, err := base64.RawURLEncoding.DecodeString(p.Mark)
		if err != nil || len(mark) != models.MarkBytes {
			return out, fault.InvalidField(path+"mark", "mark_unreadable")
		}
		out.Mark = mark
	}
	for name, id := range map[string]string{"household_id": p.HouseholdID, "person_id": p.PersonID} {
		if id != "" && !store.ValidID(id) {
			return out, fault.InvalidField(path+name, "not_found")
		}
	}
	return out, nil
}

// GroupCard is text to paste into a group.
type GroupCard struct {
	Text string `json:"text" doc:"In Chinese, which the group reads"`
}

func (a *API) needCard(ctx context.Context, me models.Actor, in *One) (GroupCard, error) {
	text, err := a.o.Group.NeedCard(ctx, me, in.ID)
	return GroupCard{text}, err
}

func (a *API) dayCard(ctx context.Context, me models.Actor, in *One) (GroupCard, error) {
	text, err := a.o.Group.DayCard(ctx, me, in.ID)
	return GroupCard{text}, err
}
