package assign

import "slices"

// push sends as much along the way found as it takes, from its end back.
func (s *search) push() {
	amount := s.most()
	if amount == 0 {
		return // the row itself goes without
	}
	col := s.endCol
	if col >= 0 {
		s.room[col] -= amount
	} else {
		s.need[s.endRow] += amount
		col = s.giveBack(s.endRow, amount)
	}
	for {
		row := s.colRow[col]
		s.take(row, col, amount)
		if row == s.row {
			break
		}
		col = s.giveBack(row, amount)
	}
	s.need[s.row] -= amount
}

// most is how much the way takes: 0 if it has no length.
func (s *search) most() int64 {
	amount, col := s.need[s.row], s.endCol
	if col >= 0 {
		amount = min(amount, s.room[col])
	} else {
		if s.endRow == s.row {
			return 0
		}
		amount, col = s.mostBack(s.endRow, amount)
	}
	for {
		row, id := s.colRow[col], s.edges[s.colEdge[col]].id
		amount = min(amount, s.p.Arcs[id].Cap-s.Flow[id])
		if row == s.row {
			return amount
		}
		amount, col = s.mostBack(row, amount)
	}
}

func (s *search) mostBack(row int32, amount int64) (int64, int32) {
	e := &s.edges[s.rowEdge[row]]
	return min(amount, s.Flow[e.id]), e.supply()
}

func (e *edge) supply() int32 { return max(e.col, ^e.col) }

// take lets flow on the edge by which the column was reached.
func (s *search) take(row, col int32, amount int64) {
	at := s.colEdge[col]
	e := &s.edges[at]
	if s.Flow[e.id] == 0 {
		s.holders[s.held[col]+s.holding[col]] = holder{at, row}
		s.holding[col]++
	}
	s.Flow[e.id] += amount
	// Where a node is full no later than its arc, the arc never limits: it
	// counts as open, so that its reduced cost stays 0 and ways stay short.
	if limit := s.p.Arcs[e.id].Cap; s.Flow[e.id] == limit && limit < min(s.p.Supply[col], s.p.Demand[row]) {
		e.col = ^e.col
	}
}

// giveBack takes flow off the edge by which the row was reached, and gives its
// column.
func (s *search) giveBack(row int32, amount int64) int32 {
	at := s.rowEdge[row]
	e := &s.edges[at]
	e.col = e.supply()
	if s.Flow[e.id] -= amount; s.Flow[e.id] == 0 {
		list := s.holders[s.held[e.col]:][:s.holding[e.col]]
		gone := slices.Index(list, holder{at, row})
		list[gone] = list[len(list)-1]
		s.holding[e.col]--
	}
	return e.col
}
