package route

// exchange takes the edges (t1,t2), (t3,t4) and, unless two is set, (t5,t6) out
// of a path and puts (t2,t3), (t4,t5) and (t6,t1) in; with two, (t2,t3) and
// (t4,t1).
type exchange struct {
	t1, t2, t3, t4, t5, t6 int32
	two                    bool
}

// blocks says what an exchange does to a path: how what stands between the
// first and the last of its edges, upon place i and up to place k, is arranged.
func (p *path) blocks(e exchange, room *[2]block) (i, k int, blocks []block) {
	i, k = p.edge(e.t1, e.t2), p.edge(e.t3, e.t4)
	if e.two {
		i, k = min(i, k), max(i, k)
		room[0] = block{k, i + 1}
		return i, k, room[:1]
	}
	j := p.edge(e.t5, e.t6)
	i, j, k = min(i, j, k), i+j+k-min(i, j, k)-max(i, j, k), max(i, j, k)
	first, second := block{i + 1, j}, block{j + 1, k}
	switch p.partner(e, i, i+1) {
	case p.order[j]:
		room[0], room[1] = first.turned(), second.turned()
	case p.order[j+1]:
		room[0], room[1] = second, first
		if p.partner(e, i+1, i) != p.order[k] {
			room[1] = first.turned()
		}
	default:
		room[0], room[1] = second.turned(), first
	}
	return i, k, room[:2]
}

func (b block) turned() block { return block{b.to, b.from} }

// edge is the first of the two places that an edge joins.
func (p *path) edge(a, b int32) int { return int(min(p.place[a], p.place[b])) }

// partner is whom an exchange puts beside the node at a place, instead of the
// one at another.
func (p *path) partner(e exchange, at, other int) int32 {
	switch (edge{p.order[at], p.order[other]}) {
	case edge{e.t1, e.t2}:
		return e.t6
	case edge{e.t2, e.t1}:
		return e.t3
	case edge{e.t3, e.t4}:
		return e.t2
	case edge{e.t4, e.t3}:
		return e.t5
	case edge{e.t5, e.t6}:
		return e.t4
	}
	return e.t1
}

type edge struct{ from, to int32 }

// near is a node that may well stand beside another.
type near struct {
	node int32
	cost int64 // the cheaper of both directions
}

// nearest lists so many near nodes of each, the nearest first.
func nearest(g *net, most int) [][]near {
	most = min(most, g.n-1)
	lists, room := make([][]near, g.n), make([]near, g.n*most)
	for a := range g.n {
		list := room[a*most : a*most : (a+1)*most]
		for b := range g.n {
			n := near{int32(b), min(g.cost[a*g.n+b], g.cost[b*g.n+a])}
			switch {
			case a == b:
				continue
			case len(list) < most:
				list = append(list, n)
			case n.cost < list[most-1].cost:
				list[most-1] = n
			default:
				continue
			}
			for at := len(list) - 1; at > 0 && list[at].cost < list[at-1].cost; at-- {
				list[at], list[at-1] = list[at-1], list[at]
			}
		}
		lists[a] = list
	}
	return lists
}
