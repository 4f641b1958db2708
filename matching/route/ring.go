package route

import (
	"math"
	"slices"
)

// ring is an order under search where there is no rule to keep: the last node is
// followed by the first. The edge between them costs so little that no exchange
// takes it away. Everything is done by turning stretches of the order, and
// undone by turning them again.
type ring struct {
	search *search
	n      int32
	order  []int32 // order[1] to order[n]; order[0] and order[n+1] are what comes round the corner
	place  []int32 // where in order a node stands
	cost   []int32 // row by row
	near   []hop   // of each node the near ones, the nearest first
	width  int32   // how many of each
	total  int64   // what the order costs from the first node to the last
	kept   int64   // and what it did when it was kept

	turned []stretch // what was turned since the order was kept
	queue  []int32   // around which something changed, first come, first served
	queued []bool
}

// hop is a near node and what it costs to go there, stretch a first place and a
// last one.
type (
	hop     struct{ node, cost int32 }
	stretch struct{ from, to int32 }
)

// tight is what the edge from the last node to the first costs; light are costs
// of which a few may be added to that.
const (
	tight = math.MinInt32 / 2
	light = math.MaxInt32 / 16
)

// ringed tells whether a ring can search a net.
func (g *net) ringed() bool {
	return g.even && !g.timed && !g.tied && slices.Max(g.cost) <= light
}

func newRing(s *search) *ring {
	n := s.n
	r := &ring{search: s, n: int32(n), order: make([]int32, n+2), place: make([]int32, n), cost: make([]int32, n*n),
		width: int32(len(s.near[0])), queued: make([]bool, n)}
	for i, c := range s.net.cost {
		r.cost[i] = int32(c)
	}
	r.cost[s.first*r.n+s.last], r.cost[s.last*r.n+s.first] = tight, tight
	r.near = make([]hop, 0, n*len(s.near[0]))
	for x, list := range s.near {
		other := hop{node: -1}
		for _, e := range list {
			if r.between(int32(x), e.node) == tight {
				other = hop{e.node, math.MaxInt32 / 2} // never worth to be put in, for it is there
				continue
			}
			r.near = append(r.near, hop{e.node, int32(e.cost)})
		}
		if other.node >= 0 {
			r.near = append(r.near, other)
		}
	}
	return r
}

func (r *ring) between(a, b int32) int32 { return r.cost[a*r.n+b] }

// begin goes to the nearest node that is left, and settles.
func (r *ring) begin() int64 {
	nodes := r.search.greedy()
	copy(r.order[1:], nodes)
	r.close()
	r.total = 0
	for at := int32(1); at <= r.n; at++ {
		r.place[r.order[at]] = at
		r.push(r.order[at])
		if at > 1 {
			r.total += int64(r.between(r.order[at-1], r.order[at]))
		}
	}
	r.settle()
	r.keep()
	return r.total
}

func (r *ring) close() { r.order[0], r.order[r.n+1] = r.order[r.n], r.order[1] }

// keep goes on from here, and remembers the best.
func (r *ring) keep() {
	r.turned, r.kept = r.turned[:0], r.total
	if s := r.search; len(s.found) == 0 || r.total < s.foundCost {
		s.found, s.foundCost = r.nodes(s.found[:0]), r.total
	}
}

// goBack undoes what was turned since the order was kept.
func (r *ring) goBack() {
	for i := len(r.turned) - 1; i >= 0; i-- {
		r.turn(r.turned[i].from, r.turned[i].to)
	}
	r.turned, r.total = r.turned[:0], r.kept
}

// nodes appends the nodes from the first to the last.
func (r *ring) nodes(to []int32) []int32 {
	at, step := r.place[r.search.first], int32(1)
	if r.order[at+1] == r.search.last {
		step = -1
	}
	for range r.n {
		to = append(to, r.order[at])
		if at += step; at == 0 {
			at = r.n
		} else if at > r.n {
			at = 1
		}
	}
	return to
}
