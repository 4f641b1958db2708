package route

import "math/rand/v2"

// How a search goes. The figures were found by trying the classic tours and
// rounds of forty stops with many seeds; routebench measures what they do.
const (
	nearby = 8  // near nodes that an exchange begins with
	few    = 5  // and goes on with
	window = 50 // within how many places a kick stays
	hot    = 20 // how many mean steps worse a round may become at first, at most
	part   = 20 // how many stops are skipped at once, at most
	nigh   = 5  // within how many mean steps a round is worth exchanges
	seldom = 5  // and one of how many such rounds gets them
)

// search improves a path by exchanges, and breaks it up where nothing gains.
type search struct {
	*path
	near   [][]near
	few    int
	plain  bool // no rule to keep, and both directions cost the same
	random *rand.Rand

	queue  []int32 // around which something changed, a stack
	queued []bool
	missed []int32 // how often each node was skipped when all that fits was put in

	kept, found         []int32 // the order that the search goes on from, and the best
	keptCost, foundCost int64
}

// find searches for a good order.
func find(g *net, seed uint64, effort int) []int32 {
	s := newSearch(g, seed)
	s.set([]int32{g.first, g.last})
	straight := g.open[g.first] + g.service[g.first] + g.between(g.first, g.last)
	switch {
	case straight > g.close[g.last]: // nothing may be put before an end that is late already
		return s.nodes()
	case g.timed || g.tied:
		if effort == 0 {
			effort = 20 * g.n
		}
		s.anneal(effort)
	default:
		switch {
		case effort > 0:
		case g.n < 48:
			effort = 5 * g.n
		case g.n < 150:
			effort = 18 * g.n
		default:
			effort = 30 * g.n
		}
		s.wander(effort)
	}
	return s.found
}

func newSearch(g *net, seed uint64) *search {
	s := &search{path: newPath(g), near: nearest(g, nearby), queued: make([]bool, g.n), missed: make([]int32, g.n),
		plain: g.even && !g.timed && !g.tied, random: rand.New(rand.NewPCG(seed, 0))}
	s.few = min(few, len(s.near[0]))
	return s
}

// keep goes on from here, and remembers the best.
func (s *search) keep() {
	s.kept, s.keptCost = append(s.kept[:0], s.nodes()...), s.cost
	if s.record() {
		s.found, s.foundCost = append(s.found[:0], s.nodes()...), s.cost
	}
}

// record tells whether nothing so good was found yet.
func (s *search) record() bool {
	return s.size > len(s.found) || s.size == len(s.found) && s.cost < s.foundCost
}

// goBack goes on from what was kept.
func (s *search) goBack() { s.set(s.kept) }

// chance is an amount up to most, small ones more often.
func (s *search) chance(most int64) int64 {
	r := s.random.Uint64()
	return most * int64(r&0xffff) >> 16 * int64(r>>16&0xffff) >> 16
}

// step is what a step costs in the mean.
func (s *search) step() int64 { return s.cost / int64(s.size) }
