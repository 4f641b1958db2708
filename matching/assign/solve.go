package assign

import "math"

// Solve finds a flow of least total cost by successive shortest paths: from a
// source before the supplies to a sink behind the demands, one cheapest path
// after the other, until the cheapest one no longer pays. Node potentials keep
// reduced costs non-negative, so that Dijkstra serves, and are the prices of
// the proof at the end. Parts of the problem that share nothing are solved
// apart.
func Solve(p Problem) (Solution, error) {
	if err := check(p); err != nil {
		return Solution{}, err
	}
	whole := Solution{Flow: make([]int64, len(p.Arcs)), SupplyPrice: make([]int64, len(p.Supply)),
		DemandPrice: make([]int64, len(p.Demand))}
	for _, c := range components(p) {
		s := newSearch(c.Problem)
		for s.findPath() {
			s.push()
		}
		s.into(&whole, c)
	}
	return whole, nil
}

const (
	unreached = math.MaxInt64
	source    = -1 // as a parent: straight from the source
)

// search is the residual graph. Nodes are the supplies, then the demands,
// then the sink; the source needs no number, its potential is always 0.
type search struct {
	p         Problem
	flow      []int64
	left      []int64 // units that a supply still has or a demand still takes
	outgoing  [][]int // arcs by supply
	incoming  [][]int // arcs by demand
	sink      int
	potential []int64
	distance  []int64
	parent    []int // the arc that led to a supply or demand; the demand that led to the sink
	final     []bool
}

func newSearch(p Problem) *search {
	supplies, demands := len(p.Supply), len(p.Demand)
	nodes := supplies + demands + 1
	s := &search{
		p: p, flow: make([]int64, len(p.Arcs)),
		left:     append(append(make([]int64, 0, nodes), p.Supply...), p.Demand...),
		outgoing: make([][]int, supplies), incoming: make([][]int, demands),
		sink: nodes - 1, potential: make([]int64, nodes), distance: make([]int64, nodes),
		parent: make([]int, nodes), final: make([]bool, nodes),
	}
	for k, a := range p.Arcs {
		s.outgoing[a.From] = append(s.outgoing[a.From], k)
		s.incoming[a.To] = append(s.incoming[a.To], k)
		// Before anything flows, the distance from the source is the cheapest
		// arc; at most 0, so that the source's own way to the sink counts too.
		s.potential[supplies+a.To] = min(s.potential[supplies+a.To], a.Cost)
		s.potential[s.sink] = min(s.potential[s.sink], a.Cost)
	}
	return s
}

// findPath runs Dijkstra over reduced costs until the sink is final, and
// reports whether its path still pays. The source may also pass the sink
// everything that does not move, at cost 0: that path wins once no other pays,
// and its labels are the potentials of the optimum.
//
// Nodes are scanned in order and ties go to the lower number, so the answer is
// always the same. The plain scan is quadratic.
func (s *search) findPath() bool {
	for v := range s.distance {
		s.distance[v], s.parent[v], s.final[v] = unreached, source, false
	}
	supplies := len(s.p.Supply)
	for i := range s.p.Supply {
		if s.left[i] > 0 {
			s.distance[i] = -s.potential[i]
		}
	}
	s.distance[s.sink], s.parent[s.sink] = -s.potential[s.sink], source
	for {
		v := s.nearest()
		if v == s.sink {
			break
		}
		s.final[v] = true
		if v < supplies {
			s.leaveSupply(v)
		} else {
			s.leaveDemand(v)
		}
	}
	reach := s.distance[s.sink]
	for v := range s.potential {
		s.potential[v] += min(s.distance[v], reach)
	}
	return s.parent[s.sink] != source
}

// nearest is the open node of least distance; the sink is always reached.
func (s *search) nearest() int {
	best := s.sink
	for v := range s.distance {
		if !s.final[v] && s.distance[v] < s.distance[best] {
			best = v
		}
	}
	return best
}

func (s *search) leaveSupply(i int) {
	for _, k := range s.outgoing[i] {
		a := s.p.Arcs[k]
		if s.flow[k] < a.Cap {
			s.relax(len(s.p.Supply)+a.To, s.distance[i]+a.Cost+s.potential[i]-s.potential[len(s.p.Supply)+a.To], k)
		}
	}
}

func (s *search) leaveDemand(v int) {
	if s.left[v] > 0 {
		s.relax(s.sink, s.distance[v]+s.potential[v]-s.potential[s.sink], v)
	}
	for _, k := range s.incoming[v-len(s.p.Supply)] {
		if s.flow[k] > 0 {
			a := s.p.Arcs[k]
			s.relax(a.From, s.distance[v]-a.Cost+s.potential[v]-s.potential[a.From], k)
		}
	}
}

func (s *search) relax(to int, distance int64, by int) {
	if distance < s.distance[to] && !s.final[to] {
		s.distance[to], s.parent[to] = distance, by
	}
}

// push sends as much along the path as it takes.
func (s *search) push() {
	last := s.parent[s.sink]
	amount := s.left[last]
	first := s.walk(last, func(k int, forward bool) {
		if forward {
			amount = min(amount, s.p.Arcs[k].Cap-s.flow[k])
		} else {
			amount = min(amount, s.flow[k])
		}
	})
	amount = min(amount, s.left[first])
	s.walk(last, func(k int, forward bool) {
		if forward {
			s.flow[k] += amount
		} else {
			s.flow[k] -= amount
		}
	})
	s.left[first] -= amount
	s.left[last] -= amount
}

// walk goes back along the path from a demand to the supply that it starts
// from; forward is false where the path takes flow back from an arc.
func (s *search) walk(v int, each func(arc int, forward bool)) int {
	supplies := len(s.p.Supply)
	for s.parent[v] != source {
		k := s.parent[v]
		forward := v >= supplies
		each(k, forward)
		if forward {
			v = s.p.Arcs[k].From
		} else {
			v = supplies + s.p.Arcs[k].To
		}
	}
	return v
}
