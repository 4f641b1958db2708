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
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// exchange is one whole exchange in a grid.
type exchange func(ctx context.Context, grid int64) error

// side is one way to do the work; it runs for a while and says how it went.
type side func(d time.Duration) (figures, error)

type figures struct {
	perSecond float64
	p50, p99  time.Duration
}

// pair is two sides of which the first should be goal times as fast.
type pair struct {
	name         string
	ours, theirs side
	goal         float64
}

func main() {
	seconds := flag.Int("seconds", 3, "seconds per side and round")
	rounds := flag.Int("rounds", 5, "rounds; the median ratio counts")
	dir := flag.String("dir", "", "directory for the SQLite file, on a real disk (default: the system's for temporary files)")
	only := flag.String("only", "", "run only the pairs whose name begins with this")
	flag.Parse()
	// The service runs with these too: less collecting, but not without bound.
	debug.SetGCPercent(400)
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
	pairs := slices.DeleteFunc(append(server, file...), func(p pair) bool { return !strings.HasPrefix(p.name, only) })
	for _, p := range pairs { // connections, statements and caches get warm
		for _, s := range []side{p.ours, p.theirs} {
			if _, err := s(time.Second); err != nil {
				return false, fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	ratios := make([][]float64, len(pairs))
	for round := range rounds {
		for i, p := range pairs {
			ours, theirs, err := turn(p, round, d)
			if err != nil {
				return false, fmt.Errorf("%s: %w", p.name, err)
			}
			ratio := ours.perSecond / theirs.perSecond
			ratios[i] = append(ratios[i], ratio)
			fmt.Printf("round %d  %-44s %7.0f/s (p50 %v, p99 %v)  %7.0f/s (p99 %v)  %.2f\n", round+1, p.name,
				ours.perSecond, brief(ours.p50), brief(ours.p99), theirs.perSecond, brief(theirs.p99), ratio)
		}
	}
	fmt.Printf("\n%-46s %6s  %-13s %6s\n", "ratio", "median", "range", "goal")
	for i, p := range pairs {
		slices.Sort(ratios[i])
		median := ratios[i][len(ratios[i])/2]
		verdict := ""
		if median < p.goal {
			verdict, missed = "  MISSED", true
		}
		fmt.Printf("%-46s %6.2f  %4.2f - %-6.2f %6.1f%s\n", p.name, median, ratios[i][0], ratios[i][len(ratios[i])-1], p.goal, verdict)
	}
	return missed, nil
}

// turn runs both sides; who begins changes, so that neither always meets what
// the other left behind.
func turn(p pair, round int, d time.Duration) (ours, theirs figures, err error) {
	if round%2 == 1 {
		theirs, err = p.theirs(d)
	}
	if err == nil {
		ours, err = p.ours(d)
	}
	if err == nil && round%2 == 0 {
		theirs, err = p.theirs(d)
	}
	return ours, theirs, err
}

// callers lets n callers do exchanges, each in a random grid or all in one.
func callers(n int, hot bool, do exchange) side {
	return func(d time.Duration) (figures, error) {
		ctx := context.Background()
		var wg sync.WaitGroup
		took := make([][]time.Duration, n)
		errs := make([]error, n)
		started := time.Now()
		for i := range n {
			wg.Go(func() {
				for time.Since(started) < d && errs[i] == nil {
					grid := int64(1)
					if !hot {
						grid = rand.Int64N(grids) + 1
					}
					begun := time.Now()
					errs[i] = do(ctx, grid)
					took[i] = append(took[i], time.Since(begun))
				}
			})
		}
		wg.Wait()
		elapsed := time.Since(started)
		for _, err := range errs {
			if err != nil {
				return figures{}, err
			}
		}
		all := slices.Concat(took...)
		slices.Sort(all)
		return figures{float64(len(all)) / elapsed.Seconds(), all[len(all)/2], all[len(all)*99/100]}, nil
	}
}

func brief(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
