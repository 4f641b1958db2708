package route

import (
	"cmp"
	"slices"
)

// fill puts in what is skipped, as far as it fits. Nothing is put in whose
// fetch is skipped. What fits nowhere takes the place of what was skipped less
// often, as in Christiaens' and Vanden Berghe's search for fewer vehicles.
func (s *search) fill() {
	skipped := make([]int32, 0, s.n-s.size)
	for x := range int32(s.n) {
		if s.place[x] == 0 {
			skipped = append(skipped, x)
		}
	}
	s.random.Shuffle(len(skipped), func(i, j int) { skipped[i], skipped[j] = skipped[j], skipped[i] })
	switch s.random.IntN(6) {
	case 0: // who must be early first
		slices.SortStableFunc(skipped, func(a, b int32) int { return cmp.Compare(s.close[a], s.close[b]) })
	case 1, 2: // who is there for the shortest time first
		if s.timed {
			slices.SortStableFunc(skipped, func(a, b int32) int { return cmp.Compare(s.close[a]-s.open[a], s.close[b]-s.open[b]) })
		}
	case 3: // who is far first
		slices.SortStableFunc(skipped, func(a, b int32) int { return cmp.Compare(s.between(s.first, b), s.between(s.first, a)) })
	}
	for again := true; again; {
		again = false
		left := skipped[:0]
		for _, x := range skipped {
			if at, more := s.spot(x, true); at > 0 {
				s.insert(x, at, more)
				again = again || s.tied // others may have waited for it
			} else if y := s.trade(x); y >= 0 {
				left, again = append(left, y), true
			} else {
				left = append(left, x)
			}
		}
		skipped = left
		again = again && len(left) > 0
	}
}

// miss counts how often each node was skipped.
func (s *search) miss() {
	for x := 0; s.size < s.n && x < s.n; x++ {
		if s.place[x] == 0 {
			s.missed[x]++
		}
	}
}

// spot finds behind which place a skipped node costs least, and how much; 0
// where it fits nowhere. With blinks a place is overlooked now and then, so
// that not always the same is tried.
func (s *search) spot(x int32, blinks bool) (at int, more int64) {
	low, high := s.room(x)
	for s.timed && low <= high && s.latest[low+1] < s.open[x]+s.service[x] {
		low++ // whoever waits for x to open here makes somebody late
	}
	for i := low; i <= high; i++ {
		if s.timed && s.leave[i] > s.close[x] {
			break
		}
		a, b := s.order[i], s.order[i+1]
		in, out := s.between(a, x), s.between(x, b)
		detour := in + out - s.between(a, b)
		if at > 0 && detour >= more || s.timed && !s.inTime(x, i, in, out) {
			continue
		}
		if blinks && s.random.Uint64()&127 == 0 {
			continue
		}
		at, more = i, detour
	}
	return at, more
}

// room is behind which places a skipped node keeps the order; none, with low
// above high, where what comes before it is skipped.
func (s *search) room(x int32) (low, high int) {
	low, high = 1, s.size-1
	for _, y := range s.before[x] {
		if s.place[y] == 0 {
			return 1, 0
		}
		low = max(low, int(s.place[y]))
	}
	for _, y := range s.after[x] {
		if s.place[y] > 0 {
			high = min(high, int(s.place[y])-1)
		}
	}
	return low, high
}

// trade gives a skipped node that fits nowhere the place of one that was skipped
// less often, which is returned; -1: there is none. That one may fit elsewhere,
// or take a place in turn.
func (s *search) trade(x int32) int32 {
	if !s.timed {
		return -1
	}
	least, at, more := s.missed[x], 0, int64(0)
	low, high := s.room(x)
	for i := low; i < high; i++ {
		a, y, b := s.order[i], s.order[i+1], s.order[i+2]
		if s.missed[y] >= s.missed[x] || s.missed[y] > least {
			continue
		}
		in, out := s.between(a, x), s.between(x, b)
		detour := in + out - s.between(a, y) - s.between(y, b)
		now := s.leave[i] + in
		late := now > s.close[x] || max(now, s.open[x])+s.service[x]+out > s.latest[i+2]
		if late || s.missed[y] == least && detour >= more || s.needed(y) {
			continue
		}
		least, at, more = s.missed[y], i+1, detour
	}
	if at == 0 {
		return -1
	}
	y := s.order[at]
	s.order[at], s.place[y] = x, 0
	s.cost += more
	s.renew(at, at)
	return y
}

// needed tells whether something that comes after x is visited.
func (s *search) needed(x int32) bool {
	return slices.ContainsFunc(s.after[x], func(y int32) bool { return s.place[y] > 0 })
}

// inTime tells whether x, put behind place i, is in time, and everybody after.
func (p *path) inTime(x int32, i int, in, out int64) bool {
	now := p.leave[i] + in
	return now <= p.close[x] && max(now, p.open[x])+p.service[x]+out <= p.latest[i+1]
}
