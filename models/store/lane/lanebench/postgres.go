package main

import (
	"errors"

	"linli/models/store/lane"
	"linli/models/store/storetest/pgtemp"
	"linli/models/store/storetest/ratio"
	"linli/models/store/storetest/txngrid"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// openPostgres starts a server and gives the pairs to be measured on it.
func openPostgres() ([]ratio.Pair, func(), error) {
	cluster, err := pgtemp.Start(pgtemp.Options{Durable: true, Loopback: true})
	if err != nil {
		return nil, nil, err
	}
	url := cluster.URL("postgres")
	plainDB, err := openPlain(url)
	if err == nil {
		err = txngrid.Load(txngrid.Postgres, func(s string) error { return plainDB.Exec(s).Error })
	}
	shared, errShared := lane.OpenPostgres(url, lane.Options{Lock: lock})
	unshared, errUnshared := lane.OpenPostgres(url, lane.Options{Lock: lock, Batch: 1, Conns: 32})
	script, errScript := txngrid.NewScript(url)
	if err := errors.Join(err, errShared, errUnshared, errScript); err != nil {
		cluster.Stop()
		return nil, nil, err
	}
	if err := plainDB.Exec("VACUUM ANALYZE").Error; err != nil {
		cluster.Stop()
		return nil, nil, err
	}
	pairs := []ratio.Pair{
		{Name: "ungrouped / txn_grid, 32 callers", Ours: callers(32, false, inLane(unshared)), Theirs: script.Clients(32), Goal: 0.9},
		{Name: "grouped / txn_grid, 32 callers", Ours: callers(32, false, inLane(shared)), Theirs: script.Clients(32), Goal: 1.8},
		{Name: "grouped / ungrouped, one caller", Ours: callers(1, false, inLane(shared)), Theirs: callers(1, false, inLane(unshared)), Goal: 0.9},
		{Name: "grouped / plain GORM, 32 callers, one hot grid", Ours: callers(32, true, inLane(shared)), Theirs: callers(32, true, plain(plainDB)), Goal: 4},
	}
	return pairs, func() {
		_, _ = shared.Close(), unshared.Close()
		_ = script.Close()
		cluster.Stop()
	}, nil
}

func lock(grids []string) (string, []any) {
	return "SELECT grid_id FROM counters WHERE grid_id = ANY($1::bigint[]) ORDER BY grid_id FOR NO KEY UPDATE", []any{grids}
}

func openPlain(url string) (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open(url), &gorm.Config{SkipDefaultTransaction: true, Logger: logger.Discard})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(32)
	return db, nil
}
