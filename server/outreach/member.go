package outreach

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

// pairingLife is how long a pairing code waits to be written to a robot.
const pairingLife = 10 * time.Minute

// signs has no I, L, O and U, as door codes.
var signs = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// sender is how the name of somebody on a platform is kept: as a keyed hash that
// means nothing elsewhere.
func (s *Service) sender(r models.Robot, name string) []byte {
	return s.store.Keys().Index("sender", r.ID+"/"+name)
}

// Member is who wrote to a robot, with her roles and consents of this moment;
// nobody is an Actor without a person.
func (s *Service) Member(ctx context.Context, r models.Robot, name string) (models.Actor, error) {
	if name == "" || len(name) > maxSender*4 {
		return models.Actor{}, fault.InvalidField("sender", "sender_unreadable")
	}
	var actor models.Actor
	err := s.store.View(ctx, func(tx *store.Tx) error {
		actor = models.Actor{}
		var members []models.RobotMember
		if err := tx.Load(store.MemberBySender(r.ID, s.sender(r, name), &members)); err != nil || len(members) == 0 {
			return err
		}
		var people []models.Person
		var roles []models.Role
		var consents []models.Consent
		id := members[0].PersonID
		if err := tx.Load(store.PersonByID(id, &people), store.RolesOf(id, &roles), store.ConsentsOf(id, &consents)); err != nil {
			return err
		}
		if len(people) != 1 || people[0].State == models.PersonLeft || people[0].State == models.PersonRefused {
			return nil
		}
		var home []models.Grid
		if err := tx.Load(store.GridByID(people[0].GridID, &home)); err != nil {
			return err
		}
		p := people[0]
		actor = models.Actor{PersonID: p.ID, GridID: p.GridID, GridPath: home[0].Path, State: p.State, Roles: roles, Consents: models.Granted(consents)}
		if p.HouseholdID != nil {
			actor.HouseholdID = *p.HouseholdID
		}
		return nil
	})
	return actor, err
}

// PairingCode gives somebody who is signed in a code that she writes to a robot, so
// that it knows her from then on. It works once and for ten minutes.
func (s *Service) PairingCode(ctx context.Context, actor models.Actor) (code string, until time.Time, err error) {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return "", until, err
	}
	code = signs.EncodeToString(raw)
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		until = tx.Now.Add(pairingLife)
		return tx.CreatePairing(models.Pairing{PersonID: actor.PersonID, Hash: seal.Hash(models.DoorText(code)), ExpiresAt: until})
	})
	return code, until, err
}

// Pair binds who wrote a pairing code to the person it was made for. A code that
// was never made, was used or is too old are all just unknown; to whom it has bound,
// because the same message came again, it is still known.
func (s *Service) Pair(ctx context.Context, r models.Robot, name, code string) error {
	unknown := fault.New(fault.NotFound, "pairing_unknown")
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		var found []models.Pairing
		var members []models.RobotMember
		if err := tx.Load(store.PairingByCode(code, &found), store.MemberBySender(r.ID, s.sender(r, name), &members)); err != nil {
			return err
		}
		if len(found) == 1 && found[0].UsedAt != nil && len(members) == 1 && members[0].PersonID == found[0].PersonID {
			return nil
		}
		if len(found) != 1 || found[0].UsedAt != nil || !tx.Now.Before(found[0].ExpiresAt) {
			return unknown
		}
		if err := tx.UsePairing(found[0].Hash); err != nil {
			return err
		}
		return tx.BindMember(models.RobotMember{RobotID: r.ID, Sender: s.sender(r, name), PersonID: found[0].PersonID, CreatedAt: tx.Now})
	})
	if fault.Is(err, fault.Conflict) {
		return unknown.Because(err)
	}
	return err
}

// Unbind forgets who somebody of a group is.
func (s *Service) Unbind(ctx context.Context, r models.Robot, name string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.UnbindMember(r.ID, s.sender(r, name)) })
}

// Hears reports whether a robot speaks for a grid.
func (s *Service) Hears(ctx context.Context, r models.Robot, path string) (bool, error) {
	var bound []models.RobotGrid
	err := s.store.Read(ctx, store.GridsOfRobots([]models.ID{r.ID}, &bound))
	return slices.ContainsFunc(bound, func(b models.RobotGrid) bool { return models.Grid{Path: path}.Within(b.GridPath) }), err
}

// GridsWorked lists the micro-grids that a robot speaks for and the actor works.
func (s *Service) GridsWorked(ctx context.Context, r models.Robot, actor models.Actor) ([]models.ID, error) {
	var grids []models.ID
	err := s.store.View(ctx, func(tx *store.Tx) error {
		grids = nil
		var read []models.RobotCursor
		if err := tx.Load(store.CursorsOf(r.ID, &read)); err != nil {
			return err
		}
		ids := make([]models.ID, len(read))
		for i, c := range read {
			ids[i] = c.GridID
		}
		var micro []models.Grid
		if err := tx.Load(store.ByID(ids, &micro)); err != nil {
			return err
		}
		for _, g := range micro {
			if actor.Works(g.Path) {
				grids = append(grids, g.ID)
			}
		}
		return nil
	})
	return grids, err
}
