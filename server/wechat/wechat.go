// Package wechat is a client of WeChat's HTTP API: sign-in, subscribe messages,
// content check, and the signature that its JS-SDK wants.
//
// Codes, texts and template data flow in; openids, verdicts and signatures flow
// out, and failures as *Error with WeChat's own number. It keeps the access
// token for everybody in this process. It never lets a session_key, a secret or
// a token out, not into an error either; it knows no person, no database and no
// other room.
//
// It stands on the standard library: five calls are used of the hundreds that
// github.com/silenceper/wechat/v2 wraps, and what is delicate here - one token
// for all, no secret in any error, nothing followed elsewhere - would have to be
// written around that library, which brings clients of Redis and memcached too.
package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// PublicBase is where WeChat answers.
const PublicBase = "https://api.weixin.qq.com"

const (
	callWait  = 5 * time.Second
	maxAnswer = 64 << 10 // bytes; the longest documented answer is a tenth of it
	// busyTries is how often a call is made that WeChat was too busy for, which it
	// says with -1 and asks to be tried again a little later.
	busyTries = 3
	busyWait  = 150 * time.Millisecond
)

// App is an account of WeChat: its public id and its secret.
type App struct{ ID, Secret string }

// Options of a Client.
type Options struct {
	Base string // "" is PublicBase
	App  App
	Now  func() time.Time
	// Wait is the first pause before a busy call is made again; 0 is sensible.
	Wait time.Duration
}

// Client calls WeChat for one account. It is safe for concurrent use.
type Client struct {
	base   string
	app    App
	now    func() time.Time
	wait   time.Duration
	http   *http.Client
	token  *kept
	ticket *kept
	forced time.Time // when a change of the token was last forced
}

// New makes a Client; nothing is called until it is asked for something.
func New(o Options) *Client {
	if o.Base == "" {
		o.Base = PublicBase
	}
	if o.Wait <= 0 {
		o.Wait = busyWait
	}
	c := &Client{base: strings.TrimSuffix(o.Base, "/"), app: o.App, now: o.Now, wait: o.Wait,
		// A redirect would carry the secret elsewhere.
		http: &http.Client{Timeout: callWait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	c.token, c.ticket = newKept(c.now, c.fetchToken), newKept(c.now, c.fetchTicket)
	return c
}

// AppID is the public name of the account.
func (c *Client) AppID() string { return c.app.ID }

// status is what every answer may hold beside its own fields. WeChat answers
// 200 also where it refuses; a missing errcode is success.
type status struct {
	Code    int    `json:"errcode"`
	Message string `json:"errmsg"`
}

// get and post make one call, again where WeChat was busy. Into is filled
// whatever content type the answer claims: it is often text/plain.
func (c *Client) get(ctx context.Context, call string, query url.Values, into any) error {
	return c.patiently(ctx, func() error { return c.once(ctx, http.MethodGet, call, query, nil, into) })
}

func (c *Client) post(ctx context.Context, call string, query url.Values, body any, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return c.patiently(ctx, func() error { return c.once(ctx, http.MethodPost, call, query, text, into) })
}

func (c *Client) patiently(ctx context.Context, call func() error) error {
	for try := 1; ; try++ {
		err := call()
		if CodeOf(err) != CodeBusy || try == busyTries {
			return err
		}
		pause := time.NewTimer(c.wait << (try - 1))
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
	}
}

func (c *Client) once(ctx context.Context, method, call string, query url.Values, body []byte, into any) error {
	address := c.base + call
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return &Error{Call: call, cause: errors.New("the base address is none")} // err quotes the address
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(r)
	if err != nil {
		var quoted *url.Error // it quotes the address with the secret in it
		if errors.As(err, &quoted) {
			err = quoted.Err
		}
		return &Error{Call: call, cause: err}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return &Error{Call: call, cause: fmt.Errorf("status %d", res.StatusCode)}
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return &Error{Call: call, cause: err}
	}
	var s status // apart from into: a success leaves errcode out, and into may hold that of the try before
	switch {
	case json.Unmarshal(text, &s) != nil || json.Unmarshal(text, into) != nil:
		return &Error{Call: call, cause: errors.New("the answer is no JSON")} // the cause may quote it
	case s.Code != 0:
		return newError(call, s)
	}
	return nil
}

// authorised makes a call with the access token; where WeChat no longer takes
// that token, once more with a fresh one.
func (c *Client) authorised(ctx context.Context, call func(query url.Values) error) error {
	token, err := c.token.get(ctx, "")
	if err != nil {
		return err
	}
	err = call(url.Values{"access_token": {token}})
	if !staleToken(err) {
		return err
	}
	if token, err = c.token.get(ctx, token); err != nil {
		return err
	}
	return call(url.Values{"access_token": {token}})
}
