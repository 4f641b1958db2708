package storetest

import (
	"context"
	"testing"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"

	"github.com/google/uuid"
)

// Session opens a session for an actor.
func (b Bench) Session(t testing.TB, actor models.Actor) models.Actor {
	t.Helper()
	actor.CredentialID = uuid.NewString()
	err := b.Store.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.CreateCredentials(models.Credential{ID: actor.CredentialID, Kind: models.CredentialSession,
			Hash: seal.Hash(actor.CredentialID), PersonID: &actor.PersonID, CreatedAt: tx.Now})
	})
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// Teller commits events of one grid, each a new version of a person of whom
// nothing else is told. One Teller is for one goroutine.
type Teller struct {
	store   *store.Store
	subject models.Person
}

// Teller prepares one.
func (b Bench) Teller(grid models.ID) *Teller {
	return &Teller{store: b.Store, subject: models.Person{ID: uuid.NewString(), GridID: grid,
		State: models.PersonPending, CreatedAt: Start}}
}

// Tell commits so many events in one transaction for one audience.
func (w *Teller) Tell(ctx context.Context, kind string, events int, to models.Audience) error {
	next := w.subject
	err := w.store.InGrids(ctx, []models.ID{w.subject.GridID}, nil, func(tx *store.Tx) error {
		next = w.subject
		for range events {
			if err := tx.SavePerson(&next, kind, to); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		w.subject = next
	}
	return err
}
