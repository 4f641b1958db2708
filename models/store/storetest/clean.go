package storetest

import (
	"database/sql"
	"errors"
	"fmt"
)

// shape is one figure for all that a test could have changed of the schema.
const shape = `SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
	SELECT oid::regclass::text || relkind::text AS part FROM pg_class WHERE relnamespace = 'public'::regnamespace
	UNION ALL SELECT conrelid::regclass::text || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
	UNION ALL SELECT a.attrelid::regclass::text || a.attname || a.attnotnull::text FROM pg_attribute a
		JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
	UNION ALL SELECT tgrelid::regclass::text || tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
	UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
	UNION ALL SELECT max(version_id)::text FROM goose_db_version) parts`

// buildPostgres migrates, and notes the shape where a copy of the database has it too.
func buildPostgres(url string) error {
	if err := migrate(url); err != nil {
		return err
	}
	return withPostgres(url, func(db *sql.DB) error {
		var now string
		if err := db.QueryRow(shape).Scan(&now); err != nil {
			return err
		}
		_, err := db.Exec("COMMENT ON SCHEMA public IS '" + now + "'")
		return err
	})
}

// cleanPostgres empties every table. It fails where the schema is no longer what was
// built, or somebody still holds a table.
func cleanPostgres(url string) error {
	return withPostgres(url, func(db *sql.DB) error {
		var now, was string
		if err := db.QueryRow(shape).Scan(&now); err != nil {
			return err
		}
		if err := db.QueryRow("SELECT obj_description('public'::regnamespace, 'pg_namespace')").Scan(&was); err != nil {
			return err
		}
		if now != was {
			return fmt.Errorf("the schema has changed: %s, was %s", now, was)
		}
		_, err := db.Exec(`DO $$ DECLARE t record; BEGIN
			SET LOCAL lock_timeout = '1s';
			SET LOCAL session_replication_role = replica; -- in any order, whatever refers to what
			FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
			LOOP EXECUTE format('DELETE FROM %I', t.tablename); END LOOP; END $$`)
		return err
	})
}

func withPostgres(url string, do func(db *sql.DB) error) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	return errors.Join(do(db), db.Close())
}
