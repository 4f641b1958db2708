package route

import "math/bits"

// best looks at every order. What was done of a way is told by the set of nodes
// visited and the last of them; of two ways that agree in both, the one that
// is neither cheaper nor earlier is forgotten. R. Bellman, Dynamic Programming
// Treatment of the Travelling Salesman Problem, J. ACM 9 (1962), 61–63; with
// windows Y. Dumas and others, An Optimal Algorithm for the Traveling Salesman
// Problem with Time Windows, Oper. Res. 43 (1995), 367–371.
func best(g *net) []int32 {
	t := newTable(g)
	t.extend(-1, 0)
	for visited := 1; visited < 1<<len(t.free); visited++ {
		for at := range t.free {
			for w := t.heads[visited*len(t.free)+at]; w >= 0; w = t.ways[w].next {
				t.extend(w, visited)
			}
		}
	}
	nodes := []int32{g.last}
	for w := t.chosen; w >= 0; w = t.ways[w].from {
		nodes = append(nodes, t.free[t.ways[w].at])
	}
	nodes = append(nodes, g.first)
	for i, j := 0, len(nodes)-1; i < j; i, j = i+1, j-1 {
		nodes[i], nodes[j] = nodes[j], nodes[i]
	}
	return nodes
}

// way is a beginning of a round: what it cost, when its last node is left, what
// it goes on from, and the next way that visited the same and ended there too.
type way struct {
	cost, leave int64
	from, next  int32
	at          int8
}

type table struct {
	*net
	free  []int32 // what stands between the first and the last
	need  []int   // the set of nodes that come before each
	heads []int32
	ways  []way

	chosen  int32 // the best way to the end: -1 goes straight there
	visited int   // how many nodes it visits; less than nothing: it comes late
	cost    int64
	arrival int64
}

func newTable(g *net) *table {
	t := &table{net: g, chosen: -1, visited: -1}
	index := make([]int, g.n)
	for x := range int32(g.n) {
		if x != g.first && x != g.last {
			index[x] = len(t.free)
			t.free = append(t.free, x)
		}
	}
	t.need = make([]int, len(t.free))
	for at, x := range t.free {
		for _, y := range g.before[x] {
			t.need[at] |= 1 << index[y]
		}
	}
	t.heads = make([]int32, len(t.free)<<len(t.free))
	for i := range t.heads {
		t.heads[i] = -1
	}
	return t
}

// extend goes on from a way to every node that may be next, and to the end.
func (t *table) extend(from int32, visited int) {
	here, cost, leave := t.first, int64(0), t.open[t.first]+t.service[t.first]
	if from >= 0 {
		w := &t.ways[from]
		here, cost, leave = t.free[w.at], w.cost, w.leave
	}
	for at, x := range t.free {
		if visited>>at&1 != 0 || t.need[at]&^visited != 0 {
			continue
		}
		step := t.between(here, x)
		now := int64(0)
		if t.timed {
			if now = leave + step; now > t.close[x] {
				continue
			}
			now = max(now, t.open[x]) + t.service[x]
		}
		t.add((visited|1<<at)*len(t.free)+at, way{cost: cost + step, leave: now, from: from, at: int8(at)})
	}
	t.finish(from, visited, cost+t.between(here, t.last), leave+t.between(here, t.last))
}

// add keeps a way unless another of its kind is as cheap and as early, and
// forgets those that it is better than.
func (t *table) add(kind int, w way) {
	link := &t.heads[kind]
	for *link >= 0 {
		other := &t.ways[*link]
		if other.cost <= w.cost && other.leave <= w.leave {
			return
		}
		if w.cost <= other.cost && w.leave <= other.leave {
			*link = other.next
			continue
		}
		link = &other.next
	}
	*link = int32(len(t.ways))
	w.next = -1
	t.ways = append(t.ways, w)
}

func (t *table) finish(from int32, visited int, cost, arrival int64) {
	n := bits.OnesCount(uint(visited))
	switch {
	case arrival > t.close[t.last], n < t.visited:
		return
	case n == t.visited && (cost > t.cost || cost == t.cost && arrival >= t.arrival):
		return
	}
	t.chosen, t.visited, t.cost, t.arrival = from, n, cost, arrival
}
