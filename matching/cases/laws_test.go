package cases_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"linli/matching"
	"linli/matching/cases"
	"linli/matching/catalogue"
	"linli/models"
)

// everyCase gives all cases of the book and all examples.
func everyCase(t *testing.T) []cases.Case {
	t.Helper()
	var all []cases.Case
	for _, file := range append(files(t, "book/*.md"), files(t, "examples/*.json")...) {
		all = append(all, read(t, file)...)
	}
	return all
}

// The same pool gives the same plan, whatever the order of its rows.
func TestEveryCase_IsPlannedTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	const seed = 20261123
	r := rand.New(rand.NewPCG(seed, 1))
	for _, k := range everyCase(t) {
		want := planned(k)
		for range 3 {
			shuffle(r, k.Pool.Needs)
			shuffle(r, k.Pool.Lots)
			shuffle(r, k.Pool.Households)
			shuffle(r, k.Pool.Received)
			shuffle(r, k.Pool.Neighbours)
			shuffle(r, k.Pool.Asks)
			shuffle(r, k.Pool.Elsewhere)
			shuffle(r, k.Pool.Grids)
			shuffle(r, k.Pool.Relays)
			if got := planned(k); got != want {
				t.Errorf("seed %d: %s\ngot  %s\nwant %s", seed, k.Title, got, want)
			}
		}
	}
}

func planned(k cases.Case) string { return fmt.Sprintf("%+v", told(k.Run(catalogue.Embedded()).Plan)) }

// told is a plan without pointers, so that two can be compared as text.
func told(p matching.Plan) []string {
	var all []string
	for _, m := range p.Matches {
		all = append(all, fmt.Sprint(m.NeedID, m.LotID, m.Units, m.Substitute, m.Agreed, m.Reasons))
	}
	for id, w := range p.Open {
		all = append(all, fmt.Sprint(id, w.Why, w.NextAt))
	}
	slices.Sort(all[len(p.Matches):])
	return append(all, fmt.Sprint(p.Asks, p.Widen, p.Windows, p.Shares))
}

func shuffle[T any](r *rand.Rand, rows []T) {
	r.Shuffle(len(rows), reflect.Swapper(rows))
}

// What comes from the ledger, age or health is for her and her worker only, in
// every case of the book and for whatever reason is given.
func TestEveryCase_TellsGiversOnlyWhatTheyMayKnow(t *testing.T) {
	t.Parallel()
	private := []string{"sign.", "call_120", "baby_", "long_fever", "pregnant", "too_young", "avoid.", "caution.", "taking.", "doubles.",
		"elder_alone", "frail", "substitute", "first_of_home", "needs_answer", "which_one", "part", "queue", "ceiling_reached"}
	for _, k := range everyCase(t) {
		p := k.Run(catalogue.Embedded()).Plan
		var all []models.Reason
		for _, m := range p.Matches {
			all = append(all, m.Reasons...)
		}
		for _, w := range p.Open {
			all = append(all, w.Why...)
		}
		for _, x := range models.ReasonsFor(all, "giver") {
			for _, code := range private {
				if strings.HasPrefix(x.Code, code) {
					t.Errorf("%s: a giver may read %s", k.Title, x.Code)
				}
			}
		}
	}
}

// Nothing is planned twice: no lot gives more than it has, no need gets more
// than it asks, and the next step of an open need is ahead.
func TestEveryCase_AddsUp(t *testing.T) {
	t.Parallel()
	for _, k := range everyCase(t) {
		p := k.Run(catalogue.Embedded()).Plan
		of := map[models.ID]int{}
		for _, m := range p.Matches {
			of["need "+m.NeedID] += m.Units
			of["lot "+m.LotID] += m.Units
		}
		for _, n := range k.Pool.Needs {
			w, open := p.Open[n.ID]
			if of["need "+n.ID] > max(n.Open, 0) || n.Open > 0 && open != (of["need "+n.ID] < n.Open) {
				t.Errorf("%s: %s gets %d of %d", k.Title, n.ID, of["need "+n.ID], n.Open)
			}
			if open && (w.NextAt == nil || !w.NextAt.After(k.Pool.Now) || len(w.Why) == 0) {
				t.Errorf("%s: %s waits without a reason or a next step", k.Title, n.ID)
			}
		}
		for _, l := range k.Pool.Lots {
			if of["lot "+l.ID] > l.Remaining {
				t.Errorf("%s: %s gives %d of %d", k.Title, l.ID, of["lot "+l.ID], l.Remaining)
			}
		}
	}
}
