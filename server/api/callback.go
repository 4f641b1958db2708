package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/chat"
	"linli/server/chat/platform"

	"github.com/gin-gonic/gin"
)

const callbackPath = base + "/robots/:id/callback"

const (
	// hearWait is what the least patient platform waits for an answer, and a little less.
	hearWait = 2800 * time.Millisecond
	// hearMost is how long a message is worked on when its call has been answered, and
	// tryWait how long one try may take: who took a message loses it after half a minute.
	hearMost = 25 * time.Second
	tryWait  = 10 * time.Second
)

// triesAfter are the waits between the tries of one call: not every platform calls
// again, and none as soon.
var triesAfter = []time.Duration{500 * time.Millisecond, 2 * time.Second, 6 * time.Second}

// hearing is what platforms have called us with and is still worked on.
type hearing struct {
	ctx  context.Context
	stop context.CancelFunc

	mu   sync.Mutex // nothing begins any more when it is being waited for
	work sync.WaitGroup
}

func newHearing() *hearing {
	h := &hearing{}
	h.ctx, h.stop = context.WithCancel(context.Background())
	return h
}

// begin works on a message beside its call, if we are not on the way out.
func (h *hearing) begin(do func(context.Context)) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil {
		return false
	}
	h.work.Go(func() {
		ctx, cancel := context.WithTimeout(h.ctx, hearMost)
		defer cancel()
		do(ctx)
	})
	return true
}

// Finish gives back what platforms have called us with and is still worked on, and
// waits until the store is not used for it any more: they call again.
func (a *API) Finish() {
	a.hearing.mu.Lock()
	a.hearing.stop()
	a.hearing.mu.Unlock()
	a.hearing.work.Wait()
}

// outcome is what comes of a call.
type outcome struct {
	answer *platform.Answer
	err    error
}

// callback is what platforms call. It is no JSON call of ours: each platform has its
// own signature, form and answer, which its adapter knows. All of them take 200 for
// "done" and call again after anything else, DingTalk excepted.
func (a *API) callback(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), hearWait)
	defer cancel()
	call := callOf(c.Request.Context())
	if err := a.limits.take("", call.address); err != nil {
		a.fail(c, err)
		return
	}
	robot, inbound, err := a.called(ctx, c.Param("id"))
	if err != nil {
		a.fail(c, err)
		return
	}
	in, answer, err := inbound.Receive(c.Request, a.o.Now())
	switch {
	case err != nil:
		a.fail(c, err)
		return
	case answer != nil:
		c.Data(http.StatusOK, answer.ContentType, answer.Body)
		return
	}
	done := make(chan outcome, 1)
	log := call.log.With(slog.String("robot", robot))
	begun := a.hearing.begin(func(ctx context.Context) {
		defer func() { // no frame stands around it
			if p := recover(); p != nil {
				log.Error("panic", "value", p, "stack", string(debug.Stack()))
			}
		}()
		answer, err := a.answer(ctx, log, robot, inbound, in)
		done <- outcome{answer, err}
	})
	if !begun {
		a.again(c)
		return
	}
	select {
	case said := <-done:
		if said.err != nil {
			a.again(c)
			return
		}
		c.Data(http.StatusOK, said.answer.ContentType, said.answer.Body)
	case <-ctx.Done():
		a.again(c)
	}
}

// again is the answer to a call of which nothing is done yet: the platform is to call
// again.
func (a *API) again(c *gin.Context) {
	writeProblem(c.Writer, newProblem(callOf(c.Request.Context()), http.StatusServiceUnavailable, fault.New(fault.Unavailable, "message_in_flight")))
	c.Abort()
}

func (a *API) called(ctx context.Context, id models.ID) (models.ID, platform.Inbound, error) {
	robot, err := a.o.Outreach.Called(ctx, id)
	if err != nil {
		return "", nil, err
	}
	inbound, err := a.o.Inbound(robot)
	if err != nil {
		return "", nil, fault.New(fault.NotFound, "not_found").Because(err)
	}
	return robot.ID, inbound, nil
}

// answer processes a message and says what came of it, in a few tries.
func (a *API) answer(ctx context.Context, log *slog.Logger, robot models.ID, inbound platform.Inbound, in platform.Incoming) (*platform.Answer, error) {
	for tries := 0; ; tries++ {
		trying, cancel := context.WithTimeout(ctx, tryWait)
		answer, err := a.try(trying, log, robot, inbound, in)
		cancel()
		if err == nil || fault.From(err).Reason == "message_in_flight" {
			return answer, err
		}
		if tries == len(triesAfter) || ctx.Err() != nil {
			log.Warn("message not answered", "error", err)
			return nil, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(triesAfter[tries]):
		}
	}
}

// try hears a message once. An error is worth another try.
func (a *API) try(ctx context.Context, log *slog.Logger, robot models.ID, inbound platform.Inbound, in platform.Incoming) (*platform.Answer, error) {
	var back *platform.Answer // where the platform takes the words in the answer to its own call
	say := func(ctx context.Context, text string) error {
		var failed *platform.Failure
		var err error
		back, err = inbound.Reply(ctx, in, platform.Card{ID: in.ID, Kind: "chat.answer", At: a.o.Now(), Lines: strings.Split(text, "\n")})
		if errors.As(err, &failed) && failed.Permanent { // it was done, and only the words are lost
			log.Warn("chat answer not taken", "error", err)
			return nil
		}
		return err
	}
	m := chat.Message{ID: in.ID, Sender: in.Sender, Text: in.Text, Addressed: true}
	if in.ReplyTo != "" {
		m.Post = say
	}
	reply, err := a.o.Chat.Hear(ctx, robot, m)
	switch {
	case fault.Is(err, fault.Invalid):
		return platform.Nothing(), nil // calling again would help nobody
	case fault.Is(err, fault.RateLimited):
		err = say(ctx, words.Say(words.ZH, fault.From(err).Reason, nil))
	case err == nil && reply.Text != "" && m.Post == nil:
		err = say(ctx, reply.Text)
	}
	if err != nil {
		return nil, err
	}
	if back == nil {
		back = platform.Nothing()
	}
	return back, nil
}
