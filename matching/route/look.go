package route

// look finds an exchange that begins at t1 and the node behind it, or before it
// with step -1, and says how much it gains. An exchange is built edge by edge:
// what goes must cost more than what comes, at every edge, which any exchange
// that gains can fulfil from some beginning (S. Lin and B. Kernighan, An
// Effective Heuristic Algorithm for the Traveling-Salesman Problem, Oper. Res.
// 21 (1973), 498–516). The first that gains is taken, not the best.
func (s *search) look(t1, step int32) (best exchange, gain int64) {
	order, place, cost, n := s.order, s.place, s.net.cost, s.n
	t2 := order[place[t1]+step]
	if t2 < 0 {
		return best, 0
	}
	beside1 := cost[int(t1)*n : int(t1)*n+n]
	at2, size := place[t2], int32(s.size)
	from2 := func(x int32) int32 { // how far x is from t2, going on and round
		far := (place[x] - at2) * step
		if far < 0 {
			far += size
		}
		return far
	}
	gone := s.along(t1, t2, step)
	for _, to := range s.near[t2] {
		gain1 := gone - to.cost
		if gain1 <= 0 {
			break
		}
		t3 := to.node
		at3 := place[t3]
		if t3 == t1 || at3 == 0 {
			continue
		}
		far3 := from2(t3)

		// What stands before t3 goes: joined to t1 that is a path already.
		if t4 := order[at3-step]; t4 >= 0 && t4 != t2 {
			gain2 := gain1 + s.along(t4, t3, step)
			if closed := gain2 - beside1[t4]; closed > gain || !s.plain {
				s.offer(exchange{t1: t1, t2: t2, t3: t3, t4: t4, two: true}, closed, &best, &gain)
			}
			for _, to := range s.near[t4][:s.few] {
				gain3 := gain2 - to.cost
				if gain3 <= gain {
					break
				}
				t5 := to.node
				if t5 == t3 || t5 == t1 || place[t5] == 0 {
					continue
				}
				t6 := order[place[t5]-step]
				if from2(t5) < far3 { // that stretch is gone backwards by now
					t6 = order[place[t5]+step]
				}
				if t6 < 0 || t6 == t4 {
					continue
				}
				if closed := gain3 + cost[int(t5)*n+int(t6)] - beside1[t6]; closed > gain || !s.plain {
					s.offer(exchange{t1, t2, t3, t4, t5, t6, false}, closed, &best, &gain)
				}
			}
			if gain > 0 {
				return best, gain
			}
		}

		// What stands behind t3 goes: t2 to t3 is a ring, which a third edge opens.
		t4 := order[at3+step]
		if t4 < 0 {
			continue
		}
		gain2 := gain1 + s.along(t3, t4, step)
		for _, to := range s.near[t4][:s.few] {
			gain3 := gain2 - to.cost
			if gain3 <= gain {
				break
			}
			t5 := to.node
			if place[t5] == 0 || from2(t5) > far3 {
				continue
			}
			beside5 := cost[int(t5)*n : int(t5)*n+n]
			if t6 := order[place[t5]+step]; t6 >= 0 && t5 != t3 {
				if closed := gain3 + beside5[t6] - beside1[t6]; closed > gain || !s.plain {
					s.offer(exchange{t1, t2, t3, t4, t5, t6, false}, closed, &best, &gain)
				}
			}
			if t6 := order[place[t5]-step]; t6 >= 0 && t5 != t2 {
				if closed := gain3 + beside5[t6] - beside1[t6]; closed > gain || !s.plain {
					s.offer(exchange{t1, t2, t3, t4, t5, t6, false}, closed, &best, &gain)
				}
			}
		}
		if gain > 0 {
			return best, gain
		}
	}
	return best, gain
}

// along is what an edge of the path costs, as it is gone.
func (s *search) along(a, b, step int32) int64 {
	if step < 0 {
		a, b = b, a
	}
	return s.net.cost[int(a)*s.n+int(b)]
}

// offer takes an exchange if it gains more and keeps the rules. Where
// directions differ in cost the gain given is a guess, and is found out here.
func (s *search) offer(e exchange, gain int64, best *exchange, most *int64) {
	if !s.plain {
		if s.even && gain <= *most {
			return
		}
		var room [2]block
		i, k, blocks := s.blocks(e, &room)
		if !s.even {
			gain = s.gain(i, k, blocks)
		}
		if gain <= *most || !s.fits(i, k, blocks) {
			return
		}
	}
	*best, *most = e, gain
}

// settle makes exchanges around all nodes that are queued until none gains.
func (s *search) settle() {
	if !s.even {
		s.measure(1)
	}
	for len(s.queue) > 0 {
		x := s.queue[len(s.queue)-1]
		s.queue = s.queue[:len(s.queue)-1]
		s.queued[x] = false
		for s.place[x] > 0 && s.improve(x) {
		}
	}
}

func (s *search) improve(t1 int32) bool {
	e, gain := s.look(t1, 1)
	if gain == 0 {
		e, gain = s.look(t1, -1)
	}
	if gain == 0 {
		return false
	}
	for _, x := range [4]int32{e.t1, e.t2, e.t3, e.t4} {
		s.push(x)
	}
	if !e.two {
		s.push(e.t5)
		s.push(e.t6)
	}
	var room [2]block
	i, k, blocks := s.blocks(e, &room)
	s.cost -= gain
	s.arrange(i, k, blocks)
	return true
}

// push queues a node beside which something changed.
func (s *search) push(x int32) {
	if x >= 0 && !s.queued[x] {
		s.queued[x] = true
		s.queue = append(s.queue, x)
	}
}

func (s *search) pushAll() {
	for _, x := range s.nodes() {
		s.push(x)
	}
}

// unqueue forgets what is queued.
func (s *search) unqueue() {
	for _, x := range s.queue {
		s.queued[x] = false
	}
	s.queue = s.queue[:0]
}
