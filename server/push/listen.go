package push

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"
	"unicode/utf8"

	"linli/models"

	"github.com/gorilla/websocket"
)

const (
	idleLimit = 512     // bytes of a message that comes when none is due
	maxPings  = 32      // of a client between two of ours
	drainFor  = 1 << 20 // bytes read on after the end, so that the close frame arrives
)

var errFlood = errors.New("too many pings")

// soon is a moment from now by the kernel's clock, which deadlines are set in.
func soon(d time.Duration) time.Time { return time.Now().Add(d) }

// jittered takes up to a tenth off, so that what began together does not end
// together.
func jittered(d time.Duration) time.Duration { return d - rand.N(d/10+1) }

// listen hears the client out: one resume, and then nothing but signs of life.
// For these a new goroutine waits, because reading the resume has made the
// stack of this one large.
func (s *socket) listen(following models.Following) {
	if why, ok := s.resumed(following); !ok {
		s.hangUp(why)
		return
	}
	go func() {
		_, why := s.message(s.hub.o.Pong, true)
		if why == nil {
			why = &closeUnknown
		}
		s.hangUp(*why)
	}()
}

func (s *socket) hangUp(why Closing) {
	defer close(s.heard)
	s.cut(why)
	// Closing a connection with unread bytes would reset it, and the client
	// would never read why.
	_, _ = io.Copy(io.Discard, io.LimitReader(s.conn.NetConn(), drainFor))
}

// resumed waits for the resume and enters; otherwise it says why not.
func (s *socket) resumed(following models.Following) (Closing, bool) {
	s.conn.SetReadLimit(resumeLimit(len(following.Grids)))
	s.answerPings()
	text, why := s.message(s.hub.o.ResumeWait, false)
	switch {
	case why == nil:
	case *why == closeSilent:
		return closeNoResume, false
	default:
		return *why, false
	}
	r, err := parseResume(text)
	if err != nil {
		return closeUnknown, false
	}
	s.conn.SetReadLimit(idleLimit)
	return s.join(following, r)
}

// message waits for a whole text. lively says whether signs of life prolong
// the wait; once begun, a message must end in time however lively the client.
func (s *socket) message(wait time.Duration, lively bool) ([]byte, *Closing) {
	s.listenUntil(wait)
	s.lively = lively
	kind, r, err := s.conn.NextReader()
	if err != nil {
		return nil, closingOfRead(err)
	}
	s.lively = false
	s.listenUntil(s.hub.o.ResumeWait)
	text, err := io.ReadAll(r)
	switch {
	case err != nil:
		return nil, closingOfRead(err)
	case kind == websocket.BinaryMessage:
		return nil, &closeBinary
	case !utf8.Valid(text): // gorilla does not look
		return nil, &closeEncoding
	}
	return text, nil
}

func (s *socket) listenUntil(wait time.Duration) {
	if !s.ended() { // the writer has set the last deadline
		_ = s.conn.SetReadDeadline(soon(wait))
	}
}

// answerPings answers pings, takes pings and pongs for signs of life, and more
// pings than anyone needs for a flood.
func (s *socket) answerPings() {
	alive := func() {
		if s.lively {
			s.listenUntil(s.hub.o.Pong)
		}
	}
	s.conn.SetPongHandler(func(string) error {
		alive()
		return nil
	})
	pong := s.conn.PingHandler()
	pings, since := 0, time.Now()
	s.conn.SetPingHandler(func(data string) error {
		if time.Since(since) > s.hub.o.Ping {
			pings, since = 0, time.Now()
		}
		if pings++; pings > maxPings {
			return errFlood
		}
		alive()
		return pong(data)
	})
}

// closingOfRead says why a read failed. Where gorilla has sent a close frame
// already, ours is not sent any more.
func closingOfRead(err error) *Closing {
	var network net.Error
	var closed *websocket.CloseError
	switch {
	case errors.Is(err, errFlood):
		return &closeFlood
	case errors.Is(err, websocket.ErrReadLimit):
		return &closeTooBig
	case errors.As(err, &network) && network.Timeout():
		return &closeSilent
	case errors.As(err, &closed), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return &closeGone
	}
	return &closeProtocol
}
