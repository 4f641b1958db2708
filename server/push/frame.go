package push

import (
	"encoding/json"
	"sync"
	"time"

	"linli/models"

	"github.com/gorilla/websocket"
)

// frame is one event, prepared once for all sockets that see it.
type frame struct {
	event models.Event
	added time.Time // zero: read for one socket alone, and not worth preparing
	once  sync.Once
	wire  *websocket.PreparedMessage
}

func (f *frame) prepared() *websocket.PreparedMessage {
	f.once.Do(func() { f.wire = prepare(eventMessage(f.event)) })
	return f.wire
}

func prepare(message any) *websocket.PreparedMessage {
	wire, err := websocket.NewPreparedMessage(websocket.TextMessage, encode(message))
	if err != nil {
		panic(err) // writes to memory
	}
	return wire
}

func encode(message any) []byte {
	text, err := json.Marshal(message)
	if err != nil {
		panic(err) // our own types: cannot happen
	}
	return text
}

// The messages of the server.
type (
	hello struct {
		Type  string              `json:"type"`
		Epoch string              `json:"epoch"`
		Grids map[models.ID]int64 `json:"grids"`
	}
	event struct {
		Type  string       `json:"type"`
		Event models.Event `json:"event"`
	}
	cursor struct {
		Type string    `json:"type"`
		Grid models.ID `json:"grid"`
		Seq  int64     `json:"seq"`
	}
	resync struct {
		Type string    `json:"type"`
		Grid models.ID `json:"grid"`
	}
)

func helloMessage(f models.Following) hello {
	grids := make(map[models.ID]int64, len(f.Grids))
	for _, g := range f.Grids {
		grids[g.GridID] = g.Seq
	}
	return hello{"hello", f.Epoch, grids}
}

func eventMessage(e models.Event) event {
	e.At = models.Millis(e.At)
	return event{"event", e}
}

func cursorMessage(grid models.ID, seq int64) cursor { return cursor{"cursor", grid, seq} }

func resyncMessage(grid models.ID) resync { return resync{"resync", grid} }
