package assign

import "math"

// edge is an arc that may pay, beside the others of its demand. col is its
// supply, or ^supply while the arc is full.
type edge struct {
	cost    int64
	col, id int32
}

// holder is an edge that carries flow, listed under its supply.
type holder struct{ edge, row int32 }

// layout is a problem as flat arrays: demands are rows, supplies columns. It
// is scratch memory, used again by later problems. Parts of the problem that
// share no node touch different elements, so that they can be solved at once.
type layout struct {
	p          Problem
	Solution           // of the problem; kept up to date from the start
	first      []int32 // the edges of row i are edges[first[i]:first[i+1]]
	edges      []edge
	best       []int64 // cost of the cheapest edge of a row
	need       []int64 // units that a row may still take
	room       []int64 // units that a column still has
	held       []int32 // the holders of column j are holders[held[j]:][:holding[j]]
	holding    []int32
	holders    []holder
	colDist    []int64 // labels of a search, see search.go; far between searches
	rowDist    []int64
	colEdge    []int32
	colRow     []int32
	rowEdge    []int32
	partRoot   []int32 // see part.go
	partNumber []int32
	partFirst  []int32
	partRows   []int32
}

const far = math.MaxInt64

// lay sorts the arcs that may pay by demand, by counting.
func (l *layout) lay(p Problem, s Solution) {
	rows, cols := len(p.Demand), len(p.Supply)
	l.p, l.Solution = p, s
	first := sized(&l.first, rows+2)
	degree := sized(&l.holding, cols)
	clear(first)
	clear(degree)
	usable := 0
	for k := range p.Arcs {
		if a := &p.Arcs[k]; p.pays(a) {
			first[a.To+2]++ // so that filling moves first[i+1] from the begin to the end of row i
			degree[a.From]++
			usable++
		}
	}
	for i := range rows {
		first[i+2] += first[i+1]
	}
	edges := sized(&l.edges, usable)
	best := sized(&l.best, rows)
	clear(best)
	for k := range p.Arcs {
		if a := &p.Arcs[k]; p.pays(a) {
			best[a.To] = min(best[a.To], a.Cost)
			edges[first[a.To+1]] = edge{a.Cost, int32(a.From), int32(k)}
			first[a.To+1]++
		}
	}
	// A column has no more holders than edges, nor than units.
	held, places := sized(&l.held, cols), int32(0)
	for j, n := range degree {
		held[j] = places
		places += int32(min(int64(n), p.Supply[j]))
		degree[j] = 0
	}
	sized(&l.holders, int(places))
	copy(sized(&l.need, rows), p.Demand)
	copy(sized(&l.room, cols), p.Supply)
	fill(sized(&l.colDist, cols), far)
	fill(sized(&l.rowDist, rows), far)
	sized(&l.colEdge, cols)
	sized(&l.colRow, cols)
	sized(&l.rowEdge, rows)
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

func fill(s []int64, value int64) {
	for i := range s {
		s[i] = value
	}
}
