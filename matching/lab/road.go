package lab

import (
	"math"
	"time"

	"linli/matching"
	"linli/models"
)

// The road of a match: the giver brings it to the relay point, the worker checks
// it, the receiver collects it. Each may fail, as people do.

// setOut sets an agreed match on its way.
func (s *street) setOut(m *match) {
	c := s.city.scenario
	if m.lot.Place == models.PlaceBox {
		s.ready(m)
		return
	}
	r := s.city.draw("giver", m.ID)
	due := m.relay.DropOffBy(s.now, m.need.Urgency)
	comes := r.Float64() >= c.GiverNoShow
	arrives := s.staffed(s.now.Add(lognormal(r, hours(c.DropOffHours))))
	if !comes || arrives.After(due) {
		s.at(due, func() {
			if m.State == models.MatchAgreed {
				s.end(m, models.CommandLapse)
			}
		})
		return
	}
	s.at(arrives, func() { s.arrive(m) })
}

// arrive: the whole pack goes into the box; what nobody needs yet is offered from
// there.
func (s *street) arrive(m *match) {
	if m.State != models.MatchAgreed {
		return
	}
	s.metres += between(s.homeOf(m.lot), m.relay.Lat, m.relay.Lon)
	now, id := s.now, m.relay.ID
	m.lot.Place, m.lot.RelayID, m.lot.CheckedAt, m.lot.GridID = models.PlaceBox, &id, &now, s.grid.node.ID
	for _, other := range s.matches {
		if other.lot == m.lot && other.State == models.MatchAgreed {
			s.ready(other)
		}
	}
	s.decide(nil, nil)
}

func (s *street) ready(m *match) {
	s.must(m.Apply(models.CommandReady))
	c := s.city.scenario
	r := s.city.draw("receiver", m.ID)
	if r.Float64() < c.ReceiverNoShow {
		day := s.now.In(models.Shanghai).AddDate(0, 0, 1)
		s.at(time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, models.Shanghai), func() { s.uncollected(m) })
		return
	}
	s.at(s.staffed(s.now.Add(lognormal(r, hours(c.CollectHours)))), func() { s.give(m) })
}

func (s *street) uncollected(m *match) {
	s.must(m.Apply(models.CommandReturn))
	s.must(m.need.DropMatched(m.Quantity, "uncollected"))
	s.release(m)
	s.decide(nil, nil)
}

// release makes a match's units free for others, and its home may receive more.
func (s *street) release(m *match) {
	s.must(m.lot.Release(m.Quantity))
	m.lot.freed = s.now
	for _, n := range s.open {
		if n.HouseholdID == m.need.HouseholdID {
			n.lookedAt = time.Time{}
		}
	}
	m.need.lookedAt = time.Time{}
}

// give hands over, and looks once more at what is given to whom.
func (s *street) give(m *match) {
	v := s.city.matcher.Screen(matching.Line{Item: m.ItemID, Units: m.Quantity, Patient: &m.need.Patient, Lot: &m.lot.Lot}, models.DateOf(s.now))
	if v.Outcome != matching.OutcomeOK && s.city.policy != Groupchat {
		s.end(m, models.CommandRefuse) // out of date since: nothing changes hands
		return
	}
	s.must(m.Apply(models.CommandGive))
	s.must(m.need.Fulfil(m.Quantity))
	s.must(m.lot.Give(m.Quantity))
	home := s.receiverOf(m.need)
	if s.city.policy == Groupchat {
		s.metres += between(s.homeOf(m.lot), home.Lat, home.Lon)
	} else {
		s.metres += 2 * between(home, m.relay.Lat, m.relay.Lon)
	}
	if v.Outcome != matching.OutcomeOK {
		s.unsafe += m.Quantity
		return
	}
	s.given += m.Quantity
	m.need.safe += m.Quantity
	if m.need.handed.IsZero() {
		m.need.handed = s.now
	}
}

// end closes a match without goods changing hands; the need looks further.
func (s *street) end(m *match, command string) {
	s.must(m.Apply(command))
	s.must(m.need.Release(m.Quantity))
	s.release(m)
	if due := m.need.DueAt; !s.now.Before(*due) {
		s.giveUp(m.need)
	}
	m.need.NextAt = nil
	s.open = append(s.open, m.need)
	s.compact()
	s.decide(nil, nil)
}

// compact keeps each open need once.
func (s *street) compact() {
	seen := map[*need]bool{}
	kept := s.open[:0]
	for _, n := range s.open {
		if n.Open > 0 && !seen[n] {
			seen[n] = true
			kept = append(kept, n)
		}
	}
	s.open = kept
}

// staffed is the first moment from a time on at which the relay point is open and
// its worker is well.
func (s *street) staffed(at time.Time) time.Time {
	c := s.city.scenario
	for range 30 {
		day := at.In(models.Shanghai)
		midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, models.Shanghai)
		ill := s.city.draw("worker", s.grid.node.ID+day.Format("0102")).Float64() < c.WorkerIll
		switch opens := midnight.Add(hours(float64(c.WorkerFrom))); {
		case ill || day.Hour() >= c.WorkerTo:
			at = midnight.AddDate(0, 0, 1).Add(hours(float64(c.WorkerFrom)))
		case at.Before(opens):
			return opens
		default:
			return at
		}
	}
	return at
}

// awake moves a time out of the night, for people who answer.
func (s *street) awake(at time.Time) time.Time {
	day := at.In(models.Shanghai)
	switch {
	case day.Hour() < 7:
		return time.Date(day.Year(), day.Month(), day.Day(), 7, 0, 0, 0, models.Shanghai)
	case day.Hour() >= 23:
		return time.Date(day.Year(), day.Month(), day.Day()+1, 7, 0, 0, 0, models.Shanghai)
	}
	return at
}

func (s *street) answerAfter(name string) time.Duration {
	return lognormal(s.city.draw("answer", name), time.Duration(s.city.scenario.AnswerMinutes*float64(time.Minute)))
}

func (s *street) receiverOf(n *need) models.Household { return s.homeByID(n.HouseholdID) }

// homeOf is where a lot comes from, which may be another street.
func (s *street) homeOf(l *lot) models.Household { return s.homeByID(l.HouseholdID) }

func (s *street) homeByID(id models.ID) models.Household { return s.city.homes[id] }

func between(h models.Household, lat, lon float64) int {
	m := models.Metres(h.Lat, h.Lon, lat, lon)
	return max(0, min(m, math.MaxInt32))
}
