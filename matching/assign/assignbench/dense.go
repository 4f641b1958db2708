package main

import (
	"math"
	"slices"
)

// jonkerVolgenant solves a dense assignment as published: R. Jonker and A.
// Volgenant, A Shortest Augmenting Path Algorithm for Dense and Sparse Linear
// Assignment Problems, Computing 38 (1987), 325–340. It returns the least cost.
func jonkerVolgenant(costs [][]int64) int64 {
	n := len(costs)
	d := &dense{costs: costs, v: make([]int64, n), colOf: make([]int, n), rowOf: make([]int, n)}
	d.reduceColumns()
	d.reduceRows()
	d.reduceRows()
	d.augment()
	total := int64(0)
	for i, j := range d.colOf {
		total += costs[i][j]
	}
	return total
}

type dense struct {
	costs        [][]int64
	v            []int64 // prices of columns
	colOf, rowOf []int   // who is assigned to whom, or -1
	free         []int   // rows without a column
}

// reduceColumns gives every column its cheapest row, if that is free, and
// transfers what a row then can spare to its column.
func (d *dense) reduceColumns() {
	n := len(d.costs)
	for i := range d.colOf {
		d.colOf[i] = -1
	}
	least, of := slices.Clone(d.costs[0]), make([]int, n)
	for i := 1; i < n; i++ {
		for j, c := range d.costs[i] {
			if c < least[j] {
				least[j], of[j] = c, i
			}
		}
	}
	times := make([]int, n)
	for j := n - 1; j >= 0; j-- {
		d.v[j], d.rowOf[j] = least[j], -1
		times[of[j]]++
		if times[of[j]] == 1 {
			d.colOf[of[j]], d.rowOf[j] = j, of[j]
		}
	}
	for i, j1 := range d.colOf {
		if times[i] == 0 {
			d.free = append(d.free, i)
		}
		if times[i] != 1 {
			continue
		}
		spare := int64(math.MaxInt64)
		for j, c := range d.costs[i] {
			if j != j1 && c-d.v[j] < spare {
				spare = c - d.v[j]
			}
		}
		d.v[j1] -= spare
	}
}

// reduceRows lets each free row take its best column and pay for it as much as
// it has over its second best.
func (d *dense) reduceRows() {
	rows := d.free
	d.free = nil
	for k := 0; k < len(rows); {
		i := rows[k]
		k++
		first, second, j1, j2 := int64(math.MaxInt64), int64(math.MaxInt64), -1, -1
		for j, c := range d.costs[i] {
			if h := c - d.v[j]; h < second {
				if h < first {
					first, second, j1, j2 = h, first, j, j1
				} else {
					second, j2 = h, j
				}
			}
		}
		out := d.rowOf[j1]
		if first < second {
			d.v[j1] -= second - first
		} else if out >= 0 {
			j1 = j2
			out = d.rowOf[j1]
		}
		d.colOf[i], d.rowOf[j1] = j1, i
		if out < 0 {
			continue
		}
		if first < second {
			k--
			rows[k] = out
		} else {
			d.free = append(d.free, out)
		}
	}
}

// augment finds a shortest way for every row that is still free.
func (d *dense) augment() {
	n := len(d.costs)
	dist, from, cols := make([]int64, n), make([]int, n), make([]int, n)
	for j := range cols {
		cols[j] = j
	}
	for _, start := range d.free {
		for j, c := range d.costs[start] {
			dist[j], from[j] = c-d.v[j], start
		}
		low, up, last, end, least := 0, 0, 0, -1, int64(0)
		for end < 0 {
			if up == low { // find the columns at the new least distance
				last = low
				least = math.MaxInt64
				for k := up; k < n; k++ {
					j := cols[k]
					if dist[j] > least {
						continue
					}
					if dist[j] < least {
						up, least = low, dist[j]
					}
					cols[k], cols[up] = cols[up], j
					up++
				}
				for k := low; k < up && end < 0; k++ {
					if d.rowOf[cols[k]] < 0 {
						end = cols[k]
					}
				}
				if end >= 0 {
					break
				}
			}
			j1 := cols[low]
			low++
			i := d.rowOf[j1]
			row := d.costs[i]
			base := row[j1] - d.v[j1] - least
			for k := up; k < n; k++ {
				j := cols[k]
				h := row[j] - d.v[j] - base
				if h >= dist[j] {
					continue
				}
				dist[j], from[j] = h, i
				if h == least {
					if d.rowOf[j] < 0 {
						end = j
						break
					}
					cols[k], cols[up] = cols[up], j
					up++
				}
			}
		}
		for _, j := range cols[:last] {
			d.v[j] += dist[j] - least
		}
		for i := -1; i != start; {
			i = from[end]
			d.rowOf[end] = i
			end, d.colOf[i] = d.colOf[i], end
		}
	}
}
