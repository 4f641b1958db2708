package registry

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Claim is somebody who waits to be let in, as her worker sees it.
type Claim struct {
	Person    PersonRef
	Household HouseholdRef
	Grid      GridRef
	At        time.Time
	Version   int
}

// lets lists the paths on which the actor lets people in.
func lets(actor models.Actor) []string {
	var paths []string
	for _, r := range actor.Roles {
		switch r.Kind {
		case models.RoleWorker, models.RoleLeader:
			paths = append(paths, r.GridPath)
		}
	}
	return paths
}

// Claims lists who waits in the grids that the actor works, newest first. It
// shows doors: every reading is a link in the audit chain of each grid shown.
func (s *Service) Claims(ctx context.Context, actor models.Actor, cursor string, limit int) (Page[Claim], error) {
	paths := lets(actor)
	if len(paths) == 0 {
		return Page[Claim]{}, forbidden("not_your_grid")
	}
	before, err := store.ParseCursor(cursor)
	if err != nil {
		return Page[Claim]{}, err
	}
	limit = page(limit)
	var list Page[Claim]
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		list = Page[Claim]{Items: []Claim{}}
		var people []models.Person
		if err := tx.Load(store.Claims(paths, before, limit+1, &people)); err != nil {
			return err
		}
		if len(people) > limit {
			people = people[:limit]
			last := people[limit-1]
			list.Next = store.Cursor{At: last.CreatedAt, ID: last.ID}.String()
		}
		var grids []models.ID
		for _, p := range people {
			grids = append(grids, p.GridID)
		}
		var err error
		if list.Items, err = claimsOf(tx, people); err != nil {
			return err
		}
		return shown(tx, actor, "claims.read", grids)
	})
	return list, err
}

func claimsOf(tx *store.Tx, people []models.Person) ([]Claim, error) {
	var homeIDs, gridIDs []models.ID
	for _, p := range people {
		gridIDs = append(gridIDs, p.GridID)
		if p.HouseholdID != nil {
			homeIDs = append(homeIDs, *p.HouseholdID)
		}
	}
	var homes []models.Household
	var grids []models.Grid
	if err := tx.Load(store.HouseholdsByID(homeIDs, &homes), store.ByID(gridIDs, &grids)); err != nil {
		return nil, err
	}
	named, err := refs(tx, grids)
	if err != nil {
		return nil, err
	}
	at := map[models.ID]HouseholdRef{}
	for _, h := range homes {
		at[h.ID] = HouseholdRef{Building: h.Building, Door: h.Door()}
	}
	claims := []Claim{}
	for _, p := range people {
		c := Claim{Person: refOf(p), Grid: named[p.GridID], At: p.CreatedAt, Version: p.Version}
		if p.HouseholdID != nil {
			c.Household = at[*p.HouseholdID]
		}
		claims = append(claims, c)
	}
	return claims, nil
}

// Approve lets somebody in: from now on she is a resident of her micro-grid.
func (s *Service) Approve(ctx context.Context, actor models.Actor, person models.ID) (Claim, error) {
	return s.judge(ctx, actor, person, models.CommandApprove, "")
}

// Refuse turns a claim down; the sessions of it end.
func (s *Service) Refuse(ctx context.Context, actor models.Actor, person models.ID, reason string) (Claim, error) {
	reason = strings.TrimSpace(reason)
	if utf8.RuneCountInString(reason) > 200 || !models.CleanText(reason) {
		return Claim{}, fault.InvalidField("reason", "reason_long")
	}
	return s.judge(ctx, actor, person, models.CommandRefuse, reason)
}

// judge answers a claim under the lock of its micro-grid, so that open phones
// hear of it and two workers cannot answer differently.
func (s *Service) judge(ctx context.Context, actor models.Actor, id models.ID, command, reason string) (Claim, error) {
	grid, err := s.claimGrid(ctx, actor, id)
	if err != nil {
		return Claim{}, err
	}
	var people []models.Person
	reads := []store.Read{store.PersonByID(id, &people)}
	claim, err := store.Exchange(ctx, s.store, actor, []models.ID{grid.ID}, reads, func(tx *store.Tx) (Claim, error) {
		p, err := store.One(people)
		if err != nil {
			return Claim{}, err
		}
		if err := p.Apply(command); err != nil {
			return Claim{}, err
		}
		to := models.Audience{Workers: true, Persons: []models.ID{p.ID}}
		if err := tx.SavePerson(&p, "person."+string(p.State), to); err != nil {
			return Claim{}, err
		}
		if p.State == models.PersonApproved {
			err = tx.CreateRoles(models.Role{ID: tx.NewID(), PersonID: p.ID, GridID: grid.ID, GridPath: grid.Path,
				Kind: models.RoleResident, CreatedAt: tx.Now})
		} else {
			err = tx.RevokeSessions(p.ID)
		}
		if err != nil {
			return Claim{}, err
		}
		err = tx.Audit(grid.ID, models.Audit{ActorID: actor.PersonID, Action: "person." + command,
			Thing: string(models.ThingPerson), ThingID: p.ID, Reason: reason})
		// The answer is kept for the same call again, so it tells no name, phone or door.
		return Claim{Person: PersonRef{ID: p.ID, State: p.State, Made: p.Made}, At: p.CreatedAt, Version: p.Version}, err
	})
	s.sessions.forget()
	return claim, err
}

// claimGrid finds the micro-grid of a claim that the actor may answer.
func (s *Service) claimGrid(ctx context.Context, actor models.Actor, id models.ID) (models.Grid, error) {
	if !store.ValidID(id) {
		return models.Grid{}, fault.New(fault.NotFound, "not_found")
	}
	var people []models.Person
	var grid models.Grid
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.PersonByID(id, &people)); err != nil {
			return err
		}
		p, err := store.One(people)
		if err != nil {
			return err
		}
		grid, err = oneGrid(tx, p.GridID)
		return err
	})
	switch {
	case err != nil:
		return grid, err
	case !actor.Works(grid.Path):
		return grid, fault.New(fault.NotFound, "not_found")
	case id == actor.PersonID:
		return grid, forbidden("not_oneself")
	}
	return grid, nil
}
