// Package lab replays a surge in virtual time through the planner that serves.
//
// A Scenario, a seed and policies flow in; a Report flows out: who was helped,
// how soon, how fairly and at what cost, beside the best that anybody could have
// done. The same seed gives the same people, illnesses, drawers and answers to
// every policy, and the same report each time, whatever the number of processors.
//
// What is left out of the model: illness does not spread by what the policy does,
// nobody posts twice, nobody looks at the board and offers what is wanted there,
// and a person behaves the same whoever asks. The package
// never reads a clock, a file or a database.
package lab

import (
	"fmt"
	"slices"

	"linli/matching"
	"linli/matching/catalogue"
)

// Policy names who decides.
type Policy string

// The policies that are compared.
const (
	// Groupchat is first come, first served inside the micro-grid's chat group, as
	// in December 2022: no check, no box, no memory beyond what is on the screen.
	Groupchat Policy = "groupchat"
	// Greedy gives each need at once the nearest thing that fits, in the order of
	// arrival: Linli's safety without its windows, ranks, widening and asks.
	Greedy Policy = "greedy"
	// Linli is matching.DefaultPolicy as it serves.
	Linli Policy = "linli"
)

// Policies lists those that can be played.
var Policies = []Policy{Groupchat, Greedy, Linli}

// Run plays the policies one after the other in the same world. progress hears
// of every virtual day, out of the days of all policies; it may be nil.
func Run(s Scenario, seed uint64, policies []Policy, progress func(policy Policy, day, days int)) (Report, error) {
	if progress == nil {
		progress = func(Policy, int, int) {}
	}
	m := matching.New(catalogue.Embedded())
	w := newWorld(s, seed, m)
	report := Report{Scenario: s.Name, Seed: seed, Needs: len(w.wants), Stocks: len(w.stocks), Homes: s.Micros * s.Homes,
		PolicyVersion: matching.DefaultPolicy.Version, CatalogueVersion: catalogue.Embedded().Version()}
	limit, err := w.clairvoyant(m)
	if err != nil {
		return report, err
	}
	report.Limit = limit
	for _, p := range policies {
		if !slices.Contains(Policies, p) {
			return report, fmt.Errorf("no policy %q; there are %v", p, Policies)
		}
		c := newCity(w, p, m)
		c.play(func(day int) { progress(p, day, s.Days) })
		result := c.measure(limit)
		if p != Groupchat {
			known, err := c.known()
			if err != nil {
				return report, err
			}
			result.OfKnown = ratio(result.Value, known)
		}
		report.Results = append(report.Results, result)
	}
	return report, nil
}
