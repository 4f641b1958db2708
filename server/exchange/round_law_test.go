package exchange_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// TestRound_LawsHoldWhateverIsDone walks rounds by random commands of people who
// may and who may not; the doctor looks after each town, and no hand holds what
// another holds.
func TestRound_LawsHoldWhateverIsDone(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, b storetest.Bench) {
				g := &gambler{town: newTown(t, b), rnd: rand.New(rand.NewPCG(seed, uint64(i)))}
				g.settle(t)
				for range 60 {
					g.step(t)
				}
				if g.did < 10 {
					t.Errorf("only %d of 60 commands did anything", g.did)
				}
				g.inspect(t)
				g.home(t)
			})
		})
	}
}

// home ends every round: nobody carries anything then.
func (g *gambler) home(t *testing.T) {
	t.Helper()
	for _, r := range g.rounds {
		_, err := g.svc.EndRound(t.Context(), g.worker, r)
		g.note(t, err)
	}
	for _, lot := range g.lots {
		held, broken := models.Held(g.lot(t, lot), g.chain(t, lot))
		for h, n := range held {
			if broken >= 0 || n < 0 || h.Kind == models.HolderCarrier && n != 0 {
				t.Errorf("%v holds %d", h, n)
			}
		}
	}
}

// gambler is a town in which anything may be tried.
type gambler struct {
	*town
	rnd     *rand.Rand
	walkers []models.Actor
	people  []storetest.Neighbour
	hands   []models.ID
	lots    []models.ID
	rounds  []models.ID
	owner   map[models.ID]models.Actor
	did     int
}

func (g *gambler) settle(t *testing.T) {
	g.owner = map[models.ID]models.Actor{}
	g.walkers = []models.Actor{g.worker, g.walker(t, "2-1-101").Actor, g.Worker(t, g.Micro)}
	g.lots = []models.ID{g.stock(t, 8)}
	for i := range 5 {
		n := g.Neighbour(t, g.Micro, fmt.Sprintf("%d-1-101", 20+i), "邻居", models.CareNone)
		g.people = append(g.people, n)
		g.more(t, n)
	}
	for range 2 {
		lot := must2(g.svc.PostOffer(t.Context(), g.other.Actor, exchange.NewOffer{Way: models.WayDoor, Lots: []exchange.NewLot{blister(10)}}))(t).Lots[0].ID
		g.lots = append(g.lots, lot)
	}
	must2(g.ask(t, g.people[0], "M140", 4, well(models.AgeAdult)))(t)
}

func (g *gambler) more(t *testing.T, who storetest.Neighbour) {
	hand := g.readyFor(t, who, models.WayDoor)
	g.hands, g.owner[hand] = append(g.hands, hand), who.Actor
}

// oneOf picks from what is never empty.
func oneOf[T any](r *rand.Rand, all []T) T {
	one, _ := pick(r, all)
	return one
}

func (g *gambler) step(t *testing.T) {
	t.Helper()
	ctx, who := t.Context(), oneOf(g.rnd, g.walkers)
	g.Clock.Add(time.Duration(g.rnd.IntN(20)) * time.Minute)
	if len(g.rounds) == 0 || g.rnd.IntN(6) == 0 {
		in := exchange.NewRound{GridID: g.Micro.ID, PersonID: who.PersonID, Start: atRelay(g.town), End: atRelay(g.town)}
		if g.rnd.IntN(2) == 0 {
			in.Start = exchange.NewEnd{Kind: models.EndHere, Lat: 30.71, Lon: 103.53}
		}
		if g.rnd.IntN(2) == 0 {
			in.Handovers = []models.ID{oneOf(g.rnd, g.hands)}
		}
		v, err := g.svc.PlanRound(ctx, g.worker, in)
		if g.note(t, err) {
			g.rounds = append(g.rounds, v.ID)
		}
		return
	}
	id := oneOf(g.rnd, g.rounds)
	v := must2(g.svc.Round(ctx, g.worker, id))(t)
	for tries := 0; tries < 5 && !v.Live(); tries++ { // most are tried on what still goes on
		id = oneOf(g.rnd, g.rounds)
		v = must2(g.svc.Round(ctx, g.worker, id))(t)
	}
	st := oneOf(g.rnd, v.Stops)
	if open := openStops(v); len(open) > 0 && g.rnd.IntN(3) > 0 {
		st = open[0]
	}
	if at := slices.IndexFunc(g.walkers, func(a models.Actor) bool { return a.PersonID == v.PersonID }); g.rnd.IntN(8) > 0 {
		who = g.walkers[at]
	}
	var err error
	command := g.rnd.IntN(14)
	if v.State == models.RoundPlanned && g.rnd.IntN(4) > 0 { // most walk on sensibly
		command = g.rnd.IntN(4)
	}
	switch command {
	case 0, 1:
		_, err = g.svc.AcceptRound(ctx, who, id)
	case 2, 3:
		_, err = g.svc.StartRound(ctx, who, id)
	case 4, 5, 6, 7:
		_, err = g.svc.StopDone(ctx, who, id, st.ID, g.proof(t, st))
	case 8:
		_, err = g.svc.StopFailed(ctx, who, id, st.ID, "not_home", oneOf(g.rnd, []exchange.When{exchange.WhenEnd, exchange.WhenTomorrow, exchange.WhenNever}))
	case 9:
		_, err = g.svc.AddStop(ctx, g.worker, id, exchange.NewStop{HandoverID: oneOf(g.rnd, g.hands)})
	case 10:
		_, err = g.svc.AddStop(ctx, g.worker, id, exchange.NewStop{LotID: oneOf(g.rnd, g.lots)})
	case 11:
		_, err = g.svc.EndRound(ctx, who, id)
	case 12:
		_, err = g.svc.CancelRound(ctx, who, id)
	case 13: // meanwhile she says no, or he brings it himself
		_, _ = g.svc.HandIn(ctx, g.other.Actor, oneOf(g.rnd, g.lots))
		_, err = g.svc.Sweep(ctx)
	}
	g.note(t, err)
}

// proof is the right code two times of three.
func (g *gambler) proof(t *testing.T, st exchange.StopView) exchange.Giving {
	if st.HandoverID == nil || g.rnd.IntN(3) == 0 {
		return exchange.Giving{Code: "000000"}
	}
	code, err := g.svc.PickupCode(t.Context(), g.owner[*st.HandoverID], *st.HandoverID)
	if err != nil {
		return exchange.Giving{Code: "000000"}
	}
	return exchange.Giving{Code: code.Code, Adult: true}
}

// note counts what was done; what was refused must have been refused, not broken.
func (g *gambler) note(t *testing.T, err error) bool {
	t.Helper()
	if f := fault.From(err); err != nil && (f.Code == fault.Internal || f.Code == fault.Unavailable) {
		t.Errorf("%v", err)
	}
	if err == nil {
		g.did++
	}
	return err == nil
}
