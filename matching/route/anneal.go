package route

import "slices"

// anneal searches where rules are to be kept: a part of the round is skipped
// and put back where it costs least, and what comes of it is gone on from if it
// is not dearer by more than a whim allows, which falls to nothing. J.
// Christiaens and G. Vanden Berghe, Slack Induction by String Removals for
// Vehicle Routing Problems, Transportation Science 54 (2020), 417–433.
func (s *search) anneal(effort int) {
	s.fill()
	s.polish()
	s.keep()
	whim := s.step() * hot
	for round := range effort {
		if !s.breakUp() {
			s.goBack()
			continue
		}
		s.fill()
		s.miss()
		if s.record() || s.promising() && s.random.IntN(seldom) == 0 {
			s.pushNew()
			s.finish()
		}
		left := int64(effort-round) << 16 / int64(effort)
		if s.size < len(s.kept) ||
			s.size == len(s.kept) && s.cost > s.keptCost+s.chance(whim)*left>>16*left>>16*left>>16 {
			s.goBack()
			continue
		}
		s.keep()
	}
	s.set(s.found)
	s.polish()
	s.keep()
}

// promising tells whether exchanges may make the best of it: as many stops, and
// few steps dearer than what is kept.
func (s *search) promising() bool {
	return s.size > len(s.kept) || s.size == len(s.kept) && s.cost < s.keptCost+s.step()*nigh
}

// polish makes every exchange that gains.
func (s *search) polish() {
	s.pushAll()
	s.finish()
}

// finish makes what gains of the exchanges that are queued; what is skipped may
// fit then.
func (s *search) finish() {
	s.settle()
	if s.size < s.n {
		s.fill()
		s.unqueue()
	}
}

// pushNew queues who has other neighbours than in what was kept.
func (s *search) pushNew() {
	for at := 1; at < len(s.kept); at++ {
		a, b := s.kept[at-1], s.kept[at]
		if i, j := s.place[a], s.place[b]; i == 0 || j != i+1 {
			s.pushAround(a)
			s.pushAround(b)
		}
	}
}

func (s *search) pushAround(x int32) {
	if at := s.place[x]; at > 0 {
		s.push(s.order[at-1])
		s.push(x)
		s.push(s.order[at+1])
	}
}

// breakUp skips a part of the round, or goes a part of it otherwise and skips
// whom that would make late.
func (s *search) breakUp() bool {
	if s.size < 5 {
		return true
	}
	order := s.order[:s.size+1]
	i, j := 2+s.random.IntN(s.size-2), 2+s.random.IntN(s.size-2)
	i, j = min(i, j), max(i, j)
	switch s.random.IntN(16) {
	case 0:
		slices.Reverse(order[i:j])
	case 1:
		cut := i + s.random.IntN(j-i+1)
		out := append(append(s.buffer[:0], order[cut:j]...), order[i:cut]...)
		copy(order[i:], out)
	default:
		s.ruin()
	}
	return s.heal()
}

// ruin takes a stretch or two out of the order, around a node and around one of
// its nearest.
func (s *search) ruin() {
	x := s.order[2+s.random.IntN(s.size-2)]
	s.take(x)
	if s.random.IntN(2) == 0 {
		s.take(s.near[x][0].node)
	}
	kept := 1
	for at := 2; at <= s.size; at++ {
		if x := s.order[at]; s.place[x] > 0 {
			kept++
			s.order[kept] = x
		}
	}
	s.size = kept
}

func (s *search) take(x int32) {
	if s.place[x] == 0 {
		return
	}
	long := 1 + s.random.IntN(min(part, s.size-2))
	from := int(s.place[x]) - s.random.IntN(long)
	for at := max(2, from); at < min(from+long, s.size); at++ {
		s.place[s.order[at]] = 0
	}
}

// heal skips who comes before what should be earlier, or late, or makes the end
// late. It fails if the end is late even so.
func (s *search) heal() bool {
	clear(s.place)
	s.place[s.first] = 1
	kept, here, now := 1, s.first, s.open[s.first]+s.service[s.first]
	for at := 2; at < s.size; at++ {
		x := s.order[at]
		then := max(now+s.between(here, x), s.open[x]) + s.service[x]
		if s.timed && (now+s.between(here, x) > s.close[x] || then+s.between(x, s.last) > s.close[s.last]) ||
			s.lacks(x) {
			continue
		}
		kept++
		s.order[kept], s.place[x] = x, int32(kept)
		here, now = x, then
	}
	if s.timed && now+s.between(here, s.last) > s.close[s.last] {
		return false
	}
	s.order[kept+1] = s.last
	s.size = kept + 1
	s.set(s.order[1 : s.size+1])
	return true
}

// lacks tells whether something that comes before x is skipped.
func (s *search) lacks(x int32) bool {
	return slices.ContainsFunc(s.before[x], func(y int32) bool { return s.place[y] == 0 })
}
