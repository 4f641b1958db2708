package feed

import (
	"context"
	"strings"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

const (
	ticketLife = 30 * time.Second
	// maxTickets is how many unspent tickets a person may hold.
	maxTickets = 16
)

// Ticket opens one stream for a client that cannot send a header with its
// handshake, which no browser can.
type Ticket struct {
	Ticket    string
	ExpiresAt time.Time
}

// IssueTicket is the use case behind POST /stream/tickets.
//
// The ticket carries the id of the session it was made for, under its own
// hash: so the stream ends with that session, and nothing is stored for it.
func (h *Hub) IssueTicket(ctx context.Context, actor models.Actor) (Ticket, error) {
	if actor.PersonID == "" || actor.CredentialID == "" {
		return Ticket{}, fault.New(fault.Unauthenticated, "signed_out")
	}
	text := seal.NewSecret() + "." + actor.CredentialID
	var issued Ticket
	err := h.store.InTx(ctx, func(tx *store.Tx) error {
		var unspent []models.Credential
		if err := tx.Load(store.TicketsUnspent(actor.PersonID, tx.Now, &unspent)); err != nil {
			return err
		}
		if len(unspent) >= maxTickets {
			return fault.New(fault.RateLimited, "too_many_tickets")
		}
		until := tx.Now.Add(ticketLife)
		issued = Ticket{Ticket: text, ExpiresAt: until}
		return tx.CreateTicket(&models.Credential{ID: tx.NewID(), Kind: models.CredentialTicket,
			Hash: seal.Hash(text), PersonID: &actor.PersonID, CreatedAt: tx.Now, ExpiresAt: &until})
	})
	return issued, err
}

// RedeemTicket spends a ticket and says whose stream it opens. Only PersonID
// and CredentialID are set: Open reads the rest.
func (h *Hub) RedeemTicket(ctx context.Context, text string) (models.Actor, error) {
	refused := fault.New(fault.Unauthenticated, "ticket_refused")
	_, session, found := strings.Cut(text, ".")
	if !found || !store.ValidID(session) {
		return models.Actor{}, refused
	}
	var tickets []models.Credential
	err := h.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.CredentialByHash(seal.Hash(text), &tickets)); err != nil {
			return err
		}
		if len(tickets) != 1 || tickets[0].Kind != models.CredentialTicket || tickets[0].PersonID == nil {
			return refused
		}
		return tx.UseTicket(tickets[0].Hash)
	})
	if fault.Is(err, fault.Conflict) {
		return models.Actor{}, refused.Because(err)
	}
	if err != nil {
		return models.Actor{}, err
	}
	return models.Actor{PersonID: *tickets[0].PersonID, CredentialID: session}, nil
}
