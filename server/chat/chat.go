// Package chat is the conversation in a group: what somebody writes to a robot
// becomes a use case, and what came of it an answer in the group.
//
// A message of a known robot flows in, once, whatever the platform delivers again;
// a few sentences flow out. Danger is answered first. What is half understood is
// answered with the one question that is missing, and nothing is posted. Who is not
// known is told how to bind. Every post passes the same Screen and the same rights
// as in the app. An answer names goods and never a person, a door, an age or an
// illness, because the whole group reads it: what must be asked about somebody's
// health is asked in the app.
package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"linli/matching/catalogue"
	"linli/models"
	"linli/models/fault"
	"linli/models/words"
	"linli/server/chat/understand"
	"linli/server/exchange"
	"linli/server/outreach"
	"linli/server/registry"
)

// MaxText is the longest message that is read.
const MaxText = 2000

// Options are what a conversation stands on.
type Options struct {
	Outreach  *outreach.Service
	Exchange  *exchange.Service
	Registry  *registry.Service
	Catalogue *catalogue.Catalogue
	Reader    *understand.Reader // by the same catalogue
	Now       func() time.Time
	BaseURL   string // where the app is; "" for nowhere
}

// Service holds conversations; safe for concurrent use.
type Service struct{ Options }

// New gives a Service.
func New(o Options) *Service { return &Service{o} }

// Message is what somebody wrote to a robot.
type Message struct {
	ID     string // of the platform: the same message has the same
	Sender string // of the platform
	Text   string
}

// Reply is what the robot says. Again: the message was answered before.
type Reply struct {
	Text  string
	Again bool
}

// Hear processes a message of a robot once and answers it.
func (s *Service) Hear(ctx context.Context, robot models.ID, m Message) (Reply, error) {
	if !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0) || utf8.RuneCountInString(m.Text) > MaxText || strings.TrimSpace(m.Text) == "" {
		return Reply{}, fault.InvalidField("text", "chat.text_unreadable")
	}
	taken, err := s.Outreach.Take(ctx, robot, m.ID)
	if err != nil {
		return Reply{}, err
	}
	if taken.Again {
		return Reply{Text: taken.Answer, Again: true}, nil
	}
	answer, err := s.answer(ctx, taken.Robot, m)
	if err != nil {
		return Reply{}, err // it is taken again, and its effect happens once
	}
	return Reply{Text: answer}, s.Outreach.Answered(ctx, taken, answer)
}

// answer says what came of a message. What a person may not do is an answer too;
// only what may go better next time is an error.
func (s *Service) answer(ctx context.Context, robot models.Robot, m Message) (string, error) {
	if answer, done, err := s.bind(ctx, robot, m); done || err != nil {
		return answer, err
	}
	u := s.Reader.Understand(m.Text, models.DateOf(s.Now()))
	actor, err := s.Outreach.Member(ctx, robot, m.Sender)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(m.Text))
	actor.Call = models.Call{Key: robot.ID + "/" + m.ID, Route: "chat", Hash: hex.EncodeToString(sum[:])}
	c := conversation{s, robot, actor, u, m.Text}
	said, err := c.answer(ctx)
	if err == nil {
		return said, nil
	}
	f := fault.From(err)
	if f.Code == fault.Unavailable || f.Code == fault.Internal || f.Reason == "key_in_flight" {
		return "", err
	}
	return c.refused(err), nil
}

func say(code string, args ...string) string {
	filled := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		filled[args[i]] = args[i+1]
	}
	return words.Say(words.ZH, code, filled)
}

// app is the address of a page of the web app, after a space; "" where there is none.
func (s *Service) app(path string) string {
	if s.BaseURL == "" {
		return ""
	}
	return " " + s.BaseURL + "/#" + path
}
