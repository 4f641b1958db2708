package storetest

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // registers pgx
	_ "modernc.org/sqlite"             // registers sqlite
)

// Bare opens the database behind the store's back: for tests that read what is
// really there, or change it as no use case would.
func (b Bench) Bare(t testing.TB) *sql.DB {
	t.Helper()
	driver := "sqlite"
	if b.OnPostgres() {
		driver = "pgx"
	}
	db, err := sql.Open(driver, b.Database)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // what Unguarded sets on SQLite belongs to the connection
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// OnPostgres tells which of the two databases this is.
func (b Bench) OnPostgres() bool { return strings.HasPrefix(b.Database, "postgres") }

// Unguarded is Bare without the guards of the database itself: no checks, no
// foreign keys and no unique live match. What remains is to be seen by doctor.
func (b Bench) Unguarded(t testing.TB) *sql.DB {
	t.Helper()
	db := b.Bare(t)
	off := []string{"PRAGMA ignore_check_constraints = 1", "PRAGMA foreign_keys = 0"}
	if b.OnPostgres() {
		off = []string{`DO $$ DECLARE c record; BEGIN
			FOR c IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
				WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace
			LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.relation, c.conname); END LOOP; END $$`}
	}
	for _, statement := range append(off, "DROP INDEX matches_one_live") {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	return db
}

// Tables lists the tables of the schema, but the one that counts migrations.
func (b Bench) Tables(t testing.TB, db *sql.DB) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'goose_db_version' ORDER BY name"
	if b.OnPostgres() {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version' ORDER BY tablename"
	}
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return tables
}
