package assign_test

import (
	"math/rand/v2"
	"testing"

	"linli/matching/assign"
)

// scarce draws a pool as a planner makes them: more is needed than there is,
// few levels of reward make ties, and of some needs the reward falls.
func scarce(r *rand.Rand, needs int) assign.Problem {
	var p assign.Problem
	for range 1 + needs*2/3 {
		p.Supply = append(p.Supply, 1+r.Int64N(4))
	}
	for to := range needs {
		units := 1 + r.Int64N(3)
		p.Demand = append(p.Demand, units)
		reward := (2+r.Int64N(4))<<40 + r.Int64N(4)<<32
		for range min(20, needs) {
			a := assign.Arc{From: r.IntN(len(p.Supply)), To: to, Cap: 99, Cost: r.Int64N(3)<<20 + r.Int64N(50)*20 - reward}
			p.Arcs = append(p.Arcs, a)
			if units > 1 && to%3 == 0 {
				p.Arcs[len(p.Arcs)-1].Cap = 1
				a.Cost += 1 << 40
				p.Arcs = append(p.Arcs, a)
			}
		}
	}
	return p
}

// lawful changes a problem, and says what its cost is to become.
type lawful func(r *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64)

var laws = map[string]lawful{
	"rows in another order": func(r *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		from, to := r.Perm(len(p.Supply)), r.Perm(len(p.Demand))
		q := assign.Problem{Supply: make([]int64, len(from)), Demand: make([]int64, len(to))}
		for i, at := range from {
			q.Supply[at] = p.Supply[i]
		}
		for j, at := range to {
			q.Demand[at] = p.Demand[j]
		}
		for _, a := range p.Arcs {
			a.From, a.To = from[a.From], to[a.To]
			q.Arcs = append(q.Arcs, a)
		}
		return q, cost
	},
	"the sides exchanged": func(_ *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		q := assign.Problem{Supply: p.Demand, Demand: p.Supply}
		for _, a := range p.Arcs {
			a.From, a.To = a.To, a.From
			q.Arcs = append(q.Arcs, a)
		}
		return q, cost
	},
	"seven times the quantities": func(_ *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		for i := range p.Supply {
			p.Supply[i] *= 7
		}
		for j := range p.Demand {
			p.Demand[j] *= 7
		}
		for k := range p.Arcs {
			p.Arcs[k].Cap *= 7
		}
		return p, cost * 7
	},
	"arcs split into parallel ones": func(r *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		for k := range p.Arcs {
			half := p.Arcs[k]
			half.Cap = r.Int64N(half.Cap + 1)
			p.Arcs[k].Cap -= half.Cap
			p.Arcs = append(p.Arcs, half)
		}
		return p, cost
	},
	"useless arcs and rows": func(r *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		p.Supply, p.Demand = append(p.Supply, 0, 5), append(p.Demand, 0, 5)
		for i := range p.Supply {
			p.Arcs = append(p.Arcs, assign.Arc{From: i, To: r.IntN(len(p.Demand)), Cap: 9, Cost: r.Int64N(3)},
				assign.Arc{From: i, To: len(p.Demand) - 2, Cap: 9, Cost: -1 << 40})
		}
		for j := range p.Demand {
			p.Arcs = append(p.Arcs, assign.Arc{From: len(p.Supply) - 2, To: j, Cap: 9, Cost: -1 << 40},
				assign.Arc{From: len(p.Supply) - 1, To: j, Cap: 0, Cost: -1 << 40})
		}
		return p, cost
	},
	"twice the same, apart": func(_ *rand.Rand, p assign.Problem, cost int64) (assign.Problem, int64) {
		from, to, arcs := len(p.Supply), len(p.Demand), p.Arcs
		p.Supply, p.Demand = append(p.Supply, p.Supply...), append(p.Demand, p.Demand...)
		for _, a := range arcs {
			a.From, a.To = a.From+from, a.To+to
			p.Arcs = append(p.Arcs, a)
		}
		return p, cost * 2
	},
}

func TestSolve_KeepsTheLaws(t *testing.T) {
	t.Parallel()
	for name, law := range laws {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := seeded(t)
			for n := range 60 {
				p := random(r, 12, 60, 5, 9)
				if n%3 == 0 {
					p = scarce(r, 1+r.IntN(60))
				}
				q, want := law(r, p, solve(t, p).Cost)
				if got := solve(t, q).Cost; got != want {
					t.Fatalf("cost %d, want %d: %+v", got, want, q)
				}
			}
		})
	}
}

// Large pools prove themselves: one that hangs together, whose edges are put
// in order more than once, and parts that are solved at once.
func TestSolve_ProvesPools(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	solve(t, scarce(r, 1500))
	var many assign.Problem
	for range 60 {
		p := scarce(r, 40)
		from, to := len(many.Supply), len(many.Demand)
		many.Supply, many.Demand = append(many.Supply, p.Supply...), append(many.Demand, p.Demand...)
		for _, a := range p.Arcs {
			a.From, a.To = a.From+from, a.To+to
			many.Arcs = append(many.Arcs, a)
		}
	}
	solve(t, many)
}

// dense lets everyone take everything, more than is put in order at first.
func TestSolve_ProvesDenseAssignments(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for _, most := range []int64{1, 10, 1 << 30} {
		const n = 150
		p := assign.Problem{Supply: make([]int64, n), Demand: make([]int64, n)}
		for i := range n {
			p.Supply[i], p.Demand[i] = 1, 1
			for j := range n {
				p.Arcs = append(p.Arcs, assign.Arc{From: i, To: j, Cap: 1, Cost: r.Int64N(most) - 1<<40})
			}
		}
		if got := solve(t, p); got.Cost > n*(most-1<<40) {
			t.Errorf("cost %d: not everyone is served", got.Cost)
		}
	}
}
