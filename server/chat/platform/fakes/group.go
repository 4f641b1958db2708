// Package fakes plays the chat platforms in tests, over real HTTP on loopback.
//
// Cards flow in as the adapters send them and are kept to be looked at; what
// flows out is what the platform would answer: its signature check, its limits
// and its error codes, with status 200 where the platform says 200. Each also
// makes the calls with which the platform brings a message to us. It shares no
// code with the adapters, so that a mistake is not made twice, and is used by
// tests alone.
package fakes

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Posted is one card that a group got.
type Posted struct {
	At   time.Time
	Kind string // the platform's type of message
	Text string // its words, as they came
	Body []byte
}

// Group is what all fakes have: an address, what was posted, and the failures
// that the test wishes for.
type Group struct {
	URL string

	now    func() time.Time
	mu     sync.Mutex
	posted []Posted
	calls  []time.Time
	wishes []Wish
	mute   time.Time
}

// Wish is an answer that the next call gets whatever it says.
type Wish struct {
	Status int // 0: 200
	Header http.Header
	Body   string
}

// Posted lists what the group got.
func (g *Group) Posted() []Posted {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]Posted(nil), g.posted...)
}

// Next makes the next calls get these answers, one each.
func (g *Group) Next(wishes ...Wish) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wishes = append(g.wishes, wishes...)
}

// serve starts the fake until the test ends.
func (g *Group) serve(t testing.TB, handler http.HandlerFunc) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if len(g.wishes) > 0 {
			wish := g.wishes[0]
			g.wishes = g.wishes[1:]
			for key, values := range wish.Header {
				w.Header()[key] = values
			}
			w.WriteHeader(max(wish.Status, http.StatusOK))
			_, _ = io.WriteString(w, wish.Body)
			return
		}
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	g.URL = server.URL
}

// tooOften counts this call and says whether more than most came within span.
func (g *Group) tooOften(most int, span time.Duration) bool {
	now, within := g.now(), 0
	for _, at := range g.calls {
		if now.Sub(at) < span {
			within++
		}
	}
	return within >= most
}

func (g *Group) keep(kind, text string, body []byte) {
	g.calls = append(g.calls, g.now())
	g.posted = append(g.posted, Posted{At: g.now(), Kind: kind, Text: text, Body: body})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// errcode is how WeCom and DingTalk answer.
func errcode(w http.ResponseWriter, code int, words string) {
	answer(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": words})
}
