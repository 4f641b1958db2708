package feed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"linli/models"
	"linli/models/store"
)

const (
	// messageBytes is the most that one message has, whatever NATS would take.
	messageBytes = 64 << 10
	// messageEvents is the most copies in one message.
	messageEvents = 64
)

// message is what travels on a grid's subject: copies of events, or, when one
// is too long, only the number that the grid has come to.
type message struct {
	Epoch  string   `json:"epoch"`
	Seq    int64    `json:"seq,omitempty"`
	Events []copied `json:"events,omitempty"`
}

// copied is an event with its audience, which no client is shown.
type copied struct {
	models.Event
	Audience models.Audience `json:"audience"`
}

func (m message) encode() []byte {
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // our own types: cannot happen
	}
	return text
}

func (m message) events() []models.Event {
	events := make([]models.Event, 0, len(m.Events))
	for _, c := range m.Events {
		c.Event.Audience = c.Audience
		events = append(events, c.Event)
	}
	return events
}

// messages makes the messages of one commit, each with the grid it is about.
func messages(epoch string, events []models.Event, limit int) iter.Seq2[models.ID, []byte] {
	if limit <= 0 || limit > messageBytes {
		limit = messageBytes // NATS has not said yet
	}
	return func(yield func(models.ID, []byte) bool) {
		var grids []models.ID
		byGrid := map[models.ID][]copied{}
		for _, e := range events {
			if byGrid[e.GridID] == nil {
				grids = append(grids, e.GridID)
			}
			byGrid[e.GridID] = append(byGrid[e.GridID], copied{Event: e, Audience: e.Audience})
		}
		for _, grid := range grids {
			for _, m := range fit(message{Epoch: epoch, Events: byGrid[grid]}, limit) {
				if !yield(grid, m) {
					return
				}
			}
		}
	}
}

// fit halves a message until its parts fit.
func fit(m message, limit int) [][]byte {
	if n := len(m.Events); n <= messageEvents {
		text := m.encode()
		if len(text) <= limit {
			return [][]byte{text}
		}
		if n == 1 {
			return [][]byte{message{Epoch: m.Epoch, Seq: m.Events[0].Seq}.encode()}
		}
	}
	half := len(m.Events) / 2
	return append(fit(message{Epoch: m.Epoch, Events: m.Events[:half]}, limit),
		fit(message{Epoch: m.Epoch, Events: m.Events[half:]}, limit)...)
}

var errNonsense = errors.New("not a message of Linli")

// decode takes a message only if all of it can be one of ours about that grid.
func decode(grid models.ID, text []byte) (message, error) {
	var m message
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if len(text) > messageBytes {
		return m, fmt.Errorf("%w: %d bytes", errNonsense, len(text))
	}
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("%w: %w", errNonsense, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) || m.Epoch == "" || len(m.Events) > messageEvents ||
		(m.Seq > 0) == (len(m.Events) > 0) {
		return m, errNonsense
	}
	for i := range m.Events {
		e := &m.Events[i].Event
		if e.GridID != grid || e.Seq <= 0 || !store.ValidID(e.ID) || !store.ValidID(e.ThingID) || e.Kind == "" || e.Thing == "" || e.At.IsZero() {
			return m, errNonsense
		}
		e.At = models.Millis(e.At)
		if e.Quantities == nil {
			e.Quantities = map[string]int{} // as the table has it
		}
	}
	return m, nil
}
