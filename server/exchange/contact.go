package exchange

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// contactDays is how long door and phone stay visible after closing.
const contactDays = 7

// Contact is the other party's name, phone and door.
type Contact struct {
	Name, Phone, Building, Door string
	Until                       *time.Time
}

// ConsentContact is one side's answer to "show them your door and phone?";
// it can be taken back at any time.
func (s *Service) ConsentContact(ctx context.Context, actor models.Actor, id models.ID, granted bool) (MatchView, error) {
	c, err := s.callMatch(ctx, actor, id)
	if err != nil {
		return MatchView{}, err
	}
	var consents []models.Consent
	reads := append(c.reads, store.ConsentsOfMatches([]models.ID{id}, &consents))
	return store.Exchange(ctx, s.store, actor, c.grids, reads, func(tx *store.Tx) (MatchView, error) {
		d := s.desk(tx, c.sc, &c.rows)
		m, err := find(d.matches, id)
		if err != nil {
			return MatchView{}, err
		}
		if actor.PersonID != m.ReceiverID && actor.PersonID != m.GiverID {
			return MatchView{}, fault.New(fault.Forbidden, "not_yours")
		}
		if granted && !contactOpen(*m, tx.Now) {
			return MatchView{}, fault.New(fault.Gone, "contact_over")
		}
		answer := models.Consent{ID: tx.NewID(), PersonID: actor.PersonID, Kind: models.ConsentContact,
			MatchID: &id, TextVersion: models.ConsentTextVersion, Granted: granted, At: tx.Now}
		if err := tx.CreateConsent(&answer); err != nil {
			return MatchView{}, err
		}
		d.mark(m.ID, "match.contact")
		if err := d.save(); err != nil {
			return MatchView{}, err
		}
		v := d.viewer(actor)
		v.consents = append(consents, answer)
		return v.match(*m), nil
	})
}

// contactOpen: while the match is live, and seven days after its closing.
func contactOpen(m models.Match, now time.Time) bool {
	return m.ClosedAt == nil || now.Before(m.ClosedAt.AddDate(0, 0, contactDays))
}

// Contact reads the other party's door and phone, once both have agreed. Every
// reading is a link in the grid's audit chain.
func (s *Service) Contact(ctx context.Context, actor models.Actor, id models.ID) (Contact, error) {
	c, err := s.callMatch(ctx, actor, id)
	if err != nil {
		return Contact{}, err
	}
	m := c.match
	other, home := m.GiverID, m.GiverHouseholdID
	if actor.PersonID == m.GiverID {
		other, home = m.ReceiverID, m.ReceiverHouseholdID
	} else if actor.PersonID != m.ReceiverID {
		return Contact{}, fault.New(fault.Forbidden, "not_yours")
	}
	var contact Contact
	var consents []models.Consent
	var people []models.Person
	var homes []models.Household
	reads := []store.Read{store.ConsentsOfMatches([]models.ID{id}, &consents),
		store.ByID([]models.ID{other}, &people), store.ByID([]models.ID{home}, &homes)}
	err = s.store.InGrids(ctx, []models.ID{m.GridID}, reads, func(tx *store.Tx) error {
		if !contactOpen(m, tx.Now) {
			return fault.New(fault.Gone, "contact_over")
		}
		if !bothAgreed(m, consents) {
			return fault.New(fault.Forbidden, "contact_not_agreed")
		}
		contact = Contact{Name: people[0].Name, Phone: people[0].Phone, Building: homes[0].Building, Door: homes[0].Door()}
		if m.ClosedAt != nil {
			until := m.ClosedAt.AddDate(0, 0, contactDays)
			contact.Until = &until
		}
		return tx.Audit(m.GridID, models.Audit{ActorID: actor.PersonID, Action: "contact.read",
			Thing: string(models.ThingMatch), ThingID: m.ID})
	})
	return contact, err
}

// bothAgreed looks at the last answer of each side.
func bothAgreed(m models.Match, consents []models.Consent) bool {
	last := map[models.ID]bool{}
	for _, c := range consents {
		last[c.PersonID] = c.Granted
	}
	return last[m.ReceiverID] && last[m.GiverID]
}
