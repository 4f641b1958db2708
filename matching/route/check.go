package route

import "fmt"

// check refuses what is not a round, or is too large to be summed.
func check(p Problem) error {
	n := len(p.Cost)
	switch {
	case n == 0:
		return fmt.Errorf("route: Cost is empty: there is no stop")
	case n > MaxStops:
		return fmt.Errorf("route: %d stops, at most %d", n, MaxStops)
	case p.Start < 0 || p.Start >= n:
		return fmt.Errorf("route: Start %d is no stop (%d)", p.Start, n)
	case p.End < Anywhere || p.End >= n:
		return fmt.Errorf("route: End %d is no stop (%d), nor Anywhere", p.End, n)
	case len(p.Window) > 0 && len(p.Window) != n:
		return fmt.Errorf("route: %d windows for %d stops", len(p.Window), n)
	case len(p.Service) > 0 && len(p.Service) != n:
		return fmt.Errorf("route: %d services for %d stops", len(p.Service), n)
	case len(p.Before) > MaxBefore:
		return fmt.Errorf("route: %d pairs in Before, at most %d", len(p.Before), MaxBefore)
	}
	for a, row := range p.Cost {
		if len(row) != n {
			return fmt.Errorf("route: Cost[%d] has %d columns, want %d", a, len(row), n)
		}
		for b, c := range row {
			if a != b && (c < 0 || c > Limit) {
				return fmt.Errorf("route: Cost[%d][%d] %d is not from 0 to %d", a, b, c, Limit)
			}
		}
	}
	for x, w := range p.Window {
		switch {
		case w[0] > w[1]:
			return fmt.Errorf("route: Window[%d] closes at %d before it opens at %d", x, w[1], w[0])
		case w[0] > Limit:
			return fmt.Errorf("route: Window[%d] opens at %d, after %d", x, w[0], Limit)
		}
	}
	for x, s := range p.Service {
		if s < 0 || s > Limit {
			return fmt.Errorf("route: Service[%d] %d is not from 0 to %d", x, s, Limit)
		}
	}
	return checkBefore(p)
}

// checkBefore refuses pairs that no order can keep.
func checkBefore(p Problem) error {
	n := len(p.Cost)
	after, waits := make([][]int, n), make([]int, n)
	for i, pair := range p.Before {
		a, b := pair[0], pair[1]
		switch {
		case a < 0 || a >= n || b < 0 || b >= n:
			return fmt.Errorf("route: Before[%d] %v names what is no stop (%d)", i, pair, n)
		case b == p.Start:
			return fmt.Errorf("route: Before[%d] %v puts a stop before Start", i, pair)
		case a == p.End && a != p.Start:
			return fmt.Errorf("route: Before[%d] %v puts a stop after End", i, pair)
		}
		after[a] = append(after[a], b)
		waits[b]++
	}
	// What never becomes free of others before it stands in a circle or behind one.
	var free []int
	for x := range n {
		if waits[x] == 0 {
			free = append(free, x)
		}
	}
	for i := 0; i < len(free); i++ {
		for _, b := range after[free[i]] {
			if waits[b]--; waits[b] == 0 {
				free = append(free, b)
			}
		}
	}
	if len(free) < n {
		return fmt.Errorf("route: Before goes round in a circle through stop %d", circled(p, waits))
	}
	return nil
}

// circled finds a stop of a circle: going back from one that waits to one that
// it waits for, again and again, ends in a circle.
func circled(p Problem, waits []int) int {
	for x := range waits {
		if waits[x] == 0 {
			continue
		}
		for range waits {
			for _, pair := range p.Before {
				if pair[1] == x && waits[pair[0]] > 0 {
					x = pair[0]
					break
				}
			}
		}
		return x
	}
	return p.Start
}
