package assign

// component is a part of a problem that shares no node with the rest; arcs,
// supplies and demands are its own numbers → the whole problem's.
type component struct {
	Problem
	arcs, supplies, demands []int
}

// components parts a problem by its open arcs, in the order of each part's
// first arc. Nodes without an open arc are in none: they move nothing.
func components(p Problem) []*component {
	root := make([]int, len(p.Supply)+len(p.Demand))
	for v := range root {
		root[v] = v
	}
	find := func(v int) int {
		for root[v] != v {
			root[v] = root[root[v]]
			v = root[v]
		}
		return v
	}
	for _, a := range p.Arcs {
		if a.Cap > 0 {
			root[find(a.From)] = find(len(p.Supply) + a.To)
		}
	}
	var all []*component
	of := make([]*component, len(root))
	local := make([]int, len(root)) // 1 + the node's number in its part
	for k, a := range p.Arcs {
		if a.Cap == 0 {
			continue
		}
		from, to := a.From, len(p.Supply)+a.To
		c := of[find(to)]
		if c == nil {
			c = &component{}
			of[find(to)] = c
			all = append(all, c)
		}
		if local[from] == 0 {
			c.Supply, c.supplies = append(c.Supply, p.Supply[a.From]), append(c.supplies, a.From)
			local[from] = len(c.Supply)
		}
		if local[to] == 0 {
			c.Demand, c.demands = append(c.Demand, p.Demand[a.To]), append(c.demands, a.To)
			local[to] = len(c.Demand)
		}
		a.From, a.To = local[from]-1, local[to]-1
		c.Arcs, c.arcs = append(c.Arcs, a), append(c.arcs, k)
	}
	return all
}

// into writes the answer of the part into that of the whole.
func (s *search) into(whole *Solution, c *component) {
	for i, k := range c.arcs {
		whole.Flow[k] = s.flow[i]
		whole.Cost += s.flow[i] * c.Arcs[i].Cost
	}
	// With source and sink at 0, a node that is not full stands on the right
	// side of 0, and one that is full but empty (its amount is 0) may be
	// raised to any side.
	for i, node := range c.supplies {
		whole.SupplyPrice[node] = max(s.potential[i], 0)
	}
	for j, node := range c.demands {
		whole.DemandPrice[node] = max(-s.potential[len(c.supplies)+j], 0)
	}
}
