package main

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"linli/models/store/lane"
	"linli/models/store/storetest/ratio"
	"linli/models/store/storetest/txngrid"

	driver "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// openSQLite makes two files, one for each side: they write at different times,
// but two writers on one file would have to be closed between the rounds.
func openSQLite(dir string) ([]ratio.Pair, func(), error) {
	dir, err := os.MkdirTemp(dir, "lanebench-")
	if err != nil {
		return nil, nil, err
	}
	shared, err := lane.OpenSQLite(filepath.Join(dir, "lane.db"), lane.Options{})
	plainDB, errPlain := openPlainFile(filepath.Join(dir, "plain.db"))
	if err = errors.Join(err, errPlain); err == nil {
		err = errors.Join(txngrid.Load(txngrid.SQLite, func(s string) error { return shared.DB().Exec(s).Error }),
			txngrid.Load(txngrid.SQLite, func(s string) error { return plainDB.Exec(s).Error }))
	}
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	pairs := []ratio.Pair{{Name: "SQLite FULL grouped / plain GORM, 32 callers",
		Ours: callers(32, false, inLane(shared)), Theirs: callers(32, false, plain(plainDB)), Goal: 2.5}}
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
