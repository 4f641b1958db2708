package assign

import "math"

// layout is a problem as flat arrays: demands are rows, supplies columns. It
// is scratch memory, used again by later problems. Parts of the problem that
// share no node touch different elements, so that they can be solved at once.
type layout struct {
	p          Problem
	flow       []int64
	rows       []row
	columns    []column
	need       []int64 // units that a row may still take
	room       []int64 // units that a column still has
	idle       int     // columns without edges
	prices     []int64 // of columns, as far as edges have absorbed them
	edges      []edge  // by row
	holders    []holder
	partRoot   []int32 // see part.go
	partNumber []int32
	partFirst  []int32
	partRows   []int32
}

// row and column hold what a search needs, each on half a cache line.
type row struct {
	distance int64 // label of a search, far between searches; see search.go
	price    int64
	first    int32 // its edges are edges[first:end]
	end      int32
	ordered  int32 // edges before this one are in order of cost; see order.go
	holder   int32 // by which the search came
}

type column struct {
	distance int64 // open while it has room, else as a row's
	risen    int64 // how much its price rose since the edges absorbed it
	first    int32 // its holders are holders[first:end]
	end      int32
	edge     int32 // by which the search came, and from which row
	row      int32
}

// edge is an arc that may pay. col is its supply, or ^supply while it is full.
type edge struct {
	cost    int64
	col, id int32
}

// limited is a bit in the id of an edge that can be full before its nodes are:
// only such an arc has to be asked for its capacity. Where a node is full no
// later than its arc, the arc counts as open, so that its reduced cost stays 0
// and ways stay short.
const limited = 1 << 30

func (e *edge) supply() int32 { return max(e.col, ^e.col) }
func (e *edge) arc() int32    { return e.id &^ limited }

// holder is an edge that carries flow. row is ^row while the edge is full.
type holder struct {
	flow      int64
	edge, row int32
}

// What is not reached is farther than any distance. A column with room is
// never labelled; that it is open shows where a search looks anyway.
const (
	far  = math.MaxInt64
	open = far - 1
)

// lay sorts the arcs that may pay by demand, by counting.
func (l *layout) lay(p Problem, flow []int64) {
	l.p, l.flow = p, flow
	rows, columns := sized(&l.rows, len(p.Demand)), sized(&l.columns, len(p.Supply))
	for i := range rows {
		rows[i] = row{distance: far}
	}
	for j := range columns {
		columns[j] = column{distance: open}
	}
	for k := range p.Arcs {
		if a := &p.Arcs[k]; p.pays(a) {
			rows[a.To].end++
			columns[a.From].end++
		}
	}
	edges := int32(0)
	for i := range rows {
		r := &rows[i]
		r.first, r.ordered = edges, edges
		edges += r.end
		r.end = r.first
	}
	sized(&l.edges, int(edges))
	for k := range p.Arcs {
		if a := &p.Arcs[k]; p.pays(a) {
			r := &rows[a.To]
			id := int32(k)
			if a.Cap < min(p.Supply[a.From], p.Demand[a.To]) {
				id |= limited
			}
			l.edges[r.end] = edge{a.Cost, int32(a.From), id}
			r.end++
			r.price = max(r.price, -a.Cost) // the greatest reward, until it is served
		}
	}
	l.idle = 0
	holders := int32(0) // no column has more than edges, nor than units
	for j := range columns {
		c := &columns[j]
		if c.end == 0 {
			l.idle++
		}
		c.first = holders
		holders += int32(min(int64(c.end), p.Supply[j]))
		c.end = c.first
	}
	sized(&l.holders, int(holders))
	copy(sized(&l.need, len(rows)), p.Demand)
	copy(sized(&l.room, len(columns)), p.Supply)
	clear(sized(&l.prices, len(columns)))
}

// pays reports whether an arc may ever carry flow. One that costs nothing or
// more need not: prices are never negative, so neither is its reduced cost.
func (p *Problem) pays(a *Arc) bool {
	return a.Cost < 0 && a.Cap > 0 && p.Supply[a.From] > 0 && p.Demand[a.To] > 0
}

// sized gives scratch memory of n elements, with what was in it.
func sized[T any](s *[]T, n int) []T {
	if cap(*s) < n {
		*s = make([]T, n+n/4)
	}
	*s = (*s)[:n]
	return *s
}
