package migrations_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/migrations"
	"linli/models/store/storetest"
	"linli/models/store/storetest/pgtemp"
)

func dialect(b storetest.Bench) migrations.Dialect {
	if b.OnPostgres() {
		return migrations.Postgres
	}
	return migrations.SQLite
}

// schema is every table, column, index and constraint, as the database has it.
func schema(t *testing.T, b storetest.Bench, db *sql.DB) []string {
	t.Helper()
	query := "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE tbl_name NOT IN ('goose_db_version', 'sqlite_sequence')"
	if b.OnPostgres() {
		query = `SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '')
				FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'
			UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
			UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
				WHERE connamespace = 'public'::regnamespace AND conrelid <> 'goose_db_version'::regclass`
	}
	rows, err := db.Query(query)
	must(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		must(t, rows.Scan(&one))
		all = append(all, one)
	}
	must(t, rows.Err())
	slices.Sort(all)
	return all
}

func TestMigrations_GoDownToNothingAndUpAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		db := b.Bare(t)
		version, err := migrations.Version(t.Context(), db, dialect(b))
		must(t, err)
		up := schema(t, b, db)
		if version < 1 || len(up) < 40 {
			t.Fatalf("version %d with %d parts", version, len(up))
		}
		for _, part := range up {
			if strings.Contains(part, "${") {
				t.Errorf("a type name was not filled in: %s", part)
			}
		}
		for range 2 {
			must(t, migrations.Down(t.Context(), db, dialect(b)))
			if left := schema(t, b, db); len(left) > 0 {
				t.Fatalf("left behind: %v", left)
			}
			if pending, err := migrations.Pending(t.Context(), db, dialect(b)); err != nil || !pending {
				t.Errorf("nothing is pending in an empty database: %v", err)
			}
			again, ran, err := migrations.Up(t.Context(), db, dialect(b))
			must(t, err)
			if again != version || ran == 0 {
				t.Errorf("version %d after %d migrations, not %d", again, ran, version)
			}
			if got := schema(t, b, db); !slices.Equal(got, up) {
				t.Errorf("another schema:\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(up, "\n"))
			}
		}
	})
}

// TestMigrations_SeveralProcessesMayStartAtOnce: one of them migrates. An
// SQLite file is opened by one process, which holds a lock beside it.
func TestMigrations_SeveralProcessesMayStartAtOnce(t *testing.T) {
	t.Parallel()
	b := storetest.Bench{Database: pgtemp.DSN(t)}
	var wait sync.WaitGroup
	var mu sync.Mutex
	total, reached := 0, int64(0)
	for range 3 {
		db := b.Bare(t)
		// The lock is held by one connection while another migrates.
		db.SetMaxOpenConns(2)
		wait.Go(func() {
			version, ran, err := migrations.Up(t.Context(), db, migrations.Postgres)
			mu.Lock()
			defer mu.Unlock()
			total += ran
			reached = max(reached, version)
			if err != nil || version < 1 {
				t.Errorf("version %d, %v", version, err)
			}
		})
	}
	wait.Wait()
	files, err := filepath.Glob("*.sql") // their numbers may have gaps
	must(t, err)
	if total != len(files) {
		t.Errorf("%d of %d migrations ran, to version %d", total, len(files), reached)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
