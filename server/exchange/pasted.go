package exchange

import (
	"context"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// GroupMessage is what somebody wrote in a group chat, as it was pasted in.
type GroupMessage struct{ Sender, Text string }

// Marked is a message by its mark; Again: it was posted within the week.
type Marked struct {
	Mark  []byte
	Again bool
}

// Recognise gives the marks of messages that were written in the group of a
// micro-grid, for its worker. Spaces do not count, and nothing is kept.
func (s *Service) Recognise(ctx context.Context, actor models.Actor, grid models.ID, messages []GroupMessage) ([]Marked, error) {
	sc, err := s.scope(ctx, grid)
	switch {
	case err != nil:
		return nil, err
	case !actor.Works(sc.grid.Path):
		return nil, fault.New(fault.NotFound, "not_found")
	case sc.grid.Level != models.LevelMicro:
		return nil, fault.InvalidField("grid_id", "micro_grid_only")
	}
	marked := make([]Marked, len(messages))
	marks := make([][]byte, len(messages))
	for i, m := range messages {
		written := strings.Join(strings.Fields(m.Sender), " ") + "\n" + strings.Join(strings.Fields(m.Text), " ")
		marks[i] = s.store.Keys().Index("pasted", grid+"/"+written)
		marked[i].Mark = marks[i]
	}
	if len(marks) == 0 {
		return marked, nil
	}
	var known []models.PastedMessage
	if err := s.store.Read(ctx, store.PastedByMark(grid, marks, &known)); err != nil {
		return nil, err
	}
	since := s.store.Now().Add(-models.PastedFor)
	posted := map[string]bool{}
	for _, m := range known {
		posted[string(m.Mark)] = m.At.After(since)
	}
	for i := range marked {
		marked[i].Again = posted[string(marked[i].Mark)]
	}
	return marked, nil
}

// CheckRequest names what cannot be meant in a request, as posting it would, for
// whoever posts several and wants to know before the first.
func (s *Service) CheckRequest(in NewRequest) error {
	if err := in.check(); err != nil {
		return err
	}
	_, _, _, err := s.screenLines(in)
	return err
}

// CheckOffer does so for an offer.
func (s *Service) CheckOffer(in NewOffer) error {
	if err := in.check(); err != nil {
		return err
	}
	_, _, err := s.screenLots(in, models.Offer{})
	return err
}

// checkMark: a mark is one that Recognise gave.
func checkMark(f *fault.Error, mark []byte) *fault.Error {
	if len(mark) != 0 && len(mark) != models.MarkBytes {
		return f.Field("mark", "mark_unreadable")
	}
	return f
}

// pasted is the group message of a post, if it has one. Its row is written in the
// transaction of the post, so that of two workers who post it at once one does.
type pasted struct {
	mark  []byte
	known []models.PastedMessage
}

func (p *pasted) announce(grid models.ID, reads []store.Read) []store.Read {
	if p.mark == nil {
		return reads
	}
	return append(reads, store.PastedByMark(grid, [][]byte{p.mark}, &p.known))
}

// again refuses a message that was posted within the week.
func (p *pasted) again(tx *store.Tx) error {
	if len(p.known) == 1 && p.known[0].At.After(tx.Now.Add(-models.PastedFor)) {
		return fault.New(fault.Conflict, "posted_already")
	}
	return nil
}

func (p *pasted) save(tx *store.Tx, grid, post models.ID) error {
	if p.mark == nil {
		return nil
	}
	return tx.SavePasted(models.PastedMessage{GridID: grid, Mark: p.mark, PostID: post, At: tx.Now}, len(p.known) == 1)
}

// raced turns the loss of a race for one message into what it is.
func (p *pasted) raced(err error) error {
	if p.mark != nil && store.PastedTwice(err) {
		return fault.New(fault.Conflict, "posted_already")
	}
	return err
}
