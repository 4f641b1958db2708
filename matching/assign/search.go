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
	row    int32   // that is served
	reach  int64   // distance of the nearest end
	endCol int32   // the column where it is, or -1
	endRow int32   // else the row
	level  int64   // distance of what is being scanned
	tight  []int32 // columns at this distance: no need to queue
	queue  queue   // columns, and rows as ^row, that are farther
	cols   []int32 // labelled
	rows   []int32
}

// serve gives a row what pays.
func (s *search) serve(row int32) {
	price := int64(0)
	for _, e := range s.edges[s.first[row]:s.first[row+1]] {
		price = max(price, -e.cost-s.SupplyPrice[e.col])
	}
	s.DemandPrice[row] = price
	s.row = row
	for s.need[row] > 0 && s.DemandPrice[row] > 0 {
		s.find()
		s.reprice()
		s.push()
	}
}

// find labels nodes until the nearest end is known.
func (s *search) find() {
	s.reach, s.endCol, s.level = far, -1, 0
	s.tight, s.queue, s.cols, s.rows = s.tight[:0], s.queue[:0], s.cols[:0], s.rows[:0]
	s.rowDist[s.row] = 0
	s.rows = append(s.rows, s.row)
	s.scanRow(s.row)
	for s.level < s.reach {
		if n := len(s.tight); n > 0 {
			col := s.tight[n-1]
			s.tight = s.tight[:n-1]
			s.scanCol(col)
			continue
		}
		if len(s.queue) == 0 || s.queue[0].distance >= s.reach {
			return
		}
		switch next := s.queue.pop(); {
		case next.node >= 0 && s.colDist[next.node] == next.distance:
			s.level = next.distance
			s.scanCol(next.node)
		case next.node < 0 && s.rowDist[^next.node] == next.distance:
			s.level = next.distance
			s.scanRow(^next.node)
		}
	}
}

// scanRow goes on from a row at the present level.
func (s *search) scanRow(row int32) {
	base := s.level + s.DemandPrice[row]
	if base < s.reach {
		s.reach, s.endCol, s.endRow = base, -1, row
	}
	begin := s.first[row]
	edges := s.edges[begin:s.first[row+1]]
	for i := range edges {
		e := &edges[i]
		if e.col < 0 {
			continue
		}
		distance := base + e.cost + s.SupplyPrice[e.col]
		if distance >= s.reach || distance >= s.colDist[e.col] {
			continue
		}
		s.colEdge[e.col], s.colRow[e.col] = begin+int32(i), row
		if s.room[e.col] > 0 {
			s.reach, s.endCol = distance, e.col
			if distance == s.level {
				return
			}
			continue
		}
		if s.colDist[e.col] == far {
			s.cols = append(s.cols, e.col)
		}
		s.colDist[e.col] = distance
		if distance == s.level {
			s.tight = append(s.tight, e.col)
		} else {
			s.queue.push(entry{distance, e.col})
		}
	}
}

// scanCol goes on from a full column at the present level to its holders.
func (s *search) scanCol(col int32) {
	at := s.held[col]
	for _, h := range s.holders[at : at+s.holding[col]] {
		distance := s.level
		if e := s.edges[h.edge]; e.col < 0 {
			distance -= e.cost + s.SupplyPrice[col] + s.DemandPrice[h.row]
		}
		if distance >= s.rowDist[h.row] || distance >= s.reach {
			continue
		}
		if s.rowDist[h.row] == far {
			s.rows = append(s.rows, h.row)
		}
		s.rowDist[h.row], s.rowEdge[h.row] = distance, h.edge
		if distance > s.level {
			s.queue.push(entry{distance, ^h.row})
		} else if s.scanRow(h.row); s.reach == s.level {
			return
		}
	}
}

// reprice takes the distances into the prices, so that the way found costs
// nothing, and forgets the labels.
func (s *search) reprice() {
	for _, j := range s.cols {
		if short := s.reach - s.colDist[j]; short > 0 {
			s.SupplyPrice[j] += short
		}
		s.colDist[j] = far
	}
	for _, i := range s.rows {
		if short := s.reach - s.rowDist[i]; short > 0 {
			s.DemandPrice[i] -= short
		}
		s.rowDist[i] = far
	}
}
