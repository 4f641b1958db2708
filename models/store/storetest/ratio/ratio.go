// Package ratio measures two ways to do the same work, in turns, in one run.
//
// Pairs of sides flow in; the median of the pairwise ratios flows out beside
// its goal. The absolute figures say something about the machine only, so
// nothing here is a test that could fail on a slow one.
package ratio

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Side is one way to do the work; it runs for a while and says how it went.
type Side func(d time.Duration) (Figures, error)

// Figures of one turn.
type Figures struct {
	PerSecond float64
	P50, P99  time.Duration
}

// Pair is two sides of which the first should be Goal times as fast.
type Pair struct {
	Name         string
	Ours, Theirs Side
	Goal         float64
}

// Run warms the pairs up, runs them in turns and prints a line a turn and a
// table of medians. missed says that a goal was.
func Run(out io.Writer, pairs []Pair, rounds int, d time.Duration) (missed bool, err error) {
	for _, p := range pairs { // connections, statements and caches get warm
		for _, s := range []Side{p.Ours, p.Theirs} {
			if _, err := s(time.Second); err != nil {
				return false, fmt.Errorf("%s: %w", p.Name, err)
			}
		}
	}
	ratios := make([][]float64, len(pairs))
	for round := range rounds {
		for i, p := range pairs {
			ours, theirs, err := turn(p, round, d)
			if err != nil {
				return false, fmt.Errorf("%s: %w", p.Name, err)
			}
			r := ours.PerSecond / theirs.PerSecond
			ratios[i] = append(ratios[i], r)
			fmt.Fprintf(out, "round %d  %-46s %7.0f/s (p50 %v, p99 %v)  %7.0f/s (p99 %v)  %.2f\n", round+1, p.Name,
				ours.PerSecond, brief(ours.P50), brief(ours.P99), theirs.PerSecond, brief(theirs.P99), r)
		}
	}
	fmt.Fprintf(out, "\n%-48s %6s  %-13s %6s\n", "ratio", "median", "range", "goal")
	for i, p := range pairs {
		slices.Sort(ratios[i])
		median := ratios[i][len(ratios[i])/2]
		verdict := ""
		if median < p.Goal {
			verdict, missed = "  MISSED", true
		}
		fmt.Fprintf(out, "%-48s %6.2f  %4.2f - %-6.2f %6.1f%s\n", p.Name, median, ratios[i][0], ratios[i][len(ratios[i])-1], p.Goal, verdict)
	}
	return missed, nil
}

// turn runs both sides; who begins changes, so that neither always meets what
// the other left behind.
func turn(p Pair, round int, d time.Duration) (ours, theirs Figures, err error) {
	if round%2 == 1 {
		theirs, err = p.Theirs(d)
	}
	if err == nil {
		ours, err = p.Ours(d)
	}
	if err == nil && round%2 == 0 {
		theirs, err = p.Theirs(d)
	}
	return ours, theirs, err
}

// Callers lets n callers work at once, again and again.
func Callers(n int, do func(ctx context.Context, caller int) error) Side {
	return func(d time.Duration) (Figures, error) {
		ctx := context.Background()
		var wg sync.WaitGroup
		took := make([][]time.Duration, n)
		errs := make([]error, n)
		started := time.Now()
		for i := range n {
			wg.Go(func() {
				for time.Since(started) < d && errs[i] == nil {
					begun := time.Now()
					errs[i] = do(ctx, i)
					took[i] = append(took[i], time.Since(begun))
				}
			})
		}
		wg.Wait()
		elapsed := time.Since(started)
		for _, err := range errs {
			if err != nil {
				return Figures{}, err
			}
		}
		all := slices.Concat(took...)
		slices.Sort(all)
		return Figures{float64(len(all)) / elapsed.Seconds(), all[len(all)/2], all[len(all)*99/100]}, nil
	}
}

func brief(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
