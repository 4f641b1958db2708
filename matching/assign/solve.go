package assign

import (
	"runtime"
	"slices"
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
	l.lay(p, s.Flow)
	l.solveParts()
	l.read(&s)
	l.p, l.flow = Problem{}, nil
	layouts.Put(l)
	return s, nil
}

// Scratch memory, kept from problem to problem.
var (
	layouts  = sync.Pool{New: func() any { return new(layout) }}
	searches = sync.Pool{New: func() any { return new(search) }}
)

// worthWhile is how many edges make it pay to wake another processor.
const worthWhile = 1 << 12

func (l *layout) solveParts() {
	parts, workers := l.part(), 1
	if len(l.edges) >= worthWhile {
		workers = min(parts, runtime.GOMAXPROCS(0))
	}
	if workers <= 1 {
		l.solveSome(func() int { parts--; return parts })
		return
	}
	var left atomic.Int64
	left.Store(int64(parts))
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { l.solveSome(func() int { return int(left.Add(-1)) }) })
	}
	all.Wait()
}

// solveSome solves one part after the other until none is left.
func (l *layout) solveSome(next func() int) {
	s := searches.Get().(*search)
	s.layout = l
	for n := next(); n >= 0; n = next() {
		s.servePart(l.rowsOf(n))
	}
	s.layout = nil
	searches.Put(s)
}

// read writes down flow, prices and cost.
func (l *layout) read(s *Solution) {
	for j := range l.columns {
		c := &l.columns[j]
		s.SupplyPrice[j] = l.prices[j] + c.risen
		for at := c.first; at < c.end; at++ {
			h := &l.holders[at]
			e := &l.edges[h.edge]
			s.Flow[e.arc()] = h.flow
			s.Cost += h.flow * (e.cost - l.prices[j])
		}
	}
	for i := range l.rows {
		s.DemandPrice[i] = l.rows[i].price
	}
	if slices.Contains(l.p.Supply, 0) || slices.Contains(l.p.Demand, 0) {
		priceEmpty(l.p, s)
	}
}

// priceEmpty gives nodes that have nothing, and so are full, a price that
// explains why arcs with a reward carry nothing there.
func priceEmpty(p Problem, s *Solution) {
	for _, a := range p.Arcs {
		switch {
		case a.Cost >= 0 || a.Cap == 0:
		case p.Supply[a.From] == 0:
			s.SupplyPrice[a.From] = max(s.SupplyPrice[a.From], -a.Cost-s.DemandPrice[a.To])
		case p.Demand[a.To] == 0:
			s.DemandPrice[a.To] = max(s.DemandPrice[a.To], -a.Cost-s.SupplyPrice[a.From])
		}
	}
}
