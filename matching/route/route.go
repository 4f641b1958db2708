// Package route orders stops into a round: least travel, in time, and what is
// fetched before what is brought.
//
// A Problem flows in: what it takes to go from each stop to each other, where
// the round begins and ends, what comes before what, when a stop may be reached
// and how long one stays. A Solution flows out: the order, what it costs, when
// each stop is reached and what had to be left out. Small rounds are exact and
// say so; larger ones are searched, and the same input with the same seed gives
// the same answer. Along and Insert change a round that is under way. The
// package knows nothing of people or medicine, keeps no state and reads no
// clock: effort counts work.
package route

import "fmt"

// Problem is a round to be ordered, in metres or in seconds, but one of them
// throughout.
type Problem struct {
	Cost    [][]int64  // from stop to stop, need not be symmetric; from a stop to itself is not read
	Start   int        // first stop; the clock is 0 there
	End     int        // last stop; Anywhere; or Start: a closed tour
	Before  [][2]int   // {a, b}: a is visited before b
	Window  [][2]int64 // earliest and latest arrival per stop, AnyTime for none; empty: any time everywhere
	Service []int64    // time spent at each stop; empty: none
}

// Anywhere as End lets a round end wherever that costs least.
const Anywhere = -1

// AnyTime is the window of a stop that has none, where others have one. The
// window {0, 0} is not that: it means at the very beginning.
var AnyTime = [2]int64{0, Limit}

// What a problem may hold. No cost, service or earliest arrival is above Limit,
// so that sums over all stops fit; a latest arrival of Limit or more is none.
const (
	MaxStops  = 1000
	MaxBefore = 20_000
	MaxEffort = 1_000_000_000
	Limit     = int64(1) << 40
)

// exactly is up to how many stops between the first and the last every order is
// looked at.
const exactly = 12

// Solution is an order of stops.
type Solution struct {
	Order   []int   // every stop once but the skipped ones, Start first; a closed tour does not repeat it
	Cost    int64   // travel along Order, and back to Start when closed; waiting and service not counted
	Arrival []int64 // per position in Order, when the visit begins: who is early has waited for the window
	Skipped []int   // what fits no window, and what should have come after that; rising
	Exact   bool    // no order is better
}

// Solve orders the stops: as few as possible are skipped, and of all such
// orders it is the cheapest, of equally cheap ones the first to be done; what
// is equal in that too is decided by the numbers of the stops. Up to 12 stops
// between the first and the last this is exact, whatever seed and effort are.
// Above it is what a search of that effort finds, how many times it breaks up
// what it has; 0 means enough for milliseconds up to a hundred stops.
//
// Waiting is allowed, lateness is not, and a stop that nobody can reach in time
// is skipped; dropping a fetch drops what it was to be before. Start is never
// skipped. An End of its own is only where no order reaches it in time, and then
// the round ends anywhere; what had to be before it may be missing. Of Start's
// window only the opening counts, for she is there at 0, and the way back of a
// closed tour has none. Errors mean malformed input and name the flaw.
func Solve(p Problem, seed uint64, effort int) (Solution, error) {
	if err := check(p); err != nil {
		return Solution{}, err
	}
	if effort < 0 || effort > MaxEffort {
		return Solution{}, fmt.Errorf("route: effort %d is not from 0 to %d", effort, MaxEffort)
	}
	g := plain(p)
	exact := g.n-2 <= exactly
	nodes := g.way(seed, effort, exact)
	if int(g.last) < g.stops && g.late(nodes) {
		g = openEnded(p)
		nodes = g.way(seed, effort, exact)
	}
	s := g.solution(nodes)
	s.Exact = exact
	return s, nil
}

// way is the best order of a net, or what a search finds.
func (g *net) way(seed uint64, effort int, exact bool) []int32 {
	if exact {
		return best(g)
	}
	return find(g, seed, effort)
}
