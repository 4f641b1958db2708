package route_test

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"linli/matching/route"
	"linli/matching/route/tours"
)

var seed = flag.Uint64("seed", 0, "seed of random rounds; 0 is new every time")

func seeded(t *testing.T) *rand.Rand {
	n := *seed
	if n == 0 {
		n = uint64(time.Now().UnixNano())
	}
	t.Logf("go test -seed %d repeats this", n)
	return rand.New(rand.NewPCG(n, 0))
}

// draw makes a round of any kind: any end, costs that differ by direction or
// not, that tie, with pairs, windows that nobody may keep and stays.
func draw(r *rand.Rand, n int) route.Problem {
	p := route.Problem{Cost: make([][]int64, n), Start: r.IntN(n), End: route.Anywhere}
	if r.IntN(3) > 0 {
		p.End = r.IntN(n)
	}
	if r.IntN(3) == 0 {
		p.End = p.Start
	}
	most := []int64{1, 10, 1000}[r.IntN(3)]
	for a := range n {
		p.Cost[a] = make([]int64, n)
		for b := range n {
			p.Cost[a][b] = r.Int64N(most + 1)
		}
	}
	if r.IntN(2) == 0 {
		for a := range n {
			for b := range a {
				p.Cost[a][b] = p.Cost[b][a]
			}
		}
	}
	if r.IntN(2) == 0 {
		p.Before = pairs(r, p, n)
	}
	if r.IntN(2) == 0 {
		p.Window = make([][2]int64, n)
		day := most * int64(n)
		for x := range n {
			from := r.Int64N(day)
			p.Window[x] = [2]int64{from, from + r.Int64N(day)}
			if r.IntN(2) == 0 {
				p.Window[x] = route.AnyTime
			}
		}
	}
	if r.IntN(2) == 0 {
		p.Service = make([]int64, n)
		for x := range n {
			p.Service[x] = r.Int64N(most + 1)
		}
	}
	return p
}

func pairs(r *rand.Rand, p route.Problem, n int) (before [][2]int) {
	rank := r.Perm(n)
	for range n / 2 {
		a, b := r.IntN(n), r.IntN(n)
		if rank[a] > rank[b] {
			a, b = b, a
		}
		if a != b && b != p.Start && (a != p.End || a == p.Start) {
			before = append(before, [2]int{a, b})
		}
	}
	return before
}

// solve gives the answer and fails if it breaks a rule.
func solve(t *testing.T, p route.Problem, seed uint64, effort int) route.Solution {
	t.Helper()
	s, err := route.Solve(p, seed, effort)
	if err != nil {
		t.Fatalf("%v: %+v", err, p)
	}
	if flaw := flawOf(p, s); flaw != "" {
		t.Fatalf("%s: %+v of %+v", flaw, s, p)
	}
	return s
}

// flawOf tells which rule an answer breaks. It knows nothing of how it came
// about.
func flawOf(p route.Problem, s route.Solution) string {
	n := len(p.Cost)
	place := make([]int, n)
	for x := range place {
		place[x] = -1
	}
	for i, x := range s.Order {
		if place[x] >= 0 {
			return "a stop twice"
		}
		place[x] = i
	}
	if len(s.Order)+len(s.Skipped) != n || len(s.Arrival) != len(s.Order) || s.Order[0] != p.Start {
		return "not every stop once, from Start"
	}
	if !slices.IsSorted(s.Skipped) || slices.ContainsFunc(s.Skipped, func(x int) bool { return place[x] >= 0 }) {
		return "skipped, and yet not"
	}
	if p.End >= 0 && p.End != p.Start && place[p.End] >= 0 && s.Order[len(s.Order)-1] != p.End {
		return "End is not the last"
	}
	for _, pair := range p.Before {
		a, b := place[pair[0]], place[pair[1]]
		if b >= 0 && pair[1] != p.End && (a < 0 || a > b) {
			return "brought before it is fetched"
		}
	}
	cost, now := int64(0), int64(0)
	for i, x := range s.Order {
		if i > 0 {
			step := p.Cost[s.Order[i-1]][x]
			cost, now = cost+step, now+step
		}
		if len(p.Window) > 0 {
			now = max(now, p.Window[x][0])
			if x != p.Start && now > p.Window[x][1] && p.Window[x][1] < route.Limit {
				return "late"
			}
		}
		if s.Arrival[i] != now {
			return "arrival"
		}
		if len(p.Service) > 0 {
			now += p.Service[x]
		}
	}
	if p.End == p.Start && len(s.Order) > 1 {
		cost += p.Cost[s.Order[len(s.Order)-1]][p.Start]
	}
	if cost != s.Cost {
		return "cost"
	}
	return ""
}

func TestSolve_KeepsEveryRule(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 60 {
		p := draw(r, 1+r.IntN(40))
		kept := clone(p)
		effort := 1 + r.IntN(60)
		s := solve(t, p, 7, effort)
		if !reflect.DeepEqual(p, kept) {
			t.Fatal("the problem was changed")
		}
		if again := solve(t, p, 7, effort); !reflect.DeepEqual(s, again) {
			t.Fatalf("the same is not the same: %+v, %+v", s, again)
		}
	}
}

func clone(p route.Problem) route.Problem {
	q := p
	q.Cost = nil
	for _, row := range p.Cost {
		q.Cost = append(q.Cost, slices.Clone(row))
	}
	q.Before, q.Window, q.Service = slices.Clone(p.Before), slices.Clone(p.Window), slices.Clone(p.Service)
	return q
}

// The optimum of every classic tour is found with the default effort.
func TestSolve_FindsTheClassicTours(t *testing.T) {
	t.Parallel()
	all, err := tours.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, tour := range all {
		t.Run(tour.Name, func(t *testing.T) {
			t.Parallel()
			s := solve(t, route.Problem{Cost: tour.Cost}, 1, 0)
			if s.Cost != tour.Optimum || s.Exact {
				t.Errorf("cost %d, the optimum is %d; exact: %v", s.Cost, tour.Optimum, s.Exact)
			}
		})
	}
}

// More effort never hurts, and a large round is still answered.
func TestSolve_OrdersLargeRounds(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	p := draw(r, 300)
	solve(t, p, 1, 40)
	p.Window, p.Before = nil, nil
	solve(t, p, 1, 40)
	straight := route.Problem{End: 199} // stops in a row
	for a := range 200 {
		var row []int64
		for b := range 200 {
			row = append(row, int64(max(a, b)-min(a, b)))
		}
		straight.Cost = append(straight.Cost, row)
	}
	if s := solve(t, straight, 3, 0); s.Cost != 199 {
		t.Errorf("a straight street costs %d", s.Cost)
	}
}

// Costs too large for a ring are searched all the same.
func TestSolve_TakesLargeCosts(t *testing.T) {
	t.Parallel()
	all, err := tours.All()
	if err != nil {
		t.Fatal(err)
	}
	berlin := all[1]
	for _, row := range berlin.Cost {
		for b := range row {
			row[b] <<= 28
		}
	}
	if s := solve(t, route.Problem{Cost: berlin.Cost}, 1, 30*len(berlin.Cost)); s.Cost != berlin.Optimum<<28 {
		t.Errorf("%s costs %d", berlin.Name, s.Cost>>28)
	}
}
