package assign_test

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"linli/matching/assign"
)

// Magnitudes at the limit: units × reward as large as is allowed, in every
// proportion, with full and open arcs.
func TestSolve_HoldsNearTheLimit(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for n := range 600 {
		bits := n % 61
		units, reward := int64(1)<<bits, int64(assign.Limit)>>bits
		p := assign.Problem{}
		for i := range 4 {
			p.Supply = append(p.Supply, units/4+int64(i)%max(1, units/4))
			p.Demand = append(p.Demand, units/4)
		}
		for range 12 {
			p.Arcs = append(p.Arcs, assign.Arc{From: r.IntN(4), To: r.IntN(4), Cap: r.Int64N(math.MaxInt64),
				Cost: -r.Int64N(reward+1) >> r.IntN(3)})
		}
		p.Arcs[0].Cost, p.Arcs[1].Cost, p.Arcs[2].Cap = -reward, reward, units/8
		solve(t, p)
	}
}

func TestSolve_LeavesWhatNeverPays(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for range 100 {
		p := random(r, 10, 40, 5, 9)
		for k := range p.Arcs {
			p.Arcs[k].Cost = max(p.Arcs[k].Cost, -p.Arcs[k].Cost)
		}
		if s := solve(t, p); s.Cost != 0 {
			t.Fatalf("cost %d: %+v", s.Cost, p)
		}
	}
}

// Scratch memory is shared between callers, of any sizes.
func TestSolve_ServesManyAtOnce(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	var problems []assign.Problem
	var want []assign.Solution
	for range 12 {
		p := scarce(r, 1+r.IntN(400))
		problems, want = append(problems, p), append(want, solve(t, p))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for n, p := range problems {
				if got, err := assign.Solve(p); err != nil || !reflect.DeepEqual(got, want[n]) {
					t.Errorf("problem %d differs: %v", n, err)
				}
			}
		})
	}
	all.Wait()
}

func TestSolve_AllocatesLittle(t *testing.T) { // not parallel: it counts; the race detector takes scratch memory away
	p := scarce(rand.New(rand.NewPCG(1, 2)), 40)
	if got := testing.AllocsPerRun(200, func() { _, _ = assign.Solve(p) }); got > 30 {
		t.Errorf("%v allocations", got)
	}
}

// FuzzSolve_AnyNumbers makes a problem of any bytes: it is refused or solved
// with a proof.
func FuzzSolve_AnyNumbers(f *testing.F) {
	f.Add(make([]byte, 100))
	f.Add([]byte("any numbers will do, as long as there are enough of them to make some arcs"))
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int64 {
			var word [8]byte
			n := copy(word[:], data)
			data = data[n:]
			number := int64(binary.LittleEndian.Uint64(word[:]))
			return number >> (uint64(number) % 64) // small ones too
		}
		p := assign.Problem{Supply: []int64{next(), next(), next()}, Demand: []int64{next(), next(), next()}}
		for len(data) > 0 {
			a := assign.Arc{From: int(next() % 5), To: int(next() % 5), Cap: next(), Cost: next()}
			p.Arcs = append(p.Arcs, a)
		}
		s, err := assign.Solve(p)
		if err == nil {
			err = assign.Verify(p, s)
		} else if verdict := assign.Verify(p, s); verdict == nil || errors.Is(err, assign.ErrOverflow) != errors.Is(verdict, assign.ErrOverflow) {
			t.Fatalf("refused with %v, but verified with %v: %+v", err, verdict, p)
		} else {
			return
		}
		if err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}

// Few supplies for many, at equal costs, through arcs that bind and arcs that
// do not: lists of holders are long, and what carries flow is hard to tell
// from what does not while edges are put in order again.
func TestSolve_ProvesDepots(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	for n := range 30 {
		var p assign.Problem
		for range 1 + r.IntN(120) {
			p.Supply = append(p.Supply, r.Int64N(4)*r.Int64N(40))
		}
		for to := range 120 {
			p.Demand = append(p.Demand, r.Int64N(30))
			for from := range p.Supply {
				p.Arcs = append(p.Arcs, assign.Arc{From: from, To: to, Cap: r.Int64N(20), Cost: -1 - r.Int64N(1+int64(n%4)*3)})
			}
		}
		solve(t, p)
	}
}
