package lane

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"linli/models/store/storetest/pgtemp"

	"gorm.io/gorm"
)

// counter is the row that is locked; fact is a numbered row beside it.
type counter struct {
	GridID string `gorm:"primaryKey"`
	Seq    int64
}

type fact struct {
	ID     string `gorm:"primaryKey"`
	GridID string
	Seq    int64
}

// box has a law of its own, checked by the database.
type box struct {
	ID     string `gorm:"primaryKey"`
	GridID string
	Units  int
}

const tables = `
CREATE TABLE counters (grid_id text PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE facts (id text PRIMARY KEY, grid_id text NOT NULL REFERENCES counters(grid_id),
  seq bigint NOT NULL, UNIQUE (grid_id, seq));
CREATE TABLE boxes (id text PRIMARY KEY, grid_id text NOT NULL, units integer NOT NULL CHECK (units >= 0));
CREATE TABLE promises (id text PRIMARY KEY,
  grid_id text NOT NULL REFERENCES counters(grid_id) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE values_kept (id text PRIMARY KEY, tags {json}, scores {json}, made {time} NOT NULL,
  ended {time}, note text, amount bigint, kind text NOT NULL, raw {bytes}, flag boolean NOT NULL, empty {bytes});
`

func lockCounters(grids []string) (string, []any) {
	return "SELECT grid_id FROM counters WHERE grid_id = ANY($1::text[]) ORDER BY grid_id FOR NO KEY UPDATE", []any{grids}
}

// onBoth runs a test on a fresh database of each kind with the grids a, b and c.
func onBoth(t *testing.T, opt Options, test func(t *testing.T, l *Lanes)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, openSQLite(t, opt))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		l, _ := openPostgres(t, opt)
		test(t, l)
	})
}

func openSQLite(t testing.TB, opt Options) *Lanes {
	t.Helper()
	l, err := OpenSQLite(filepath.Join(t.TempDir(), "lane ?#%.db"), opt)
	return prepared(t, l, err, map[string]string{"json": "text", "time": "datetime", "bytes": "blob"})
}

func openPostgres(t testing.TB, opt Options) (*Lanes, string) {
	t.Helper()
	dsn := pgtemp.DSN(t)
	opt.Lock = lockCounters
	l, err := OpenPostgres(dsn, opt)
	return prepared(t, l, err, map[string]string{"json": "jsonb", "time": "timestamptz", "bytes": "bytea"}), dsn
}

func prepared(t testing.TB, l *Lanes, err error, types map[string]string) *Lanes {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	ddl := tables
	for name, kind := range types {
		ddl = strings.ReplaceAll(ddl, "{"+name+"}", kind)
	}
	for statement := range strings.SplitSeq(strings.TrimSpace(ddl), ";\n") {
		if err := l.DB().Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	for _, grid := range []string{"a", "b", "c"} {
		if err := l.DB().Create(&counter{GridID: grid}).Error; err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// call is one InGrids, ready to be run or to share a transaction.
type call struct {
	ctx    context.Context
	grids  []string
	reads  []Read
	decide func(tx *gorm.DB) error
}

// appending writes the next fact of a grid, and whatever else is wanted.
func appending(grid, id string, also func(tx *gorm.DB) error) call {
	var c counter
	return call{
		grids: []string{grid},
		reads: []Read{func(tx *gorm.DB) *gorm.DB { return tx.Where("grid_id = ?", grid).Take(&c) }},
		decide: func(tx *gorm.DB) error {
			if also != nil {
				if err := also(tx); err != nil {
					return err
				}
			}
			return next(tx, c, id)
		},
	}
}

func next(tx *gorm.DB, c counter, id string) error {
	if err := tx.Create(&fact{ID: id, GridID: c.GridID, Seq: c.Seq + 1}).Error; err != nil {
		return err
	}
	return tx.Model(&counter{}).Where("grid_id = ? AND seq = ?", c.GridID, c.Seq).Update("seq", c.Seq+1).Error
}

func (c call) run(l *Lanes) error {
	ctx := c.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	return l.InGrids(ctx, c.grids, c.reads, c.decide)
}

// together puts the calls into one transaction, as if they had waited at the
// same moment, and returns their answers.
func together(t *testing.T, l *Lanes, calls ...call) []error {
	t.Helper()
	ms := make([]*member, len(calls))
	for i, c := range calls {
		if c.ctx == nil {
			c.ctx = context.Background()
		}
		ms[i] = newMember(c.ctx, c.grids, c.decide)
		var err error
		if ms[i].reads, err = announce(c.ctx, l.db, c.reads); err != nil {
			t.Fatal(err)
		}
	}
	l.engine.share(ms)
	answers := make([]error, len(ms))
	for i, m := range ms {
		answers[i] = <-m.answer
	}
	return answers
}

// stored lists the facts and checks that the numbers of each grid are 1, 2, …
// and that the counter is the last of them.
func stored(t *testing.T, l *Lanes) map[string]bool {
	t.Helper()
	var counters []counter
	var facts []fact
	err := l.View(context.Background(), func(tx *gorm.DB) error {
		return errors.Join(tx.Order("grid_id").Find(&counters).Error, tx.Order("grid_id, seq").Find(&facts).Error)
	})
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]int64{}
	ids := map[string]bool{}
	for _, f := range facts {
		if f.Seq != last[f.GridID]+1 {
			t.Errorf("grid %s: %d follows %d", f.GridID, f.Seq, last[f.GridID])
		}
		last[f.GridID] = f.Seq
		ids[f.ID] = true
	}
	for _, c := range counters {
		if c.Seq != last[c.GridID] {
			t.Errorf("grid %s: counter %d, last fact %d", c.GridID, c.Seq, last[c.GridID])
		}
	}
	return ids
}

// expect checks the answers: nil, or an error that is one of those wanted.
func expect(t *testing.T, answers []error, want ...error) {
	t.Helper()
	for i, err := range answers {
		if !errors.Is(err, want[i]) {
			t.Errorf("answer %d: got %v, want %v", i, err, want[i])
		}
	}
}

// onlyThere checks which facts are stored.
func onlyThere(t *testing.T, l *Lanes, want ...string) {
	t.Helper()
	got := stored(t, l)
	for _, id := range want {
		if !got[id] {
			t.Errorf("%s is not stored", id)
		}
	}
	if len(got) != len(want) {
		t.Errorf("stored %v, want only %v", got, want)
	}
}

var errRefused = fmt.Errorf("refused by the house")
