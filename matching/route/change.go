package route

import (
	"fmt"
	"slices"
)

// Along tells what a fixed order costs and when each of its stops is reached,
// be it too late: whoever fixed it asks how late. What it leaves out is skipped.
// It begins with Start and ends with an End of its own, if that is not left out,
// and nothing in it comes without what is before it; anything else is an error.
func Along(p Problem, order []int) (Solution, error) {
	if err := check(p); err != nil {
		return Solution{}, err
	}
	if err := checkOrder(p, order); err != nil {
		return Solution{}, err
	}
	g := plain(p)
	return g.solution(g.nodes(order)), nil
}

// Insert puts one more stop into a fixed order where that costs least, and of
// equal places into the first. The others keep their order; none of them that
// was in time becomes late, nor is what comes anew. Where no place is such, the
// stop is among the skipped.
func Insert(p Problem, order []int, stop int) (Solution, error) {
	before, err := Along(p, order)
	switch {
	case err != nil:
		return Solution{}, err
	case stop < 0 || stop >= len(p.Cost):
		return Solution{}, fmt.Errorf("route: stop %d is no stop (%d)", stop, len(p.Cost))
	case slices.Contains(order, stop):
		return Solution{}, fmt.Errorf("route: stop %d is in the order already", stop)
	}
	g := plain(p)
	after, found := before, false
	for at := 1; at <= len(order); at++ {
		longer := slices.Insert(slices.Clone(order), at, stop)
		if checkOrder(p, longer) != nil {
			continue
		}
		s := g.solution(g.nodes(longer))
		if (!found || s.Cost < after.Cost) && g.noneLater(before, s, at) {
			after, found = s, true
		}
	}
	return after, nil
}

// noneLater tells whether a stop put in at a place is in time and makes nobody
// late who was not.
func (g *net) noneLater(before, after Solution, at int) bool {
	for i, x := range after.Order[at:] {
		onTime := i == 0 || before.Arrival[at+i-1] <= g.close[x]
		if onTime && after.Arrival[at+i] > g.close[x] {
			return false
		}
	}
	return true
}

// nodes is an order of stops as an order of nodes.
func (g *net) nodes(order []int) []int32 {
	nodes := make([]int32, 0, len(order)+1)
	for _, x := range order {
		nodes = append(nodes, int32(x))
	}
	if int(g.last) >= g.stops {
		nodes = append(nodes, g.last)
	}
	return nodes
}

// checkOrder refuses what is no order of a problem's stops.
func checkOrder(p Problem, order []int) error {
	if len(order) == 0 || order[0] != p.Start {
		return fmt.Errorf("route: order does not begin with Start %d", p.Start)
	}
	place := make([]int, len(p.Cost)) // counted from 1
	for at, x := range order {
		switch {
		case x < 0 || x >= len(p.Cost):
			return fmt.Errorf("route: order[%d] %d is no stop (%d)", at, x, len(p.Cost))
		case place[x] > 0:
			return fmt.Errorf("route: order[%d] %d is in the order already", at, x)
		case x == p.End && x != p.Start && at < len(order)-1:
			return fmt.Errorf("route: order[%d] is End %d and not the last", at, x)
		}
		place[x] = at + 1
	}
	for i, pair := range p.Before {
		a, b := place[pair[0]], place[pair[1]]
		if b > 0 && (a == 0 || a > b) && pair[1] != p.End {
			return fmt.Errorf("route: order has %d without %d before it (Before[%d])", pair[1], pair[0], i)
		}
	}
	return nil
}
