package assign

import (
	"cmp"
	"slices"
)

// part splits the rows by what they share: partRows[partFirst[n]:partFirst[n+1]]
// are the rows of part n. Rows without edges are in none. It returns how many
// parts there are.
func (l *layout) part() int {
	l.join()
	// Parts are numbered by their first row and filled in the order of rows.
	number := sized(&l.partNumber, len(l.columns))
	for j := range number {
		number[j] = -1
	}
	parts := 0
	first := append(l.partFirst[:0], 0, 0)
	for i := range l.rows {
		r := &l.rows[i]
		if r.first == r.end {
			continue
		}
		top := l.top(l.edges[r.first].col)
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
	all := sized(&l.partRows, len(l.rows))
	for i := range l.rows {
		r := &l.rows[i]
		if r.first < r.end {
			at := &first[number[l.top(l.edges[r.first].col)]+1]
			all[*at] = int32(i)
			*at++
		}
	}
	l.partFirst = first
	return parts
}

// join unites the columns that a row can choose from.
func (l *layout) join() {
	root, apart := sized(&l.partRoot, len(l.columns)), len(l.columns)-l.idle
	for j := range root {
		root[j] = int32(j)
	}
	for i := range l.rows {
		if apart == 1 {
			break // it is all one: soon so where everyone may have everything
		}
		r := &l.rows[i]
		if r.first == r.end {
			continue
		}
		edges := l.edges[r.first:r.end]
		top := l.top(edges[0].col)
		for k := range edges[1:] {
			if j := edges[k+1].col; root[j] != top {
				if at := l.top(j); at != top {
					root[at] = top
					apart--
				}
			}
		}
	}
}

func (l *layout) top(j int32) int32 {
	root := l.partRoot
	for root[j] != j {
		root[j] = root[root[j]]
		j = root[j]
	}
	return j
}

// rowsOf gives the rows of a part, the greatest reward first: a row then
// seldom has to push out one that came before.
func (l *layout) rowsOf(part int) []int32 {
	rows := l.partRows[l.partFirst[part]:l.partFirst[part+1]]
	slices.SortFunc(rows, func(a, b int32) int {
		return cmp.Or(cmp.Compare(l.rows[b].price, l.rows[a].price), cmp.Compare(a, b))
	})
	return rows
}
