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
	"time"

	"linli/matching/catalogue"
	"linli/models/words"
	"linli/server/chat/understand"
	"linli/server/exchange"
	"linli/server/outreach"
	"linli/server/registry"
)

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
