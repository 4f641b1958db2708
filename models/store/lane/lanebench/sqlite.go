package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"linli/models/store/lane"

	driver "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// openSQLite makes two files, one for each side: they write at different times,
// but two writers on one file would have to be closed between the rounds.
func openSQLite(dir string) ([]pair, func(), error) {
	dir, err := os.MkdirTemp(dir, "lanebench-")
	if err != nil {
		return nil, nil, err
	}
	words := map[string]string{
		"time": "datetime", "json": "text",
		"numbers": "(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < %d) SELECT n FROM r)",
		"day":     "datetime('2027-01-01', '+' || (n % 1000) || ' days') || '+00:00'",
	}
	shared, err := lane.OpenSQLite(filepath.Join(dir, "lane.db"), lane.Options{})
	plainDB, errPlain := openPlainFile(filepath.Join(dir, "plain.db"))
	if err = errors.Join(err, errPlain); err == nil {
		err = errors.Join(load(shared.DB(), words), load(plainDB, words))
	}
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	pairs := []pair{{
		"SQLite FULL grouped / plain GORM, 32 callers",
		callers(32, false, inLane(shared)), callers(32, false, plain(plainDB)), 2.5,
	}}
	return pairs, func() {
		_ = shared.Close()
		_ = os.RemoveAll(dir)
	}, nil
}

// openPlainFile is GORM on the same driver with the same settings, tuned: one
// connection, because writers would only wait for each other, and prepared
// statements.
func openPlainFile(path string) (*gorm.DB, error) {
	pool, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)"+
		"&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_time_format=sqlite&_timezone=UTC")
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	return gorm.Open(driver.New(driver.Config{Conn: pool}),
		&gorm.Config{SkipDefaultTransaction: true, PrepareStmt: true, Logger: logger.Discard})
}
