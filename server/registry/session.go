package registry

import (
	"context"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/seal"
)

// tokenLength is what seal.NewSecret writes: 256 bits in base64url.
const tokenLength = 43

// Actor tells who calls with a token: the person with her roles and
// consents of this moment. A person who left or was refused has no session any more.
func (s *Service) Actor(ctx context.Context, token string) (models.Actor, error) {
	if len(token) != tokenLength {
		return models.Actor{}, signedOut()
	}
	hash := [32]byte(seal.Hash(token))
	if actor, ok := s.sessions.get(hash); ok {
		return actor, nil
	}
	epoch := s.sessions.epoch()
	var rows []store.SessionRow
	var consents []models.Consent
	err := s.store.Read(ctx, store.SessionByHash(hash[:], &rows), store.ConsentsOfSession(hash[:], &consents))
	if err != nil {
		return models.Actor{}, err
	}
	actor, expires, err := actorOf(rows, s.store.Now())
	if err != nil {
		return models.Actor{}, err
	}
	actor.Consents = models.Granted(consents)
	s.sessions.put(epoch, hash, actor, expires)
	return actor, nil
}

func signedOut() error { return fault.New(fault.Unauthenticated, "signed_out") }

func actorOf(rows []store.SessionRow, now time.Time) (models.Actor, *time.Time, error) {
	if len(rows) == 0 || rows[0].Kind != models.CredentialSession {
		return models.Actor{}, nil, signedOut()
	}
	r := rows[0]
	session := models.Credential{ExpiresAt: r.ExpiresAt, RevokedAt: r.RevokedAt}
	switch {
	case r.State == models.PersonRefused:
		return models.Actor{}, nil, fault.New(fault.Unauthenticated, "claim_refused")
	case r.State == models.PersonLeft || !session.Live(now):
		return models.Actor{}, nil, signedOut()
	}
	actor := models.Actor{PersonID: r.PersonID, GridID: r.GridID, GridPath: r.GridPath, State: r.State,
		CredentialID: r.CredentialID}
	if r.HouseholdID != nil {
		actor.HouseholdID = *r.HouseholdID
	}
	for _, r := range rows {
		if r.RoleID != nil {
			actor.Roles = append(actor.Roles, models.Role{ID: *r.RoleID, PersonID: r.PersonID,
				GridID: *r.RoleGridID, GridPath: *r.RoleGridPath, Kind: *r.RoleKind})
		}
	}
	return actor, r.ExpiresAt, nil
}

// MintSession opens a session of a person: the token is told once and kept
// only as a hash.
func (s *Service) MintSession(ctx context.Context, person models.ID) (string, error) {
	token := seal.NewSecret()
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		return tx.CreateCredentials(sessionOf(tx, person, token))
	})
	return token, err
}

func sessionOf(tx *store.Tx, person models.ID, token string) models.Credential {
	expires := tx.Now.Add(days(SessionDays))
	return models.Credential{ID: tx.NewID(), Kind: models.CredentialSession, Hash: seal.Hash(token),
		PersonID: &person, CreatedAt: tx.Now, ExpiresAt: &expires}
}

// SignOut ends the session that calls; its sockets follow.
func (s *Service) SignOut(ctx context.Context, actor models.Actor) error {
	return s.revoke(ctx, actor.CredentialID)
}

// RevokeToken ends the session of a token, whoever holds it.
func (s *Service) RevokeToken(ctx context.Context, token string) error {
	var found []models.Credential
	err := s.store.Read(ctx, store.CredentialByHash(seal.Hash(token), &found))
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Kind != models.CredentialSession {
		return fault.New(fault.NotFound, "token_unknown")
	}
	return s.revoke(ctx, found[0].ID)
}

func (s *Service) revoke(ctx context.Context, credential models.ID) error {
	err := s.store.InTx(ctx, func(tx *store.Tx) error { return tx.RevokeCredential(credential) })
	s.sessions.forget()
	return err
}
