package registry

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

const invitationDays = 7

// InviteInput says which role on which grid is offered.
type InviteInput struct {
	Role   models.RoleKind
	GridID models.ID
}

// Invitation is an offer of a role; its link is asked for by itself, because
// answers to unsafe calls carry no secrets.
type Invitation struct {
	ID        models.ID
	Role      models.RoleKind
	GridID    models.ID
	ExpiresAt time.Time
}

// Invite makes an invitation that works once, for seven days. A worker invites
// volunteers to her grid; an operator also workers, leaders and doctors.
func (s *Service) Invite(ctx context.Context, actor models.Actor, in InviteInput) (Invitation, error) {
	return store.Register(ctx, s.store, actor, func(tx *store.Tx) (Invitation, error) {
		grid, err := oneGrid(tx, in.GridID)
		if err != nil {
			return Invitation{}, err
		}
		if err := mayInvite(actor, in.Role, grid.Path); err != nil {
			return Invitation{}, err
		}
		id, expires := tx.NewID(), tx.Now.Add(days(invitationDays))
		err = tx.CreateCredentials(models.Credential{ID: id, Kind: models.CredentialInvitation,
			Hash: seal.Hash(s.invitationCode(id)), PersonID: &actor.PersonID, GridID: &grid.ID, Role: in.Role,
			CreatedAt: tx.Now, ExpiresAt: &expires})
		if err != nil {
			return Invitation{}, err
		}
		err = tx.Audit(grid.ID, models.Audit{ActorID: actor.PersonID, Action: "invite", Thing: string(in.Role), ThingID: id})
		return Invitation{ID: id, Role: in.Role, GridID: grid.ID, ExpiresAt: expires}, err
	})
}

func mayInvite(actor models.Actor, role models.RoleKind, path string) error {
	staff := []models.RoleKind{models.RoleVolunteer, models.RoleWorker, models.RoleLeader, models.RoleDoctor}
	switch {
	case !slices.Contains(staff, role):
		return fault.InvalidField("role", "role_unknown")
	case actor.Reaches(path, models.RoleOperator), role == models.RoleVolunteer && actor.Works(path):
		return nil
	case actor.Works(path):
		return forbidden("role_not_yours_to_give")
	}
	return forbidden("not_your_grid")
}

// invitationCode is derived, so that the link can be shown again without the
// code being stored.
func (s *Service) invitationCode(id models.ID) string {
	return base64.RawURLEncoding.EncodeToString(s.store.Keys().Code("invitation", id))
}

// InvitationLink tells the link of an invitation to who made it. base is the
// address under which the web app is reached.
func (s *Service) InvitationLink(ctx context.Context, actor models.Actor, id models.ID, base string) (string, error) {
	var found []models.Credential
	if !store.ValidID(id) {
		return "", fault.New(fault.NotFound, "not_found")
	}
	err := s.store.View(ctx, func(tx *store.Tx) error { return tx.Load(store.ByID([]models.ID{id}, &found)) })
	if err != nil {
		return "", err
	}
	c, err := store.One(found)
	if err != nil || c.Kind != models.CredentialInvitation || c.PersonID == nil || *c.PersonID != actor.PersonID {
		return "", fault.New(fault.NotFound, "not_found")
	}
	if !invites(c, s.store.Now()) {
		return "", fault.New(fault.Gone, "invitation_over")
	}
	return base + "/#/invitation/" + s.invitationCode(c.ID), nil
}

func invites(c models.Credential, now time.Time) bool {
	return c.Kind == models.CredentialInvitation && c.GridID != nil && c.PersonID != nil && c.UsedAt == nil && c.Live(now)
}

// JoinByInvitation gives the role to whoever brings the link first: to the
// person who is signed in, or to a new member of staff. It opens a session.
func (s *Service) JoinByInvitation(ctx context.Context, actor models.Actor, client string, in JoinInput) (string, error) {
	known := actor.PersonID != ""
	if known && !actor.Approved() {
		return "", forbidden("not_approved_yet_join")
	}
	var name, phone string
	var err error
	if !known {
		if name, phone, err = nameAndPhone(in.Name, in.Phone); err != nil {
			return "", err
		}
	}
	if err := s.knocks.allowed(client); err != nil {
		return "", err
	}
	token := seal.NewSecret()
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		grid, c, err := spend(tx, in.Code)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(actor.Roles, func(r models.Role) bool { return r.Kind == c.Role && r.GridID == grid.ID }) {
			return fault.New(fault.Conflict, "already_staff")
		}
		id := actor.PersonID
		if !known {
			id = tx.NewID()
			err = tx.CreatePeople([]models.Person{{ID: id, GridID: grid.ID, Name: name, Phone: phone,
				PhoneIndex: phoneIndex(s.store.Keys(), phone), State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}})
		}
		if err != nil {
			return err
		}
		return appoint(tx, id, grid, c, token)
	})
	s.sessions.forget()
	switch {
	case err == nil:
		return token, nil
	case fault.From(err).Reason == "stale": // somebody was quicker with the same link
		err = fault.New(fault.Gone, "invitation_over")
	}
	if fault.Is(err, fault.Gone) {
		s.knocks.wrong(client)
	}
	return "", err
}

// appoint gives the role of an invitation, with a session and a link in the
// grid's audit chain.
func appoint(tx *store.Tx, person models.ID, grid models.Grid, c models.Credential, token string) error {
	role := models.Role{ID: tx.NewID(), PersonID: person, GridID: grid.ID, GridPath: grid.Path, Kind: c.Role, CreatedAt: tx.Now}
	if err := tx.CreateRoles(role); err != nil {
		return err
	}
	if err := tx.CreateCredentials(sessionOf(tx, person, token)); err != nil {
		return err
	}
	return tx.Audit(grid.ID, models.Audit{ActorID: person, Action: "role.take", Thing: string(c.Role), ThingID: c.ID})
}

// spend uses up an invitation; unknown, used and over look alike, and so does
// one whose maker may no longer give that role.
func spend(tx *store.Tx, code string) (models.Grid, models.Credential, error) {
	var found []models.Credential
	if len(code) > 128 {
		code = ""
	}
	if err := tx.Load(store.CredentialByHash(seal.Hash(code), &found)); err != nil {
		return models.Grid{}, models.Credential{}, err
	}
	if len(found) == 0 || !invites(found[0], tx.Now) {
		return models.Grid{}, models.Credential{}, fault.New(fault.Gone, "invitation_over")
	}
	c := found[0]
	grid, err := oneGrid(tx, *c.GridID)
	if err != nil {
		return grid, c, err
	}
	var maker models.Actor
	if err := tx.Load(store.RolesOf(*c.PersonID, &maker.Roles)); err != nil {
		return grid, c, err
	}
	if mayInvite(maker, c.Role, grid.Path) != nil {
		return grid, c, fault.New(fault.Gone, "invitation_over")
	}
	return grid, c, tx.UseCredential(c.ID)
}
