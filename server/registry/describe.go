package registry

import (
	"context"

	"linli/models"
	"linli/models/store"
)

// SessionView is what a person may know of herself.
type SessionView struct {
	Person    PersonRef
	Household *HouseholdRef // nil for staff
	Grid      GridRef
	Roles     []RoleRef
	Consents  map[models.ConsentKind]bool
	Demo      bool
	Epoch     string
}

// PersonRef names a person to herself and to her worker.
type PersonRef struct {
	ID        models.ID
	Name      string
	State     models.PersonState
	PhoneTail string
	Made      bool // a test person, to be shown as 测试
}

// HouseholdRef is an address; while the claim waits both fields are empty.
type HouseholdRef struct{ Building, Door string }

// RoleRef is a role with the grid it is held on.
type RoleRef struct {
	ID   models.ID
	Kind models.RoleKind
	Grid GridRef
}

// Session describes who is signed in. An address is told only after approval:
// whoever scans a door must not learn whose it is.
func (s *Service) Session(ctx context.Context, actor models.Actor) (SessionView, error) {
	var view SessionView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var people []models.Person
		var homes []models.Household
		var consents []models.Consent
		var facts []store.Meta
		err := tx.Load(store.PersonByID(actor.PersonID, &people), store.ConsentsOf(actor.PersonID, &consents),
			store.MetaOf([]string{store.MetaEpoch, store.MetaDemo}, &facts))
		if err != nil {
			return err
		}
		person, err := store.One(people)
		if err != nil {
			return signedOut()
		}
		if person.HouseholdID != nil && actor.Approved() {
			if err := tx.Load(store.HouseholdsByID([]models.ID{*person.HouseholdID}, &homes)); err != nil {
				return err
			}
		}
		view = SessionView{Person: refOf(person), Household: shownHome(person, homes), Consents: models.Granted(consents)}
		for _, f := range facts {
			switch f.Name {
			case store.MetaEpoch:
				view.Epoch = f.Value
			case store.MetaDemo:
				view.Demo = f.Value != ""
			}
		}
		view.Grid, view.Roles, err = rolesOf(tx, actor)
		return err
	})
	return view, err
}

func refOf(p models.Person) PersonRef {
	return PersonRef{ID: p.ID, Name: p.Name, State: p.State, PhoneTail: PhoneTail(p.Phone), Made: p.Made}
}

func shownHome(p models.Person, homes []models.Household) *HouseholdRef {
	switch {
	case p.HouseholdID == nil:
		return nil
	case len(homes) == 0:
		return &HouseholdRef{}
	}
	return &HouseholdRef{Building: homes[0].Building, Door: homes[0].Door()}
}

func rolesOf(tx *store.Tx, actor models.Actor) (GridRef, []RoleRef, error) {
	ids := []models.ID{actor.GridID}
	for _, r := range actor.Roles {
		ids = append(ids, r.GridID)
	}
	var grids []models.Grid
	if err := tx.Load(store.ByID(ids, &grids)); err != nil {
		return GridRef{}, nil, err
	}
	named, err := refs(tx, grids)
	roles := []RoleRef{}
	for _, r := range actor.Roles {
		roles = append(roles, RoleRef{ID: r.ID, Kind: r.Kind, Grid: named[r.GridID]})
	}
	return named[actor.GridID], roles, err
}
