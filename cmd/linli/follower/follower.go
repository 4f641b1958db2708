// Package follower is a client of GET /api/v1/stream that loses nothing.
//
// A server's address and a token flow in; events, resyncs and interruptions
// flow out, in order. It resumes from its own numbers, comes back after a pause
// that grows and is never the same for two, and ends only when trying again
// would end the same way.
package follower

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

// Follower says whom to follow and whom to tell. Its functions are called one
// after the other; those that are nil are not.
type Follower struct {
	// Server is where the next connection goes: http://localhost:8080.
	Server func() string
	Token  string
	// Grids to follow; none means all that the token may.
	Grids []models.ID
	// From are numbers to go on from; without them it begins with what comes next.
	From map[models.ID]int64

	// Event is a new one. raw is its JSON.
	Event func(e models.Event, raw json.RawMessage)
	// Cursor says that there was nothing for us up to a number.
	Cursor func(grid models.ID, seq int64)
	// Resync says that something of the grid is missing and must be fetched.
	Resync func(grid models.ID)
	// Open says that a connection stands, and from where it goes on.
	Open func(from map[models.ID]int64)
	// Lost says why a connection ended and when the next is tried.
	Lost func(why error, wait time.Duration)

	epoch string
	at    map[models.ID]int64
}

const (
	dialWait  = 10 * time.Second
	quietWait = 75 * time.Second // the server pings every thirty
	firstWait = 250 * time.Millisecond
	longWait  = 15 * time.Second
	maxFrame  = 1 << 20
)

// Run follows until ctx ends, which is no error, or nothing more can come of it.
func (f *Follower) Run(ctx context.Context) error {
	f.at = maps.Clone(f.From)
	pause := firstWait
	for {
		began := time.Now()
		err := f.once(ctx)
		var final *finalError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &final):
			return final
		}
		if time.Since(began) > quietWait {
			pause = firstWait // it was well for a while
		}
		wait := pause/2 + rand.N(pause)
		pause = min(2*pause, longWait)
		if f.Lost != nil {
			f.Lost(err, wait)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// finalError ends it: to come back would end the same way.
type finalError struct{ text string }

func (e *finalError) Error() string { return e.text }

// once is the life of one connection.
func (f *Follower) once(ctx context.Context) error {
	conn, err := f.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	alive := func() { _ = conn.SetReadDeadline(time.Now().Add(quietWait)) }
	conn.SetReadLimit(maxFrame)
	ping := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		alive()
		return ping(data)
	})
	alive()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return closing(err)
		}
		alive()
		if err := f.take(conn, text); err != nil {
			return err
		}
	}
}

func (f *Follower) dial(ctx context.Context) (*websocket.Conn, error) {
	base := strings.TrimRight(f.Server(), "/")
	dialer := websocket.Dialer{HandshakeTimeout: dialWait, ReadBufferSize: 1024, WriteBufferSize: 1024, Proxy: http.ProxyFromEnvironment}
	conn, res, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(base, "http")+"/api/v1/stream", http.Header{"Authorization": {"Bearer " + f.Token}})
	if err == nil {
		_ = res.Body.Close()
		return conn, nil
	}
	if res == nil {
		return nil, fmt.Errorf("%s cannot be reached: %w", base, err)
	}
	defer res.Body.Close()
	var problem struct{ Title, Detail string }
	text, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if json.Unmarshal(text, &problem) != nil || problem.Title == "" {
		problem.Title = http.StatusText(res.StatusCode)
	}
	refusal := fmt.Sprintf("%s answers %d %s", base, res.StatusCode, problem.Title)
	if problem.Detail != "" {
		refusal += ": " + problem.Detail
	}
	if res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests {
		return nil, errors.New(refusal)
	}
	return nil, &finalError{refusal}
}

// closing says whether the server wants us back: 1012, 1013 and 4000 to 4099
// do, and so does a connection that ends without a word.
func closing(err error) error {
	var closed *websocket.CloseError
	if !errors.As(err, &closed) || closed.Code == websocket.CloseAbnormalClosure || closed.Code == websocket.CloseServiceRestart ||
		closed.Code == websocket.CloseTryAgainLater || closed.Code >= 4000 && closed.Code < 4100 {
		return err
	}
	return &finalError{fmt.Sprintf("the server has closed the stream for good: %d %s", closed.Code, closed.Text)}
}

// frame is any message of the server.
type frame struct {
	Type  string              `json:"type"`
	Epoch string              `json:"epoch"`
	Grids map[models.ID]int64 `json:"grids"`
	Grid  models.ID           `json:"grid"`
	Seq   int64               `json:"seq"`
	Event *json.RawMessage    `json:"event"`
}

func (f *Follower) take(conn *websocket.Conn, text []byte) error {
	var m frame
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("not a message of Linli: %w", err)
	}
	switch m.Type {
	case "hello":
		return f.resume(conn, m)
	case "event":
		if m.Event == nil {
			return errors.New("an event without an event")
		}
		var e models.Event
		if err := json.Unmarshal(*m.Event, &e); err != nil {
			return fmt.Errorf("not an event: %w", err)
		}
		f.at[e.GridID] = e.Seq
		if f.Event != nil {
			f.Event(e, *m.Event)
		}
	case "cursor":
		f.at[m.Grid] = m.Seq
		if f.Cursor != nil {
			f.Cursor(m.Grid, m.Seq)
		}
	case "resync":
		if f.Resync != nil {
			f.Resync(m.Grid)
		}
	}
	return nil // what a later server says besides is not for us
}

// resume goes on from our own numbers, and begins a grid that is new to us
// where it stands now. Numbers of another epoch are sent with it: the server
// answers them with a resync.
func (f *Follower) resume(conn *websocket.Conn, hello frame) error {
	wanted := f.Grids
	if len(wanted) == 0 {
		for id := range hello.Grids {
			wanted = append(wanted, id)
		}
	}
	from := map[models.ID]int64{}
	for _, id := range wanted {
		now, ok := hello.Grids[id]
		if !ok {
			return &finalError{fmt.Sprintf("this token does not follow grid %s; it may follow %d others", id, len(hello.Grids))}
		}
		if at, known := f.at[id]; known {
			now = at
		}
		from[id] = now
	}
	if f.epoch == "" {
		f.epoch = hello.Epoch
	}
	f.at = from
	told := maps.Clone(from)
	if f.Open != nil {
		f.Open(told)
	}
	epoch := f.epoch
	f.epoch = hello.Epoch
	return conn.WriteJSON(map[string]any{"type": "resume", "epoch": epoch, "grids": told})
}
