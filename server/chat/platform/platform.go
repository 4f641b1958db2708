// Package platform holds the words that all chat platforms share.
//
// A Card flows out through a Robot into one group; an Incoming is one message
// that a person wrote to a robot, read from the platform's call by an Inbound,
// which also carries the answer back. Each platform is a folder below this one
// and knows only its own protocol: its signatures, limits and error codes.
//
// Nothing here does I/O, keeps state, or knows a use case. No adapter retries,
// queues, or remembers which messages it has seen: a Failure says when it makes
// sense to try again, an Incoming.ID says what was seen before, and outreach
// acts on both.
package platform

import (
	"context"
	"net/http"
	"time"
)

// Robot posts cards into one group of one platform. It is safe for concurrent
// use; it sends at once, or fails with a *Failure.
type Robot interface {
	Send(ctx context.Context, card Card) error
	Rate() Rate
}

// Inbound reads what a platform calls us with, and answers it.
type Inbound interface {
	// Receive checks the call – signature, age, size – and reads it. With an
	// Answer there is no message: the platform made sure of us, or told
	// something that is no text to the robot; the Answer is the whole HTTP
	// answer. An error is a fault: unauthenticated, invalid or too_large, and
	// nothing of the call may be believed.
	Receive(r *http.Request, now time.Time) (Incoming, *Answer, error)
	// Reply says card to whoever wrote the message. Where the platform takes
	// the answer in the HTTP answer to its own call, that comes back and
	// nothing was sent yet; otherwise it was posted, and nil comes back: then
	// the call is answered with Nothing. An error is a *Failure.
	Reply(ctx context.Context, to Incoming, card Card) (*Answer, error)
}

// Card is what is posted: plain words, no markup, no personal data. An adapter
// escapes it for its platform and cuts it to the platform's limit.
type Card struct {
	ID       string    // of the delivery, the same over all its tries; only webhooks show it
	Kind     string    // "need.urgent", dotted; only webhooks show it
	At       time.Time // of what it tells; only webhooks show it
	Title    string    // one line, may be empty
	Lines    []string
	Link     string // an http(s) address, may be empty
	LinkText string // the words that lead there; empty: "查看"
}

// Incoming is one message of a person to the robot.
type Incoming struct {
	ID     string // the platform's id of the message, the same when it calls again
	Group  string // the platform's id of the group; empty: written to the robot alone
	Sender string // the platform's id of the person, never a name
	Text   string // without the mention of the robot
	At     time.Time
	// ReplyTo is where the adapter answers: an address or a message, read by
	// nobody else and good for a while only.
	ReplyTo string
}

// Answer is the body of an HTTP answer with status 200.
type Answer struct {
	ContentType string
	Body        []byte
}

// Nothing is an Answer without a body: "I have it, do not call again".
func Nothing() *Answer { return &Answer{ContentType: "text/plain; charset=utf-8"} }

// Rate is how often one robot may post. Zero: no such limit.
type Rate struct {
	PerMinute int
	PerSecond int
	// OffTheHour is how long around each full and half hour a robot that can
	// wait should wait, because everybody's robots speak then.
	OffTheHour time.Duration
}
