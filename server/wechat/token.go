package wechat

import (
	"context"
	"net/url"
	"sync"
	"time"
)

const (
	// early is how long before its end a value is fetched anew. WeChat changes a
	// token five minutes before and takes both meanwhile.
	early = time.Minute
	// forceApart is how far apart WeChat wants forced changes, of which it allows
	// twenty a day.
	forceApart = 30 * time.Second
)

// kept is one value of WeChat that many calls share: whoever finds it missing
// fetches it, and those who come meanwhile wait for the same answer.
type kept struct {
	now   func() time.Time
	fetch func(ctx context.Context, refused string) (string, time.Duration, error)

	mu     sync.Mutex
	value  string
	until  time.Time
	flight *flight
}

type flight struct {
	done  chan struct{}
	value string
	err   error
}

func newKept(now func() time.Time, fetch func(context.Context, string) (string, time.Duration, error)) *kept {
	return &kept{now: now, fetch: fetch}
}

// get gives the value; not the refused one, if somebody has been refused with it.
func (k *kept) get(ctx context.Context, refused string) (string, error) {
	k.mu.Lock()
	if k.value != "" && k.value != refused && k.now().Before(k.until) {
		defer k.mu.Unlock()
		return k.value, nil
	}
	f := k.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		k.flight = f
		go k.fly(context.WithoutCancel(ctx), f, refused)
	}
	k.mu.Unlock()
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// fly fetches for everybody who waits, also when the first of them has gone.
func (k *kept) fly(ctx context.Context, f *flight, refused string) {
	ctx, cancel := context.WithTimeout(ctx, busyTries*callWait)
	defer cancel()
	value, life, err := k.fetch(ctx, refused)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err == nil {
		k.value, k.until = value, k.now().Add(life-early)
	}
	f.value, f.err, k.flight = value, err, nil
	close(f.done)
}

type tokenAnswer struct {
	Token   string `json:"access_token"`
	Ticket  string `json:"ticket"`
	Seconds int    `json:"expires_in"`
}

// fetchToken asks for the stable token, which is the same for every process of
// this account: so each may keep it for itself. Only where WeChat itself gives
// the refused one out again is a new one forced.
func (c *Client) fetchToken(ctx context.Context, refused string) (string, time.Duration, error) {
	got, err := c.stableToken(ctx, false)
	if err == nil && got.Token == refused && c.mayForce() {
		got, err = c.stableToken(ctx, true)
	}
	if err == nil && got.Token == "" {
		err = &Error{Call: stableToken, cause: errNothing}
	}
	return got.Token, time.Duration(got.Seconds) * time.Second, err
}

const stableToken = "/cgi-bin/stable_token"

func (c *Client) stableToken(ctx context.Context, force bool) (tokenAnswer, error) {
	var got tokenAnswer
	err := c.post(ctx, stableToken, nil, map[string]any{"grant_type": "client_credential",
		"appid": c.app.ID, "secret": c.app.Secret, "force_refresh": force}, &got)
	return got, err
}

// mayForce keeps forced changes apart. Flights come one after the other, so
// nothing else looks at this at the same time.
func (c *Client) mayForce() bool {
	if now := c.now(); c.forced.IsZero() || now.Sub(c.forced) >= forceApart {
		c.forced = now
		return true
	}
	return false
}

// fetchTicket asks for the ticket with which pages of an official account sign.
func (c *Client) fetchTicket(ctx context.Context, _ string) (string, time.Duration, error) {
	const call = "/cgi-bin/ticket/getticket"
	var got tokenAnswer
	err := c.authorised(ctx, func(query url.Values) error {
		query.Set("type", "jsapi")
		return c.get(ctx, call, query, &got)
	})
	if err == nil && got.Ticket == "" {
		err = &Error{Call: call, cause: errNothing}
	}
	return got.Ticket, time.Duration(got.Seconds) * time.Second, err
}

// Reach asks for a token, so that doctor knows whether id and secret are right.
func (c *Client) Reach(ctx context.Context) error {
	_, err := c.token.get(ctx, "")
	return err
}
