package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/server/chat"
	"linli/server/chat/platform"

	"github.com/gin-gonic/gin"
)

const callbackPath = base + "/robots/:id/callback"

// hearWait is what the least patient platform waits for an answer, and a little less.
const hearWait = 2800 * time.Millisecond

type chatMessage struct {
	Body struct {
		ID     string `json:"id" pattern:"^[A-Za-z0-9][A-Za-z0-9_.:@$+/=-]*$" maxLength:"128" doc:"Of the message on your platform: the same one is answered once"`
		Sender string `json:"sender" pattern:"^[A-Za-z0-9][A-Za-z0-9_.:@$+/=-]*$" maxLength:"128" doc:"Of who wrote it, on your platform; kept as a keyed hash"`
		Text   string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

// ChatAnswer is what to write back into the group.
type ChatAnswer struct {
	Answer string `json:"answer" doc:"Lines of text; empty where nothing need be said"`
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
	reply, err := a.o.Chat.Hear(ctx, robot.ID, chat.Message{ID: in.Body.ID, Sender: in.Body.Sender, Text: in.Body.Text})
	return ChatAnswer{Answer: reply.Text, Again: reply.Again}, err
}

func (a *API) pairingCode(ctx context.Context, me models.Actor, _ *struct{}) (PairingCode, error) {
	code, until, err := a.o.Outreach.PairingCode(ctx, me)
	return PairingCode{Code: code, ExpiresAt: until}, err
}

// callback is what platforms call. It is no JSON call of ours: each platform has its
// own signature, form and answer, which its adapter knows.
func (a *API) callback(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), hearWait)
	defer cancel()
	call := callOf(c.Request.Context())
	if err := a.limits.take("", call.address); err != nil {
		a.fail(c, err)
		return
	}
	answer, err := a.hear(ctx, c.Request, c.Param("id"))
	if err != nil {
		a.fail(c, err)
		return
	}
	c.Data(http.StatusOK, answer.ContentType, answer.Body)
}

func (a *API) hear(ctx context.Context, r *http.Request, id models.ID) (*platform.Answer, error) {
	robot, err := a.o.Outreach.Called(ctx, id)
	if err != nil {
		return nil, err
	}
	inbound, err := a.o.Inbound(robot)
	if err != nil {
		return nil, fault.New(fault.NotFound, "not_found").Because(err)
	}
	incoming, answer, err := inbound.Receive(r, a.o.Now())
	if answer != nil || err != nil {
		return answer, err
	}
	reply, err := a.o.Chat.Hear(ctx, robot.ID, chat.Message{ID: incoming.ID, Sender: incoming.Sender, Text: incoming.Text})
	switch {
	case fault.Is(err, fault.Conflict), fault.Is(err, fault.Invalid), fault.Is(err, fault.RateLimited):
		return platform.Nothing(), nil // it is being answered, or calling again would help nobody
	case err != nil:
		return nil, err // the platform calls again
	case reply.Text == "" || reply.Again && incoming.ReplyTo != "":
		return platform.Nothing(), nil // answered before, by a call of our own
	}
	answer, err = inbound.Reply(ctx, incoming, platform.Card{ID: incoming.ID, Kind: "chat.answer", At: a.o.Now(), Lines: strings.Split(reply.Text, "\n")})
	if err != nil { // it was done, and only the words are lost
		callOf(r.Context()).log.Warn("chat answer not taken", "robot", robot.ID, "error", err)
	}
	if answer == nil {
		answer = platform.Nothing()
	}
	return answer, nil
}
