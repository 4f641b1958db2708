package push

import (
	"errors"
	"net"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

const (
	replayAtOnce = 256 // events of one reading of the table
	// hiddenAtMost is how many events a client may not see before it is told
	// that its cursor has moved.
	hiddenAtMost = 64
)

// greet says hello, and then writes like any writer.
func (s *socket) greet(following models.Following) {
	s.ping = time.AfterFunc(s.hub.o.Ping, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.due = true
		s.startLocked()
	})
	s.say(helloMessage(following))
	s.write()
}

// write writes what there is. Where events come it stays until a whole pause
// between two signs of life has brought none: to start anew for each would cost
// more than the wait does, and to stay for good costs every idle socket a stack.
func (s *socket) write() {
	var few [4]*place
	w, stays, brought := work{news: few[:0]}, false, false
	for {
		w = s.next(w.news, stays)
		switch {
		case w.over:
			s.part()
			return
		case w.rest:
			return
		case len(w.news) == 0 && !w.due:
			<-s.signal
			continue
		}
		for _, p := range w.news {
			s.bring(p)
		}
		if w.due {
			s.tick()
			s.ping.Reset(s.hub.o.Ping)
			stays, brought = brought, false
		}
		if len(w.news) > 0 {
			stays, brought = true, true
		}
	}
}

// bring writes everything that is new in one grid.
func (s *socket) bring(p *place) {
	if p.afresh {
		p.afresh = false
		s.startAfresh(p, p.at)
	}
	for !s.ended() {
		a := p.topic.after(p)
		switch {
		case a.lost:
			s.startAfresh(p, a.seq)
		case a.behind && p.live:
			s.cut(closeSlow)
		case a.behind:
			s.replay(p, a.seq)
		case len(a.frames) > 0:
			for _, f := range a.frames {
				if s.pass(p, f); s.ended() {
					return
				}
			}
		default:
			if !p.live {
				p.live = true
				s.tell(p)
			}
			return
		}
	}
}

// replay reads from the table what is older than the tail. Few do so at the
// same moment, so that a storm of reconnections does not become one of queries.
func (s *socket) replay(p *place, seq int64) {
	select {
	case s.hub.replays <- struct{}{}:
		defer func() { <-s.hub.replays }()
	case <-s.done:
		return
	}
	events, err := s.hub.o.Source.Replay(s.hub.ctx, p.grid.GridID, p.at, replayAtOnce)
	if err != nil {
		s.cut(ClosingOf(err))
		return
	}
	if len(events) == 0 || events[0].Seq != p.at+1 { // trimmed meanwhile
		s.startAfresh(p, seq)
		return
	}
	for _, e := range events {
		if s.pass(p, &frame{event: e}); s.ended() {
			return
		}
	}
}

// pass moves the place over an event, and writes it if its person sees it.
func (s *socket) pass(p *place, f *frame) {
	me := s.who.person
	p.at = f.event.Seq
	if p.grid.Sees(me, f.event) {
		p.told = p.at
		s.sent++
		if f.added.IsZero() {
			s.say(eventMessage(f.event))
		} else {
			s.send(f.prepared())
		}
	} else if p.at-p.told >= hiddenAtMost {
		s.tell(p)
	}
	if f.event.Thing == models.ThingPerson && f.event.ThingID == me && f.event.Seq > p.grid.Seq {
		s.cut(closingOfPerson(f.event))
	}
}

// closingOfPerson: after an event about herself her rights are others; who was
// refused or has left has none to come back with.
func closingOfPerson(e models.Event) Closing {
	switch models.PersonState(e.State) {
	case models.PersonRefused, models.PersonLeft:
		return closeSession
	}
	return closeRights
}

// tell moves the client's cursor over what it may not see.
func (s *socket) tell(p *place) {
	if p.at > p.told {
		p.told = p.at
		s.say(cursorMessage(p.grid.GridID, p.at))
	}
}

// startAfresh makes the client refetch: it goes on after seq.
func (s *socket) startAfresh(p *place, seq int64) {
	p.at, p.told = seq, seq
	s.say(resyncMessage(p.grid.GridID))
	s.say(cursorMessage(p.grid.GridID, seq))
}

// tick asks for a sign of life and tells cursors that have moved in silence.
func (s *socket) tick() {
	if time.Since(s.opened) > s.life {
		s.cut(closeRenew)
		return
	}
	if err := s.conn.WriteControl(websocket.PingMessage, nil, soon(s.hub.o.WriteWait)); err != nil {
		s.cut(closeGone)
		return
	}
	for _, p := range s.hub.standing(s) {
		if p.live && !s.ended() {
			s.tell(p)
		}
	}
}

// send writes a frame that others get too, say a message for this one alone.
func (s *socket) send(wire *websocket.PreparedMessage) {
	if !s.ended() {
		_ = s.conn.SetWriteDeadline(soon(s.hub.o.WriteWait))
		s.written(s.conn.WritePreparedMessage(wire))
	}
}

func (s *socket) say(message any) {
	if !s.ended() {
		_ = s.conn.SetWriteDeadline(soon(s.hub.o.WriteWait))
		s.written(s.conn.WriteMessage(websocket.TextMessage, encode(message)))
	}
}

func (s *socket) written(err error) {
	var network net.Error
	switch {
	case err == nil:
	case errors.As(err, &network) && network.Timeout():
		s.cut(closeSlow)
	default:
		s.cut(closeGone)
	}
}

// part says goodbye, waits a moment for the client to say so too, and lets go.
func (s *socket) part() {
	defer s.leave()
	s.ping.Stop()
	s.hub.remove(s)
	why := s.closing.Load()
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(why.Code, why.Text), soon(farewell))
	if half, ok := s.conn.NetConn().(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = s.conn.SetReadDeadline(soon(farewell))
	<-s.heard
	s.last.Stop()
	_ = s.conn.Close()
	s.log()
}
