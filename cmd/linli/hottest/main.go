// Command hottest lets five hundred residents ask for the same ten boxes in the
// same second, again and again, on SQLite and on PostgreSQL.
//
// A point serves the micro-grids in which they live, and ten boxes lie in it. Every
// round all of them ask at once, through the use cases; ten must get one, nobody
// two, nobody may be left without an answer, and the others read why they wait. In
// the end the doctor looks. The seed decides who is where and who begins.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"linli/models/store/storetest/pgtemp"
)

func main() {
	rounds := flag.Int("rounds", 1000, "rounds on each database")
	size := flag.Int("residents", 500, "who ask at once")
	grids := flag.Int("grids", 10, "micro-grids in which they live")
	boxes := flag.Int("boxes", 10, "boxes that there are, at most ten")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the order")
	only := flag.String("only", "", "one database, sqlite or postgres, instead of both")
	flag.Parse()
	log.SetFlags(0)
	fmt.Printf("seed %d, %d rounds on each database: %d residents of %d micro-grids, %d boxes\n", *seed, *rounds, *size, *grids, *boxes)
	dir, err := os.MkdirTemp("", "linli-hot-")
	if err != nil {
		log.Fatal(err)
	}
	err = on(context.Background(), *only, filepath.Join(dir, "linli.db"), scene{residents: *size, grids: *grids, boxes: *boxes, seed: *seed}, *rounds)
	if err := os.RemoveAll(dir); err != nil {
		log.Print(err)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func on(ctx context.Context, only, file string, of scene, rounds int) error {
	tell := func(text string) { fmt.Println(text) }
	switch only {
	case "", "sqlite", "postgres":
	default:
		return fmt.Errorf("-only is sqlite or postgres, not %q", only)
	}
	if only != "postgres" {
		if err := play(ctx, "SQLite", file, of, rounds, tell); err != nil {
			return fmt.Errorf("SQLite: %w", err)
		}
	}
	if only == "sqlite" {
		return nil
	}
	cluster, err := pgtemp.Start(pgtemp.Options{})
	if err != nil {
		return err
	}
	defer cluster.Stop()
	if err := play(ctx, "PostgreSQL", cluster.URL("postgres"), of, rounds, tell); err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	return nil
}
