package outreach

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

const (
	maxMessageID = 128 // runes; platforms write some 60
	maxSender    = 128
	// retakeAfter: who took a message and has not answered it by then is gone.
	retakeAfter = 30 * time.Second
	// groupMost is how many messages of a group an hour are looked at.
	groupMost = 600
)

// Taken is a message of a platform that is to be processed now, or that was.
type Taken struct {
	models.InboundMessage
	Robot models.Robot
	// Again: it was processed and answered before, and Answer says with what. Without
	// it an Answer is one that still has to be said.
	Again bool
}

// Take takes a message of a platform for its robot. Of two that arrive at once one
// is processed; the other hears that it is. What was answered comes back with its
// answer; what somebody took and gave back, or never answered, is taken again: its
// effect, which has the message for a key, happens once.
func (s *Service) Take(ctx context.Context, id models.ID, message string) (Taken, error) {
	if strings.TrimSpace(message) == "" || utf8.RuneCountInString(message) > maxMessageID || !models.CleanText(message) {
		return Taken{}, fault.InvalidField("id", "message_id")
	}
	var taken Taken
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		taken = Taken{}
		var known []models.InboundMessage
		var recent int64
		r, _, err := robot(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Load(store.InboundByID(id, message, &known), store.InboundSince(id, tx.Now.Add(-time.Hour), &recent)); err != nil {
			return err
		}
		taken.Robot = r
		switch {
		case len(known) == 1 && known[0].State == models.InboundDone:
			taken.InboundMessage, taken.Again = known[0], true
			return nil
		case len(known) == 1 && tx.Now.Before(known[0].TakenAt.Add(retakeAfter)):
			return fault.New(fault.Conflict, "message_in_flight")
		case len(known) == 1:
			taken.InboundMessage = known[0]
			err := tx.RetakeInbound(&known[0])
			taken.TakenAt = tx.Now
			return err
		case recent >= groupMost:
			return fault.New(fault.RateLimited, "group_too_fast")
		}
		taken.InboundMessage = models.InboundMessage{ID: tx.NewID(), RobotID: id, MessageID: message, State: models.InboundTaken,
			TakenAt: tx.Now, CreatedAt: tx.Now}
		return tx.CreateInbound(&taken.InboundMessage)
	})
	if fault.Is(err, fault.Conflict) && fault.From(err).Reason != "message_in_flight" {
		err = fault.New(fault.Conflict, "message_in_flight").Because(err)
	}
	return taken, err
}

// Answered keeps the answer to a message that was taken. Until it is said, the message
// may be taken again, and finds it.
func (s *Service) Answered(ctx context.Context, t Taken, answer string, said bool) error {
	m := t.InboundMessage
	m.Answer = answer
	if said {
		m.State = models.InboundDone
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		m := m // it may run again
		return tx.AnswerInbound(&m)
	})
}

// GiveBack lets a message that was taken and came to nothing be taken again at once.
func (s *Service) GiveBack(ctx context.Context, t Taken) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		return tx.ReleaseInbound(&t.InboundMessage, t.TakenAt.Add(-retakeAfter))
	})
}

// OfActor is the robot that signs in with this actor's token.
func (s *Service) OfActor(ctx context.Context, actor models.Actor) (models.Robot, error) {
	var robots []models.Robot
	if err := s.store.Read(ctx, store.RobotByPerson(actor.PersonID, &robots)); err != nil {
		return models.Robot{}, err
	}
	if len(robots) != 1 {
		return models.Robot{}, fault.New(fault.Forbidden, "robots_only")
	}
	return robots[0], nil
}

// Called reads the robot that a platform calls, with its settings, for the adapter
// that checks the call. A paused one still listens.
func (s *Service) Called(ctx context.Context, id models.ID) (models.Robot, error) {
	if !store.ValidID(id) {
		return models.Robot{}, fault.New(fault.NotFound, "not_found")
	}
	var r models.Robot
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, _, err = robot(tx, id)
		return err
	})
	return r, err
}
