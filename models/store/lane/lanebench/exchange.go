package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"linli/models/store/lane"
	"linli/models/store/storetest/ratio"
	"linli/models/store/storetest/txngrid"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type counter struct {
	GridID int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq    int64
}

// An integer ID that GORM may think the database makes would cost a RETURNING,
// which is a question inside decide.
type lot struct {
	ID              int64 `gorm:"primaryKey;autoIncrement:false"`
	GridID, Class   int64
	Batch, Strength string
	ExpiresOn       time.Time
	Offered         int64
	Remaining       int64
	Reserved        int64
	Version         int64
}

type request struct {
	ID                int64 `gorm:"primaryKey;autoIncrement:false"`
	GridID, Household int64
	State             string
	MadeAt            time.Time
}

type need struct {
	ID                       int64 `gorm:"primaryKey;autoIncrement:false"`
	RequestID, GridID, Class int64
	Requested, Matched       int64
	Urgency, State           string
	DueAt                    time.Time
	Version                  int64
}

type match struct {
	ID                    int64 `gorm:"primaryKey;autoIncrement:false"`
	NeedID, LotID, GridID int64
	Units                 int64
	State                 string
	DueAt                 time.Time
	Version               int64
}

type event struct {
	GridID         int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64
	Kind           string
	Thing, Version int64
	State          string
	Data           map[string]int64 `gorm:"serializer:json"`
	MadeAt         time.Time
}

// wish is what one caller wants; ids and time are fixed before deciding.
type wish struct {
	grid, class, units int64
	now                time.Time
	ids                [5]int64
}

func newWish(grid int64) wish {
	w := wish{grid: grid, class: rand.Int64N(txngrid.Classes) + 1, units: rand.Int64N(3) + 1, now: time.Now().UTC().Truncate(time.Millisecond)}
	for i := range w.ids {
		w.ids[i] = rand.Int64N(9_000_000_000_000_000_000)
	}
	return w
}

// pool is what was read for it.
type pool struct {
	counter counter
	lots    []lot
}

func (w wish) reads(p *pool) []lane.Read {
	return []lane.Read{
		func(tx *gorm.DB) *gorm.DB { return tx.Where("grid_id = ?", w.grid).Take(&p.counter) },
		func(tx *gorm.DB) *gorm.DB {
			return tx.Where("grid_id = ? AND class = ? AND remaining > 0", w.grid, w.class).Find(&p.lots)
		},
	}
}

var errNothing = errors.New("no lot fits")

// decide takes the lot that expires first and writes everything down.
func (w wish) decide(tx *gorm.DB, p *pool) error {
	var from lot
	for _, l := range p.lots {
		sooner := l.ExpiresOn.Before(from.ExpiresOn) || l.ExpiresOn.Equal(from.ExpiresOn) && l.ID < from.ID
		if l.Remaining >= w.units && (from.ID == 0 || sooner) {
			from = l
		}
	}
	if from.ID == 0 {
		return errNothing
	}
	r := request{ID: w.ids[0], GridID: w.grid, Household: 7, State: "open", MadeAt: w.now}
	n := need{
		ID: w.ids[1], RequestID: r.ID, GridID: w.grid, Class: w.class, Requested: w.units, Matched: w.units,
		Urgency: "soon", State: "matched", DueAt: w.now, Version: 1,
	}
	m := match{ID: w.ids[2], NeedID: n.ID, LotID: from.ID, GridID: w.grid, Units: w.units, State: "agreed", DueAt: w.now, Version: 1}
	seq := p.counter.Seq
	both := []event{
		{w.grid, seq + 1, w.ids[3], "need.matched", n.ID, 1, n.State, map[string]int64{"units": w.units}, w.now},
		{w.grid, seq + 2, w.ids[4], "match.agreed", m.ID, 1, m.State, map[string]int64{"units": w.units}, w.now},
	}
	for _, write := range []func() *gorm.DB{
		func() *gorm.DB { return tx.Create(&r) },
		func() *gorm.DB { return tx.Create(&n) },
		func() *gorm.DB {
			return tx.Model(&lot{}).Where("id = ? AND remaining >= ?", from.ID, w.units).Updates(map[string]any{
				"remaining": from.Remaining - w.units, "reserved": from.Reserved + w.units, "version": from.Version + 1,
			})
		},
		func() *gorm.DB { return tx.Create(&m) },
		func() *gorm.DB { return tx.Create(&both) },
		func() *gorm.DB {
			return tx.Model(&counter{}).Where("grid_id = ? AND seq = ?", w.grid, seq).Update("seq", seq+2)
		},
	} {
		if done := write(); done.Error != nil || done.RowsAffected == 0 {
			return errors.Join(done.Error, fmt.Errorf("%d rows", done.RowsAffected))
		}
	}
	return nil
}

// inLane is the exchange through the lane.
func inLane(l *lane.Lanes) exchange {
	return func(ctx context.Context, grid int64) error {
		w, p := newWish(grid), new(pool)
		return l.InGrids(ctx, []string{fmt.Sprint(grid)}, w.reads(p), func(tx *gorm.DB) error { return w.decide(tx, p) })
	}
}

// plain is the exchange as people write it with GORM, tuned: no default
// transaction, ids of the caller, nothing returned.
func plain(db *gorm.DB) exchange {
	return func(ctx context.Context, grid int64) error {
		w, p := newWish(grid), new(pool)
		return db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			locked := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
			for _, read := range w.reads(p) {
				if err := read(locked).Error; err != nil {
					return err
				}
				locked = tx
			}
			return w.decide(tx, p)
		})
	}
}

// callers lets n callers do exchanges, each in a random grid or all in one.
func callers(n int, hot bool, do exchange) ratio.Side {
	return ratio.Callers(n, func(ctx context.Context, _ int) error {
		if hot {
			return do(ctx, 1)
		}
		return do(ctx, rand.Int64N(txngrid.Grids)+1)
	})
}
