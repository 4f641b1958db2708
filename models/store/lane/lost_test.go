package lane

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// admin is a connection of somebody else to the same database.
func admin(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db := stdlib.OpenDB(*config)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestKilledConnectionsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	l, dsn := openPostgres(t, Options{Conns: 4})
	db := admin(t, dsn)
	var answered, unknown sync.Map
	var calls, others atomic.Int32
	var callers sync.WaitGroup
	ctx, stop := context.WithTimeout(context.Background(), 4*time.Second)
	defer stop()
	for c := range 16 {
		callers.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				id := fmt.Sprintf("%d-%d", c, i)
				var err error
				if i%5 == 0 {
					err = l.InGrids(context.Background(), []string{"a", "b"}, nil, appendBlindly(id))
				} else {
					err = appending(string("abc"[(c+i)%3]), id, nil).run(l)
				}
				calls.Add(1)
				switch {
				case err == nil:
					answered.Store(id, true)
				case errors.Is(err, ErrUnknown):
					unknown.Store(id, true)
				case errors.Is(err, ErrUnavailable):
					others.Add(1)
				default:
					t.Error(id, err)
				}
			}
		})
	}
	kills := 0
	for ctx.Err() == nil {
		killed, err := db.Query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity " +
			"WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1")
		if err != nil {
			t.Fatal(err)
		}
		for killed.Next() {
			kills++
		}
		_ = killed.Close()
		select {
		case <-time.After(15 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	callers.Wait()
	there := stored(t, l)
	okay, open, doubtful := 0, 0, 0
	answered.Range(func(id, _ any) bool {
		okay++
		if !there[id.(string)] {
			t.Error("answered but not stored:", id)
		}
		return true
	})
	unknown.Range(func(id, _ any) bool {
		open++
		if there[id.(string)] {
			doubtful++
		}
		return true
	})
	if len(there) != okay+doubtful {
		t.Errorf("%d stored, %d answered, %d of %d unknown stored", len(there), okay, doubtful, open)
	}
	t.Logf("%d calls, %d kills: %d answered, %d unknown (%d of them stored), %d unavailable",
		calls.Load(), kills, okay, open, doubtful, others.Load())
	if kills == 0 || okay == 0 {
		t.Error("nothing was tried")
	}
}

// appendBlindly writes the next fact of grid a, reading inside decide.
func appendBlindly(id string) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error {
		var c counter
		if err := tx.Where("grid_id = ?", "a").Take(&c).Error; err != nil {
			return err
		}
		return next(tx, c, id)
	}
}

// suicidal makes the server end the connection in the middle of the COMMIT.
const suicidal = `
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER die AFTER INSERT ON boxes DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.id = 'deadly') EXECUTE FUNCTION die()`

func TestConnectionLostDuringCommitIsUnknownAndNotRunAgain(t *testing.T) {
	t.Parallel()
	l, dsn := openPostgres(t, Options{})
	if _, err := admin(t, dsn).Exec(suicidal); err != nil {
		t.Fatal(err)
	}
	runs := 0
	deadly := func(tx *gorm.DB) error {
		runs++
		return tx.Create(&box{ID: "deadly", GridID: "a"}).Error
	}
	refused := appending("a", "refused", func(*gorm.DB) error { return errRefused })
	expect(t, []error{appending("a", "x", deadly).run(l)}, ErrUnknown)
	expect(t, []error{l.InTx(context.Background(), deadly)}, ErrUnknown)
	expect(t, together(t, l, appending("a", "y", deadly), appending("b", "z", nil), refused), ErrUnknown, ErrUnknown, errRefused)
	if runs != 3 {
		t.Errorf("%d runs, want 3", runs)
	}
	onlyThere(t, l)
}

func TestConnectionLostBeforeCommitIsTriedAgain(t *testing.T) {
	t.Parallel()
	l, dsn := openPostgres(t, Options{})
	db := admin(t, dsn)
	for _, grids := range [][]string{{"a"}, {"a", "b"}} { // in a lane, and alone from the start
		runs := 0
		losing := appending("a", fmt.Sprint(grids), func(tx *gorm.DB) error {
			var pid int
			if err := tx.Raw("SELECT pg_backend_pid()").Scan(&pid).Error; err != nil {
				return err
			}
			if runs++; runs == 1 {
				if _, err := db.Exec("SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
					return err
				}
			}
			return tx.Raw("SELECT pg_backend_pid()").Scan(&pid).Error
		})
		losing.grids = grids
		expect(t, []error{losing.run(l)}, nil)
		if runs != 2 {
			t.Errorf("%v: %d runs, want 2", grids, runs)
		}
	}
	onlyThere(t, l, "[a]", "[a b]")
}

func TestForeignLockHolderStopsOnlyWhoNeedsTheRow(t *testing.T) {
	t.Parallel()
	l, dsn := openPostgres(t, Options{Lanes: 1, LockWait: 20 * time.Millisecond})
	db := admin(t, dsn)
	foreign, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := foreign.Exec("SELECT 1 FROM counters WHERE grid_id = 'a' FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	held := make(chan error, 1)
	go func() { held <- together(t, l, appending("a", "held", nil))[0] }()
	expect(t, []error{appending("b", "1", nil).run(l), appending("c", "2", nil).run(l)}, nil, nil)
	shared := make(chan []error, 1)
	go func() { shared <- together(t, l, appending("a", "3", nil), appending("b", "4", nil)) }()
	// Both that need the row end up waiting for it alone. Seen twice, with a
	// call through the lane in between: neither is in the lane any more.
	deadline := time.Now().Add(10 * time.Second)
	for seen, waiting := 0, 0; seen < 2; {
		if time.Now().After(deadline) {
			t.Fatal("nobody waits alone")
		}
		if err := appending("b", fmt.Sprintf("while %d", time.Now().UnixNano()), nil).run(l); err != nil {
			t.Fatal(err)
		}
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() " +
			"AND wait_event_type = 'Lock'").Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
		if seen++; waiting < 2 {
			seen = 0
		}
	}
	if err := foreign.Rollback(); err != nil {
		t.Fatal(err)
	}
	expect(t, append(<-shared, <-held), nil, nil, nil)
	there := stored(t, l)
	for _, id := range []string{"held", "1", "2", "3", "4"} {
		if !there[id] {
			t.Errorf("%s is not stored", id)
		}
	}
}

func TestReferenceToALockedGridDoesNotWait(t *testing.T) {
	t.Parallel()
	l, dsn := openPostgres(t, Options{})
	db := admin(t, dsn)
	err := appending("a", "holder", func(*gorm.DB) error {
		_, err := db.Exec("SET lock_timeout = 1000; INSERT INTO facts (id, grid_id, seq) VALUES ('guest', 'a', 99)")
		if err == nil {
			_, err = db.Exec("DELETE FROM facts WHERE id = 'guest'")
		}
		return err
	}).run(l)
	expect(t, []error{err}, nil)
}

func TestDeadlockedTransactionsRunAgain(t *testing.T) {
	t.Parallel()
	l, _ := openPostgres(t, Options{})
	var met sync.WaitGroup
	met.Add(2)
	crossing := func(firstGrid, secondGrid string) error {
		runs := 0
		return l.InTx(context.Background(), func(tx *gorm.DB) error {
			bump := func(grid string) error {
				return tx.Model(&counter{}).Where("grid_id = ?", grid).Update("seq", gorm.Expr("seq + 1")).Error
			}
			if err := bump(firstGrid); err != nil {
				return err
			}
			if runs++; runs == 1 {
				met.Done()
				met.Wait()
			}
			return bump(secondGrid)
		})
	}
	other := make(chan error, 1)
	go func() { other <- crossing("b", "a") }()
	expect(t, []error{crossing("a", "b"), <-other}, nil, nil)
	var sum int64
	if err := l.DB().Model(&counter{}).Select("sum(seq)").Scan(&sum).Error; err != nil || sum != 4 {
		t.Errorf("sum %d, %v", sum, err)
	}
}

func TestServerThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := OpenPostgres("postgres://nobody@/none?host="+t.TempDir(), Options{})
	expect(t, []error{translate(err)}, ErrUnavailable)
}
