package exchange

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// postingPerson is for whom a post runs, with the consents that matter here.
type postingPerson struct {
	models.Person
	board bool // neighbours may see building and item
}

// poster finds the household and the person of a post: the actor's own, or
// those for whom a worker posts. Both consents must stand before the first.
func (s *Service) poster(ctx context.Context, actor models.Actor, household models.ID) (models.Household, postingPerson, error) {
	if household == "" {
		household = actor.HouseholdID
	}
	if household == "" {
		return models.Household{}, postingPerson{}, fault.New(fault.Forbidden, "no_household")
	}
	var homes []models.Household
	var grids []models.Grid
	var people []models.Person
	var consents []models.Consent
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{household}, &homes)); err != nil || len(homes) == 0 {
			return err
		}
		if err := tx.Load(store.ByID([]models.ID{homes[0].GridID}, &grids), store.ApprovedOf(household, &people)); err != nil {
			return err
		}
		id := actor.PersonID
		if actor.HouseholdID != household && len(people) > 0 {
			id = people[0].ID
		}
		return tx.Load(store.ConsentsOf(id, &consents))
	})
	if err != nil {
		return models.Household{}, postingPerson{}, err
	}
	return mayPost(actor, homes, grids, people, consents)
}

func mayPost(actor models.Actor, homes []models.Household, grids []models.Grid, people []models.Person,
	consents []models.Consent) (models.Household, postingPerson, error) {
	home, err := store.One(homes)
	if err != nil {
		return home, postingPerson{}, err
	}
	own := home.ID == actor.HouseholdID
	if !own && !actor.Works(grids[0].Path) {
		return home, postingPerson{}, fault.New(fault.NotFound, "not_found")
	}
	if own && !actor.Approved() {
		return home, postingPerson{}, fault.New(fault.Forbidden, "not_approved_yet")
	}
	granted := models.Granted(consents)
	if !granted[models.ConsentTerms] || !granted[models.ConsentHealth] {
		return home, postingPerson{}, fault.New(fault.Forbidden, "consent_missing")
	}
	for _, p := range people {
		if !own || p.ID == actor.PersonID {
			return home, postingPerson{Person: p, board: granted[models.ConsentBoard]}, nil
		}
	}
	return home, postingPerson{}, fault.New(fault.NotFound, "not_found")
}
