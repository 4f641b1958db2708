package miniprogram

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/wechat"
)

const (
	messagesAtOnce = 20
	// lease is how long a try may take before another process may try again: longer
	// than all the calls of one taking can last. Only who dies between WeChat's
	// answer and the note of it lets a message be sent twice.
	lease = 3 * time.Minute
	// kept is how long it is remembered what was told.
	kept = 60 * 24 * time.Hour
	// firstPage is what a message opens; the app shows there what is under way.
	firstPage = "pages/index/index"
)

// retries are the pauses after a try that WeChat was not there for.
var retries = []time.Duration{30 * time.Second, 2 * time.Minute, 8 * time.Minute, 30 * time.Minute}

// Work queues what has happened and sends what is due. It may run in several
// processes at once.
func (s *Service) Work(ctx context.Context) error {
	if err := s.collect(ctx); err != nil {
		return err
	}
	for {
		taken, err := s.take(ctx)
		if err != nil {
			return err
		}
		for _, p := range taken {
			if reached, err := s.deliver(ctx, p); err != nil || !reached {
				return err // the others of this taking are due again after their lease
			}
		}
		if len(taken) < messagesAtOnce {
			return nil
		}
	}
}

// Tidy forgets what was told long ago.
func (s *Service) Tidy(ctx context.Context) error {
	return s.o.Store.InTx(ctx, func(tx *store.Tx) error { return tx.DropOldWechat(tx.Now.Add(-kept)) })
}

// parcel is a message with whom and what it goes to.
type parcel struct {
	message models.WechatMessage
	openid  string // "" where it is not sent any more
	content content
}

// take leases messages that are due, and reads what they say now.
func (s *Service) take(ctx context.Context) ([]parcel, error) {
	var taken []parcel
	err := s.o.Store.InTx(ctx, func(tx *store.Tx) error {
		taken = nil
		var due []models.WechatMessage
		if err := tx.Load(store.WechatMessagesDue(tx.Now, messagesAtOnce, &due)); err != nil || len(due) == 0 {
			return err
		}
		var people, hands []models.ID
		for _, m := range due {
			people, hands = append(people, m.PersonID), append(hands, m.HandoverID)
		}
		var bindings []models.WechatBinding
		var relays []models.RelayPoint
		if err := tx.Load(store.WechatBindingOf(people, &bindings), store.RelaysOfHandovers(hands, &relays)); err != nil {
			return err
		}
		journeys, err := load(tx, hands)
		if err != nil {
			return err
		}
		for _, m := range due {
			p := parcel{message: m}
			if j := journeys[m.HandoverID]; j != nil && j.still(notice{m.PersonID, m.Moment}) && tx.Now.Sub(m.CreatedAt) <= tooOld {
				p.openid, p.content = openidOf(bindings, m.PersonID), j.content(m, relayOf(relays, j.hand.RelayID))
			}
			p.message.Tries++
			p.message.DueAt = tx.Now.Add(lease)
			if err := tx.SaveWechatMessage(&p.message, m.Tries); err != nil {
				return err
			}
			taken = append(taken, p)
		}
		return nil
	})
	if fault.Is(err, fault.Conflict) { // another process has them
		return nil, nil
	}
	return taken, err
}

func openidOf(bindings []models.WechatBinding, person models.ID) string {
	for _, b := range bindings {
		if b.PersonID == person {
			return b.OpenID
		}
	}
	return ""
}

func relayOf(relays []models.RelayPoint, id *models.ID) models.RelayPoint {
	for _, r := range relays {
		if id != nil && r.ID == *id {
			return r
		}
	}
	return models.RelayPoint{}
}

// deliver sends one and notes what became of it; reached is false where nobody
// answered, so that nobody waits for that again and again.
func (s *Service) deliver(ctx context.Context, p parcel) (reached bool, err error) {
	template, told := s.o.Templates[p.message.Moment]
	if p.openid == "" || !told {
		return true, s.close(ctx, p.message, models.WechatOver, 0)
	}
	err = s.o.Client.Send(ctx, wechat.Message{OpenID: p.openid, Template: template.ID, Page: firstPage, State: s.o.State,
		Data: template.fill(p.content)})
	code := wechat.CodeOf(err)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err() // the lease ends by itself
	case err == nil:
		return true, s.close(ctx, p.message, models.WechatSent, 0)
	case code == wechat.CodeNotGranted:
		return true, s.close(ctx, p.message, models.WechatRefused, code)
	case wechat.Passing(err) && p.message.Tries <= len(retries):
		return code != wechat.CodeUnreachable, s.later(ctx, p.message, code)
	}
	s.o.Log.Error("subscribe message failed", "moment", p.message.Moment, "person", p.message.PersonID, "error", err)
	return true, s.close(ctx, p.message, models.WechatFailed, code)
}

// later keeps a message for another try.
func (s *Service) later(ctx context.Context, m models.WechatMessage, code int) error {
	return s.note(ctx, func(tx *store.Tx) error {
		m.Code, m.DueAt = code, tx.Now.Add(retries[m.Tries-1])
		return tx.SaveWechatMessage(&m, m.Tries)
	})
}

// close ends a message. What WeChat did not use up is allowed again; what it
// says is not allowed any more is not.
func (s *Service) close(ctx context.Context, m models.WechatMessage, state models.WechatMessageState, code int) error {
	return s.note(ctx, func(tx *store.Tx) error {
		m.State, m.Code, m.ClosedAt = state, code, &tx.Now
		if err := tx.SaveWechatMessage(&m, m.Tries); err != nil {
			return err
		}
		switch state {
		case models.WechatOver, models.WechatFailed:
			return tx.ReturnWechat(m.PersonID, m.Moment)
		case models.WechatRefused:
			return tx.EmptyWechat(m.PersonID, m.Moment)
		}
		return nil
	})
}

// note writes what became of a try; who was overtaken meanwhile, or whose
// person has left, has nothing to write.
func (s *Service) note(ctx context.Context, write func(tx *store.Tx) error) error {
	err := s.o.Store.InTx(ctx, write)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}
