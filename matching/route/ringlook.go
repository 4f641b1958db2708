package route

// look finds an exchange as search.look does, which says why: only here no rule
// is to be kept, and there is always a node before and behind.
func (r *ring) look(t1, step int32) (best ringMove, gain int32) {
	order, place, cost, n := r.order, r.place, r.cost, r.n
	t2 := order[place[t1]+step]
	at2 := place[t2]
	beside1 := cost[t1*n : t1*n+n]
	far := func(at int32) int32 { // how far a place is from t2, going on and round
		far := (at - at2) * step
		return far + n&(far>>31)
	}
	for _, to := range r.near[t2*r.width : (t2+1)*r.width] {
		gain1 := beside1[t2] - to.cost
		if gain1 <= 0 {
			break
		}
		t3 := to.node
		if t3 == t1 {
			continue
		}
		at3 := place[t3]
		far3 := far(at3)
		beside3 := cost[t3*n : t3*n+n]

		// What stands before t3 goes: joined to t1 that is a ring already.
		if t4 := order[at3-step]; t4 != t2 {
			gain2 := gain1 + beside3[t4]
			if closed := gain2 - beside1[t4]; closed > gain {
				best, gain = ringMove{kind: pair, t3: t3, t4: t4}, closed
			}
			for _, to := range r.near[t4*r.width : t4*r.width+few] {
				gain3 := gain2 - to.cost
				if gain3 <= gain {
					break
				}
				t5 := to.node
				at5 := place[t5]
				back := (far(at5) - far3) >> 31 // -1: that stretch is gone backwards by now
				t6 := order[at5-step+2*step&back]
				if t5 == t3 || t5 == t1 || t6 == t4 {
					continue
				}
				if closed := gain3 + cost[t5*n+t6] - beside1[t6]; closed > gain {
					best, gain = ringMove{chain, t3, t4, t5, t6}, closed
				}
			}
			if gain > 0 {
				return best, gain
			}
		}

		// What stands behind t3 goes: t2 to t3 is a ring, which a third edge opens.
		t4 := order[at3+step]
		gain2 := gain1 + beside3[t4]
		for _, to := range r.near[t4*r.width : t4*r.width+few] {
			gain3 := gain2 - to.cost
			if gain3 <= gain {
				break
			}
			t5 := to.node
			at5 := place[t5]
			if far(at5) > far3 {
				continue
			}
			beside5 := cost[t5*n : t5*n+n]
			t6, t7 := order[at5+step], order[at5-step]
			if closed := gain3 + beside5[t6] - beside1[t6]; closed > gain && t5 != t3 {
				best, gain = ringMove{swap, t3, t4, t5, t6}, closed
			}
			if closed := gain3 + beside5[t7] - beside1[t7]; closed > gain && t5 != t2 {
				best, gain = ringMove{flips, t3, t4, t5, t7}, closed
			}
		}
		if gain > 0 {
			return best, gain
		}
	}
	return best, 0
}
