package registry

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// PersonaInput describes a person of an example: staff of a grid, or, with a
// room, a resident of an address that has been imported.
type PersonaInput struct {
	Key, Name, Phone     string
	GridCode             string
	Roles                []models.RoleKind
	Building, Unit, Room string
}

// PersonaView is a settled persona.
type PersonaView struct {
	ID   models.ID
	Key  string
	Name string
	Role models.RoleKind
	Grid GridRef
}

// SettlePersona puts a person of an example into its place, once; a database
// that is no example is refused.
func (s *Service) SettlePersona(ctx context.Context, in PersonaInput) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := mustBeDemo(tx); err != nil {
			return err
		}
		var there []models.Person
		var grids []models.Grid
		if err := tx.Load(store.Personas([]string{in.Key}, &there), store.GridsByCode([]string{in.GridCode}, &grids)); err != nil || len(there) > 0 {
			return err
		}
		grid, err := store.One(grids)
		if err != nil {
			return err
		}
		p := models.Person{ID: tx.NewID(), GridID: grid.ID, Name: in.Name, Phone: in.Phone,
			PhoneIndex: phoneIndex(s.store.Keys(), in.Phone), State: models.PersonApproved, Persona: in.Key,
			Version: 1, CreatedAt: tx.Now}
		if in.Room != "" {
			key := addressKey(s.store.Keys(), grid.Code, in.Building, in.Unit, in.Room)
			var homes []models.Household
			if err := tx.Load(store.HouseholdsByAddress([][]byte{key}, &homes)); err != nil {
				return err
			}
			home, err := store.One(homes)
			if err != nil {
				return err
			}
			p.HouseholdID = &home.ID
		}
		if err := tx.CreatePeople([]models.Person{p}); err != nil {
			return err
		}
		for _, kind := range in.Roles {
			role := models.Role{ID: tx.NewID(), PersonID: p.ID, GridID: grid.ID, GridPath: grid.Path, Kind: kind, CreatedAt: tx.Now}
			if err := tx.CreateRoles(role); err != nil {
				return err
			}
		}
		return tx.CreateConsents(standing(tx, p.ID))
	})
}

func mustBeDemo(tx *store.Tx) error {
	var known []store.Meta
	err := tx.Load(store.MetaOf([]string{store.MetaDemo}, &known))
	if err == nil && len(known) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	return err
}

// Personas lists the settled personas of an example.
func (s *Service) Personas(ctx context.Context) ([]PersonaView, error) {
	var views []PersonaView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := mustBeDemo(tx); err != nil {
			return err
		}
		views = nil
		var people []models.Person
		if err := tx.Load(store.AllPersonas(&people)); err != nil {
			return err
		}
		for _, p := range people {
			var roles []models.Role
			var grids []models.Grid
			if err := tx.Load(store.RolesOf(p.ID, &roles), store.GridByID(p.GridID, &grids)); err != nil {
				return err
			}
			named, err := refs(tx, grids)
			if err != nil {
				return err
			}
			view := PersonaView{ID: p.ID, Key: p.Persona, Name: p.Name, Grid: named[p.GridID]}
			if len(roles) > 0 {
				view.Role = roles[0].Kind
			}
			views = append(views, view)
		}
		return nil
	})
	return views, err
}

// PersonaSession signs in as a persona.
func (s *Service) PersonaSession(ctx context.Context, key string) (string, error) {
	var people []models.Person
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := mustBeDemo(tx); err != nil {
			return err
		}
		return tx.Load(store.Personas([]string{key}, &people))
	})
	if err != nil {
		return "", err
	}
	p, err := store.One(people)
	if err != nil {
		return "", err
	}
	return s.MintSession(ctx, p.ID)
}
