package assign

import (
	"cmp"
	"slices"
)

// Edges of a row are put in order of cost only as far as searches look at
// them, so that a search can stop where no price could make an edge near
// enough: prices are never negative. Volgenant (1996) searches dense problems
// on a core of cheap edges for the same reason, but has to look at the others
// afterwards.
const (
	firstOrdered = 20 // edges that are put in order at first; later as many again
	samples      = 32
)

// orderMore puts some more edges of a row in order.
func (l *layout) orderMore(r *row) {
	rest := l.edges[r.ordered:r.end]
	if wanted := max(firstOrdered, int(r.ordered-r.first)); len(rest) > 2*wanted {
		rest = rest[:cheapest(rest, wanted)]
	}
	if len(rest) > 64 {
		slices.SortFunc(rest, func(a, b edge) int { return cmp.Compare(a.cost, b.cost) })
	} else {
		sortFew(rest)
	}
	r.ordered += int32(len(rest))
}

// cheapest brings some edges to the front that cost no more than the others,
// about as many as wanted, and says how many.
func cheapest(edges []edge, wanted int) int {
	var sample [samples]int64
	for i := range sample {
		sample[i] = edges[i*len(edges)/samples].cost
	}
	slices.Sort(sample[:])
	limit, n := sample[samples*wanted/len(edges)], 0
	for i := range edges {
		if edges[i].cost <= limit {
			edges[i], edges[n] = edges[n], edges[i]
			n++
		}
	}
	return n
}

func sortFew(edges []edge) {
	for i := 1; i < len(edges); i++ {
		e, at := edges[i], i
		for ; at > 0 && edges[at-1].cost > e.cost; at-- {
			edges[at] = edges[at-1]
		}
		edges[at] = e
	}
}

// absorb adds what prices have risen to the costs of edges and starts again at
// 0: sums stay the same, but the order of edges is by what they cost by now.
// Edges move, so their holders are listed anew; meanwhile an edge that carries
// flow has ^id for id, and its arc the flow. It stays put from then on, for none
// in its row costs less, and all that cost as little come into order at once.
func (l *layout) absorb(rows []int32) {
	for _, i := range rows {
		r := &l.rows[i]
		edges := l.edges[r.first:r.end]
		for k := range edges {
			e := &edges[k]
			c := &l.columns[e.supply()]
			e.cost += c.risen
			for at := c.first; at < c.end; at++ {
				holding := &l.edges[l.holders[at].edge]
				l.flow[holding.arc()] = l.holders[at].flow
				holding.id = ^holding.id
			}
			c.end = c.first
		}
	}
	for _, i := range rows {
		r := &l.rows[i]
		r.ordered = r.first
		l.orderMore(r)
		edges := l.edges[r.first:r.end]
		for k := range edges {
			e := &edges[k]
			c := &l.columns[e.supply()]
			l.prices[e.supply()] += c.risen
			c.risen = 0
			if e.id >= 0 {
				continue
			}
			e.id = ^e.id
			h := holder{l.flow[e.arc()], r.first + int32(k), i}
			l.flow[e.arc()] = 0
			if e.col < 0 {
				h.row = ^i
			}
			l.holders[c.end] = h
			c.end++
		}
	}
}
