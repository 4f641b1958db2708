package route

// wander searches where there is no rule to keep: a kick, then exchanges
// around it, and back again if it became dearer by more than a whim allows.
// Where that leads nowhere it begins anew. O. Martin, S. Otto and E. Felten,
// Large-Step Markov Chains for the Traveling Salesman Problem, Complex Systems
// 5 (1991), 299–326.
func (s *search) wander(effort int) {
	var w wanderer = s
	if s.ringed() {
		w = newRing(s)
	}
	patience := 2*s.n + 50
	kept := w.begin()
	least, stale := kept, 0
	whim := kept / int64(s.n) * 6 / 5
	for range effort {
		if stale++; stale > patience {
			kept = w.begin()
			least, stale = kept, 0
			continue
		}
		cost := w.kick()
		if cost > kept+s.chance(whim) {
			w.goBack()
			continue
		}
		w.keep()
		if kept = cost; cost < least {
			least, stale = cost, 0
		}
	}
}

// wanderer is an order that can be begun anew and kicked, both of which settle
// it and say what it costs then, and either kept or gone back from.
type wanderer interface {
	begin() int64
	kick() int64
	keep()
	goBack()
}

// begin goes to the nearest node that is left, and settles.
func (s *search) begin() int64 {
	s.set(s.greedy())
	s.pushAll()
	s.settle()
	s.keep()
	return s.cost
}

// greedy goes to the nearest node that is left, or once in a while to the second
// nearest.
func (s *search) greedy() []int32 {
	free := make([]bool, s.n)
	for x := range free {
		free[x] = int32(x) != s.first && int32(x) != s.last
	}
	nodes := append(make([]int32, 0, s.n), s.first)
	for here := s.first; len(nodes) < s.n-1; nodes = append(nodes, here) {
		here = s.onward(here, free)
		free[here] = false
	}
	return append(nodes, s.last)
}

func (s *search) onward(here int32, free []bool) int32 {
	to, second := int32(-1), s.random.IntN(8) == 0
	for _, e := range s.near[here] {
		if free[e.node] {
			if to = e.node; !second {
				return to
			}
			second = false
		}
	}
	for x := int32(0); to < 0 || int(x) < s.n; x++ {
		if free[x] && (to < 0 || s.between(here, x) < s.between(here, to)) {
			to = x
		}
	}
	return to
}

// kick lets three stretches that follow upon each other do so in the opposite
// order, what takes four exchanges of edges at once to undo, and settles.
func (s *search) kick() int64 {
	room := s.size - 2 // edges behind the first that may go
	i := 1 + s.random.IntN(room-2)
	width := min(window, s.size-1-i)
	if width < 3 {
		return s.cost
	}
	a, b, c := s.random.IntN(width)+1, s.random.IntN(width)+1, s.random.IntN(width)+1
	if a == b || b == c || a == c {
		return s.cost
	}
	low, high := min(a, b, c), max(a, b, c)
	mid := a + b + c - low - high
	blocks := [3]block{{i + mid + 1, i + high}, {i + low + 1, i + mid}, {i + 1, i + low}}
	for _, at := range [8]int{i, i + 1, i + low, i + low + 1, i + mid, i + mid + 1, i + high, i + high + 1} {
		s.push(s.order[at])
	}
	if !s.even {
		s.measure(1)
	}
	s.cost -= s.gain(i, i+high, blocks[:])
	s.arrange(i, i+high, blocks[:])
	s.settle()
	return s.cost
}
