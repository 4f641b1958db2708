package assign

import "slices"

// push sends as much along the way found as it takes, from its end back.
func (s *search) push() {
	amount := s.most()
	if amount == 0 {
		return // the row itself goes without
	}
	j := s.endCol
	if j >= 0 {
		s.room[j] -= amount
	} else {
		s.need[s.endRow] += amount
		j = s.giveBack(s.endRow, amount)
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
	if j >= 0 {
		amount = min(amount, s.room[j])
	} else {
		if s.endRow == s.row {
			return 0
		}
		e := &s.edges[s.rows[s.endRow].edge]
		amount, j = min(amount, s.flow[e.id]), e.supply()
	}
	for {
		c := &s.columns[j]
		id := s.edges[c.edge].id
		amount = min(amount, s.p.Arcs[id].Cap-s.flow[id])
		if c.row == s.row {
			return amount
		}
		e := &s.edges[s.rows[c.row].edge]
		amount, j = min(amount, s.flow[e.id]), e.supply()
	}
}

// take lets flow on the edge by which the column was reached.
func (s *search) take(i, j int32, amount int64) {
	c := &s.columns[j]
	e := &s.edges[c.edge]
	if s.flow[e.id] == 0 {
		s.holders[c.held+c.holding] = holder{c.edge, i}
		c.holding++
	}
	s.flow[e.id] += amount
	// Where a node is full no later than its arc, the arc never limits: it
	// counts as open, so that its reduced cost stays 0 and ways stay short.
	if limit := s.p.Arcs[e.id].Cap; s.flow[e.id] == limit && limit < min(s.p.Supply[j], s.p.Demand[i]) {
		list := s.holders[c.held:][:c.holding]
		list[slices.Index(list, holder{c.edge, i})].row = ^i
		e.col = ^j
	}
}

// giveBack takes flow off the edge by which the row was reached, and gives its
// column.
func (s *search) giveBack(i int32, amount int64) int32 {
	at := s.rows[i].edge
	e := &s.edges[at]
	c := &s.columns[e.supply()]
	list := s.holders[c.held:][:c.holding]
	k := slices.IndexFunc(list, func(h holder) bool { return h.edge == at })
	list[k].row, e.col = i, e.supply()
	if s.flow[e.id] -= amount; s.flow[e.id] == 0 {
		list[k] = list[len(list)-1]
		c.holding--
	}
	return e.col
}
