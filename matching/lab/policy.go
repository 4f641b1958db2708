package lab

import (
	"slices"
	"time"

	"linli/matching"
	"linli/models"
)

// plan is Linli: the planner that serves, with everything that it may look at.
func (s *street) plan() {
	pool := s.pool()
	for _, n := range s.open {
		if n.Open > 0 {
			pool.Needs = append(pool.Needs, n.Need)
		}
	}
	if len(pool.Needs) == 0 {
		s.windows = nil
		return
	}
	pool.Lots = s.freeLots()
	plan := s.city.matcher.Plan(pool)
	s.windows = plan.Windows
	for _, p := range plan.Matches {
		s.take(s.now, p, s.find(p.NeedID), s.lot(p.LotID))
	}
	for _, w := range plan.Widen {
		for _, g := range s.grid.above {
			if g.ID == w.ToGridID {
				n := s.find(w.NeedID)
				n.Reach, n.lookedAt = g.Path, time.Time{}
			}
		}
	}
	for _, a := range plan.Asks {
		s.ask(a)
	}
	for _, n := range s.open {
		if w, waits := plan.Open[n.ID]; waits && w.NextAt != nil {
			n.NextAt = w.NextAt
			s.lookAt(*w.NextAt)
		}
	}
}

func (s *street) pool() matching.Pool {
	s.today()
	pool := matching.Pool{Now: s.now, Scope: s.grid.node.ID, Relays: []models.RelayPoint{s.grid.relay}, Households: s.grid.homes,
		Received: s.received(s.now), Windows: s.windows, Policy: matching.DefaultPolicy,
		Grids: append(slices.Clone(s.grid.above), s.grid.node)}
	s.asks = slices.DeleteFunc(s.asks, func(a *models.Ask) bool { return a.State != models.AskOpen && !s.find(a.NeedID).Live() })
	for _, a := range s.asks {
		pool.Asks = append(pool.Asks, *a)
	}
	pool.Elsewhere, pool.Neighbours = s.city.free.above(s), s.neighbours
	return pool
}

// today starts the daily budget anew at midnight in Shanghai.
func (s *street) today() {
	if day := s.now.In(models.Shanghai).YearDay(); day != s.askDay {
		s.askDay = day
		for i := range s.neighbours {
			s.neighbours[i].AskedToday = 0
		}
		s.asks = slices.DeleteFunc(s.asks, func(a *models.Ask) bool { return !s.find(a.NeedID).Live() })
	}
}

// lookAt plans again at a time, once.
func (s *street) lookAt(at time.Time) {
	if s.wake.IsZero() || at.Before(s.wake) {
		s.wake = at
		s.at(at, func() {
			if s.wake.Equal(at) {
				s.wake = time.Time{}
				s.decide(nil, nil)
			}
		})
	}
}

func (s *street) ask(a models.Ask) {
	a.ID = a.NeedID + "?" + a.HouseholdID
	ask := &a
	s.asks = append(s.asks, ask)
	s.neighbour(a.HouseholdID).AskedToday++
	s.questions++
	if s.city.draw("reads", a.ID).Float64() < s.city.scenario.NeverAnswers {
		return // silent: replaced when her time is over
	}
	s.at(s.now.Add(s.answerAfter(a.ID)), func() { s.answerAsk(ask) })
}

// answerAsk: she looks into her drawer. Late answers still count.
func (s *street) answerAsk(a *models.Ask) {
	n := s.find(a.NeedID)
	if a.State != models.AskOpen {
		return
	}
	a.State = models.AskNo
	if n.Open > 0 {
		for _, l := range s.drawers[a.HouseholdID] {
			if l.sayYes && slices.Contains(n.mayGet, l.ItemID) {
				a.State = models.AskYes
				s.drawers[a.HouseholdID] = slices.DeleteFunc(s.drawers[a.HouseholdID], func(o *lot) bool { return o == l })
				id := a.ID
				l.AskID, l.CreatedAt = &id, s.now
				s.offer(l)
				return
			}
		}
	}
	her := s.neighbour(a.HouseholdID)
	her.SaidNo = append(her.SaidNo, a.ItemID)
	s.at(s.now.Add(matching.DefaultPolicy.AskAgain), func() { her.SaidNo = her.SaidNo[1:] })
	s.lookAt(s.now.Add(sweep)) // somebody else is asked by the next sweep
}

// sweep is how soon a server looks again at what was said no to.
const sweep = 5 * time.Second

// greedy gives each need in the order of arrival the nearest thing that fits.
func (s *street) greedy() {
	for _, n := range slices.Clone(s.open) {
		lots := s.freeLots()
		if len(lots) == 0 {
			return
		}
		if n.Open == 0 {
			continue
		}
		policy := matching.DefaultPolicy
		policy.Window = 0
		pool := matching.Pool{Now: s.now, Scope: s.grid.node.ID, Relays: []models.RelayPoint{s.grid.relay}, Households: s.grid.homes,
			Received: s.received(s.now), Needs: []models.Need{n.Need}, Lots: lots, NoSearch: true, Policy: policy}
		for _, p := range s.city.matcher.Plan(pool).Matches {
			s.take(s.now, p, n, s.lot(p.LotID))
		}
	}
}

// shout is the chat group. A call is read by everybody for some hours; whoever has
// what was named answers when she sees it, and the first answer is taken. What is
// offered goes to the oldest call that is still to be seen.
func (s *street) shout(n *need, l *lot) {
	memory := hours(s.city.scenario.GroupMemoryHours)
	if n != nil {
		s.questions += len(s.grid.homes) - 1
		for _, home := range s.grid.homes {
			for _, has := range append(slices.Clone(s.drawers[home.ID]), s.offeredBy(home.ID)...) {
				if has.answers && (has.sayYes || has.offered) && named(n, has) {
					at := s.awake(s.now.Add(s.answerAfter(n.ID + has.ID)))
					if at.Sub(n.CreatedAt) <= memory {
						s.at(at, func() { s.hand(n, has) })
					}
				}
			}
		}
	}
	if l != nil {
		for _, o := range slices.Clone(s.open) {
			if s.now.Sub(o.CreatedAt) <= memory && named(o, l) {
				s.hand(o, l)
			}
		}
	}
}

// named: the name fits. Nobody asks for whom it is, or looks at the date.
func named(n *need, l *lot) bool {
	for _, t := range things {
		if t.item == n.ItemID {
			return slices.Contains(t.spare, l.ItemID) && n.HouseholdID != l.HouseholdID
		}
	}
	return false
}

func (s *street) hand(n *need, l *lot) {
	units := min(n.Open, l.Remaining)
	if units == 0 {
		return
	}
	s.must(n.Reserve(units))
	s.must(l.Reserve(units))
	m := &match{need: n, lot: l, Match: models.Match{ID: n.ID + "+" + l.ID, ItemID: l.ItemID, Quantity: units, State: models.MatchReady, CreatedAt: s.now}}
	if n.matched.IsZero() {
		n.matched = s.now
	}
	r := s.city.draw("giver", m.ID)
	if r.Float64() < s.city.scenario.GiverNoShow {
		return // she waits, and nobody notices
	}
	s.at(s.awake(s.now.Add(lognormal(r, hours(s.city.scenario.DropOffHours/2)))), func() { s.give(m) })
}

func (s *street) offeredBy(home models.ID) (lots []*lot) {
	for _, l := range s.lots {
		if l.HouseholdID == home {
			lots = append(lots, l)
		}
	}
	return lots
}

func (s *street) freeLots() (free []models.Lot) {
	for _, l := range s.lots {
		if l.Remaining > 0 {
			free = append(free, l.Lot)
		}
	}
	return free
}

// received are the matches of the last days, live or given.
func (s *street) received(now time.Time) (all []models.Match) {
	since := now.AddDate(0, 0, -matching.DefaultPolicy.CeilingWindowDays)
	for _, m := range s.matches {
		if !m.CreatedAt.Before(since) {
			all = append(all, m.Match)
		}
	}
	return all
}

func (s *street) gathering(now time.Time) bool {
	return slices.ContainsFunc(s.windows, func(w models.Window) bool { return w.Open(now) })
}

// bring takes units of another street's lot over the border: a lot that moves in
// part splits into a child.
func (s *street) bring(l *lot, units int) *lot {
	if l.GridID == s.grid.node.ID {
		return l
	}
	child := *l
	child.street = s
	child.ID, child.GridID, child.freed = l.ID+">"+s.grid.node.ID, s.grid.node.ID, s.now
	l.Offered, l.Remaining = l.Offered-units, l.Remaining-units
	child.Offered, child.Remaining, child.Reserved, child.Given, child.Withdrawn = units, units, 0, 0, 0
	for n := 0; s.has(child.ID); n++ {
		child.ID += "'"
	}
	s.lots = append(s.lots, &child)
	return &child
}

func (s *street) neighbour(home models.ID) *matching.Neighbour {
	return &s.neighbours[slices.IndexFunc(s.neighbours, func(n matching.Neighbour) bool { return n.HouseholdID == home })]
}

func (s *street) has(id models.ID) bool {
	return slices.ContainsFunc(s.lots, func(l *lot) bool { return l.ID == id })
}

func (s *street) find(id models.ID) *need {
	return s.needs[slices.IndexFunc(s.needs, func(n *need) bool { return n.ID == id })]
}

func (s *street) lot(id models.ID) *lot {
	return s.lots[slices.IndexFunc(s.lots, func(l *lot) bool { return l.ID == id })]
}
