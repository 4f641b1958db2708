package main

import (
	"math/rand/v2"

	"linli/matching/assign"
)

// A cost is what a planner writes: a tier and the time waited that must never
// be outweighed by what stands below, then how well the thing fits, then the
// way. Few steps of each make strong ties.
const (
	tier   = 1 << 40
	waited = 1 << 32
	fit    = 1 << 20
)

// pool grows a problem need by need.
type pool struct {
	assign.Problem
	r *rand.Rand
}

func newPool() *pool { return &pool{r: rand.New(rand.NewPCG(7, 40))} }

// lots adds supplies of 1 to most units.
func (p *pool) lots(n, most int) {
	for range n {
		p.Supply = append(p.Supply, 1+p.r.Int64N(int64(most)))
	}
}

// need adds one of 1–3 units that may be served by these lots, so many metres
// away. Of some needs the first unit counts more than the rest: each lot is
// then offered twice, at a falling reward.
func (p *pool) need(lots []int, metres []int64) {
	units := 1 + p.r.Int64N(3)
	to := len(p.Demand)
	p.Demand = append(p.Demand, units)
	reward := (2+p.r.Int64N(5))*tier + p.r.Int64N(12)*waited
	falls := units > 1 && p.r.IntN(4) == 0
	for i, lot := range lots {
		cost := p.r.Int64N(3)*fit + metres[i]/20*20 - reward
		if falls {
			p.Arcs = append(p.Arcs, assign.Arc{From: lot, To: to, Cap: 1, Cost: cost},
				assign.Arc{From: lot, To: to, Cap: units - 1, Cost: cost + tier})
		} else {
			p.Arcs = append(p.Arcs, assign.Arc{From: lot, To: to, Cap: 99, Cost: cost})
		}
	}
}

// blocks are pools that share nothing, each of so many needs and somewhat too
// few lots, most of which serve most needs.
func blocks(n, size int) assign.Problem {
	p := newPool()
	for range n {
		begin, count := len(p.Supply), size*3/4
		p.lots(count, 4)
		for range size {
			var lots []int
			var metres []int64
			for lot := range count {
				if p.r.IntN(10) < 7 {
					lots, metres = append(lots, begin+lot), append(metres, p.r.Int64N(1200))
				}
			}
			p.need(lots, metres)
		}
	}
	p.shuffle()
	return p.Problem
}

// city is one pool that hangs together: needs and lots lie on a square, and
// every need may be served by some 20 of the lots around it, or anywhere.
func city(needs int, near bool) assign.Problem {
	p := newPool()
	const cells, perCell, each = 60, 2, 21
	side := cells * cells
	p.lots(side*perCell, 4) // lot k lies in cell k / perCell
	for range needs {
		x, y := p.r.IntN(cells), p.r.IntN(cells)
		var lots []int
		var metres []int64
		for len(lots) < each {
			dx, dy := p.r.IntN(5)-2, p.r.IntN(5)-2
			if !near {
				dx, dy = p.r.IntN(cells), p.r.IntN(cells)
			}
			cell := (x+dx+cells)%cells*cells + (y+dy+cells)%cells
			lots = append(lots, cell*perCell+p.r.IntN(perCell))
			metres = append(metres, int64(dx*dx+dy*dy)*100+p.r.Int64N(100))
		}
		p.need(lots, metres)
	}
	p.shuffle()
	return p.Problem
}

// shuffle gives the rows new numbers, since a real pool is in no order.
func (p *pool) shuffle() {
	demands, supplies := p.r.Perm(len(p.Demand)), p.r.Perm(len(p.Supply))
	demand, supply := make([]int64, len(p.Demand)), make([]int64, len(p.Supply))
	for i, to := range demands {
		demand[to] = p.Demand[i]
	}
	for i, to := range supplies {
		supply[to] = p.Supply[i]
	}
	p.Demand, p.Supply = demand, supply
	for k := range p.Arcs {
		a := &p.Arcs[k]
		a.From, a.To = supplies[a.From], demands[a.To]
	}
}

// square is an assignment of n to n in which everyone is served: the reward
// outweighs every cost.
func square(n int, most int64) assign.Problem {
	r := rand.New(rand.NewPCG(7, 41))
	var p assign.Problem
	for i := range n {
		p.Supply, p.Demand = append(p.Supply, 1), append(p.Demand, 1)
		for j := range n {
			p.Arcs = append(p.Arcs, assign.Arc{From: i, To: j, Cap: 1, Cost: 1 + r.Int64N(most) - tier})
		}
	}
	return p
}
