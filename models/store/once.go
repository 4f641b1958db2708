package store

import (
	"context"
	"encoding/json"
	"time"

	"linli/models"
	"linli/models/fault"

	"gorm.io/gorm"
)

// IdempotencyKey remembers a successful call: the row is written in the
// transaction of its effect and keeps the typed result, sealed, because a
// result tells what somebody needs.
type IdempotencyKey struct {
	ID        models.ID `gorm:"primaryKey"`
	PersonID  models.ID
	Route     string
	Key       string
	Hash      string
	Result    json.RawMessage `gorm:"serializer:seal"`
	CreatedAt time.Time
}

// KeptKeys is how long a key answers again.
const KeptKeys = 24 * time.Hour

// Exchange is InGrids for a use case with a result: the same call twice has
// one effect and one answer.
func Exchange[R any](ctx context.Context, s *Store, actor models.Actor, grids []models.ID, reads []Read,
	decide func(tx *Tx) (R, error)) (R, error) {
	var result R
	var known []IdempotencyKey
	if actor.Call.Key != "" {
		reads = append([]Read{readKey(actor, &known)}, reads...)
	}
	err := s.InGrids(ctx, grids, reads, func(tx *Tx) error {
		return once(tx, actor, known, &result, decide)
	})
	return result, keyInFlight(actor, err)
}

// Register is InTx for a use case with a result, under the same promise.
func Register[R any](ctx context.Context, s *Store, actor models.Actor, fn func(tx *Tx) (R, error)) (R, error) {
	var result R
	err := s.InTx(ctx, func(tx *Tx) error {
		var known []IdempotencyKey
		if actor.Call.Key != "" {
			if err := tx.Load(readKey(actor, &known)); err != nil {
				return err
			}
		}
		return once(tx, actor, known, &result, fn)
	})
	return result, keyInFlight(actor, err)
}

func readKey(actor models.Actor, into *[]IdempotencyKey) Read {
	return func(db *gorm.DB) *gorm.DB {
		*into = nil
		return db.Where("person_id = ? AND route = ? AND key = ?",
			actor.PersonID, actor.Call.Route, actor.Call.Key).Limit(1).Find(into)
	}
}

func once[R any](tx *Tx, actor models.Actor, known []IdempotencyKey, result *R, fn func(tx *Tx) (R, error)) error {
	if len(known) == 1 {
		if known[0].Hash != actor.Call.Hash {
			return fault.New(fault.Invalid, "key_reused")
		}
		return json.Unmarshal(known[0].Result, result)
	}
	var err error
	if *result, err = fn(tx); err != nil || actor.Call.Key == "" {
		return err
	}
	kept, err := json.Marshal(*result)
	if err != nil {
		return err
	}
	return tx.db.Create(&IdempotencyKey{ID: tx.NewID(), PersonID: actor.PersonID, Route: actor.Call.Route,
		Key: actor.Call.Key, Hash: actor.Call.Hash, Result: kept, CreatedAt: tx.Now}).Error
}

// keyInFlight turns the loss of a race for one key into what it is: the same
// call is still running elsewhere.
func keyInFlight(actor models.Actor, err error) error {
	if actor.Call.Key != "" && duplicateOf(err, "idempotency_keys") {
		return fault.New(fault.Conflict, "key_in_flight")
	}
	return err
}

// DropOldKeys forgets keys older than KeptKeys.
func (tx *Tx) DropOldKeys() error {
	return many(tx.db).Where("created_at < ?", tx.Now.Add(-KeptKeys)).Delete(&IdempotencyKey{}).Error
}
