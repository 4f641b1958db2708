package registry

import (
	"context"
	"slices"
	"strconv"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Leave takes somebody out of Linli: she is emptied, not deleted, so that what
// her neighbours received keeps its history. Name, phone, home, notes and what
// she said of her health are gone; her answers to consents stay, as proof. Who
// still has something under way is told to end it first, because a neighbour
// waits at the other end.
func (s *Service) Leave(ctx context.Context, actor models.Actor) error {
	if actor.PersonID == "" {
		return signedOut()
	}
	var people []models.Person
	var under []store.UnderWay
	var roles []models.Role
	reads := []store.Read{store.PersonByID(actor.PersonID, &people), store.UnderWayOf(actor.PersonID, &under),
		store.RolesOf(actor.PersonID, &roles)}
	err := s.store.InGrids(ctx, []models.ID{actor.GridID}, reads, func(tx *store.Tx) error {
		p, err := store.One(people)
		if err != nil {
			return err
		}
		if p.Persona != "" { // the example needs its people
			return forbidden("persona_stays")
		}
		if slices.ContainsFunc(roles, func(r models.Role) bool { return r.Kind == models.RoleOperator }) {
			return fault.New(fault.Conflict, "operator_stays") // or a city might be left without one
		}
		if n := under[0]; n.Needs+n.Lots+n.Matches+n.Loans > 0 {
			return fault.New(fault.Conflict, "leave_under_way").With("needs", strconv.Itoa(n.Needs)).
				With("lots", strconv.Itoa(n.Lots)).With("matches", strconv.Itoa(n.Matches)).With("loans", strconv.Itoa(n.Loans))
		}
		if err := p.Apply(models.CommandLeave); err != nil {
			return err
		}
		p.Name, p.Phone, p.PhoneIndex, p.HouseholdID = "", "", nil, nil
		if err := tx.SavePerson(&p, "person.left", models.Audience{Workers: true, Persons: []models.ID{p.ID}}); err != nil {
			return err
		}
		if err := tx.EmptyPosts(p.ID); err != nil {
			return err
		}
		return tx.Audit(actor.GridID, models.Audit{ActorID: p.ID, Action: "person.leave",
			Thing: string(models.ThingPerson), ThingID: p.ID})
	})
	s.sessions.forget()
	return err
}
