// Command routebench measures the solver of matching/route: how often it finds
// the known optimum of classic tours, how far rounds of forty stops are from
// what a long search finds, and how long it takes:
//
//	go run ./matching/route/routebench
//
// Each line stands beside its goal, and it exits with 1 if one is missed. What
// is found depends on the seeds alone; only the times depend on the machine.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"linli/matching/route"
	"linli/matching/route/tours"
)

func main() {
	seeds := flag.Int("seeds", 40, "seeds per tour and per round")
	only := flag.String("only", "", "run only the lines whose name begins with this")
	flag.Parse()
	missed, err := run(*only, *seeds)
	if err != nil {
		fmt.Fprintln(os.Stderr, "routebench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(only string, seeds int) (missed bool, err error) {
	all, err := tours.All()
	if err != nil {
		return false, err
	}
	for _, tour := range all {
		if strings.HasPrefix(tour.Name, only) {
			met, err := classic(tour, seeds)
			if err != nil {
				return false, err
			}
			missed = missed || !met
		}
	}
	for _, k := range kinds {
		if strings.HasPrefix(k.name, only) {
			met, err := k.measure(seeds)
			if err != nil {
				return false, err
			}
			missed = missed || !met
		}
	}
	return missed, nil
}

// classic solves a tour with every seed, each from another stop. Goals: always
// the optimum; in a few milliseconds, here 10, or one second above 105 stops.
func classic(tour tours.Tour, seeds int) (met bool, err error) {
	goal := 10 * time.Millisecond
	if len(tour.Cost) > 105 {
		goal = time.Second
	}
	hits, worst, times := 0, int64(0), []time.Duration(nil)
	for seed := range seeds {
		at := seed % len(tour.Cost)
		began := time.Now()
		s, err := route.Solve(route.Problem{Cost: tour.Cost, Start: at, End: at}, uint64(seed), 0)
		times = append(times, time.Since(began))
		if err != nil {
			return false, err
		}
		if s.Cost < tour.Optimum {
			return false, fmt.Errorf("%s: cost %d below the optimum %d", tour.Name, s.Cost, tour.Optimum)
		}
		if s.Cost == tour.Optimum {
			hits++
		}
		worst = max(worst, s.Cost-tour.Optimum)
	}
	took := median(times)
	met = hits == seeds && took <= goal
	fmt.Printf("%-34s optimum %d/%d, worst +%.2f %%, %.1f ms (goal all, %.0f ms)%s\n", tour.Name, hits, seeds,
		100*float64(worst)/float64(tour.Optimum), milliseconds(took), milliseconds(goal), verdict(met))
	return met, nil
}

// measure solves random rounds with every seed. An exact answer is its own
// proof; of the others the gap to the best known counts, which is a search of
// fifty times the effort.
func (k kind) measure(seeds int) (met bool, err error) {
	const rounds = 8
	gaps, more, times := 0.0, 0, []time.Duration(nil)
	exact, answers := true, 0
	for n := range rounds {
		p := k.round(uint64(n))
		best, err := route.Solve(p, 1, 50*k.effort)
		if err != nil {
			return false, err
		}
		var found []route.Solution
		for seed := range seeds {
			began := time.Now()
			s, err := route.Solve(p, uint64(seed), k.effort)
			times = append(times, time.Since(began))
			if err != nil {
				return false, err
			}
			if len(s.Skipped) < len(best.Skipped) || len(s.Skipped) == len(best.Skipped) && s.Cost < best.Cost {
				best = s
			}
			exact = exact && s.Exact
			found = append(found, s)
		}
		for _, s := range found {
			if len(s.Skipped) > len(best.Skipped) {
				more += len(s.Skipped) - len(best.Skipped)
				continue
			}
			answers++
			gaps += 100 * float64(s.Cost-best.Cost) / float64(best.Cost)
		}
	}
	took, gap := median(times), gaps/float64(max(1, answers))
	met = took <= k.goal && (exact || gap <= 0.5 && more == 0)
	what := fmt.Sprintf("+%.2f %% and %.2f skipped more than a long search", gap, float64(more)/float64(rounds*seeds))
	goal := "+0.5 % and none, "
	if exact {
		what, goal = "exact", "exact, "
	}
	fmt.Printf("%-34s %s, %.1f ms (goal %s%.0f ms)%s\n", k.name, what, milliseconds(took), goal, milliseconds(k.goal), verdict(met))
	return met, nil
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func verdict(met bool) string {
	if met {
		return ""
	}
	return "  MISSED"
}
