package assign

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Solve finds a flow of least total cost, with prices that prove it. Parts of
// the problem that share nothing are solved apart, and at once where there is
// enough to do.
func Solve(p Problem) (Solution, error) {
	if err := check(p); err != nil {
		return Solution{}, err
	}
	arcs, supplies := len(p.Arcs), len(p.Supply)
	numbers := make([]int64, arcs+supplies+len(p.Demand))
	s := Solution{Flow: numbers[:arcs:arcs], SupplyPrice: numbers[arcs:][:supplies:supplies], DemandPrice: numbers[arcs+supplies:]}
	l := layouts.Get().(*layout)
	defer layouts.Put(l)
	l.lay(p, s)
	l.solveParts()
	for k := range p.Arcs {
		if s.Flow[k] > 0 {
			s.Cost += s.Flow[k] * p.Arcs[k].Cost
		}
	}
	priceEmpty(p, s)
	l.p, l.Solution = Problem{}, Solution{}
	return s, nil
}

var (
	layouts  = sync.Pool{New: func() any { return new(layout) }}
	searches = sync.Pool{New: func() any { return new(search) }}
)

// worthWhile is how many edges make it pay to wake another processor.
const worthWhile = 1 << 13

func (l *layout) solveParts() {
	parts := l.part()
	workers := 1
	if len(l.edges) >= worthWhile {
		workers = min(parts, runtime.GOMAXPROCS(0))
	}
	var next atomic.Int64
	work := func() {
		s := searches.Get().(*search)
		s.layout = l
		for n := int(next.Add(1)) - 1; n < parts; n = int(next.Add(1)) - 1 {
			for _, row := range l.rowsOf(n) {
				s.serve(row)
			}
		}
		s.layout = nil
		searches.Put(s)
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}

// priceEmpty gives nodes that have nothing, and so are full, a price that
// explains why arcs with a reward carry nothing there.
func priceEmpty(p Problem, s Solution) {
	for _, a := range p.Arcs {
		if a.Cost >= 0 || a.Cap == 0 {
			continue
		}
		switch {
		case p.Supply[a.From] == 0:
			s.SupplyPrice[a.From] = max(s.SupplyPrice[a.From], -a.Cost-s.DemandPrice[a.To])
		case p.Demand[a.To] == 0:
			s.DemandPrice[a.To] = max(s.DemandPrice[a.To], -a.Cost-s.SupplyPrice[a.From])
		}
	}
}
