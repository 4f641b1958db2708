// Package webhook sends Standard Webhooks 1.0.0 to whoever wants to be told.
//
// Messages flow out, signed, to one address; nothing flows in. An address is
// given by a stranger, so every connection is checked after the name was
// resolved: nothing of our own network can be reached unless it was allowed.
// It follows no redirect, reads little of an answer, retries nothing and says
// in Schedule when to.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"linli/server/chat/platform"
	"linli/server/chat/platform/post"
)

// Schedule is the published one: how long after the try before, the first at
// once; who uses it adds some jitter. An address that is still silent then is
// dead.
var Schedule = [...]time.Duration{
	0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour,
	5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

const (
	maxPayload = 20_000 // bytes
	maxCard    = 12_000
	maxAnswer  = 16 << 10
	patience   = 20 * time.Second
)

// Options of a Robot.
type Options struct {
	Address string
	Secrets []string // "whsec_…"; several while one replaces another
	Now     func() time.Time
	Client  *http.Client // of a Guard; nil: one that allows nothing of our own
	// Plain are the networks that http may lead to, where nobody can listen in, and
	// PlainClient that of a Guard for Only those; nil: one is made.
	Plain       []netip.Prefix
	PlainClient *http.Client
}

// Robot sends to one address. It is a platform.Robot.
type Robot struct {
	address string
	keys    []key
	now     func() time.Time
	client  *http.Client
}

// NewRobot checks the options.
func NewRobot(o Options) (*Robot, error) {
	at, err := url.Parse(o.Address)
	plain := err == nil && at.Scheme == "http"
	switch {
	case err != nil || at.Host == "" || at.User != nil || at.Fragment != "" || len(o.Address) > 2048:
		return nil, errors.New("webhook: the address is none")
	case at.Scheme != "https" && !(plain && o.near(at.Hostname())):
		return nil, errors.New("webhook: the address begins with https://, or lies in a network that is allowed")
	case len(o.Secrets) == 0:
		return nil, errors.New("webhook: a secret is missing")
	case o.Now == nil:
		return nil, errors.New("webhook: the clock is missing")
	}
	r := &Robot{address: at.String(), now: o.Now, client: o.Client}
	for _, secret := range o.Secrets {
		key, err := readKey(secret)
		if err != nil {
			return nil, err
		}
		r.keys = append(r.keys, key)
	}
	switch {
	case plain && o.PlainClient != nil:
		r.client = o.PlainClient
	case plain:
		r.client = Guard{Allowed: o.Plain, Only: true}.Client()
	case r.client == nil:
		r.client = Guard{}.Client()
	}
	return r, nil
}

// near: http may lead to that host; of a name it shows when it is called.
func (o Options) near(host string) bool {
	at, err := netip.ParseAddr(host)
	return len(o.Plain) > 0 && (err != nil || Guard{Allowed: o.Plain, Only: true}.Check(at) == nil)
}

// Rate has no limit: whoever is told too often says 429.
func (r *Robot) Rate() platform.Rate { return platform.Rate{} }

// Message is one thing to tell.
type Message struct {
	ID   string // the same over all tries
	Type string // "need.urgent"
	At   time.Time
	Data any
}

type payload struct {
	Type string    `json:"type"`
	At   time.Time `json:"timestamp"`
	Data any       `json:"data"`
}

type cardData struct {
	Title    string   `json:"title"`
	Lines    []string `json:"lines"`
	Link     string   `json:"link,omitempty"`
	LinkText string   `json:"link_text,omitempty"`
}

// Send tells a card.
func (r *Robot) Send(ctx context.Context, card platform.Card) error {
	data := cardData{Title: platform.Cut(platform.Line(card.Title), 200), Lines: card.Fit(maxCard, 4), Link: card.Address()}
	if data.Link != "" {
		data.LinkText = card.LinkWords()
	}
	return r.Tell(ctx, Message{ID: card.ID, Type: card.Kind, At: card.At, Data: data})
}

var (
	goodID   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	goodType = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)
)

// Tell sends one message. Whoever answers other than 2xx wants it again, as the
// standard says; 410 wants nothing any more.
func (r *Robot) Tell(ctx context.Context, m Message) error {
	if !goodID.MatchString(m.ID) || !goodType.MatchString(m.Type) || m.At.IsZero() {
		return &platform.Failure{Text: "the message has no id, type or time", Permanent: true}
	}
	body, err := json.Marshal(payload{m.Type, m.At.UTC(), m.Data})
	if err != nil || len(body) >= maxPayload {
		return (&platform.Failure{Text: "the message cannot be written, or is too large", Permanent: true}).Because(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.address, bytes.NewReader(body))
	if err != nil {
		return &platform.Failure{Ours: platform.BadAddress, Gone: true}
	}
	timestamp := strconv.FormatInt(r.now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "linli-webhook")
	request.Header.Set("webhook-id", m.ID)
	request.Header.Set("webhook-timestamp", timestamp)
	request.Header.Set("webhook-signature", sign(r.keys, m.ID, timestamp, body))
	response, err := r.client.Do(request)
	if err != nil {
		return unanswered(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer))
	failed := post.Status(response.StatusCode, response.Header)
	if failed == nil {
		return nil
	}
	failed.Closed = response.StatusCode == http.StatusGone
	return failed
}

// unanswered tells a blocked address from a silent one: the first is for a
// person to look at.
func unanswered(err error) *platform.Failure {
	failed := post.Unanswered(err)
	if errors.Is(err, errBlocked) {
		failed.Ours, failed.Gone = platform.Blocked, true
	}
	return failed
}
