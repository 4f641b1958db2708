package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"linli/models/store/lane"
	"linli/models/store/storetest/pgtemp"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

//go:embed txn_grid.sql
var txnGrid []byte

// openPostgres starts a server and gives the pairs to be measured on it.
func openPostgres() ([]pair, func(), error) {
	cluster, err := pgtemp.Start(pgtemp.Options{Durable: true, Loopback: true})
	if err != nil {
		return nil, nil, err
	}
	url := cluster.URL("postgres")
	plainDB, err := openPlain(url)
	if err == nil {
		err = load(plainDB, map[string]string{
			"time": "timestamptz", "json": "jsonb", "numbers": "generate_series(1, %d) AS n",
			"day": "timestamptz '2027-01-01' + n % 1000 * interval '1 day'",
		})
	}
	shared, errShared := lane.OpenPostgres(url, lane.Options{Lock: lock})
	unshared, errUnshared := lane.OpenPostgres(url, lane.Options{Lock: lock, Batch: 1, Conns: 32})
	script, errScript := newScript(url)
	if err := errors.Join(err, errShared, errUnshared, errScript); err != nil {
		cluster.Stop()
		return nil, nil, err
	}
	if err := plainDB.Exec("VACUUM ANALYZE").Error; err != nil {
		cluster.Stop()
		return nil, nil, err
	}
	pairs := []pair{
		{"ungrouped / txn_grid, 32 callers", callers(32, false, inLane(unshared)), script.clients(32), 0.9},
		{"grouped / txn_grid, 32 callers", callers(32, false, inLane(shared)), script.clients(32), 1.8},
		{"grouped / ungrouped, one caller", callers(1, false, inLane(shared)), callers(1, false, inLane(unshared)), 0.9},
		{"grouped / plain GORM, 32 callers, one hot grid", callers(32, true, inLane(shared)), callers(32, true, plain(plainDB)), 4},
	}
	return pairs, func() {
		_, _ = shared.Close(), unshared.Close()
		_ = os.Remove(script.path)
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

// script is pgbench with txn_grid.
type script struct{ pgbench, url, path string }

func newScript(url string) (script, error) {
	pgbench, err := pgtemp.Binary("pgbench")
	if err != nil {
		return script{}, err
	}
	path := filepath.Join(os.TempDir(), fmt.Sprintf("txn_grid-%d.sql", os.Getpid()))
	return script{pgbench, url, path}, os.WriteFile(path, txnGrid, 0o600)
}

var tps = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

func (s script) clients(n int) side {
	return func(d time.Duration) (figures, error) {
		cmd := exec.Command(s.pgbench, "-n", "-M", "prepared", "-c", strconv.Itoa(n), "-j", "2",
			"-T", strconv.Itoa(int(d.Seconds())), "-f", s.path, s.url)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		found := tps.FindSubmatch(out)
		if err != nil || found == nil {
			return figures{}, fmt.Errorf("pgbench: %w\n%s%s", err, out, &complaint)
		}
		perSecond, err := strconv.ParseFloat(string(found[1]), 64)
		return figures{perSecond: perSecond}, err
	}
}
