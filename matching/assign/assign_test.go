package assign_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"linli/matching/assign"
)

// seeded gives a generator whose seed stands in the log of a failing test.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

func solve(t *testing.T, p assign.Problem) assign.Solution {
	t.Helper()
	s, err := assign.Solve(p)
	if err != nil {
		t.Fatalf("Solve(%+v): %v", p, err)
	}
	if err := assign.Verify(p, s); err != nil {
		t.Fatalf("%+v\n%+v: %v", p, s, err)
	}
	return s
}

func TestSolve_KnownAnswers(t *testing.T) {
	t.Parallel()
	type arcs = []assign.Arc
	for name, c := range map[string]struct {
		p    assign.Problem
		flow []int64
	}{
		"nothing at all":           {assign.Problem{}, []int64{}},
		"a reward moves":           {assign.Problem{Supply: []int64{5}, Demand: []int64{3}, Arcs: arcs{{0, 0, 9, -1}}}, []int64{3}},
		"a cost does not":          {assign.Problem{Supply: []int64{5}, Demand: []int64{3}, Arcs: arcs{{0, 0, 9, 1}}}, []int64{0}},
		"capacity holds":           {assign.Problem{Supply: []int64{5}, Demand: []int64{3}, Arcs: arcs{{0, 0, 2, -1}}}, []int64{2}},
		"rewards fall":             {assign.Problem{Supply: []int64{5}, Demand: []int64{4}, Arcs: arcs{{0, 0, 9, -1}, {0, 0, 3, -7}}}, []int64{1, 3}},
		"the better pair wins":     {assign.Problem{Supply: []int64{1}, Demand: []int64{1, 1}, Arcs: arcs{{0, 0, 1, -3}, {0, 1, 1, -5}}}, []int64{0, 1}},
		"one steps aside":          {assign.Problem{Supply: []int64{1, 1}, Demand: []int64{1, 1}, Arcs: arcs{{0, 0, 1, -9}, {0, 1, 1, -8}, {1, 0, 1, -7}}}, []int64{0, 1, 1}},
		"an empty supply is full":  {assign.Problem{Supply: []int64{0}, Demand: []int64{1}, Arcs: arcs{{0, 0, 1, -5}}}, []int64{0}},
		"an empty demand is full":  {assign.Problem{Supply: []int64{1}, Demand: []int64{0}, Arcs: arcs{{0, 0, 1, -5}}}, []int64{0}},
		"a closed arc is no arc":   {assign.Problem{Supply: []int64{1}, Demand: []int64{1}, Arcs: arcs{{0, 0, 0, -5}}}, []int64{0}},
		"the largest magnitudes":   {assign.Problem{Supply: []int64{1}, Demand: []int64{1}, Arcs: arcs{{0, 0, 1, -assign.Limit}}}, []int64{1}},
		"the largest cost is left": {assign.Problem{Supply: []int64{1}, Demand: []int64{1}, Arcs: arcs{{0, 0, 1, assign.Limit}}}, []int64{0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := solve(t, c.p); !reflect.DeepEqual(got.Flow, c.flow) {
				t.Errorf("flow %v, want %v", got.Flow, c.flow)
			}
		})
	}
}

func TestSolve_RefusesBadInput(t *testing.T) {
	t.Parallel()
	one := []int64{1}
	for name, p := range map[string]assign.Problem{
		"negative supply":   {Supply: []int64{-1}},
		"negative demand":   {Demand: []int64{-1}},
		"negative capacity": {Supply: one, Demand: one, Arcs: []assign.Arc{{0, 0, -1, 0}}},
		"From too low":      {Supply: one, Demand: one, Arcs: []assign.Arc{{-1, 0, 1, 0}}},
		"From too high":     {Supply: one, Demand: one, Arcs: []assign.Arc{{1, 0, 1, 0}}},
		"To too low":        {Supply: one, Demand: one, Arcs: []assign.Arc{{0, -1, 1, 0}}},
		"To too high":       {Supply: one, Demand: one, Arcs: []assign.Arc{{0, 1, 1, 0}}},
	} {
		if _, err := assign.Solve(p); err == nil || errors.Is(err, assign.ErrOverflow) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]assign.Problem{
		"supplies too large":  {Supply: []int64{math.MaxInt64, 1}},
		"demands too large":   {Demand: []int64{math.MaxInt64 / 2}},
		"cost too large":      {Supply: one, Demand: one, Arcs: []assign.Arc{{0, 0, 1, math.MaxInt64}}},
		"reward too large":    {Supply: one, Demand: one, Arcs: []assign.Arc{{0, 0, 1, math.MinInt64}}},
		"total could be more": {Supply: []int64{1 << 40}, Demand: []int64{1 << 40}, Arcs: []assign.Arc{{0, 0, 1, 1 << 30}}},
	} {
		if _, err := assign.Solve(p); !errors.Is(err, assign.ErrOverflow) {
			t.Errorf("%s: %v, want ErrOverflow", name, err)
		}
	}
}

// random draws a problem; small numbers make ties and full nodes likely.
func random(r *rand.Rand, nodes, arcs int, most, cost int64) assign.Problem {
	amounts := func() []int64 {
		a := make([]int64, 1+r.IntN(nodes))
		for i := range a {
			a[i] = r.Int64N(most + 1)
		}
		return a
	}
	p := assign.Problem{Supply: amounts(), Demand: amounts()}
	for range r.IntN(arcs + 1) {
		p.Arcs = append(p.Arcs, assign.Arc{From: r.IntN(len(p.Supply)), To: r.IntN(len(p.Demand)),
			Cap: r.Int64N(most + 2), Cost: r.Int64N(2*cost+1) - cost})
	}
	return p
}

// cheapest tries every flow.
func cheapest(p assign.Problem, k int) int64 {
	if k == len(p.Arcs) {
		return 0
	}
	a := p.Arcs[k]
	best := int64(math.MaxInt64)
	for f := int64(0); f <= min(a.Cap, p.Supply[a.From], p.Demand[a.To]); f++ {
		p.Supply[a.From] -= f
		p.Demand[a.To] -= f
		best = min(best, f*a.Cost+cheapest(p, k+1))
		p.Supply[a.From] += f
		p.Demand[a.To] += f
	}
	return best
}

func TestSolve_IsAsCheapAsBruteForce(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 3000 {
		p := random(r, 4, 7, 3, 6)
		if got, want := solve(t, p).Cost, cheapest(p, 0); got != want {
			t.Fatalf("cost %d, want %d: %+v", got, want, p)
		}
	}
}

func TestSolve_ProvesLargeAnswers(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 20 {
		solve(t, random(r, 120, 3000, 40, 1_000_000))
	}
}

func TestSolve_GivesTheSameAnswerTwice(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 50 {
		p := random(r, 20, 100, 5, 2)
		if a, b := solve(t, p), solve(t, p); !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v", a, b)
		}
	}
}

func TestSolve_CostIgnoresTheOrderOfArcs(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 100 {
		p := random(r, 12, 60, 5, 9)
		want := solve(t, p).Cost
		r.Shuffle(len(p.Arcs), func(i, j int) { p.Arcs[i], p.Arcs[j] = p.Arcs[j], p.Arcs[i] })
		if got := solve(t, p).Cost; got != want {
			t.Fatalf("cost %d, want %d: %+v", got, want, p)
		}
	}
}

func TestSolve_MoreSupplyNeverHurts(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 200 {
		p := random(r, 10, 40, 5, 9)
		before := solve(t, p).Cost
		p.Supply[r.IntN(len(p.Supply))] += 3
		if after := solve(t, p).Cost; after > before {
			t.Fatalf("cost rose from %d to %d: %+v", before, after, p)
		}
	}
}

func TestSolve_ScalesWithCosts(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 100 {
		p := random(r, 10, 40, 5, 9)
		before := solve(t, p).Cost
		for k := range p.Arcs {
			p.Arcs[k].Cost *= 1_000_003
		}
		if after := solve(t, p).Cost; after != before*1_000_003 {
			t.Fatalf("cost %d, want %d: %+v", after, before*1_000_003, p)
		}
	}
}

// A certificate that accepts anything would prove nothing.
func TestVerify_RefusesWhatIsNotOptimal(t *testing.T) {
	t.Parallel()
	p := assign.Problem{Supply: []int64{2}, Demand: []int64{1, 2}, Arcs: []assign.Arc{{0, 0, 1, -3}, {0, 1, 2, -5}}}
	good := solve(t, p)
	for name, spoil := range map[string]func(*assign.Solution){
		"flow over capacity":         func(s *assign.Solution) { s.Flow[0] = 2 },
		"negative flow":              func(s *assign.Solution) { s.Flow[0] = -1 },
		"supply overdrawn":           func(s *assign.Solution) { s.Flow[0] = 1 },
		"the worse pair":             func(s *assign.Solution) { s.Flow[0], s.Flow[1], s.Cost = 1, 1, -8 },
		"nothing moves":              func(s *assign.Solution) { s.Flow[1], s.Cost = 0, 0 },
		"a wrong cost":               func(s *assign.Solution) { s.Cost++ },
		"a negative price":           func(s *assign.Solution) { s.DemandPrice[0] = -1 },
		"a price out of range":       func(s *assign.Solution) { s.SupplyPrice[0] = math.MaxInt64 },
		"a price on a node not full": func(s *assign.Solution) { s.DemandPrice[0] = 1 },
		"no prices":                  func(s *assign.Solution) { s.SupplyPrice = nil },
		"prices too low":             func(s *assign.Solution) { s.SupplyPrice[0], s.DemandPrice[1] = 0, 0 },
	} {
		s := assign.Solution{Cost: good.Cost, Flow: append([]int64{}, good.Flow...),
			SupplyPrice: append([]int64{}, good.SupplyPrice...), DemandPrice: append([]int64{}, good.DemandPrice...)}
		spoil(&s)
		if assign.Verify(p, s) == nil {
			t.Errorf("%s: accepted %+v", name, s)
		}
	}
}

func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		solve(t, random(rand.New(rand.NewPCG(a, b)), 8, 30, 6, 1<<40))
	})
}

func BenchmarkSolve_40x40(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	p := assign.Problem{Supply: make([]int64, 40), Demand: make([]int64, 40)}
	for i := range 40 {
		p.Supply[i], p.Demand[i] = 1+r.Int64N(12), 1+r.Int64N(12)
		for j := range 40 {
			p.Arcs = append(p.Arcs, assign.Arc{From: i, To: j, Cap: 12, Cost: -1_000_000 + r.Int64N(5000)})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := assign.Solve(p); err != nil {
			b.Fatal(err)
		}
	}
}
