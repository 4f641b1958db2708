package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// poster is for whom a post runs, and where.
type poster struct {
	person, household, grid models.ID
	board                   bool // neighbours may see building and item
}

// poster finds for whom a post runs: the actor, of whom the sign-in knows all
// that is asked here, or those for whom a worker posts.
func (s *Service) poster(ctx context.Context, actor models.Actor, household, person models.ID) (poster, error) {
	switch {
	case household != "" && household != actor.HouseholdID:
		return s.posterFor(ctx, actor, household, person)
	case person != "" && person != actor.PersonID: // at home everybody posts for herself
		return poster{}, fault.New(fault.NotFound, "not_found")
	case actor.HouseholdID == "":
		return poster{}, fault.New(fault.Forbidden, "no_household")
	case !actor.Approved():
		return poster{}, fault.New(fault.Forbidden, "not_approved_yet")
	}
	p := poster{person: actor.PersonID, household: actor.HouseholdID, grid: actor.GridID}
	return p.agreed(actor.Consents)
}

// posterFor finds who lives in a household of the worker's grids: the one whom
// she names, or else the first.
func (s *Service) posterFor(ctx context.Context, actor models.Actor, household, person models.ID) (poster, error) {
	return s.posterAt(ctx, actor, household, person, nil)
}

// posterAt does so too at a point, for a household that the point serves.
func (s *Service) posterAt(ctx context.Context, actor models.Actor, household, person models.ID, at *box) (poster, error) {
	var grids []models.Grid
	var people []models.Person
	var consents []models.Consent
	err := s.store.Read(ctx, store.GridOfHousehold(household, &grids), store.ApprovedOf(household, &people),
		store.ConsentsOfHousehold(household, &consents))
	if err != nil {
		return poster{}, err
	}
	if person != "" {
		people = slices.DeleteFunc(people, func(p models.Person) bool { return p.ID != person })
	}
	if len(grids) != 1 || len(people) == 0 || !actor.Works(grids[0].Path) && (at == nil || !grids[0].Within(at.serve.Path)) {
		return poster{}, fault.New(fault.NotFound, "not_found")
	}
	p := poster{person: people[0].ID, household: household, grid: grids[0].ID}
	var own []models.Consent
	for _, c := range consents {
		if c.PersonID == p.person {
			own = append(own, c)
		}
	}
	return p.agreed(models.Granted(own))
}

// agreed holds the post against the consents: two must stand before the first.
func (p poster) agreed(granted map[models.ConsentKind]bool) (poster, error) {
	if !granted[models.ConsentTerms] || !granted[models.ConsentHealth] {
		return poster{}, fault.New(fault.Forbidden, "consent_missing")
	}
	p.board = granted[models.ConsentBoard]
	return p, nil
}
