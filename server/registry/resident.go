package registry

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// residentsPerHome bounds how many one home may hold, so that a slip of a
// worker's thumb cannot fill a house.
const residentsPerHome = 20

// ResidentView is somebody of a home as its worker sees her, to post for her.
type ResidentView struct {
	ID     models.ID
	Name   string
	Phone  bool // has a phone signed in, so that a message reaches her
	Agreed bool // both consents that a post needs stand
}

// Residents lists the approved people of a home for its worker. It shows names:
// every reading is a link in the grid's audit chain.
func (s *Service) Residents(ctx context.Context, actor models.Actor, household models.ID) ([]ResidentView, error) {
	grid, err := s.homeGrid(ctx, actor, household)
	if err != nil {
		return nil, err
	}
	list := []ResidentView{}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		list = []ResidentView{}
		var people []models.Person
		var consents []models.Consent
		if err := tx.Load(store.ApprovedOf(household, &people), store.ConsentsOfHousehold(household, &consents)); err != nil {
			return err
		}
		var ids []models.ID
		for _, p := range people {
			ids = append(ids, p.ID)
		}
		var sessions []models.Credential
		if err := tx.Load(store.SessionsOf(ids, tx.Now, &sessions)); err != nil {
			return err
		}
		for _, p := range people {
			held := models.Granted(answersOf(consents, p.ID))
			v := ResidentView{ID: p.ID, Name: p.Name, Agreed: held[models.ConsentTerms] && held[models.ConsentHealth]}
			for _, c := range sessions {
				v.Phone = v.Phone || *c.PersonID == p.ID
			}
			list = append(list, v)
		}
		return shown(tx, actor, "residents.read", []models.ID{grid.ID})
	})
	return list, err
}

func answersOf(consents []models.Consent, person models.ID) []models.Consent {
	var own []models.Consent
	for _, c := range consents {
		if c.PersonID == person {
			own = append(own, c)
		}
	}
	return own
}

// AddResident makes somebody without a phone a resident of a home that the
// worker has visited or called: approved by her, with no secret to sign in with,
// and with the two consents that she has just said aloud.
func (s *Service) AddResident(ctx context.Context, actor models.Actor, household models.ID, name string, heard models.Heard) (ResidentView, error) {
	grid, err := s.homeGrid(ctx, actor, household)
	if err != nil {
		return ResidentView{}, err
	}
	name, ok := Name(name)
	if !ok {
		return ResidentView{}, fault.InvalidField("name", "name_unreadable")
	}
	if err := checkHeard(heard); err != nil {
		return ResidentView{}, err
	}
	var people []models.Person
	reads := []store.Read{store.ApprovedOf(household, &people)}
	return store.Exchange(ctx, s.store, actor, []models.ID{grid.ID}, reads, func(tx *store.Tx) (ResidentView, error) {
		if len(people) >= residentsPerHome {
			return ResidentView{}, fault.New(fault.Conflict, "home_full")
		}
		p := models.Person{ID: tx.NewID(), GridID: grid.ID, HouseholdID: &household, Name: name, State: models.PersonApproved, CreatedAt: tx.Now}
		if err := tx.SavePerson(&p, "person.added", models.Audience{Workers: true}); err != nil {
			return ResidentView{}, err
		}
		err := tx.CreateRoles(models.Role{ID: tx.NewID(), PersonID: p.ID, GridID: grid.ID, GridPath: grid.Path,
			Kind: models.RoleResident, CreatedAt: tx.Now})
		if err != nil {
			return ResidentView{}, err
		}
		if err := tx.Audit(grid.ID, models.Audit{ActorID: actor.PersonID, Action: "person.add", Thing: string(models.ThingPerson), ThingID: p.ID}); err != nil {
			return ResidentView{}, err
		}
		// The answer is kept for the same call again, so it tells no name.
		return ResidentView{ID: p.ID, Agreed: true}, s.hear(tx, actor, grid, p.ID, heard)
	})
}

// HearConsent records that somebody of the worker's grid has just said yes aloud:
// her address and what she needs may be used to find it. It is asked before each
// post that is made for her, and she can take it back at any time.
func (s *Service) HearConsent(ctx context.Context, actor models.Actor, person models.ID, heard models.Heard) (ResidentView, error) {
	grid, err := s.claimGrid(ctx, actor, person)
	if err != nil {
		return ResidentView{}, err
	}
	if err := checkHeard(heard); err != nil {
		return ResidentView{}, err
	}
	var people []models.Person
	reads := []store.Read{store.PersonByID(person, &people)}
	view, err := store.Exchange(ctx, s.store, actor, []models.ID{grid.ID}, reads, func(tx *store.Tx) (ResidentView, error) {
		p, err := store.One(people)
		if err != nil {
			return ResidentView{}, err
		}
		if p.State != models.PersonApproved || p.HouseholdID == nil {
			return ResidentView{}, fault.New(fault.Conflict, "wrong_state").With("state", string(p.State))
		}
		return ResidentView{ID: p.ID, Agreed: true}, s.hear(tx, actor, grid, p.ID, heard)
	})
	s.sessions.forget() // what she may do on her own phone has changed too
	return view, err
}

func checkHeard(heard models.Heard) error {
	if heard != models.HeardFace && heard != models.HeardPhone {
		return fault.InvalidField("heard", "heard_unknown")
	}
	return nil
}

// hear appends the two answers that a post needs.
func (s *Service) hear(tx *store.Tx, actor models.Actor, grid models.Grid, person models.ID, heard models.Heard) error {
	by := actor.PersonID
	for _, kind := range []models.ConsentKind{models.ConsentTerms, models.ConsentHealth} {
		c := models.Consent{ID: tx.NewID(), PersonID: person, Kind: kind, TextVersion: models.ConsentTextVersion, Granted: true,
			At: tx.Now, Heard: heard, HeardBy: &by}
		if err := tx.CreateConsent(&c); err != nil {
			return err
		}
	}
	return tx.Audit(grid.ID, models.Audit{ActorID: by, Action: "consent.heard", Thing: string(models.ThingPerson), ThingID: person, Reason: string(heard)})
}
