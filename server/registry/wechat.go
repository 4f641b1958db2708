package registry

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

const (
	// enterLife is how long a ticket serves that travels in an address.
	enterLife = 2 * time.Minute
	// bindLife is how long somebody may take to scan her door and give her name.
	bindLife = time.Hour
)

// WechatTicket stands for an openid that WeChat has just vouched for; the text
// is told once and kept only as a hash.
type WechatTicket struct {
	Ticket    string
	ExpiresAt time.Time
}

// WechatArrival is what an enter ticket was exchanged for: the session of whose
// account it is, or a ticket to bind it with after the usual joining.
type WechatArrival struct {
	Token string
	Bind  *WechatTicket
}

func openidIndex(keys *seal.Keyring, openid string) []byte { return keys.Index("openid", openid) }

// IssueWechatTicket gives a ticket for an openid. Only a call of our own to
// WeChat may have said it: never a client.
func (s *Service) IssueWechatTicket(ctx context.Context, openid string) (WechatTicket, error) {
	var issued WechatTicket
	text := seal.NewSecret()
	err := s.store.InTx(ctx, func(tx *store.Tx) (err error) {
		issued, err = issueWechat(tx, models.WechatEnter, openid, text, enterLife)
		return err
	})
	return issued, err
}

func issueWechat(tx *store.Tx, kind models.WechatTicketKind, openid, text string, life time.Duration) (WechatTicket, error) {
	until := tx.Now.Add(life)
	return WechatTicket{Ticket: text, ExpiresAt: until}, tx.CreateWechatTicket(&models.WechatTicket{ID: tx.NewID(), Kind: kind,
		Hash: seal.Hash(text), OpenID: openid, CreatedAt: tx.Now, ExpiresAt: until})
}

// ArriveByWechat spends an enter ticket. Whose account it is comes back into her
// session, as a lost token used to need a scan and an approval; nobody is let in
// who was not let in before.
func (s *Service) ArriveByWechat(ctx context.Context, text string) (WechatArrival, error) {
	var arrival WechatArrival
	token, bind := seal.NewSecret(), seal.NewSecret()
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		arrival = WechatArrival{}
		ticket, err := useWechat(tx, text, models.WechatEnter)
		if err != nil {
			return err
		}
		person, err := s.whoseWechat(tx, ticket.OpenID)
		if err != nil {
			return err
		}
		if person == nil {
			issued, err := issueWechat(tx, models.WechatBind, ticket.OpenID, bind, bindLife)
			arrival.Bind = &issued
			return err
		}
		arrival.Token = token
		return tx.CreateCredentials(sessionOf(tx, person.ID, token))
	})
	return arrival, ticketRefused(err)
}

// useWechat spends a live ticket of one of the kinds.
func useWechat(tx *store.Tx, text string, kinds ...models.WechatTicketKind) (models.WechatTicket, error) {
	var tickets []models.WechatTicket
	if err := tx.Load(store.WechatTicketByHash(seal.Hash(text), &tickets)); err != nil {
		return models.WechatTicket{}, err
	}
	for _, t := range tickets { // at most one
		for _, kind := range kinds {
			if t.Kind == kind {
				return t, tx.UseWechatTicket(t.ID)
			}
		}
	}
	return models.WechatTicket{}, fault.New(fault.Refused, "wechat_ticket_refused")
}

// ticketRefused: spent, over and never given out look alike.
func ticketRefused(err error) error {
	if fault.Is(err, fault.Conflict) && fault.From(err).Reason == "stale" {
		return fault.New(fault.Refused, "wechat_ticket_refused").Because(err)
	}
	return err
}

// whoseWechat finds the person of an account who may still sign in, or nobody.
func (s *Service) whoseWechat(tx *store.Tx, openid string) (*models.Person, error) {
	var bindings []models.WechatBinding
	var people []models.Person
	if err := tx.Load(store.WechatBindingByIndex(openidIndex(s.store.Keys(), openid), &bindings)); err != nil || len(bindings) == 0 {
		return nil, err
	}
	if err := tx.Load(store.PersonByID(bindings[0].PersonID, &people)); err != nil {
		return nil, err
	}
	p, err := store.One(people)
	if err != nil || p.State != models.PersonApproved && p.State != models.PersonPending {
		return nil, err
	}
	return &p, nil
}

// BindWechat makes the account of a ticket the actor's, in place of the one that
// she had. Somebody else's stays hers until she lets it go.
func (s *Service) BindWechat(ctx context.Context, actor models.Actor, text string) error {
	if actor.PersonID == "" {
		return signedOut()
	}
	_, err := store.Register(ctx, s.store, actor, func(tx *store.Tx) (struct{}, error) {
		ticket, err := useWechat(tx, text, models.WechatBind, models.WechatEnter)
		if err != nil {
			return struct{}{}, err
		}
		index := openidIndex(s.store.Keys(), ticket.OpenID)
		var held []models.WechatBinding
		if err := tx.Load(store.WechatBindingByIndex(index, &held)); err != nil {
			return struct{}{}, err
		}
		owner, err := s.whoseWechat(tx, ticket.OpenID)
		switch {
		case err != nil:
			return struct{}{}, err
		case owner != nil && owner.ID == actor.PersonID:
			return struct{}{}, nil // what she allowed stays
		case owner != nil:
			return struct{}{}, fault.New(fault.Conflict, "wechat_of_another")
		case len(held) == 1: // of somebody whom the worker has refused
			if err := tx.UnbindWechat(held[0].PersonID); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, tx.BindWechat(&models.WechatBinding{PersonID: actor.PersonID, OpenID: ticket.OpenID, OpenIDIndex: index, CreatedAt: tx.Now})
	})
	return ticketRefused(err)
}

// UnbindWechat lets the actor's account go, with all that it was for. Her
// session stays.
func (s *Service) UnbindWechat(ctx context.Context, actor models.Actor) error {
	if actor.PersonID == "" {
		return signedOut()
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.UnbindWechat(actor.PersonID) })
}
