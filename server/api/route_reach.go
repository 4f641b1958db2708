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

// Resident is somebody of a home, as its worker sees her to post for her.
type Resident struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Phone  bool   `json:"phone" doc:"Has a phone signed in: messages reach her"`
	Agreed bool   `json:"agreed" doc:"Both consents that a post needs stand"`
}

// Message is a few preset words to a neighbour; no number is in it.
type Message struct {
	ID        string     `json:"id"`
	About     string     `json:"about" enum:"need,match,handover"`
	AboutID   string     `json:"about_id"`
	Item      Item       `json:"item"`
	Quantity  int        `json:"quantity"`
	Code      string     `json:"code" enum:"ring,door,bring"`
	State     string     `json:"state" enum:"open,answered,over"`
	Answer    string     `json:"answer" enum:"ok,later,cannot,"`
	Building  string     `json:"building" doc:"Of whom it is for, on the worker's page"`
	CreatedAt time.Time  `json:"created_at"`
	DueAt     time.Time  `json:"due_at"`
	ClosedAt  *time.Time `json:"closed_at"`
	Version   int        `json:"version"`
}

type newResident struct {
	One
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"60"`
		Heard string `json:"heard" enum:"face,phone" doc:"How she said yes"`
	}
}

type heard struct {
	One
	Body struct {
		Heard string `json:"heard" enum:"face,phone"`
	}
}

type newMessage struct {
	Body struct {
		About   string `json:"about" enum:"need,match,handover"`
		AboutID string `json:"about_id" maxLength:"64"`
		To      string `json:"to,omitempty" enum:"receiver,giver" default:"receiver" doc:"The giver of a match only"`
		Code    string `json:"code" enum:"ring,door,bring"`
	}
}

type messageAnswer struct {
	One
	Body struct {
		Answer string `json:"answer" enum:"ok,later,cannot"`
	}
}

func (a *API) reachRoutes() {
	handle(a, route{method: http.MethodGet, path: "/households/{id}/residents", id: "residents", tag: "worker",
		summary: "Who lives there"}, a.residents)
	handle(a, route{method: http.MethodPost, path: "/households/{id}/residents", id: "addResident", tag: "worker", created: true,
		summary: "Somebody without a phone, and her yes aloud"}, a.addResident)
	handle(a, route{method: http.MethodPost, path: "/people/{id}/consents", id: "hearConsent", tag: "worker", created: true,
		summary: "She said yes aloud"}, a.hearConsent)
	handle(a, route{method: http.MethodPost, path: "/messages", id: "sendMessage", tag: "worker", created: true,
		summary: "Let a neighbour know that she is waited for"}, a.sendMessage)
	handle(a, route{method: http.MethodGet, path: "/messages", id: "messages", tag: "people",
		summary: "What waits for my one tap"}, a.messages)
	handle(a, route{method: http.MethodPost, path: "/messages/{id}/answer", id: "answerMessage", tag: "people",
		summary: "Yes, later, or I cannot ring"}, a.answerMessage)
}

func residentOf(r registry.ResidentView) Resident { return Resident{r.ID, r.Name, r.Phone, r.Agreed} }

func (a *API) residents(ctx context.Context, me models.Actor, in *One) (list[Resident], error) {
	all, err := a.o.Registry.Residents(ctx, me, in.ID)
	return list[Resident]{Items: mapped(all, residentOf)}, err
}

func (a *API) addResident(ctx context.Context, me models.Actor, in *newResident) (Resident, error) {
	r, err := a.o.Registry.AddResident(ctx, me, in.ID, in.Body.Name, models.Heard(in.Body.Heard))
	return residentOf(r), err
}

func (a *API) hearConsent(ctx context.Context, me models.Actor, in *heard) (Resident, error) {
	r, err := a.o.Registry.HearConsent(ctx, me, in.ID, models.Heard(in.Body.Heard))
	return residentOf(r), err
}

func (a *API) sendMessage(ctx context.Context, me models.Actor, in *newMessage) (Message, error) {
	if !store.ValidID(in.Body.AboutID) {
		return Message{}, fault.InvalidField("about_id", "not_found")
	}
	v, err := a.o.Exchange.SendMessage(ctx, me, exchange.NewMessage{About: models.Thing(in.Body.About), AboutID: in.Body.AboutID,
		To: exchange.Side(in.Body.To), Code: models.MessageCode(in.Body.Code)})
	return a.messageCard(v), err
}

func (a *API) messages(ctx context.Context, me models.Actor, _ *struct{}) (list[Message], error) {
	all, err := a.o.Exchange.Messages(ctx, me)
	return list[Message]{Items: mapped(all, a.message)}, err
}

func (a *API) answerMessage(ctx context.Context, me models.Actor, in *messageAnswer) (Message, error) {
	m, err := a.o.Exchange.AnswerMessage(ctx, me, in.ID, models.MessageAnswer(in.Body.Answer))
	return a.message(m), err
}

func (a *API) message(m models.Message) Message {
	return a.messageCard(exchange.MessageView{Message: m})
}

func (a *API) messageCard(v exchange.MessageView) Message {
	return Message{ID: v.ID, About: string(v.About), AboutID: v.AboutID, Item: a.item(v.ItemID), Quantity: v.Units, Code: string(v.Code),
		State: string(v.State), Answer: string(v.Answer), Building: v.Building, CreatedAt: v.CreatedAt, DueAt: v.DueAt, ClosedAt: v.ClosedAt,
		Version: v.Version}
}
