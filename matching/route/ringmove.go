package route

// How a ringMove arranges what stands behind t1.
const (
	pair  = iota + 1 // t2 to t4 backwards
	chain            // the same, then t4 to t6 of what came of it
	swap             // t2 to t5 and t6 to t3 change places
	flips            // t2 to t6 backwards and t5 to t3 backwards
)

// ringMove is an exchange in a ring: the edges (t1,t2), (t3,t4) and, unless it
// is a pair, (t5,t6) go and (t2,t3), (t4,t5) and (t6,t1) come.
type ringMove struct {
	kind           int
	t3, t4, t5, t6 int32
}

// settle makes exchanges around all nodes that are queued until none gains.
func (r *ring) settle() {
	for head := 0; head < len(r.queue); head++ {
		x := r.queue[head]
		r.queued[x] = false
		for r.improve(x, 1) || r.improve(x, -1) {
		}
	}
	r.queue = r.queue[:0]
}

func (r *ring) improve(t1, step int32) bool {
	t2 := r.order[r.place[t1]+step]
	m, gain := r.look(t1, step)
	switch m.kind {
	case 0:
		return false
	case pair:
		r.exchange(t1, t2, m.t4)
	case chain:
		r.exchange(t1, t2, m.t4)
		r.exchange(t1, m.t4, m.t6)
	case swap:
		r.exchange(t1, t2, m.t3)
		r.exchange(t1, m.t3, m.t6)
		r.exchange(m.t4, t2, m.t5)
	case flips:
		r.exchange(t1, t2, m.t6)
		r.exchange(m.t4, m.t3, m.t5)
	}
	r.total -= int64(gain)
	for _, x := range [4]int32{t1, t2, m.t3, m.t4} {
		r.push(x)
	}
	if m.kind != pair {
		r.push(m.t5)
		r.push(m.t6)
	}
	return true
}

// push queues a node beside which something changed.
func (r *ring) push(x int32) {
	if !r.queued[x] {
		r.queued[x] = true
		r.queue = append(r.queue, x)
	}
}

// kick lets three stretches that follow upon each other do so in the opposite
// order, and settles.
func (r *ring) kick() int64 {
	random, width := r.search.random, int(min(window, r.n-1))
	a, b, c := random.IntN(width)+1, random.IntN(width)+1, random.IntN(width)+1
	low, high := min(a, b, c), max(a, b, c)
	i := random.IntN(int(r.n)) + 1
	var ends [8]int32 // both ends of the four edges that go
	for k, at := range [4]int{i, i + low, i + a + b + c - low - high, i + high} {
		if at > int(r.n) {
			at -= int(r.n)
		}
		ends[2*k], ends[2*k+1] = r.order[at], r.order[at+1]
		if r.between(ends[2*k], ends[2*k+1]) == tight {
			return r.total
		}
	}
	if a == b || b == c || a == c {
		return r.total
	}
	for k := 0; k < 8; k += 2 {
		r.total += int64(r.between(ends[k], ends[(k+5)%8]) - r.between(ends[k], ends[k+1]))
	}
	r.exchange(ends[0], ends[1], ends[6])
	r.exchange(ends[0], ends[6], ends[5])
	r.exchange(ends[6], ends[4], ends[3])
	r.exchange(ends[4], ends[2], ends[1])
	for _, x := range ends {
		r.push(x)
	}
	r.settle()
	return r.total
}

// exchange takes the edges (a,b) and (c,d) out and puts (b,c) and (d,a) in: the
// stretch from b to d is turned. Whichever way round, b follows upon a and c
// upon d.
func (r *ring) exchange(a, b, d int32) {
	from, to := r.place[b], r.place[d]
	if r.order[r.place[a]+1] != b { // the ring is gone the other way round
		from, to = to, from
	}
	r.turn(from, to)
	r.turned = append(r.turned, stretch{from, to})
}

// turn lets a stretch go backwards, or else all the rest, which is the same.
func (r *ring) turn(i, j int32) {
	long := j - i + 1
	if long < 0 {
		long += r.n
	}
	if long*2 > r.n {
		i, j, long = j+1, i-1, r.n-long
	}
	order, place := r.order, r.place
	for swaps := long / 2; swaps > 0; swaps-- {
		if i > r.n {
			i = 1
		}
		if j < 1 {
			j = r.n
		}
		a, b := order[i], order[j]
		order[i], order[j] = b, a
		place[a], place[b] = j, i
		i, j = i+1, j-1
	}
	r.close()
}
