package api

import (
	"context"
	"net/http"
	"time"

	"linli/models"
	"linli/server/chat"
)

type chatMessage struct {
	Body struct {
		ID        string `json:"id" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]+$" maxLength:"128" doc:"Of the message on your platform, whatever it looks like there: the same one is answered once"`
		Sender    string `json:"sender" pattern:"^[^\\x00-\\x1f\\x7f-\\x9f]+$" maxLength:"128" doc:"Of who wrote it, on your platform; kept as a keyed hash"`
		Text      string `json:"text" minLength:"1" maxLength:"20000" doc:"Over 2,000 characters it is only looked through for signs of danger"`
		Addressed bool   `json:"addressed,omitempty" doc:"The robot was spoken to, by its name or alone: then it says how to write to it where nothing is understood"`
	}
}

// ChatAnswer is what to write back into the group.
type ChatAnswer struct {
	Answer string `json:"answer" doc:"Lines of text; empty where nothing need be said: then write nothing"`
	Again  bool   `json:"again" doc:"This message was answered before"`
}

// PairingCode is written to a robot, which knows the person from then on.
type PairingCode struct {
	Code      string    `json:"code"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (a *API) chatRoutes() {
	handle(a, route{method: http.MethodPost, path: "/chat/messages", id: "chatMessage", tag: "robots", noKey: true,
		summary: "With a robot's token: somebody wrote this in the group"}, a.chatMessage)
	handle(a, route{method: http.MethodPost, path: "/chat/pairings", id: "pairingCode", tag: "people", created: true, noKey: true,
		summary: "A code that I write to a robot, so that it knows me"}, a.pairingCode)
}

func (a *API) chatMessage(ctx context.Context, me models.Actor, in *chatMessage) (ChatAnswer, error) {
	robot, err := a.o.Outreach.OfActor(ctx, me)
	if err != nil {
		return ChatAnswer{}, err
	}
	reply, err := a.o.Chat.Hear(ctx, robot.ID, chat.Message{ID: in.Body.ID, Sender: in.Body.Sender, Text: in.Body.Text, Addressed: in.Body.Addressed})
	return ChatAnswer{Answer: reply.Text, Again: reply.Again}, err
}

func (a *API) pairingCode(ctx context.Context, me models.Actor, _ *struct{}) (PairingCode, error) {
	code, until, err := a.o.Outreach.PairingCode(ctx, me)
	return PairingCode{Code: code, ExpiresAt: until}, err
}
