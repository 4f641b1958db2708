package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Messages lists what waits for the actor's answer, oldest first.
func (s *Service) Messages(ctx context.Context, actor models.Actor) ([]models.Message, error) {
	var sent []models.Message
	now := s.store.Now()
	err := s.store.Read(ctx, store.MessagesTo(actor.PersonID, now.Add(-messageFor), &sent))
	return slices.DeleteFunc(sent, func(m models.Message) bool { return m.State != models.MessageOpen || !now.Before(m.DueAt) }), err
}

// AnswerMessage is her one tap.
func (s *Service) AnswerMessage(ctx context.Context, actor models.Actor, id models.ID, answer models.MessageAnswer) (models.Message, error) {
	command := models.CommandAccept
	switch answer {
	case models.AnswerOK, models.AnswerLater:
	case models.AnswerCannot:
		command = models.CommandDecline
	default:
		return models.Message{}, fault.InvalidField("answer", "answer_missing")
	}
	return s.closeMessage(ctx, actor, id, func(m *models.Message) error {
		m.Answer = answer
		return m.Apply(command)
	})
}

// closeMessage ends a message by the answer of whom it is for, or by time.
func (s *Service) closeMessage(ctx context.Context, actor models.Actor, id models.ID, end func(m *models.Message) error) (models.Message, error) {
	var rows []models.Message
	if err := s.store.Read(ctx, store.ByID([]models.ID{id}, &rows)); err != nil {
		return models.Message{}, err
	}
	m, err := store.One(rows)
	if err != nil || m.PersonID != actor.PersonID && !actor.System {
		return models.Message{}, fault.New(fault.NotFound, "not_found")
	}
	reads := []store.Read{store.ByID([]models.ID{id}, &rows)}
	return store.Exchange(ctx, s.store, actor, []models.ID{m.GridID, m.AboutGridID}, reads, func(tx *store.Tx) (models.Message, error) {
		m, err := store.One(slices.Clone(rows))
		if err != nil {
			return models.Message{}, err
		}
		if err := end(&m); err != nil {
			return models.Message{}, err
		}
		now := tx.Now
		m.ClosedAt = &now
		return m, tx.SaveMessage(&m, "message."+string(m.State))
	})
}

// unanswered: nobody answered in time.
func (s *Service) unanswered(ctx context.Context, m models.Message) error {
	_, err := s.closeMessage(ctx, models.Actor{System: true}, m.ID, func(m *models.Message) error { return m.Apply(models.CommandLapse) })
	return err
}

func (t *Today) addMessages(tx *store.Tx, sent []models.Message) error {
	if len(sent) == 0 {
		return nil
	}
	var people []models.Person
	var homes []models.Household
	if err := tx.Load(store.ByID(ids(sent, func(m models.Message) models.ID { return m.PersonID }), &people)); err != nil {
		return err
	}
	var at []models.ID
	for _, p := range people {
		if p.HouseholdID != nil {
			at = append(at, *p.HouseholdID)
		}
	}
	if err := tx.Load(store.HouseholdsPlain(at, &homes)); err != nil {
		return err
	}
	who, home := byID(people, func(p models.Person) models.ID { return p.ID }), byID(homes, func(h models.Household) models.ID { return h.ID })
	for _, m := range sent {
		v := MessageView{Message: m}
		if p := who[m.PersonID]; p != nil && p.HouseholdID != nil && home[*p.HouseholdID] != nil {
			v.Building = home[*p.HouseholdID].Building
		}
		t.Messages = append(t.Messages, v)
	}
	return nil
}
