package registry

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

// pendingPerHome bounds how many may wait at one door, so that a photographed
// code cannot flood a worker's list.
const pendingPerHome = 8

// JoinInput is what somebody gives who wants to be let in.
type JoinInput struct{ Code, Name, Phone string }

// JoinByDoor makes somebody who scanned a door a pending person of that home
// and opens a session. Nothing of the address is told: a code that was never
// printed, one that was replaced and one that is mistyped are all just
// unknown. client is whom wrong tries are counted against.
func (s *Service) JoinByDoor(ctx context.Context, client string, in JoinInput) (string, error) {
	name, phone, err := nameAndPhone(in.Name, in.Phone)
	if err != nil {
		return "", err
	}
	if err := s.knocks.allowed(client); err != nil {
		return "", err
	}
	home, err := s.behindDoor(ctx, in.Code)
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			s.knocks.wrong(client)
		}
		return "", err
	}
	token := seal.NewSecret()
	var doors []models.Credential
	var waiting []models.Person
	hash := seal.Hash(models.DoorText(in.Code))
	reads := []store.Read{store.CredentialByHash(hash, &doors), store.PendingOf(home.ID, pendingPerHome, &waiting)}
	err = s.store.InGrids(ctx, []models.ID{home.GridID}, reads, func(tx *store.Tx) error {
		if !opensDoor(doors) { // replaced since it was looked up
			return doorUnknown()
		}
		if len(waiting) >= pendingPerHome {
			return fault.New(fault.RateLimited, "door_busy")
		}
		p := models.Person{ID: tx.NewID(), GridID: home.GridID, HouseholdID: &home.ID, Name: name, Phone: phone,
			PhoneIndex: phoneIndex(s.store.Keys(), phone), State: models.PersonPending, CreatedAt: tx.Now}
		if err := tx.SavePerson(&p, "person.claimed", models.Audience{Workers: true}); err != nil {
			return err
		}
		return tx.CreateCredentials(sessionOf(tx, p.ID, token))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

func doorUnknown() error { return fault.New(fault.NotFound, "door_unknown") }

func opensDoor(doors []models.Credential) bool {
	return len(doors) == 1 && doors[0].Kind == models.CredentialDoor && doors[0].HouseholdID != nil && doors[0].RevokedAt == nil
}

// behindDoor finds the home of a live door code.
func (s *Service) behindDoor(ctx context.Context, code string) (models.Household, error) {
	var doors []models.Credential
	var homes []models.Household
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.CredentialByHash(seal.Hash(models.DoorText(code)), &doors)); err != nil || !opensDoor(doors) {
			return err
		}
		return tx.Load(store.HouseholdsByID([]models.ID{*doors[0].HouseholdID}, &homes))
	})
	if err != nil {
		return models.Household{}, err
	}
	if len(homes) != 1 {
		return models.Household{}, doorUnknown()
	}
	return homes[0], nil
}
