// Command assignbench measures the solver of matching/assign as ratios against
// simpler ways to part the same pools, in one run and on one machine:
//
//	go run ./matching/assign/assignbench
//
// A greedy that sorts by weight knows no optimum: being some times slower than
// it is the price of one. A dense assignment runs against the method of Jonker
// and Volgenant as published. Every answer is proven by its prices before it
// is timed. It prints the median ratio beside its goal and exits with 1 if one
// is missed.
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

	"linli/matching/assign"
	"linli/models/store/storetest/ratio"
)

func main() {
	millis := flag.Int("millis", 800, "milliseconds per side and round")
	rounds := flag.Int("rounds", 5, "rounds; the median ratio counts")
	only := flag.String("only", "", "run only the pairs whose name begins with this")
	flag.Parse()
	debug.SetGCPercent(200) // as linli serve does
	missed, err := run(*only, *rounds, time.Duration(*millis)*time.Millisecond)
	if err != nil {
		fmt.Fprintln(os.Stderr, "assignbench:", err)
	}
	if err != nil || missed {
		os.Exit(1)
	}
}

func run(only string, rounds int, d time.Duration) (missed bool, err error) {
	var pairs []ratio.Pair
	for _, c := range cases {
		if !strings.HasPrefix(c.name, only) {
			continue
		}
		pair, err := c.pair()
		if err != nil {
			return false, fmt.Errorf("%s: %w", c.name, err)
		}
		pairs = append(pairs, pair)
	}
	return ratio.Run(os.Stdout, pairs, rounds, d)
}

// measured is a problem with what it is measured against and the goal: how
// many times as fast.
type measured struct {
	name   string
	make   func() assign.Problem
	theirs func(p assign.Problem, ours assign.Solution) (ratio.Side, error)
	goal   float64
}

var cases = []measured{
	{"40 rows / 50 µs", func() assign.Problem { return blocks(1, 40) }, within(50 * time.Microsecond), 1},
	{"10,000 needs in blocks / greedy", func() assign.Problem { return blocks(250, 40) }, beside, 1 / 1.6},
	{"10,000 needs in one city / greedy", func() assign.Problem { return city(10_000, true) }, beside, 1. / 4},
	{"10,000 needs anywhere / greedy", func() assign.Problem { return city(10_000, false) }, beside, 1. / 4},
	{"100,000 needs in blocks / 0.3 s", func() assign.Problem { return blocks(2500, 40) }, within(300 * time.Millisecond), 1},
	{"dense 800, costs to 1000 / JV", func() assign.Problem { return square(800, 1000) }, densely, 1},
	{"dense 800, costs to 10^6 / JV", func() assign.Problem { return square(800, 1_000_000) }, densely, 1},
}

func (m measured) pair() (ratio.Pair, error) {
	p := m.make()
	s, err := assign.Solve(p)
	if err == nil {
		err = assign.Verify(p, s)
	}
	if err != nil {
		return ratio.Pair{}, err
	}
	theirs, err := m.theirs(p, s)
	return ratio.Pair{Name: m.name, Goal: m.goal, Theirs: theirs, Ours: side(func() error {
		_, err := assign.Solve(p)
		return err
	})}, err
}

func side(do func() error) ratio.Side {
	return ratio.Callers(1, func(context.Context, int) error { return do() })
}

// within stands for a side that takes so long.
func within(d time.Duration) func(assign.Problem, assign.Solution) (ratio.Side, error) {
	return func(assign.Problem, assign.Solution) (ratio.Side, error) {
		return func(time.Duration) (ratio.Figures, error) {
			return ratio.Figures{PerSecond: 1 / d.Seconds(), P50: d, P99: d}, nil
		}, nil
	}
}

// beside is the greedy; it is never cheaper than the optimum.
func beside(p assign.Problem, ours assign.Solution) (ratio.Side, error) {
	_, cost := greedy(p)
	if cost < ours.Cost {
		return nil, fmt.Errorf("the greedy costs %d, the optimum %d", cost, ours.Cost)
	}
	return side(func() error { greedy(p); return nil }), nil
}

// densely is the published method. It too begins with the problem: a matrix,
// here kept from run to run, is filled from the arcs.
func densely(p assign.Problem, ours assign.Solution) (ratio.Side, error) {
	costs := make([][]int64, len(p.Supply))
	for i := range costs {
		costs[i] = make([]int64, len(p.Demand))
	}
	solve := func() int64 {
		for k := range p.Arcs {
			a := &p.Arcs[k]
			costs[a.From][a.To] = a.Cost
		}
		return jonkerVolgenant(costs)
	}
	if cost := solve(); cost != ours.Cost {
		return nil, fmt.Errorf("JV says %d, Solve %d", cost, ours.Cost)
	}
	return side(func() error { solve(); return nil }), nil
}

// greedy gives the cheapest arc as much as it takes, then the next. It is as
// quick as it can be with the library's sort: over numbers, not over arcs.
func greedy(p assign.Problem) (flow []int64, cost int64) {
	type weighed struct {
		cost int64
		arc  int32
	}
	order := make([]weighed, 0, len(p.Arcs))
	for k, a := range p.Arcs {
		if a.Cost < 0 {
			order = append(order, weighed{a.Cost, int32(k)})
		}
	}
	slices.SortFunc(order, func(a, b weighed) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return int(a.arc - b.arc)
	})
	flow = make([]int64, len(p.Arcs))
	supply, demand := slices.Clone(p.Supply), slices.Clone(p.Demand)
	for _, w := range order {
		a := &p.Arcs[w.arc]
		units := min(a.Cap, supply[a.From], demand[a.To])
		flow[w.arc] = units
		supply[a.From] -= units
		demand[a.To] -= units
		cost += units * a.Cost
	}
	return flow, cost
}
