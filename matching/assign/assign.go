// Package assign moves units from supplies to demands at least total cost.
//
// A Problem flows in: how much each supply has, how much each demand takes, and
// arcs with a capacity and a cost per unit. A Solution flows out: the flow of
// every arc and prices that prove that no flow is cheaper. Nothing is forced to
// move; a negative cost is a reward. The package knows nothing of medicine,
// keeps no state and gives the same answer to the same input.
package assign

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// Arc may carry up to Cap units from Supply[From] to Demand[To] at Cost each.
// Parallel arcs are allowed, so that rewards can fall.
type Arc struct {
	From, To  int
	Cap, Cost int64
}

// Problem is a transport problem. Nothing in it may be negative but costs.
type Problem struct {
	Supply, Demand []int64
	Arcs           []Arc
}

// Solution is a cheapest flow, arc by arc, with the prices that prove it: see
// Verify.
type Solution struct {
	Flow                     []int64
	Cost                     int64
	SupplyPrice, DemandPrice []int64
}

// Limit bounds the sums of supply and of demand, the dearest arc, and units
// times the dearest arc. Prices, costs with what they absorbed of prices, and
// distances stay within the dearest arc either way (a row gives up before a
// way costs more than its reward), so the largest sum that is formed, a
// distance and a reduced cost, is four of them.
const Limit = math.MaxInt64 / 4

// ErrOverflow says that sums of this problem might not fit 64 bits.
var ErrOverflow = errors.New("assign: magnitudes could overflow")

// check refuses what cannot be solved or could overflow.
func check(p Problem) error {
	if max(len(p.Supply), len(p.Demand), len(p.Arcs)) > limited {
		return fmt.Errorf("%w: more than 30 bits of rows or arcs", ErrOverflow)
	}
	supply, err := sum("Supply", p.Supply)
	if err != nil {
		return err
	}
	demand, err := sum("Demand", p.Demand)
	if err != nil {
		return err
	}
	dearest := int64(0)
	for k, a := range p.Arcs {
		switch {
		case a.From < 0 || a.From >= len(p.Supply):
			return fmt.Errorf("assign: Arcs[%d].From %d is outside Supply (%d)", k, a.From, len(p.Supply))
		case a.To < 0 || a.To >= len(p.Demand):
			return fmt.Errorf("assign: Arcs[%d].To %d is outside Demand (%d)", k, a.To, len(p.Demand))
		case a.Cap < 0:
			return fmt.Errorf("assign: Arcs[%d].Cap is negative", k)
		case a.Cost > Limit || a.Cost < -Limit:
			return fmt.Errorf("%w: Arcs[%d].Cost", ErrOverflow, k)
		}
		dearest = max(dearest, a.Cost, -a.Cost)
	}
	if units := min(supply, demand); exceeds(units, dearest) {
		return fmt.Errorf("%w: %d units at up to %d each", ErrOverflow, units, dearest)
	}
	return nil
}

func sum(name string, amounts []int64) (int64, error) {
	total := int64(0)
	for i, a := range amounts {
		if a < 0 {
			return 0, fmt.Errorf("assign: %s[%d] is negative", name, i)
		}
		if a > Limit-total {
			return 0, fmt.Errorf("%w: sum of %s", ErrOverflow, name)
		}
		total += a
	}
	return total, nil
}

// exceeds reports whether the product of two amounts is above Limit.
func exceeds(a, b int64) bool {
	high, low := bits.Mul64(uint64(a), uint64(b))
	return high != 0 || low > Limit
}
