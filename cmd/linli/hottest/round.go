package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/exchange"
)

// kit is what they all want: one antigen test each.
const kit = "M123"

// told is how many rounds go by between two lines of the report.
const told = 100

// play runs rounds on one database and tells what they took.
func play(ctx context.Context, name, database string, of scene, rounds int, tell func(string)) (err error) {
	c, err := settle(ctx, database, of)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.store.Close()) }()
	began := time.Now()
	var answers, took []time.Duration
	var sum result
	for i := range rounds {
		start := time.Now()
		r, err := c.round(ctx)
		if err != nil {
			return fmt.Errorf("seed %d, round %d: %w", of.seed, i, err)
		}
		took = append(took, time.Since(start))
		answers = append(answers, r.answers...)
		sum.winners, sum.again = sum.winners+r.winners, sum.again+r.again
		if (i+1)%told == 0 || i+1 == rounds {
			tell(fmt.Sprintf("%s: %d rounds, %d winners, %d asked again; answer median %s, 99 %% %s, last %s; a round %s; %s so far", name, i+1, sum.winners,
				sum.again, part(answers, 50), part(answers, 99), part(answers, 100), part(took, 50), time.Since(began).Round(time.Second)))
			answers, took = nil, nil
		}
	}
	return c.inspect(ctx)
}

func part(all []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[(len(sorted)-1)*percent/100].Round(time.Millisecond)
}

// result is what came of a round.
type result struct {
	winners int
	again   int // calls that were told that somebody was faster, and made anew
	answers []time.Duration
}

// round lays the boxes in, lets everybody ask at once, and counts who got one.
func (c *crowd) round(ctx context.Context) (result, error) {
	var lines []exchange.BookLine
	for range c.boxes {
		lines = append(lines, exchange.BookLine{NewLot: exchange.NewLot{ItemID: kit, Units: 1, Seal: models.SealBox, Batch: "B1",
			ExpiresOn: models.DateOf(c.clock().AddDate(1, 0, 0))}, Seen: exchange.CheckIn{Sealed: true, Readable: true, InDate: true, OTC: true}})
	}
	stock, err := c.svc.BookIn(ctx, c.worker, c.relay.ID, exchange.BookIn{From: exchange.FromCommunity, Lines: lines})
	if err != nil {
		return result{}, fmt.Errorf("book in: %w", err)
	}
	r, asked, err := c.burst(ctx)
	if err != nil {
		return r, err
	}
	c.wait(2 * time.Minute) // what was gathered to be shared is shared
	if _, err := c.svc.Sweep(ctx); err != nil {
		return r, fmt.Errorf("sweep: %w", err)
	}
	if r.winners, err = c.count(ctx, stock, asked); err != nil {
		return r, err
	}
	return r, c.clear(ctx, asked)
}

// burst has everybody ask in the same second.
func (c *crowd) burst(ctx context.Context) (result, []models.ID, error) {
	order := c.random.Perm(len(c.people))
	asked, errs := make([]models.ID, len(order)), make([]error, len(order))
	r := result{answers: make([]time.Duration, len(order))}
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for at, who := range order {
		all.Go(func() {
			<-start
			began := time.Now()
			for {
				v, err := c.svc.OpenRequest(ctx, c.people[who], exchange.NewRequest{Way: models.WayRelay, Lines: []exchange.NewNeed{{ItemID: kit, Units: 1,
					Urgency: models.UrgencyToday, Patient: models.Patient{Age: models.AgeAdult}}}})
				if fault.Is(err, fault.Conflict) { // as the app does
					mu.Lock()
					r.again++
					mu.Unlock()
					continue
				}
				if errs[at] = err; err == nil {
					asked[at] = v.Needs[0].ID
				}
				break
			}
			r.answers[at] = time.Since(began)
		})
	}
	close(start)
	all.Wait()
	return r, asked, errors.Join(errs...)
}

// count holds who got a box against what lay there.
func (c *crowd) count(ctx context.Context, stock exchange.OfferView, asked []models.ID) (int, error) {
	var needs []models.Need
	var lots []models.Lot
	var matches []models.Match
	if err := c.store.Read(ctx, store.ByID(asked, &needs), store.LotsOfOffer([]models.ID{stock.ID}, &lots), store.MatchesOfNeeds(asked, &matches)); err != nil {
		return 0, err
	}
	homes := map[models.ID]bool{}
	units := map[models.ID]int{}
	for _, m := range matches {
		if m.State != models.MatchReady || homes[m.ReceiverHouseholdID] {
			return 0, fmt.Errorf("match %s of %s is %s", m.ID, m.ReceiverHouseholdID, m.State)
		}
		homes[m.ReceiverHouseholdID] = true
		units[m.LotID] += m.Quantity
	}
	for _, l := range lots {
		if l.Remaining != 0 || l.Reserved != 1 || units[l.ID] != 1 {
			return 0, fmt.Errorf("lot %s: %d free, %d kept, %d promised", l.ID, l.Remaining, l.Reserved, units[l.ID])
		}
	}
	for _, n := range needs {
		if homes[n.HouseholdID] != (n.State == models.NeedMatched) || n.Open > 0 && len(n.Why) == 0 {
			return 0, fmt.Errorf("need %s is %s and reads %v", n.ID, n.State, n.Why)
		}
	}
	if len(homes) != c.boxes || len(needs) != len(asked) {
		return 0, fmt.Errorf("%d homes won %d boxes, and %d asked", len(homes), c.boxes, len(needs))
	}
	return len(homes), nil
}

// clear hands the boxes over, lets the others go and a week pass: nobody has had
// anything lately when the next round begins.
func (c *crowd) clear(ctx context.Context, asked []models.ID) error {
	var matches []models.Match
	if err := c.store.Read(ctx, store.MatchesOfNeeds(asked, &matches)); err != nil {
		return err
	}
	for _, m := range matches {
		if _, err := c.svc.Received(ctx, models.Actor{PersonID: m.ReceiverID, HouseholdID: m.ReceiverHouseholdID}, m.ID); err != nil {
			return fmt.Errorf("hand over: %w", err)
		}
	}
	for _, g := range c.grids {
		var open []models.Need
		err := c.store.InGrids(ctx, []models.ID{g.ID}, []store.Read{store.NeedsOpen(g.ID, &open)}, func(tx *store.Tx) error {
			for _, n := range open {
				if err := n.Drop(n.Open, models.ReasonOutOfTime); err != nil {
					return err
				}
				if err := tx.SaveNeed(&n, "need.unmet", models.Audience{}); err != nil {
					return err
				}
			}
			return tx.SaveWindows(g.ID, nil)
		})
		if err != nil {
			return err
		}
	}
	c.wait(8 * 24 * time.Hour)
	return c.svc.Tidy(ctx)
}

// inspect has the doctor look at what is left.
func (c *crowd) inspect(ctx context.Context) error {
	return c.store.View(ctx, func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if len(f.Broken) > 0 {
				err = errors.Join(err, fmt.Errorf("rule %d, %s: %d broken", f.Number, f.Rule, len(f.Broken)))
			}
		}
		return err
	})
}
