// Package group is the worker's hand in a residents' WeChat group, which no robot
// may join: what was written there is pasted in, and a card of text is copied out.
//
// A paste flows in; what was understood of it flows out and nothing is kept. What
// the worker then confirms, edited, flows in, and each message becomes a request or
// an offer of its home by the use cases of the exchange, with what came of it. The
// other way a need, or the day of a micro-grid, flows out as the text of a card.
// Nothing here guesses: a message that is half understood comes with its one
// question. No wording is stored or logged, and no card names a door, a person, an
// age or an illness.
package group

import (
	"time"

	"linli/models/words"
	"linli/server/chat/understand"
	"linli/server/exchange"
	"linli/server/registry"
)

// The limits of one paste.
const (
	MaxText     = 20_000 // runes
	MaxMessages = 200
	MaxPostings = 40 // confirmed at once
)

// Options are what the service stands on.
type Options struct {
	Exchange *exchange.Service
	Registry *registry.Service
	Reader   *understand.Reader // by the catalogue in force
	Now      func() time.Time
	BaseURL  string // where the app is; "" for nowhere
}

// Service serves pastes and cards; safe for concurrent use.
type Service struct{ Options }

// New gives a Service.
func New(o Options) *Service { return &Service{o} }

// say is a sentence in both languages: the app shows the reader's own, the group
// reads Chinese.
func say(code string, args map[string]string) words.Sentence {
	return words.Sentence{ZH: words.Say(words.ZH, code, args), EN: words.Say(words.EN, code, args)}
}
