package assign

import (
	"cmp"
	"slices"
)

// part splits the rows by what they share: partRows[partFirst[n]:partFirst[n+1]]
// are the rows of part n. Rows without edges are in none. It returns how many
// parts there are.
func (l *layout) part() int {
	rows, cols := len(l.p.Demand), len(l.p.Supply)
	root := sized(&l.partRoot, cols)
	for j := range root {
		root[j] = int32(j)
	}
	find := func(j int32) int32 {
		for root[j] != j {
			root[j] = root[root[j]]
			j = root[j]
		}
		return j
	}
	for i := range rows {
		edges := l.edges[l.first[i]:l.first[i+1]]
		if len(edges) == 0 {
			continue
		}
		top := find(edges[0].col)
		for _, e := range edges[1:] {
			if root[e.col] != top {
				root[find(e.col)] = top
			}
		}
	}
	// Parts are numbered by their first row and filled in the order of rows.
	number := sized(&l.partNumber, cols)
	for j := range number {
		number[j] = -1
	}
	parts := 0
	first := append(l.partFirst[:0], 0, 0)
	for i := range rows {
		if l.first[i] == l.first[i+1] {
			continue
		}
		top := find(l.edges[l.first[i]].col)
		if number[top] < 0 {
			number[top] = int32(parts)
			parts++
			first = append(first, 0)
		}
		first[number[top]+2]++
	}
	for n := range parts {
		first[n+2] += first[n+1]
	}
	all := sized(&l.partRows, rows)
	for i := range rows {
		if l.first[i] < l.first[i+1] {
			at := &first[number[find(l.edges[l.first[i]].col)]+1]
			all[*at] = int32(i)
			*at++
		}
	}
	l.partFirst = first
	return parts
}

// rowsOf gives the rows of a part, the greatest reward first: a row then
// seldom has to push out one that came before.
func (l *layout) rowsOf(part int) []int32 {
	rows := l.partRows[l.partFirst[part]:l.partFirst[part+1]]
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(cmp.Compare(l.best[a], l.best[b]), cmp.Compare(a, b))
	})
	return rows
}
