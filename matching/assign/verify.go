package assign

import "fmt"

// Verify proves in linear time that s is a cheapest flow of p, or says what is
// wrong with it. The proof is complementary slackness: prices are ≥ 0; the
// reduced cost of an arc is Cost + SupplyPrice + DemandPrice; where it is
// positive nothing flows, where it is negative the arc is full; and a price is
// positive only where a supply or demand is used up.
func Verify(p Problem, s Solution) error {
	if err := check(p); err != nil {
		return err
	}
	if len(s.Flow) != len(p.Arcs) || len(s.SupplyPrice) != len(p.Supply) || len(s.DemandPrice) != len(p.Demand) {
		return fmt.Errorf("assign: the solution is of another problem: %d flows, %d and %d prices",
			len(s.Flow), len(s.SupplyPrice), len(s.DemandPrice))
	}
	if err := verifyNodes("Supply", p, s.Flow, p.Supply, s.SupplyPrice, func(a Arc) int { return a.From }); err != nil {
		return err
	}
	if err := verifyNodes("Demand", p, s.Flow, p.Demand, s.DemandPrice, func(a Arc) int { return a.To }); err != nil {
		return err
	}
	cost := int64(0)
	for k, a := range p.Arcs {
		reduced := a.Cost + s.SupplyPrice[a.From] + s.DemandPrice[a.To]
		if reduced > 0 && s.Flow[k] > 0 {
			return fmt.Errorf("assign: Arcs[%d] carries %d at reduced cost %d", k, s.Flow[k], reduced)
		}
		if reduced < 0 && s.Flow[k] < a.Cap {
			return fmt.Errorf("assign: Arcs[%d] carries %d of %d at reduced cost %d", k, s.Flow[k], a.Cap, reduced)
		}
		cost += s.Flow[k] * a.Cost
	}
	if cost != s.Cost {
		return fmt.Errorf("assign: Cost is %d, the flow costs %d", s.Cost, cost)
	}
	return nil
}

// verifyNodes checks one side: no arc over its capacity, no node over its
// amount, and no price but on a full node.
func verifyNodes(side string, p Problem, flow, amount, price []int64, node func(Arc) int) error {
	left := append([]int64(nil), amount...)
	for k, a := range p.Arcs {
		if flow[k] < 0 || flow[k] > a.Cap {
			return fmt.Errorf("assign: Arcs[%d] carries %d of %d", k, flow[k], a.Cap)
		}
		left[node(a)] -= flow[k]
		if left[node(a)] < 0 {
			return fmt.Errorf("assign: %s[%d] is overdrawn", side, node(a))
		}
	}
	for i := range price {
		if price[i] < 0 || price[i] > Limit {
			return fmt.Errorf("assign: %s price %d of %d is outside 0 to Limit", side, price[i], i)
		}
		if price[i] > 0 && left[i] > 0 {
			return fmt.Errorf("assign: %s[%d] has %d left and a price of %d", side, i, left[i], price[i])
		}
	}
	return nil
}
