package feed

import (
	"context"
	"time"

	"linli/models"
	"linli/models/store"
)

// Table is what a Hub knows of the truth: committed events by (grid, number),
// the counters beside them, and what was taken away. The program reads it from
// the store; the model test of server/push plays it in virtual time, where a
// hundred thousand databases would be too slow. Each function answers from one
// snapshot.
type Table struct {
	Now func() time.Time // by the clock that revocations are dated with
	// Open reads what a person may follow.
	Open     func(ctx context.Context, actor models.Actor) (models.Following, error)
	Epoch    func(ctx context.Context) (string, error)
	Counters func(ctx context.Context, grids []models.ID) ([]models.GridSeq, error)
	// Events reads up to limit events of a grid after a number for each question.
	Events  func(ctx context.Context, asked []*Reading, limit int) error
	Revoked func(ctx context.Context, since time.Time) (credentials, roles []models.ID, err error)
}

// Reading is a question for the events of one grid after a number, and its answer.
type Reading struct {
	Grid   models.ID
	After  int64
	Events []models.Event
}

// tableOf reads a store.
func tableOf(s *store.Store) Table {
	return Table{
		Now:  s.Now,
		Open: func(ctx context.Context, actor models.Actor) (models.Following, error) { return open(ctx, s, actor) },
		Epoch: func(ctx context.Context) (epoch string, err error) {
			err = s.View(ctx, func(tx *store.Tx) error {
				epoch, err = epochOf(tx)
				return err
			})
			return epoch, err
		},
		Counters: func(ctx context.Context, grids []models.ID) (counters []models.GridSeq, err error) {
			err = s.View(ctx, func(tx *store.Tx) error { return tx.Load(store.Counters(grids, &counters)) })
			return counters, err
		},
		Events: func(ctx context.Context, asked []*Reading, limit int) error {
			return s.View(ctx, func(tx *store.Tx) error {
				for _, r := range asked {
					if err := tx.Load(store.EventsAfter(r.Grid, r.After, limit, &r.Events)); err != nil {
						return err
					}
				}
				return nil
			})
		},
		Revoked: func(ctx context.Context, since time.Time) (credentials, roles []models.ID, err error) {
			var ended []models.Credential
			var taken []models.Role
			err = s.View(ctx, func(tx *store.Tx) error { return tx.Load(store.RevokedSince(since, &ended, &taken)...) })
			for _, c := range ended {
				credentials = append(credentials, c.ID)
			}
			for _, r := range taken {
				roles = append(roles, r.ID)
			}
			return credentials, roles, err
		},
	}
}
