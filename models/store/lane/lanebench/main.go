// Command lanebench measures the lane as ratios against the same work done
// otherwise, in one run and on one machine:
//
//	go run ./models/store/lane/lanebench
//
// It starts a throw-away PostgreSQL with fsync on and a SQLite file with
// synchronous FULL, runs each pair in turns, and prints the median of the
// pairwise ratios beside its goal. It exits with 1 if a goal is missed. The
// absolute figures say something about the machine only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"linli/models/store/storetest/ratio"
)

// exchange is one whole exchange in a grid.
type exchange func(ctx context.Context, grid int64) error

func main() {
	seconds := flag.Int("seconds", 3, "seconds per side and round")
	rounds := flag.Int("rounds", 5, "rounds; the median ratio counts")
	dir := flag.String("dir", "", "directory for the SQLite file, on a real disk (default: the system's for temporary files)")
	only := flag.String("only", "", "run only the pairs whose name begins with this")
	flag.Parse()
	// The service runs with these too: less collecting, but not without bound.
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(2 << 30)
	missed, err := run(*dir, *only, *rounds, time.Duration(*seconds)*time.Second)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lanebench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(dir, only string, rounds int, d time.Duration) (missed bool, err error) {
	file, closeFile, err := openSQLite(dir)
	if err != nil {
		return false, err
	}
	defer closeFile()
	server, closeServer, err := openPostgres()
	if err != nil {
		return false, err
	}
	defer closeServer()
	pairs := slices.DeleteFunc(append(server, file...), func(p ratio.Pair) bool { return !strings.HasPrefix(p.Name, only) })
	return ratio.Run(os.Stdout, pairs, rounds, d)
}
