package registry

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// Consents lists everything the actor has ever answered, newest last.
func (s *Service) Consents(ctx context.Context, actor models.Actor) ([]models.Consent, error) {
	answers := []models.Consent{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		return tx.Load(store.ConsentsOf(actor.PersonID, &answers))
	})
	return answers, err
}

// Consent appends an answer to a standing question; taking a consent back is
// one more answer. The one about door and phone belongs to a match and is
// asked there.
func (s *Service) Consent(ctx context.Context, actor models.Actor, kind models.ConsentKind, granted bool) (models.Consent, error) {
	switch kind {
	case models.ConsentTerms, models.ConsentHealth, models.ConsentBoard, models.ConsentAsks, models.ConsentNight:
	default:
		return models.Consent{}, fault.InvalidField("kind", "consent_unknown")
	}
	c, err := store.Register(ctx, s.store, actor, func(tx *store.Tx) (models.Consent, error) {
		c := models.Consent{ID: tx.NewID(), PersonID: actor.PersonID, Kind: kind,
			TextVersion: models.ConsentTextVersion, Granted: granted, At: tx.Now}
		return c, tx.CreateConsent(&c)
	})
	s.sessions.forget()
	return c, err
}
