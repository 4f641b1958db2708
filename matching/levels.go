package matching

import "linli/matching/assign"

// byLevels finds the flow with the best ranks and, among those, the least
// trouble. Ranks are 1 to R per arc, the same for all arcs into a demand;
// troubles are 0 to troubleLimit-1 per unit. Arcs must be wide enough never to
// be full.
//
// Who is served. The sets of demand units that can be served together are a
// matroid (a transversal one: units matched to stock). In a matroid the set of
// greatest weight is the one that greedy choice builds, best rank first, and
// it is the same for all weights of that order. So ranks need only fall; they
// need not dwarf the sum of all below them for the levels to be strict.
//
// How. One rank must outweigh all trouble: with U units, U × troubleLimit.
// Up to 2^15 units, trouble below 2^14 and 2^16 ranks (two per need) an arc
// costs at most 2^16 × 2^29 = 2^45 and the flow 2^60, below assign.Limit
// (2^61): one search does it.
//
// Above that it goes level by level: first ranks alone (at most 2^16 × U),
// whose prices then say which flows are as good: those on arcs of reduced cost
// 0 that fill every node of positive price. A reward U × troubleLimit for each
// such node keeps the second search among them; it holds up to 2^23 units,
// and beyond that the first answer stands.
func byLevels(p assign.Problem, rank, trouble []int64) []int64 {
	units := min(total(p.Supply), total(p.Demand))
	if units == 0 {
		return make([]int64, len(p.Arcs))
	}
	if units <= 1<<15 {
		if flow, err := inOneSearch(p, rank, trouble, units); err == nil {
			return flow
		}
	}
	return levelByLevel(p, rank, trouble, units)
}

func inOneSearch(p assign.Problem, rank, trouble []int64, units int64) ([]int64, error) {
	for k := range p.Arcs {
		p.Arcs[k].Cost = trouble[k] - rank[k]*units*troubleLimit
	}
	s, err := assign.Solve(p)
	return s.Flow, err
}

func levelByLevel(p assign.Problem, rank, trouble []int64, units int64) []int64 {
	for k := range p.Arcs {
		p.Arcs[k].Cost = -rank[k]
	}
	who, err := assign.Solve(p)
	if err != nil {
		return make([]int64, len(p.Arcs)) // indices and amounts are ours: only a pool beyond any city gets here
	}
	how := assign.Problem{Supply: p.Supply, Demand: p.Demand}
	var kept []int
	for k, a := range p.Arcs {
		supply, demand := who.SupplyPrice[a.From], who.DemandPrice[a.To]
		if a.Cost+supply+demand != 0 {
			continue
		}
		a.Cost = trouble[k] - (positive(supply)+positive(demand))*units*troubleLimit
		how.Arcs = append(how.Arcs, a)
		kept = append(kept, k)
	}
	s, err := assign.Solve(how)
	if err != nil {
		return who.Flow
	}
	flow := make([]int64, len(p.Arcs))
	for i, k := range kept {
		flow[k] = s.Flow[i]
	}
	return flow
}

func positive(price int64) int64 {
	if price > 0 {
		return 1
	}
	return 0
}

func total(amounts []int64) int64 {
	sum := int64(0)
	for _, a := range amounts {
		sum += a
	}
	return sum
}
