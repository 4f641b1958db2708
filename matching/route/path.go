package route

// path is an order of nodes under search, from the first to the last. It keeps
// every rule of the net, and so does whatever changes it.
type path struct {
	*net
	order []int32 // order[1] to order[size] are visited; -1 stands before and behind
	place []int32 // where in order a node stands; 0: it is skipped
	size  int
	cost  int64

	leave  []int64 // timed: when each place is left
	latest []int64 // timed: who arrives at a place later makes somebody late
	there  []int64 // not even: travel from the first place to this one, while
	back   []int64 // exchanges are made, and the same way back

	buffer []int32
}

func newPath(g *net) *path {
	p := &path{net: g, order: make([]int32, g.n+2), place: make([]int32, g.n), buffer: make([]int32, g.n)}
	p.order[0] = -1
	if g.timed {
		p.leave, p.latest = make([]int64, g.n+2), make([]int64, g.n+2)
	}
	if !g.even {
		p.there, p.back = make([]int64, g.n+2), make([]int64, g.n+2)
	}
	return p
}

func (p *path) nodes() []int32 { return p.order[1 : p.size+1] }

// set goes that way, which must keep the rules.
func (p *path) set(nodes []int32) {
	p.size = copy(p.order[1:], nodes)
	p.cost = 0
	for at := 2; at <= p.size; at++ {
		p.cost += p.between(p.order[at-1], p.order[at])
	}
	clear(p.place)
	p.renew(1, p.size)
}

// renew brings up to date what follows from the order, after the places from i
// to j changed.
func (p *path) renew(i, j int) {
	p.order[p.size+1] = -1
	for at := i; at <= j; at++ {
		p.place[p.order[at]] = int32(at)
	}
	if !p.timed {
		return
	}
	p.leave[1] = p.open[p.first] + p.service[p.first]
	for at := max(i, 2); at <= p.size; at++ {
		p.leave[at] = p.left(at)
	}
	p.latest[p.size] = p.close[p.last]
	for at := min(j, p.size-1); at >= 1; at-- {
		p.latest[at] = p.deadline(at)
	}
}

// left is when a place is left, deadline by when it must be reached.
func (p *path) left(at int) int64 {
	x := p.order[at]
	return max(p.leave[at-1]+p.between(p.order[at-1], x), p.open[x]) + p.service[x]
}

func (p *path) deadline(at int) int64 {
	x, y := p.order[at], p.order[at+1]
	return min(p.close[x], p.latest[at+1]-p.between(x, y)-p.service[x])
}

// insert puts a skipped node behind a place. Times behind and before it change
// only as far as they are not absorbed by waiting.
func (p *path) insert(x int32, at int, more int64) {
	copy(p.order[at+2:p.size+2], p.order[at+1:p.size+1])
	p.order[at+1] = x
	p.size++
	p.cost += more
	p.order[p.size+1] = -1
	for i := at + 1; i <= p.size; i++ {
		p.place[p.order[i]] = int32(i)
	}
	if !p.timed {
		return
	}
	copy(p.leave[at+2:p.size+1], p.leave[at+1:p.size])
	copy(p.latest[at+2:p.size+1], p.latest[at+1:p.size])
	p.leave[at+1] = p.left(at + 1)
	for i := at + 2; i <= p.size && p.leave[i] != p.left(i); i++ {
		p.leave[i] = p.left(i)
	}
	p.latest[at+1] = p.deadline(at + 1)
	for i := at; i >= 1 && p.latest[i] != p.deadline(i); i-- {
		p.latest[i] = p.deadline(i)
	}
}

// measure brings up to date what it costs to go there and back, behind a place.
func (p *path) measure(i int) {
	for at := i + 1; at <= p.size; at++ {
		p.there[at] = p.there[at-1] + p.between(p.order[at-1], p.order[at])
		p.back[at] = p.back[at-1] + p.between(p.order[at], p.order[at-1])
	}
}

// block is a stretch of places, backwards if from > to.
type block struct{ from, to int }

// fits tells whether everybody is reached in time and in order when the blocks
// follow upon place i, and place k+1 upon them. They are the places between,
// arranged anew.
func (p *path) fits(i, k int, blocks []block) bool {
	now, here := int64(0), p.order[i]
	if p.timed {
		now = p.leave[i]
	}
	for n, b := range blocks {
		step := 1
		if b.from > b.to {
			step = -1
		}
		for at := b.from; at != b.to+step; at += step {
			x := p.order[at]
			if p.tied && !p.inOrder(x, n, blocks) {
				return false
			}
			if p.timed {
				if now += p.between(here, x); now > p.close[x] {
					return false
				}
				now, here = max(now, p.open[x])+p.service[x], x
			}
		}
	}
	return !p.timed || now+p.between(here, p.order[k+1]) <= p.latest[k+1]
}

// inOrder tells whether what comes before x, a node of block n, still does.
func (p *path) inOrder(x int32, n int, blocks []block) bool {
	for _, y := range p.before[x] {
		at := int(p.place[y])
		for m, b := range blocks {
			backwards := b.from > b.to
			within := at >= b.from && at <= b.to || backwards && at >= b.to && at <= b.from
			if within && (m > n || m == n && backwards) {
				return false
			}
		}
	}
	return true
}

// gain is how much cheaper it is to let the blocks follow upon place i.
func (p *path) gain(i, k int, blocks []block) int64 {
	sum, here := int64(0), p.order[i]
	for _, b := range blocks {
		sum -= p.between(here, p.order[b.from])
		here = p.order[b.to]
		switch {
		case p.even: // a stretch costs the same either way, so only what parts them counts
			end := max(b.from, b.to)
			sum += p.between(p.order[end], p.order[end+1])
		case b.from <= b.to:
			sum -= p.there[b.to] - p.there[b.from]
		default:
			sum -= p.back[b.from] - p.back[b.to]
		}
	}
	sum -= p.between(here, p.order[k+1])
	if p.even {
		return sum + p.between(p.order[i], p.order[i+1])
	}
	return sum + p.there[k+1] - p.there[i]
}

// arrange lets the blocks follow upon place i.
func (p *path) arrange(i, k int, blocks []block) {
	out := p.buffer[:0]
	for _, b := range blocks {
		if b.from <= b.to {
			out = append(out, p.order[b.from:b.to+1]...)
			continue
		}
		for at := b.from; at >= b.to; at-- {
			out = append(out, p.order[at])
		}
	}
	copy(p.order[i+1:], out)
	p.renew(i+1, k)
	if !p.even {
		p.measure(i)
	}
}
