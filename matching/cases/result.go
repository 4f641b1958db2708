package cases

import (
	"fmt"
	"slices"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
)

// Result is what came of a case: the plan, and what Screen says of each line by
// itself.
type Result struct {
	Case      Case
	Plan      matching.Plan
	Needs     map[models.ID]matching.Verdict
	Lots      map[models.ID]matching.Verdict
	catalogue *catalogue.Catalogue
}

// Run plans a case.
func (k Case) Run(c *catalogue.Catalogue) Result {
	m := matching.New(c)
	r := Result{Case: k, Plan: m.Plan(k.Pool), Needs: map[models.ID]matching.Verdict{}, Lots: map[models.ID]matching.Verdict{}, catalogue: c}
	today := models.DateOf(k.Pool.Now)
	for _, n := range k.Pool.Needs {
		r.Needs[n.ID] = m.Screen(matching.NeedLine(n), today)
	}
	for _, l := range k.Pool.Lots {
		r.Lots[l.ID] = m.Screen(matching.LotLine(l), today)
	}
	return r
}

// Broken lists the expectations that did not come true, each with its place and
// what happened instead.
func (r Result) Broken() []string {
	var broken []string
	complain := func(e Expectation, how, instead string) {
		broken = append(broken, fmt.Sprintf("%s: %s%s: %s", e.Place, e.Text, how, instead))
	}
	for _, e := range r.Case.Expect {
		if instead := r.check(e); instead != "" {
			complain(e, "", instead)
		}
	}
	if !slices.ContainsFunc(r.Case.Expect, func(e Expectation) bool { return e.Never }) {
		return broken
	}
	pressed := r.Case.pressed().Run(r.catalogue)
	for _, e := range r.Case.Expect {
		if e.Never {
			if instead := pressed.check(e); instead != "" {
				complain(e, " (越急越等也不行 / even when pressed)", instead)
			}
		}
	}
	return broken
}

func (r *Result) check(e Expectation) string {
	verbs := musts
	if e.Never {
		verbs = nevers
	}
	for _, k := range verbs {
		if k.zh == e.Verb {
			return k.check(r, e)
		}
	}
	return "no such verb"
}

// pressed is the same case with every need as pressing as can be: needed now,
// confirmed by the worker, of a frail home, a month old, let into the whole
// city, and no window in the way. Health facts stay as they are.
func (k Case) pressed() Case {
	pool := k.Pool
	worker := "网格员"
	pool.Needs, pool.Households = slices.Clone(pool.Needs), slices.Clone(pool.Households)
	for i := range pool.Needs {
		n := &pool.Needs[i]
		n.Urgency, n.ConfirmedBy, n.Reach = models.UrgencyNow, &worker, town[0].Path
		n.CreatedAt = pool.Now.AddDate(0, -1, 0)
		for h := range pool.Households {
			if pool.Households[h].ID == n.HouseholdID {
				pool.Households[h].Care = models.CareFrail
			}
		}
	}
	k.Pool = pool
	return k
}

// matches are the proposals for a need.
func (r *Result) matches(need models.ID) []matching.Proposal {
	var all []matching.Proposal
	for _, p := range r.Plan.Matches {
		if p.NeedID == need {
			all = append(all, p)
		}
	}
	return all
}

func (r *Result) lot(id models.ID) models.Lot {
	for _, l := range r.Case.Pool.Lots {
		if l.ID == id {
			return l
		}
	}
	return models.Lot{}
}

func (r *Result) need(id models.ID) models.Need {
	for _, n := range r.Case.Pool.Needs {
		if n.ID == id {
			return n
		}
	}
	return models.Need{}
}
