package matching

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/matching/assign"
)

// worth is what the levels weigh: units by rank, the best rank first, then
// trouble.
type worth struct {
	units   []int64
	trouble int64
}

func (a worth) compare(b worth) int {
	return cmp.Or(slices.Compare(a.units, b.units), cmp.Compare(b.trouble, a.trouble))
}

func worthOf(flow, rank, trouble []int64) worth {
	w := worth{units: make([]int64, 8)}
	for k, f := range flow {
		w.units[len(w.units)-int(rank[k])] += f
		w.trouble += f * trouble[k]
	}
	return w
}

// bestOf tries every flow.
func bestOf(p assign.Problem, rank, trouble, flow []int64, k int) worth {
	if k == len(p.Arcs) {
		return worthOf(flow, rank, trouble)
	}
	a := p.Arcs[k]
	var best worth
	for f := int64(0); f <= min(p.Supply[a.From], p.Demand[a.To]); f++ {
		p.Supply[a.From] -= f
		p.Demand[a.To] -= f
		flow[k] = f
		if w := bestOf(p, rank, trouble, flow, k+1); best.units == nil || w.compare(best) > 0 {
			best = w
		}
		p.Supply[a.From] += f
		p.Demand[a.To] += f
	}
	flow[k] = 0
	return best
}

func drawLevels(r *rand.Rand, nodes, arcs int, most int64) (p assign.Problem, rank, trouble []int64) {
	for range 1 + r.IntN(nodes) {
		p.Supply = append(p.Supply, r.Int64N(most+1))
	}
	var ranks []int64
	for range 1 + r.IntN(nodes) {
		p.Demand, ranks = append(p.Demand, r.Int64N(most+1)), append(ranks, 1+r.Int64N(4))
	}
	for range r.IntN(arcs + 1) {
		a := assign.Arc{From: r.IntN(len(p.Supply)), To: r.IntN(len(p.Demand)), Cap: total(p.Supply) + 1}
		p.Arcs, rank, trouble = append(p.Arcs, a), append(rank, ranks[a.To]), append(trouble, r.Int64N(troubleLimit))
	}
	return p, rank, trouble
}

// Falling rewards are as strict as a search of everything, in one search and
// level by level.
func TestByLevels_IsStrict(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	for range 1500 {
		p, rank, trouble := drawLevels(r, 4, 7, 3)
		want := bestOf(p, rank, trouble, make([]int64, len(p.Arcs)), 0)
		if got := worthOf(byLevels(p, rank, trouble), rank, trouble); got.compare(want) != 0 {
			t.Fatalf("in one search %+v, want %+v: %+v %v %v", got, want, p, rank, trouble)
		}
		if got := worthOf(levelByLevel(p, rank, trouble, max(1, total(p.Supply))), rank, trouble); got.compare(want) != 0 {
			t.Fatalf("level by level %+v, want %+v: %+v %v %v", got, want, p, rank, trouble)
		}
	}
}

// At the largest size of one search the magnitudes hold, and both ways agree.
func TestByLevels_HoldsAtTheLimit(t *testing.T) {
	t.Parallel()
	const ranks = 1 << 16
	p := assign.Problem{Supply: []int64{1 << 15}, Demand: []int64{1 << 14, 1 << 14, 1 << 14}}
	rank, trouble := []int64{ranks, 1, ranks - 1}, []int64{troubleLimit - 1, 0, troubleLimit - 1}
	for j := range p.Demand {
		p.Arcs = append(p.Arcs, assign.Arc{From: 0, To: j, Cap: 1 << 30})
	}
	want := []int64{1 << 14, 0, 1 << 14}
	one, err := inOneSearch(p, rank, trouble, 1<<15)
	if err != nil || !slices.Equal(one, want) {
		t.Errorf("%v %v", one, err)
	}
	if got := byLevels(p, rank, trouble); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	p.Supply[0], p.Demand = 1<<22, []int64{1 << 21, 1 << 21, 1 << 21}
	if got, want := byLevels(p, rank, trouble), []int64{1 << 21, 0, 1 << 21}; !slices.Equal(got, want) {
		t.Errorf("level by level %v", got)
	}
}
