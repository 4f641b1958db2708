package lab

import (
	"container/heap"
	"time"

	"linli/matching"
	"linli/models"
)

// street is a micro-grid under a policy: what is open, what lies there, who was
// asked, and what will happen next.
type street struct {
	city       *city
	grid       *grid
	nodes      []int // of it and of all above it, lowest first
	now        time.Time
	queue      events
	seq        int
	wake       time.Time // the next plan that is due, zero: none
	needs      []*need
	open       []*need
	lots       []*lot
	matches    []*match
	windows    []models.Window
	asks       []*models.Ask
	neighbours []matching.Neighbour
	askDay     int
	drawers    map[models.ID][]*lot // what is not offered, by home

	// What it came to.
	given, unsafe, metres, questions int
}

type need struct {
	models.Need
	street          *street
	care            bool
	mayGet          []models.ItemID
	matched, handed time.Time // first; zero: never
	lookedAt        time.Time // for beyond her micro-grid; zero: not since it was widened or her matches changed
	safe            int       // units handed over that may be given to her
}

type lot struct {
	models.Lot
	street  *street // where it lies
	sayYes  bool
	offered bool
	answers bool      // its owner reads what comes in a group
	freed   time.Time // when units of it became free last
}

type match struct {
	models.Match
	need  *need
	lot   *lot
	relay models.RelayPoint // by which it goes
}

func newStreet(c *city, i int) *street {
	s := &street{city: c, grid: &c.grids[i], drawers: map[models.ID][]*lot{}}
	s.nodes = append(s.nodes, c.free.nodes[s.grid.node.Path])
	for _, g := range s.grid.above {
		s.nodes = append(s.nodes, c.free.nodes[g.Path])
	}
	for _, h := range s.grid.homes {
		s.neighbours = append(s.neighbours, matching.Neighbour{PersonID: "p-" + h.ID, HouseholdID: h.ID, GridID: s.grid.node.ID,
			AtNight: c.draw("night", h.ID).Float64() < 0.2}) // assumed: one in five lets herself be woken
	}
	for _, k := range s.grid.wants {
		x := c.wants[k]
		n := &need{Need: x.need, street: s, care: x.care, mayGet: c.matcher.MayGet(x.need, models.DateOf(x.need.CreatedAt))}
		s.needs = append(s.needs, n)
		s.at(n.CreatedAt, func() { s.post(n) })
		s.at(*n.DueAt, func() { s.giveUp(n) })
	}
	for _, k := range s.grid.stocks {
		x := c.stocks[k]
		l := &lot{Lot: x.lot, street: s, sayYes: x.sayYes, offered: x.offered, answers: c.draw("answers", x.lot.PersonID).Float64() >= c.scenario.NeverAnswers}
		if x.offered && x.lot.CreatedAt.Before(c.end) {
			s.at(l.CreatedAt, func() { s.offer(l) })
		} else {
			s.drawers[l.HouseholdID] = append(s.drawers[l.HouseholdID], l)
		}
	}
	return s
}

// event is something that will happen in a street.
type event struct {
	at  time.Time
	seq int
	do  func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].seq < e[j].seq
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

// at plans something; a step from elsewhere may have passed its time, then it
// happens next.
func (s *street) at(when time.Time, do func()) {
	s.seq++
	heap.Push(&s.queue, event{models.Millis(when), s.seq, do})
}

// until lets everything happen before a time.
func (s *street) until(end time.Time) {
	for len(s.queue) > 0 && s.queue[0].at.Before(end) {
		e := heap.Pop(&s.queue).(event)
		if e.at.After(s.now) {
			s.now = e.at
		}
		e.do()
	}
	s.now = end
}

func (s *street) post(n *need) {
	s.open = append(s.open, n)
	s.decide(n, nil)
}

func (s *street) offer(l *lot) {
	l.freed = s.now
	s.lots = append(s.lots, l)
	s.decide(nil, l)
}

// giveUp: nothing was found in time.
func (s *street) giveUp(n *need) {
	if n.Open > 0 {
		s.must(n.Drop(n.Open, models.ReasonOutOfTime))
	}
}

func (s *street) must(err error) {
	if err != nil {
		panic(err) // a law of models is broken: the lab itself is wrong
	}
}

// decide asks the policy what comes of something new; both nil: it is time to look.
func (s *street) decide(n *need, l *lot) {
	kept := s.open[:0]
	for _, o := range s.open {
		if o.Live() {
			kept = append(kept, o)
		}
	}
	s.open = kept
	switch s.city.policy {
	case Groupchat:
		s.shout(n, l)
	case Greedy:
		s.greedy()
	case Linli:
		s.plan()
	}
}

// take makes a match of a proposal and sets it on its way.
func (s *street) take(now time.Time, p matching.Proposal, n *need, l *lot) {
	s.must(n.Reserve(p.Units))
	s.must(l.Reserve(p.Units))
	m := &match{need: n, lot: l, relay: s.city.pointOf(s.grid, p.RelayID), Match: models.Match{ID: n.ID + "+" + l.ID, GridID: s.grid.node.ID, NeedID: n.ID, LotID: l.ID,
		ReceiverHouseholdID: n.HouseholdID, GiverHouseholdID: l.HouseholdID, ItemID: l.ItemID, Quantity: p.Units,
		Substitute: p.Substitute, State: models.MatchAgreed, CreatedAt: now}}
	s.matches = append(s.matches, m)
	if n.matched.IsZero() {
		n.matched = now
	}
	if !p.Agreed {
		m.State = models.MatchProposed
		r := s.city.draw("proposal", m.ID)
		yes := r.Float64() >= s.city.scenario.Declines
		s.at(s.awake(now.Add(s.answerAfter(m.ID))), func() { s.answerProposal(m, yes) })
		return
	}
	s.setOut(m)
}

func (s *street) answerProposal(m *match, yes bool) {
	if m.State != models.MatchProposed {
		return
	}
	if !yes {
		s.end(m, models.CommandDecline)
		return
	}
	s.must(m.Apply(models.CommandAccept))
	s.setOut(m)
}
