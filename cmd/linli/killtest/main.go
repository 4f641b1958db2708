// Command killtest kills a serving linli again and again, in the middle of
// load, and looks at what is left.
//
// It starts the built program on a fresh SQLite file and on a fresh PostgreSQL
// database, lets neighbours ask and offer over HTTP, kills the process with
// SIGKILL at a random moment, lets `linli doctor` look, starts it again and
// sends every call that was under way once more with its key. In the end each
// acknowledged post must be there, and nobody may have one twice. All of it
// goes to loopback; the seed is printed.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"linli/models/store/storetest/pgtemp"
)

func main() {
	program := flag.String("program", "bin/linli", "the built program")
	kills := flag.Int("kills", 50, "kills on each database")
	callers := flag.Int("callers", 16, "neighbours who act at once")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the moments")
	flag.Parse()
	log.SetFlags(0)
	fmt.Printf("seed %d, %d kills on each database, %d callers\n", *seed, *kills, *callers)
	dir, err := os.MkdirTemp("", "linli-kill-")
	if err != nil {
		log.Fatal(err)
	}
	err = both(context.Background(), &round{program: *program, kills: *kills, callers: *callers,
		random: rand.New(rand.NewPCG(*seed, 1))}, dir)
	if err := os.RemoveAll(dir); err != nil {
		log.Print(err)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func both(ctx context.Context, of *round, dir string) error {
	r := of.on(filepath.Join(dir, "sqlite"), filepath.Join(dir, "sqlite", "linli.db"))
	if err := r.run(ctx, "SQLite"); err != nil {
		return fmt.Errorf("SQLite: %w", err)
	}
	cluster, err := pgtemp.Start(pgtemp.Options{})
	if err != nil {
		return err
	}
	defer cluster.Stop()
	r = of.on(filepath.Join(dir, "postgres"), cluster.URL("postgres"))
	if err := r.run(ctx, "PostgreSQL"); err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	return nil
}
