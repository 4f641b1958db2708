package assign

// push sends as much along the way found as it takes, from its end back.
func (s *search) push() {
	amount := s.most()
	if amount == 0 {
		return // the row itself goes without
	}
	j := s.endCol
	if j < 0 {
		s.need[s.endRow] += amount
		j = s.giveBack(s.endRow, amount)
	} else if s.room[j] -= amount; s.room[j] == 0 {
		s.columns[j].distance = far
	}
	for {
		i := s.columns[j].row
		s.take(i, j, amount)
		if i == s.row {
			break
		}
		j = s.giveBack(i, amount)
	}
	s.need[s.row] -= amount
}

// most is how much the way takes: 0 if it has no length.
func (s *search) most() int64 {
	amount, j := s.need[s.row], s.endCol
	giveBack := func(i int32) {
		h := &s.holders[s.rows[i].holder]
		amount, j = min(amount, h.flow), s.edges[h.edge].supply()
	}
	switch {
	case j >= 0:
		amount = min(amount, s.room[j])
	case s.endRow == s.row:
		return 0
	default:
		giveBack(s.endRow)
	}
	for {
		c := &s.columns[j]
		if e := &s.edges[c.edge]; e.id&limited > 0 {
			left := s.p.Arcs[e.arc()].Cap
			if at := s.holderOf(c); at >= 0 {
				left -= s.holders[at].flow
			}
			amount = min(amount, left)
		}
		if c.row == s.row {
			return amount
		}
		giveBack(c.row)
	}
}

// holderOf finds the edge by which the column was reached among its holders,
// or gives -1. A row that has nothing yet need not be looked for among many.
func (s *search) holderOf(c *column) int32 {
	if c.row == s.row && s.need[s.row] == s.p.Demand[s.row] {
		return -1
	}
	for at := c.first; at < c.end; at++ {
		if s.holders[at].edge == c.edge {
			return at
		}
	}
	return -1
}

// take lets flow on the edge by which the column was reached.
func (s *search) take(i, j int32, amount int64) {
	c := &s.columns[j]
	e := &s.edges[c.edge]
	at := s.holderOf(c)
	if at < 0 {
		at = c.end
		c.end++
		s.holders[at] = holder{edge: c.edge, row: i}
	}
	h := &s.holders[at]
	h.flow += amount
	if e.id&limited > 0 && h.flow == s.p.Arcs[e.arc()].Cap {
		h.row, e.col = ^i, ^j
	}
}

// giveBack takes flow off the holder by which the row was reached, and gives
// its column.
func (s *search) giveBack(i int32, amount int64) int32 {
	h := &s.holders[s.rows[i].holder]
	e := &s.edges[h.edge]
	j := e.supply()
	h.row, e.col = i, j
	if h.flow -= amount; h.flow == 0 {
		c := &s.columns[j]
		c.end--
		*h = s.holders[c.end]
	}
	return j
}
