package exchange_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// A code opens once: however many give it at the same moment, typed, scanned, or in
// another's stead face to face or by her own tap, one of them hands over.
func TestGive_ACodeOpensOnceHoweverManyGiveItAtOnce(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := newTown(t, b)
		callers := []models.Actor{w.worker, w.Worker(t, w.Micro), w.Worker(t, w.Community)}
		lot := must2(w.offer(t, w.giver, masks(20)))(t).Lots[0].ID
		w.checkIn(t, lot, 20)
		for round := range 6 {
			who := w.Neighbour(t, w.Micro, fmt.Sprintf("9-1-%d", 101+round), "邻居", models.CareNone)
			m := must2(w.ask(t, who, "M123", 1, plain()))(t).Needs[0].Matches[0]
			code := must2(w.svc.PickupCode(t.Context(), who.Actor, m.HandoverID))(t)
			ways := []func(actor models.Actor) error{
				func(a models.Actor) error {
					return second(w.svc.Give(t.Context(), a, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true}))
				},
				func(a models.Actor) error {
					return second(w.svc.Give(t.Context(), a, m.HandoverID, exchange.Giving{Token: code.Token, Adult: true}))
				},
				func(a models.Actor) error {
					return second(w.svc.Give(t.Context(), a, m.HandoverID, exchange.Giving{How: models.HowFace, Why: "没带手机", Adult: true}))
				},
				func(models.Actor) error { return second(w.svc.Received(t.Context(), who.Actor, m.ID)) },
			}
			if round%2 == 0 { // the one code alone
				ways = ways[:1]
			}
			opened := make([]error, 8)
			start := make(chan struct{})
			var all sync.WaitGroup
			for i := range opened {
				give, actor := ways[r.IntN(len(ways))], callers[r.IntN(len(callers))]
				all.Go(func() {
					<-start
					opened[i] = give(actor)
				})
			}
			close(start)
			all.Wait()
			n := 0
			for _, err := range opened {
				switch {
				case err == nil:
					n++
				case !fault.Is(err, fault.Conflict):
					t.Errorf("seed %d: %v", seed, err)
				}
			}
			if n != 1 {
				t.Fatalf("seed %d, round %d: %d handed it over: %v", seed, round, n, opened)
			}
			if l := w.lot(t, lot); l.Given != round+1 {
				t.Fatalf("seed %d, round %d: %d are given", seed, round, l.Given)
			}
		}
	})
}
