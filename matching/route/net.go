package route

import "slices"

// endless is later than any arrival.
const endless = int64(1) << 60

// net is a problem made plain: whatever its end is, a way leads from the node
// first to the node last. A closed tour ends at a copy of its start, a round
// that may end anywhere at a node that costs nothing to reach.
type net struct {
	n           int // nodes: the stops, and one more unless End is a stop of its own
	stops       int
	first, last int32
	cost        []int64 // row by row
	open, close []int64 // earliest and latest arrival
	service     []int64
	before      [][]int32 // what comes before a node,
	after       [][]int32 // and what after it
	even        bool      // both directions cost the same
	timed       bool      // somebody could come late
	tied        bool      // something comes before something
}

// plain makes the net of a problem that was checked.
func plain(p Problem) *net {
	stops := len(p.Cost)
	g := &net{n: stops, stops: stops, first: int32(p.Start), last: int32(p.End)}
	if p.End == Anywhere || p.End == p.Start {
		g.n, g.last = stops+1, int32(stops)
	}
	g.travel(p)
	g.times(p)
	g.before, g.after = make([][]int32, g.n), make([][]int32, g.n)
	for _, pair := range p.Before {
		// what holds of itself would only make a stop drop that is never dropped
		if a, b := int32(pair[0]), int32(pair[1]); a != g.first && b != g.last {
			g.before[b], g.after[a] = append(g.before[b], a), append(g.after[a], b)
			g.tied = true
		}
	}
	return g
}

func (g *net) travel(p Problem) {
	g.even = true
	g.cost = make([]int64, g.n*g.n)
	for a, row := range p.Cost {
		copy(g.cost[a*g.n:], row)
		g.cost[a*g.n+a] = 0
		for b := range a {
			g.even = g.even && row[b] == p.Cost[b][a]
		}
		if p.End == p.Start {
			back := g.cost[a*g.n+p.Start]
			g.cost[a*g.n+g.stops], g.cost[g.stops*g.n+a] = back, back
		}
	}
}

func (g *net) times(p Problem) {
	g.open, g.close, g.service = make([]int64, g.n), make([]int64, g.n), make([]int64, g.n)
	copy(g.service, p.Service)
	longest := int64(0) // however a round goes, it is done by then
	for x := range g.n {
		g.close[x] = endless
		if x < len(p.Window) {
			g.open[x] = max(0, p.Window[x][0])
			if late := p.Window[x][1]; late < Limit && x != p.Start {
				g.close[x] = max(-1, late)
			}
		}
		longest += slices.Max(g.cost[x*g.n:(x+1)*g.n]) + g.service[x]
	}
	longest += slices.Max(g.open)
	g.timed = slices.Min(g.close) < longest
}

func (g *net) between(a, b int32) int64 { return g.cost[int(a)*g.n+int(b)] }

// late tells whether the last of some nodes is reached too late.
func (g *net) late(nodes []int32) bool {
	s := g.solution(nodes)
	return s.Arrival[len(s.Arrival)-1] > g.close[g.last]
}

// openEnded is the net of a problem whose end nobody reaches in time.
func openEnded(p Problem) *net {
	end := p.End
	p.End = Anywhere
	g := plain(p)
	g.close[end], g.timed = -1, true
	return g
}

// solution tells what an order of nodes is as an order of stops.
func (g *net) solution(nodes []int32) Solution {
	s := Solution{Order: make([]int, 0, len(nodes)), Arrival: make([]int64, 0, len(nodes)), Skipped: []int{}}
	now, here := int64(0), g.first
	seen := make([]bool, g.n)
	for _, x := range nodes {
		s.Cost += g.between(here, x)
		if int(x) >= g.stops {
			continue // no stop, and the last
		}
		now = max(now+g.between(here, x), g.open[x])
		s.Order, s.Arrival = append(s.Order, int(x)), append(s.Arrival, now)
		now, here, seen[x] = now+g.service[x], x, true
	}
	for x := range g.stops {
		if !seen[x] {
			s.Skipped = append(s.Skipped, x)
		}
	}
	return s
}
