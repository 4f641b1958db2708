package registry

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// maxRoles is how many roles on one grid are shown; a grid has a handful.
const maxRoles = 1000

// RoleHolder is a role on a grid as those see it who may take it away.
type RoleHolder struct {
	ID   models.ID
	Kind models.RoleKind
	Name string
}

// takes lists the roles that the actor may take away on the grid at path: an
// operator all of staff, a leader the workers below her.
func takes(actor models.Actor, path string) []models.RoleKind {
	switch {
	case actor.Reaches(path, models.RoleOperator):
		return []models.RoleKind{models.RoleVolunteer, models.RoleWorker, models.RoleLeader, models.RoleDoctor, models.RoleOperator}
	case actor.Reaches(path, models.RoleLeader):
		return []models.RoleKind{models.RoleWorker}
	}
	return nil
}

// Roles lists who holds a role on a grid that the actor may take away. It
// shows names: every reading is a link in the grid's audit chain.
func (s *Service) Roles(ctx context.Context, actor models.Actor, gridID models.ID) ([]RoleHolder, error) {
	holders := []RoleHolder{}
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		holders = []RoleHolder{}
		grid, err := oneGrid(tx, gridID)
		if err != nil {
			return err
		}
		kinds := takes(actor, grid.Path)
		if len(kinds) == 0 {
			return forbidden("not_your_grid")
		}
		var roles []models.Role
		var people []models.Person
		if err := tx.Load(store.RolesOn(grid.ID, kinds, maxRoles, &roles)); err != nil || len(roles) == 0 {
			return err
		}
		var ids []models.ID
		for _, r := range roles {
			ids = append(ids, r.PersonID)
		}
		if err := tx.Load(store.ByID(ids, &people)); err != nil {
			return err
		}
		names := map[models.ID]string{}
		for _, p := range people {
			names[p.ID] = p.Name
		}
		for _, r := range roles {
			holders = append(holders, RoleHolder{ID: r.ID, Kind: r.Kind, Name: names[r.PersonID]})
		}
		return shown(tx, actor, "roles.read", []models.ID{grid.ID})
	})
	return holders, err
}

// TakeRole takes a role on a grid away; sockets opened with it follow.
func (s *Service) TakeRole(ctx context.Context, actor models.Actor, gridID, id models.ID) error {
	_, err := store.Register(ctx, s.store, actor, func(tx *store.Tx) (struct{}, error) {
		grid, err := oneGrid(tx, gridID)
		if err != nil {
			return struct{}{}, err
		}
		if len(takes(actor, grid.Path)) == 0 {
			return struct{}{}, forbidden("not_your_grid")
		}
		return struct{}{}, takeRole(tx, actor.PersonID, id, func(r models.Role) error {
			// The lock is held: two operators cannot take each other's role.
			now := models.Actor{PersonID: actor.PersonID}
			if err := tx.Load(store.RolesOf(actor.PersonID, &now.Roles)); err != nil {
				return err
			}
			switch {
			case r.GridID != grid.ID:
				return fault.New(fault.NotFound, "not_found")
			case !slices.Contains(takes(now, grid.Path), r.Kind):
				return forbidden("role_not_yours_to_take")
			case r.PersonID == actor.PersonID && lastOperatorRole(now.Roles, r):
				return fault.New(fault.Conflict, "own_last_operator")
			}
			return nil
		})
	})
	s.sessions.forget()
	return err
}

// RevokeRole takes any role away, for who holds the machine.
func (s *Service) RevokeRole(ctx context.Context, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		return takeRole(tx, Console, id, func(models.Role) error { return nil })
	})
}

// takeRole ends a role with a link in its grid's chain, whose lock is taken
// before may is asked.
func takeRole(tx *store.Tx, by, id models.ID, may func(models.Role) error) error {
	var roles []models.Role
	if !store.ValidID(id) {
		return fault.New(fault.NotFound, "not_found")
	}
	if err := tx.Load(store.ByID([]models.ID{id}, &roles)); err != nil {
		return err
	}
	r, err := store.One(roles)
	if err != nil || r.RevokedAt != nil || r.Kind == models.RoleResident { // who lives there is no office
		return fault.New(fault.NotFound, "not_found")
	}
	if err := tx.Audit(r.GridID, models.Audit{ActorID: by, Action: "role.revoke", Thing: string(r.Kind), ThingID: r.ID}); err != nil {
		return err
	}
	if err := may(r); err != nil {
		return err
	}
	return tx.RevokeRole(r.ID)
}

func lastOperatorRole(held []models.Role, r models.Role) bool {
	return r.Kind == models.RoleOperator && !slices.ContainsFunc(held, func(h models.Role) bool {
		return h.Kind == models.RoleOperator && h.ID != r.ID
	})
}
