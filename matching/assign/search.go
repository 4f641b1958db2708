package assign

// search looks for the cheapest ways to serve one row after the other.
//
// It is the method of successive shortest paths (Ahuja, Magnanti, Orlin,
// Network Flows, 1993, 9.7) in the manner of Jonker and Volgenant (1987): one
// Dijkstra per row over reduced costs, which ends as soon as the nearest end
// is known and then changes the prices of the few nodes nearer than that end.
// A way goes from the row over an edge to a column, from a full column over a
// holder to the row that would have to give way, and so on. It ends at a
// column with room, or at a row that goes without because its price is the
// cheapest: that may be the first row itself.
//
// What always holds: an edge without flow has a reduced cost ≥ 0, a full one
// ≤ 0, one between = 0; a column with room has price 0; a row that was served
// and still needs something has price 0.
type search struct {
	*layout
	row     int32   // that is served
	reach   int64   // distance of the nearest end
	endCol  int32   // the column where it is, or -1
	endRow  int32   // else the row
	level   int64   // distance of what is being scanned
	tight   []int32 // columns at this distance: no need to queue
	queue   queue   // columns, and rows as ^row, that are farther
	seen    []int32 // columns with a label
	seenRow []int32
	looks   int // at edges
}

// patience is how often the edges of a part are looked at before their order
// is made anew.
const patience = 4

// servePart serves all rows of a part.
func (s *search) servePart(rows []int32) {
	edges := 0
	for _, i := range rows {
		edges += int(s.rows[i].end - s.rows[i].first)
	}
	s.looks = 0
	for _, i := range rows {
		s.serve(i)
		if s.looks > patience*edges {
			s.absorb(rows)
			s.looks = 0
		}
	}
}

// serve gives a row what pays.
func (s *search) serve(i int32) {
	r := &s.rows[i]
	r.price = 0
	for k := r.first; k < r.end; k++ {
		if k == r.ordered {
			s.orderMore(r)
		}
		e := &s.edges[k]
		if -e.cost <= r.price {
			break
		}
		r.price = max(r.price, -e.cost-s.columns[e.col].risen)
	}
	s.row = i
	for s.need[i] > 0 && r.price > 0 {
		s.find()
		s.reprice()
		s.push()
	}
}

// find labels nodes until the nearest end is known.
func (s *search) find() {
	s.reach, s.endCol, s.level = far, -1, 0
	s.tight, s.queue, s.seen, s.seenRow = s.tight[:0], s.queue[:0], s.seen[:0], s.seenRow[:0]
	s.rows[s.row].distance = 0
	s.seenRow = append(s.seenRow, s.row)
	s.scanRow(s.row)
	for s.level < s.reach {
		if n := len(s.tight); n > 0 {
			j := s.tight[n-1]
			s.tight = s.tight[:n-1]
			s.scanColumn(j)
			continue
		}
		if len(s.queue) == 0 || s.queue[0].distance >= s.reach {
			return
		}
		switch next := s.queue.pop(); {
		case next.node >= 0 && s.columns[next.node].distance == next.distance:
			s.level = next.distance
			s.scanColumn(next.node)
		case next.node < 0 && s.rows[^next.node].distance == next.distance:
			s.level = next.distance
			s.scanRow(^next.node)
		}
	}
}

// scanRow goes on from a row at the present level.
func (s *search) scanRow(i int32) {
	r := &s.rows[i]
	base := s.level + r.price
	if base < s.reach {
		s.reach, s.endCol, s.endRow = base, -1, i
	}
	for k := r.first; k < r.end; k++ {
		if k == r.ordered {
			s.orderMore(r)
		}
		e := &s.edges[k]
		s.looks++
		if base+e.cost >= s.reach {
			return // so are the others: prices are not negative
		}
		if e.col < 0 {
			continue
		}
		c := &s.columns[e.col]
		distance := base + e.cost + c.risen
		if distance >= s.reach || distance >= c.distance {
			continue
		}
		c.edge, c.row = k, i
		if c.distance == open {
			s.reach, s.endCol = distance, e.col
			if distance == s.level {
				return
			}
			continue
		}
		if c.distance == far {
			s.seen = append(s.seen, e.col)
		}
		c.distance = distance
		if distance == s.level {
			s.tight = append(s.tight, e.col)
		} else {
			s.queue.push(entry{distance, e.col})
		}
	}
}

// scanColumn goes on from a full column at the present level to its holders.
func (s *search) scanColumn(j int32) {
	c := &s.columns[j]
	for at := c.first; at < c.end; at++ {
		h := &s.holders[at]
		i, distance := h.row, s.level
		if i < 0 {
			i = ^i
			distance -= s.edges[h.edge].cost + c.risen + s.rows[i].price
		}
		r := &s.rows[i]
		if distance >= r.distance || distance >= s.reach {
			continue
		}
		if r.distance == far {
			s.seenRow = append(s.seenRow, i)
		}
		r.distance, r.holder = distance, at
		if distance > s.level {
			s.queue.push(entry{distance, ^i})
		} else if s.scanRow(i); s.reach == s.level {
			return
		}
	}
}

// reprice takes the distances into the prices, so that the way found costs
// nothing, and forgets the labels.
func (s *search) reprice() {
	for _, j := range s.seen {
		c := &s.columns[j]
		c.risen += max(0, s.reach-c.distance)
		c.distance = far
	}
	for _, i := range s.seenRow {
		r := &s.rows[i]
		r.price -= max(0, s.reach-r.distance)
		r.distance = far
	}
}
