// Package store is all the SQL of Linli, one file per noun.
//
// Use cases announce what they read, decide in Go and write with the verbs of
// Tx; rows and numbered events flow out to SQLite or PostgreSQL. There are
// three doors and no other: View reads one snapshot, InGrids changes the
// exchange under the locks of its grids, InTx changes what has no exchange.
// Nothing here authorises, decides or speaks to the network; what differs by
// database stands in dialect.go.
package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/lane"
	"linli/models/store/seal"

	"gorm.io/gorm"
)

// Options say where the data lies and what is injected.
type Options struct {
	// Database is a path of an SQLite file or a postgres:// URL.
	Database string
	Keys     *seal.Keyring
	Now      func() time.Time
	NewID    func() models.ID
	// Lanes and Batch tune the shared commits; 0 is sensible.
	Lanes, Batch int
}

// Store opens the three doors. It is safe for concurrent use.
type Store struct {
	lanes    *lane.Lanes
	dialect  dialect
	keys     *seal.Keyring
	now      func() time.Time
	newID    func() models.ID
	onCommit atomic.Pointer[func([]models.Event)]
}

// Open connects; it does not migrate (see Migrate).
func Open(o Options) (*Store, error) {
	d := dialectOf(o.Database)
	lanes, err := d.open(o)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Store{lanes: lanes, dialect: d, keys: o.Keys, now: o.Now, newID: o.NewID}, nil
}

// Close waits for running commits and lets the database go.
func (s *Store) Close() error { return s.lanes.Close() }

// OnCommit sets who hears of committed events, in order per grid. The hook
// must not block: it is called on the caller's path.
func (s *Store) OnCommit(hook func([]models.Event)) { s.onCommit.Store(&hook) }

// Now is the store's clock, cut to what the databases keep.
func (s *Store) Now() time.Time { return models.Millis(s.now()) }

// Keys is the keyring, for codes derived from it.
func (s *Store) Keys() *seal.Keyring { return s.keys }

// View reads one snapshot; what it writes is refused by the database.
func (s *Store) View(ctx context.Context, fn func(tx *Tx) error) error {
	ctx = seal.Into(ctx, s.keys)
	return translate(s.lanes.View(ctx, func(db *gorm.DB) error {
		return fn(s.begin(db, newIDs(s.newID)))
	}))
}

// Read answers announced reads from one snapshot, in one trip: for queries that
// need nothing of one another.
func (s *Store) Read(ctx context.Context, reads ...Read) error {
	return translate(s.lanes.Read(seal.Into(ctx, s.keys), reads))
}

// InTx changes what has no exchange: people, roles, imports. fn may run again.
func (s *Store) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	ctx = seal.Into(ctx, s.keys)
	ids := newIDs(s.newID)
	return translate(s.lanes.InTx(ctx, func(db *gorm.DB) error {
		return fn(s.begin(db, ids))
	}))
}

// InGrids locks the grids in id order, loads what was announced, lets decide
// change it and commits rows and numbered events together. decide may run
// again and must keep nothing from an earlier run.
func (s *Store) InGrids(ctx context.Context, grids []models.ID, reads []Read, decide func(tx *Tx) error) error {
	ctx = seal.Into(ctx, s.keys)
	grids = sorted(grids)
	ids := newIDs(s.newID)
	now := s.Now()
	var counters []models.GridSeq
	var committed []models.Event
	all := append([]Read{readCounters(grids, &counters)}, reads...)
	err := s.lanes.InGrids(ctx, grids, all, func(db *gorm.DB) error {
		if len(counters) != len(grids) {
			return fault.New(fault.NotFound, "grid_unknown")
		}
		tx := s.begin(db, ids)
		tx.Now = now
		tx.counters = counters
		if err := decide(tx); err != nil {
			return err
		}
		committed = tx.events
		return tx.finish()
	})
	if err != nil {
		return translate(err)
	}
	if hook := s.onCommit.Load(); hook != nil && len(committed) > 0 {
		(*hook)(committed)
	}
	return nil
}

func (s *Store) begin(db *gorm.DB, ids *ids) *Tx {
	ids.next = 0
	return &Tx{db: db, Now: s.Now(), ids: ids, dialect: s.dialect}
}
