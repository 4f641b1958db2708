package push

import (
	"sync"
	"time"

	"linli/models"
)

// tailFor is how long a frame is kept for live sockets. A socket that has not
// taken it by then could not write for longer than any write may last.
const tailFor = 30 * time.Second

// topic is one grid that at least one socket of this process follows.
type topic struct {
	grid models.ID

	mu        sync.Mutex
	frames    []*frame // the last events, without a hole, up to seq
	seq       int64    // the last number handed in
	lost      int      // how often events were lost
	gone      int64    // up to where, at the last loss: places before it start afresh
	followers []*place
}

// add takes the next events and wakes who follows. What it has already, or
// what belongs to an earlier following of the same grid, is left out.
func (t *topic) add(events []models.Event, tail int) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.seq
	for _, e := range events {
		if e.Seq == t.seq+1 {
			t.frames = append(t.frames, &frame{event: e, added: now})
			t.seq = e.Seq
		}
	}
	if t.seq == before {
		return
	}
	old := max(0, len(t.frames)-tail)
	for old < len(t.frames) && now.Sub(t.frames[old].added) > tailFor {
		old++
	}
	t.frames = t.frames[old:] // the array behind is left behind when append grows it
	t.wake()
}

// lose goes on after seq with no memory of what was before.
func (t *topic) lose(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.frames, t.seq = nil, seq
	t.lost++
	t.gone = seq
	t.wake()
}

func (t *topic) wake() {
	for _, p := range t.followers {
		p.socket.wake(p)
	}
}

// first is the number of the oldest frame that is kept.
func (t *topic) first() int64 { return t.seq + 1 - int64(len(t.frames)) }

// answer is what a topic has for a place.
type answer struct {
	frames []*frame
	behind bool  // its next event is older than the tail
	lost   bool  // start afresh
	seq    int64 // the topic's last number
}

// after gives what the tail holds after a number.
func (t *topic) after(p *place) answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	a := answer{seq: t.seq}
	if p.lost != t.lost {
		// Who came later, or went ahead by the table, has lost nothing.
		if p.lost = t.lost; p.at < t.gone {
			a.lost = true
			return a
		}
	}
	switch {
	case p.at >= t.seq:
	case p.at+1 < t.first():
		a.behind = true
	default:
		a.frames = t.frames[p.at+1-t.first():]
	}
	return a
}

func (t *topic) enter(p *place) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.slot, p.lost = len(t.followers), t.lost
	t.followers = append(t.followers, p)
}

// leave reports whether nobody follows any more.
func (t *topic) leave(p *place) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	last := len(t.followers) - 1
	t.followers[p.slot] = t.followers[last]
	t.followers[p.slot].slot = p.slot
	t.followers[last] = nil
	t.followers = t.followers[:last]
	return last == 0
}
