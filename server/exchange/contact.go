package exchange

import (
	"context"
	"slices"
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
	var loans []models.Loan
	reads := append(c.reads, store.ConsentsOfMatches([]models.ID{id}, &consents), store.LoansOf([]models.ID{id}, &loans))
	return store.Exchange(ctx, s.store, actor, c.grids, reads, func(tx *store.Tx) (MatchView, error) {
		d := s.desk(tx, c.sc, &c.rows)
		m, err := find(d.matches, id)
		if err != nil {
			return MatchView{}, err
		}
		if actor.PersonID != m.ReceiverID && actor.PersonID != m.GiverID {
			return MatchView{}, fault.New(fault.Forbidden, "not_yours")
		}
		if granted && contactOver(*m, loans, tx.Now) {
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

// contactUntil: while the match is live or its loan out, nil; and then until seven
// days after the end.
func contactUntil(m models.Match, loans []models.Loan) *time.Time {
	ended := m.ClosedAt
	for _, l := range loans {
		ended = l.ClosedAt
	}
	if ended == nil {
		return nil
	}
	until := ended.AddDate(0, 0, contactDays)
	return &until
}

func contactOver(m models.Match, loans []models.Loan, now time.Time) bool {
	return due(contactUntil(m, loans), now)
}

// Contact reads door and phone of a party: of the other one, once both have
// agreed; or, for a worker of the receiver's or the lot's grid, of the one that
// she names. A party names nobody. Every reading is a link in the audit chain
// of the match's grid.
func (s *Service) Contact(ctx context.Context, actor models.Actor, id models.ID, of Side) (Contact, error) {
	m, err := s.contactMatch(ctx, actor, id)
	if err != nil {
		return Contact{}, err
	}
	entry := models.Audit{ActorID: actor.PersonID, Action: "contact.read", Thing: string(models.ThingMatch), ThingID: m.ID}
	party := true
	switch actor.PersonID {
	case m.ReceiverID:
		of = SideGiver
	case m.GiverID:
		of = SideReceiver
	default:
		party, entry.Reason = false, string(of)
	}
	shown, home := m.GiverID, m.GiverHouseholdID
	switch of {
	case SideGiver:
	case SideReceiver:
		shown, home = m.ReceiverID, m.ReceiverHouseholdID
	default:
		return Contact{}, fault.InvalidField("of", "missing")
	}
	var contact Contact
	var matches []models.Match
	var consents []models.Consent
	var people []models.Person
	var homes []models.Household
	var loans []models.Loan
	reads := []store.Read{store.ByID([]models.ID{id}, &matches), store.ConsentsOfMatches([]models.ID{id}, &consents), store.LoansOf([]models.ID{id}, &loans),
		store.ByID([]models.ID{shown}, &people), store.ByID([]models.ID{home}, &homes)}
	err = s.store.InGrids(ctx, []models.ID{m.GridID}, reads, func(tx *store.Tx) error {
		m := matches[0]
		if contactOver(m, loans, tx.Now) || people[0].State == models.PersonLeft {
			return fault.New(fault.Gone, "contact_over") // her home is not hers any more
		}
		if party && !bothAgreed(m, consents) {
			return fault.New(fault.Forbidden, "contact_not_agreed")
		}
		contact = Contact{Name: people[0].Name, Phone: people[0].Phone, Building: homes[0].Building, Door: homes[0].Door(),
			Until: contactUntil(m, loans)}
		return tx.Audit(m.GridID, entry)
	})
	return contact, err
}

// contactMatch finds a match of whose parties the actor is one, or works the
// grid. To everybody else it is not there.
func (s *Service) contactMatch(ctx context.Context, actor models.Actor, id models.ID) (models.Match, error) {
	var m models.Match
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var matches []models.Match
		err := tx.Load(store.ByID([]models.ID{id}, &matches))
		if err != nil {
			return err
		}
		if m, err = store.One(matches); err != nil || actor.PersonID == m.ReceiverID || actor.PersonID == m.GiverID {
			return err
		}
		var grids []models.Grid
		if err := tx.Load(store.ByID([]models.ID{m.GridID, m.LotGridID}, &grids)); err != nil {
			return err
		}
		if !slices.ContainsFunc(grids, func(g models.Grid) bool { return actor.Works(g.Path) }) {
			return fault.New(fault.NotFound, "not_found")
		}
		return nil
	})
	return m, err
}

// bothAgreed looks at the last answer of each side.
func bothAgreed(m models.Match, consents []models.Consent) bool {
	last := map[models.ID]bool{}
	for _, c := range consents {
		last[c.PersonID] = c.Granted
	}
	return last[m.ReceiverID] && last[m.GiverID]
}
