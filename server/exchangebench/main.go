// Command exchangebench measures whole HTTP requests: sign-in, validation,
// screening, planning, one commit, logging, against txn_grid, the same
// exchange as bare SQL by pgbench, in turns in one run.
//
//	go run ./server/exchangebench
//
// It starts a throw-away PostgreSQL with fsync on and the real server on
// loopback, lets 32 neighbours ask at once for what lies in their grids, and
// prints the median ratio beside its goal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"linli/models/store"
	"linli/models/store/seal"
	"linli/models/store/storetest/pgtemp"
	"linli/models/store/storetest/ratio"
	"linli/models/store/storetest/txngrid"
	"linli/server"
	"linli/server/config"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func main() {
	seconds := flag.Int("seconds", 3, "seconds per side and round")
	rounds := flag.Int("rounds", 5, "rounds; the median ratio counts")
	callers := flag.Int("callers", 32, "neighbours who ask at once")
	profile := flag.String("cpuprofile", "", "write a CPU profile of the measured rounds to this file")
	flag.Parse()
	debug.SetGCPercent(200) // as linli serve does
	debug.SetMemoryLimit(2 << 30)
	missed, err := run(context.Background(), *callers, *rounds, time.Duration(*seconds)*time.Second, *profile)
	if err != nil {
		fmt.Fprintln(os.Stderr, "exchangebench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(ctx context.Context, callers, rounds int, d time.Duration, profile string) (missed bool, err error) {
	cluster, err := pgtemp.Start(pgtemp.Options{Durable: true, Loopback: true})
	if err != nil {
		return false, err
	}
	defer cluster.Stop()
	url := cluster.URL("postgres")
	if err := loadReference(url); err != nil {
		return false, err
	}
	script, err := txngrid.NewScript(url)
	if err != nil {
		return false, err
	}
	defer script.Close()
	town, stop, err := serve(ctx, cluster.URL("linli"))
	if err != nil {
		return false, err
	}
	defer stop()
	fmt.Println("settling neighbours and what they can spare …")
	wishes := callers * int(d.Seconds()+1) * (rounds + 1) * 120
	if err := town.settle(ctx, wishes); err != nil {
		return false, err
	}
	// A planner that has seen empty tables reads them whole ever after: some
	// requests first, then what autovacuum does by itself in a day.
	if _, err := ratio.Callers(callers, town.ask)(2 * time.Second); err != nil {
		return false, err
	}
	if err := analyze(cluster.URL("linli")); err != nil {
		return false, err
	}
	defer profiling(profile)()
	return ratio.Run(os.Stdout, []ratio.Pair{{Name: fmt.Sprintf("HTTP requests / txn_grid, %d callers", callers),
		Ours: ratio.Callers(callers, town.ask), Theirs: script.Clients(callers), Goal: 1.0}}, rounds, d)
}

// profiling writes a CPU profile until the function it gives is called.
func profiling(path string) func() {
	if path == "" {
		return func() {}
	}
	f, err := os.Create(path)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "exchangebench:", err)
		return func() {}
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}
}

func loadReference(url string) error {
	db, err := gorm.Open(postgres.Open(url), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return err
	}
	if err := txngrid.Load(txngrid.Postgres, func(s string) error { return db.Exec(s).Error }); err != nil {
		return err
	}
	return errors.Join(db.Exec("VACUUM ANALYZE").Error, db.Exec("CREATE DATABASE linli").Error)
}

// analyze does what autovacuum has done in a database that has stood a while.
func analyze(url string) error {
	db, err := gorm.Open(postgres.Open(url), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return err
	}
	return db.Exec("VACUUM ANALYZE").Error
}

// serve runs the real server, in this process, on loopback.
func serve(ctx context.Context, url string) (*town, func(), error) {
	keys, err := seal.NewKeyring([]byte("a key for a bench, 32 bytes long"))
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(store.Options{Database: url, Keys: keys, Now: time.Now, NewID: server.NewID})
	if err != nil {
		return nil, nil, err
	}
	if _, _, err := s.Migrate(ctx); err != nil {
		return nil, nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	addr := listener.Addr().String()
	srv, err := server.New(config.Serve{Addr: addr, Lanes: 2}, s, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx, listener) }()
	return newTown(s, addr), func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			fmt.Fprintln(os.Stderr, "exchangebench:", err)
		}
	}, nil
}
