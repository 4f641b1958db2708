package exchange_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

func asRefused(t *testing.T, err error) *exchange.RefusedPost {
	t.Helper()
	var post *exchange.RefusedPost
	if !errors.As(err, &post) {
		t.Fatalf("%v", err)
	}
	return post
}

// TestLoans_InAnyOrderTheLawsHold lends, extends, returns, loses and wants back in
// the order of a seed that is printed: the doctor finds nothing after any of it.
func TestLoans_InAnyOrderTheLawsHold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		const seed = 9
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, seed))
		w := newTown(t, b)
		people := []storetest.Neighbour{w.elder, w.giver, w.other}
		var lots []models.ID
		for _, n := range []int{1, 2, 3} {
			lot := gun(1 + r.IntN(5))
			lot.Units = n
			id := must2(w.offer(t, people[n-1], lot))(t).Lots[0].ID
			must2(w.svc.HandIn(t.Context(), people[n-1].Actor, id))(t)
			seen := wiped
			seen.Counted = n
			must2(w.svc.CheckInLot(t.Context(), w.worker, id, seen))(t)
			lots = append(lots, id)
		}
		steps, did := map[string]func(n storetest.Neighbour, loans []exchange.LoanView) error{
			"ask": func(n storetest.Neighbour, _ []exchange.LoanView) error {
				v, err := w.ask(t, n, "M128", 1, plain())
				if err == nil && len(v.Needs[0].Matches) > 0 {
					_, err = w.svc.AcceptMatch(t.Context(), n.Actor, v.Needs[0].Matches[0].ID, nil)
				}
				return err
			},
			"collect": func(n storetest.Neighbour, _ []exchange.LoanView) error {
				posts := must2(w.svc.Requests(t.Context(), n.Actor, true, exchange.Page{Limit: 1}))(t)
				if len(posts) == 0 || len(posts[0].Needs[0].Matches) == 0 {
					return fault.New(fault.Conflict, "nothing")
				}
				return second(w.svc.Received(t.Context(), n.Actor, posts[0].Needs[0].Matches[0].ID))
			},
			"cancel": func(n storetest.Neighbour, _ []exchange.LoanView) error {
				posts := must2(w.svc.Requests(t.Context(), n.Actor, true, exchange.Page{Limit: 1}))(t)
				if len(posts) == 0 || r.IntN(3) > 0 {
					return fault.New(fault.Conflict, "nothing")
				}
				return second(w.svc.CancelNeed(t.Context(), n.Actor, posts[0].Needs[0].ID))
			},
			"extend": func(n storetest.Neighbour, loans []exchange.LoanView) error {
				return second(w.svc.ExtendLoan(t.Context(), n.Actor, loans[0].ID, 1))
			},
			"return": func(_ storetest.Neighbour, loans []exchange.LoanView) error {
				in := exchange.LoanReturn{Works: r.IntN(6) > 0, Wiped: r.IntN(3) > 0}
				return second(w.svc.ReturnLoan(t.Context(), w.worker, loans[0].ID, in))
			},
			"lose": func(n storetest.Neighbour, loans []exchange.LoanView) error {
				if r.IntN(3) > 0 {
					return fault.New(fault.Conflict, "nothing")
				}
				return second(w.svc.CloseLoan(t.Context(), n.Actor, loans[0].ID, models.LoanLost, ""))
			},
			"want back": func(_ storetest.Neighbour, _ []exchange.LoanView) error {
				if r.IntN(12) > 0 {
					return fault.New(fault.Conflict, "nothing")
				}
				i := r.IntN(len(lots))
				return second(w.svc.WithdrawLot(t.Context(), people[i].Actor, lots[i]))
			},
			"give back": func(storetest.Neighbour, []exchange.LoanView) error {
				if r.IntN(12) > 0 {
					return fault.New(fault.Conflict, "nothing")
				}
				return second(w.svc.GiveBackLot(t.Context(), w.worker, lots[r.IntN(len(lots))]))
			},
			"wait": func(storetest.Neighbour, []exchange.LoanView) error {
				b.Clock.Add(time.Duration(r.IntN(12)) * time.Hour)
				return second(w.svc.Sweep(t.Context()))
			},
		}, map[string]int{}
		names := []string{"ask", "collect", "collect", "collect", "cancel", "extend", "return", "return", "lose", "want back", "give back", "wait"}
		for i := range 400 {
			name, n := names[r.IntN(len(names))], people[r.IntN(len(people))]
			loans := must2(w.svc.Loans(t.Context(), n.Actor))(t)
			if len(loans) == 0 && (name == "extend" || name == "return" || name == "lose") {
				continue
			}
			err := steps[name](n, loans)
			if f := fault.From(err); err != nil && f.Code == fault.Internal {
				t.Fatalf("step %d, %s: %v", i, name, err)
			}
			if err == nil {
				did[name]++
			}
			if i%25 == 0 {
				w.inspect(t)
			}
		}
		for _, name := range names {
			if did[name] == 0 {
				t.Errorf("nothing of %q happened: %v", name, did)
			}
		}
	})
}
