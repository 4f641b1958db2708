package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"linli/models/store/lane"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

const grids, classes, lots, needs = 4400, 4, 200_000, 22_000

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

// tables is the schema and the load for both databases; {n} is a source of the
// numbers from 1 to n.
const tables = `
CREATE TABLE counters (grid_id bigint PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE lots (id bigint PRIMARY KEY, grid_id bigint NOT NULL, class bigint NOT NULL, batch text NOT NULL,
  strength text NOT NULL, expires_on {time} NOT NULL, offered bigint NOT NULL, remaining bigint NOT NULL,
  reserved bigint NOT NULL, version bigint NOT NULL);
CREATE INDEX lots_by_class ON lots (grid_id, class, expires_on);
CREATE TABLE requests (id bigint PRIMARY KEY, grid_id bigint NOT NULL, household bigint NOT NULL, state text NOT NULL, made_at {time} NOT NULL);
CREATE TABLE needs (id bigint PRIMARY KEY, request_id bigint NOT NULL REFERENCES requests(id), grid_id bigint NOT NULL,
  class bigint NOT NULL, requested bigint NOT NULL, matched bigint NOT NULL, urgency text NOT NULL, state text NOT NULL,
  due_at {time} NOT NULL, version bigint NOT NULL);
CREATE INDEX needs_open ON needs (grid_id, class) WHERE state = 'open';
CREATE TABLE matches (id bigint PRIMARY KEY, need_id bigint NOT NULL REFERENCES needs(id), lot_id bigint NOT NULL REFERENCES lots(id),
  grid_id bigint NOT NULL, units bigint NOT NULL, state text NOT NULL, due_at {time} NOT NULL, version bigint NOT NULL);
CREATE TABLE events (grid_id bigint NOT NULL, seq bigint NOT NULL, id bigint NOT NULL, kind text NOT NULL, thing bigint NOT NULL,
  version bigint NOT NULL, state text NOT NULL, data {json} NOT NULL, made_at {time} NOT NULL, PRIMARY KEY (grid_id, seq));
INSERT INTO counters SELECT n, 0 FROM {4400};
INSERT INTO lots SELECT n, n % 4400 + 1, n / 4400 % 4 + 1, 'B' || n, '0.5 g', {day}, 1000000, 1000000, 0, 1 FROM {200000};
INSERT INTO requests SELECT n, n % 4400 + 1, 7, 'open', {day} FROM {22000};
INSERT INTO needs SELECT n, n, n % 4400 + 1, n / 4400 % 4 + 1, 3, 0, 'soon', 'open', {day}, 1 FROM {22000}`

// load makes the tables of a dialect.
func load(db *gorm.DB, words map[string]string) error {
	text := tables
	for _, n := range []int{grids, lots, needs} {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", n), fmt.Sprintf(words["numbers"], n))
	}
	for word, means := range words {
		text = strings.ReplaceAll(text, "{"+word+"}", means)
	}
	for statement := range strings.SplitSeq(text, ";\n") {
		if err := db.Exec(statement).Error; err != nil {
			return fmt.Errorf("%w in %s", err, statement)
		}
	}
	return nil
}

// wish is what one caller wants; ids and time are fixed before deciding.
type wish struct {
	grid, class, units int64
	now                time.Time
	ids                [5]int64
}

func newWish(grid int64) wish {
	w := wish{grid: grid, class: rand.Int64N(classes) + 1, units: rand.Int64N(3) + 1, now: time.Now().UTC().Truncate(time.Millisecond)}
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
