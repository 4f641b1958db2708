package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// messageFor is how long a message waits for its answer.
const messageFor = 12 * time.Hour

// messagesMost is how many messages one list shows.
const messagesMost = 50

// NewMessage is what a worker has passed on: about which thing, to which of its
// sides, and which of the preset sentences.
type NewMessage struct {
	About   models.Thing
	AboutID models.ID
	To      Side // of a match: the receiver or the giver; else the receiver
	Code    models.MessageCode
}

// MessageView is a message, with the building for the worker's eyes.
type MessageView struct {
	models.Message
	Building string
}

// subject is the thing that a message is about, as it was read.
type subject struct {
	in       NewMessage
	needs    []models.Need
	matches  []models.Match
	hands    []models.Handover
	to       models.ID // whom it reaches
	item     models.ItemID
	units    int
	grids    []models.ID // whose workers may send it
	wayGrid  models.ID
	underWay bool
}

func (q *subject) reads() []store.Read {
	id := []models.ID{q.in.AboutID}
	switch q.in.About {
	case models.ThingNeed:
		return []store.Read{store.ByID(id, &q.needs)}
	case models.ThingMatch:
		return []store.Read{store.ByID(id, &q.matches)}
	}
	return []store.Read{store.ByID(id, &q.hands), store.MatchesOfHandovers(id, &q.matches)}
}

// find tells what the rows say; it is asked again under the locks.
func (q *subject) find() error {
	switch {
	case q.in.About == models.ThingNeed && len(q.needs) == 1:
		n := q.needs[0]
		q.to, q.item, q.units, q.grids, q.wayGrid, q.underWay = n.PersonID, n.ItemID, n.Requested, []models.ID{n.GridID}, n.GridID, n.Live()
	case q.in.About == models.ThingMatch && len(q.matches) == 1:
		m := q.matches[0]
		q.to, q.item, q.units, q.grids, q.wayGrid, q.underWay = m.ReceiverID, m.ItemID, m.Quantity, []models.ID{m.GridID, m.LotGridID}, m.GridID, m.Live()
		if q.in.To == SideGiver {
			q.to = m.GiverID
		}
	case q.in.About == models.ThingHandover && len(q.hands) == 1 && len(q.matches) > 0:
		h := q.hands[0]
		q.to, q.item, q.units, q.wayGrid, q.underWay = h.ReceiverID, q.matches[0].ItemID, q.matches[0].Quantity, h.GridID, h.Live()
		q.grids = []models.ID{h.GridID}
		for _, m := range q.matches {
			q.grids = append(q.grids, m.LotGridID)
		}
	default:
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

func (in NewMessage) check() error {
	f := fault.New(fault.Invalid, "invalid_input")
	if !slices.Contains([]models.Thing{models.ThingNeed, models.ThingMatch, models.ThingHandover}, in.About) {
		f = f.Field("about", "about_unknown")
	}
	if !slices.Contains([]models.MessageCode{models.MessageRing, models.MessageDoor, models.MessageBring}, in.Code) {
		f = f.Field("code", "message_unknown")
	}
	if in.To != SideReceiver && (in.To != SideGiver || in.About != models.ThingMatch) {
		f = f.Field("to", "side_unknown")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// SendMessage is 请她回话: a worker lets a neighbour know that she is waited for.
// Neither sees a number. One waits at a time for a person and a thing, and a day
// brings nobody more than five.
func (s *Service) SendMessage(ctx context.Context, actor models.Actor, in NewMessage) (MessageView, error) {
	if err := in.check(); err != nil {
		return MessageView{}, err
	}
	q := subject{in: in}
	if err := s.store.Read(ctx, q.reads()...); err != nil {
		return MessageView{}, err
	}
	if err := q.find(); err != nil {
		return MessageView{}, err
	}
	if err := s.workerOfAny(ctx, actor, q.grids); err != nil {
		return MessageView{}, err
	}
	var people []models.Person
	if err := s.store.Read(ctx, store.PersonByID(q.to, &people)); err != nil {
		return MessageView{}, err
	}
	to, err := store.One(people)
	if err != nil {
		return MessageView{}, err
	}
	now := s.store.Now()
	var sent []models.Message
	var sessions []models.Credential
	reads := append(q.reads(), store.MessagesTo(to.ID, now.AddDate(0, 0, -1), &sent), store.SessionsOf([]models.ID{to.ID}, now, &sessions))
	return store.Exchange(ctx, s.store, actor, []models.ID{to.GridID, q.wayGrid}, reads, func(tx *store.Tx) (MessageView, error) {
		if err := q.find(); err != nil {
			return MessageView{}, err
		}
		if err := q.may(sent, sessions); err != nil {
			return MessageView{}, err
		}
		m := models.Message{ID: tx.NewID(), GridID: to.GridID, PersonID: to.ID, About: in.About, AboutID: in.AboutID, AboutGridID: q.wayGrid,
			ItemID: q.item, Units: q.units, Code: in.Code, SentBy: actor.PersonID, State: models.MessageOpen, CreatedAt: tx.Now,
			DueAt: tx.Now.Add(messageFor)}
		return MessageView{Message: m}, tx.SaveMessage(&m, "message.sent")
	})
}

// may holds a message against what has reached her already.
func (q *subject) may(sent []models.Message, sessions []models.Credential) error {
	switch {
	case !q.underWay:
		return fault.New(fault.Conflict, "message_late")
	case len(sessions) == 0:
		return fault.New(fault.Conflict, "no_phone")
	case slices.ContainsFunc(sent, func(m models.Message) bool { return m.State == models.MessageOpen && m.AboutID == q.in.AboutID }):
		return fault.New(fault.Conflict, "message_waits")
	case len(sent) >= models.MaxMessages:
		return fault.New(fault.RateLimited, "messages_enough")
	}
	return nil
}

// workerOfAny lets in who works in one of the grids.
func (s *Service) workerOfAny(ctx context.Context, actor models.Actor, grids []models.ID) error {
	err := fault.New(fault.NotFound, "not_found")
	for _, grid := range grids {
		if s.workerOf(ctx, actor, grid) == nil {
			return nil
		}
	}
	return err
}
