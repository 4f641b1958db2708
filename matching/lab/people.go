package lab

import (
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// Person is a home of a scenario, for somebody who plays it elsewhere: what it
// will ask for and when, what lies in its drawer, and how it answers.
type Person struct {
	Needs  []models.Need
	Drawer []Drawer
	street *street
}

// Drawer is something to spare, offered unasked or only when somebody asks.
type Drawer struct {
	models.Lot
	Offered bool // unasked, at CreatedAt
	SayYes  bool // when asked
}

// People draws the first homes of a scenario that will ask for something or have
// something to spare, at most n.
func People(s Scenario, seed uint64, n int) []Person {
	w := newWorld(s, seed, matching.New(catalogue.Embedded()))
	needs, drawers := map[models.ID][]models.Need{}, map[models.ID][]Drawer{}
	for _, x := range w.wants {
		needs[x.need.HouseholdID] = append(needs[x.need.HouseholdID], x.need)
	}
	for _, x := range w.stocks {
		drawers[x.lot.HouseholdID] = append(drawers[x.lot.HouseholdID], Drawer{x.lot, x.offered && x.lot.CreatedAt.Before(w.end), x.sayYes})
	}
	var people []Person
	for i := range w.grids {
		at := &street{city: &city{world: w}, grid: &w.grids[i]}
		for _, home := range w.grids[i].homes {
			if len(people) < n && len(needs[home.ID])+len(drawers[home.ID]) > 0 {
				people = append(people, Person{needs[home.ID], drawers[home.ID], at})
			}
		}
	}
	return people
}

// Answers tells after how long she answers what she was asked, if at all.
func (p Person) Answers(about string) (time.Duration, bool) {
	return p.street.answerAfter(about), p.street.city.draw("reads", about).Float64() >= p.street.city.scenario.NeverAnswers
}

// Declines reports whether she says no to what is proposed to her.
func (p Person) Declines(about string) bool {
	return p.street.city.draw("proposal", about).Float64() < p.street.city.scenario.Declines
}

// Brings tells after how long she brings what she gives, if at all.
func (p Person) Brings(about string) (time.Duration, bool) {
	r, s := p.street.city.draw("giver", about), p.street.city.scenario
	comes := r.Float64() >= s.GiverNoShow
	return lognormal(r, hours(s.DropOffHours)), comes
}

// Collects tells after how long she collects what is ready, if at all.
func (p Person) Collects(about string) (time.Duration, bool) {
	r, s := p.street.city.draw("receiver", about), p.street.city.scenario
	comes := r.Float64() >= s.ReceiverNoShow
	return lognormal(r, hours(s.CollectHours)), comes
}
