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
	err := s.store.Read(ctx, store.ByID([]models.ID{household}, &homes), store.GridOfHousehold(household, &grids),
		store.ApprovedOf(household, &people), store.ConsentsOfHousehold(household, &consents))
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
	for _, p := range people {
		if own && p.ID != actor.PersonID {
			continue
		}
		granted := models.Granted(of(p.ID, consents))
		if !granted[models.ConsentTerms] || !granted[models.ConsentHealth] {
			return home, postingPerson{}, fault.New(fault.Forbidden, "consent_missing")
		}
		return home, postingPerson{Person: p, board: granted[models.ConsentBoard]}, nil
	}
	return home, postingPerson{}, fault.New(fault.NotFound, "not_found")
}

// of keeps the answers of one person.
func of(person models.ID, consents []models.Consent) []models.Consent {
	var own []models.Consent
	for _, c := range consents {
		if c.PersonID == person {
			own = append(own, c)
		}
	}
	return own
}
