package exchange_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// walker settles somebody who also walks for his micro-grid.
func (w *town) walker(t *testing.T, door string) storetest.Neighbour {
	t.Helper()
	n := w.Neighbour(t, w.Micro, door, "小周", models.CareNone)
	must(t, 0, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
		role := models.Role{ID: tx.NewID(), PersonID: n.PersonID, GridID: w.Micro.ID, GridPath: w.Micro.Path, Kind: models.RoleVolunteer, CreatedAt: tx.Now}
		n.Roles = append(n.Roles, role)
		return tx.CreateRoles(role)
	}))
	return n
}

// toDoor has a handover brought instead of collected.
func (w *town) toDoor(t *testing.T, id models.ID, way models.Way) {
	t.Helper()
	must2(w.svc.ChangeWay(t.Context(), w.worker, id, way))(t)
}

func (w *town) hand(t *testing.T, id models.ID) models.Handover {
	t.Helper()
	var rows []models.Handover
	must(t, 0, w.Store.Read(t.Context(), store.ByID([]models.ID{id}, &rows)))
	return must2(store.One(rows))(t)
}

// masks are plain, so that nothing is asked before they are matched.
func masks(units int) exchange.NewLot {
	return exchange.NewLot{ItemID: "M123", Units: units, ExpiresOn: "2027-08-31", Seal: models.SealBox}
}

// stock lays so many kits into the box.
func (w *town) stock(t *testing.T, units int) models.ID {
	t.Helper()
	lot := must2(w.offer(t, w.giver, masks(units)))(t).Lots[0].ID
	w.checkIn(t, lot, units)
	return lot
}

// readyFor has somebody ask for kits that lie in the box, to be brought.
func (w *town) readyFor(t *testing.T, who storetest.Neighbour, way models.Way) models.ID {
	t.Helper()
	m := must2(w.ask(t, who, "M123", 1, plain()))(t).Needs[0].Matches
	if len(m) != 1 || m[0].State != models.MatchReady {
		t.Fatalf("not ready: %+v", m)
	}
	w.toDoor(t, m[0].HandoverID, way)
	return m[0].HandoverID
}

func atRelay(w *town) exchange.NewEnd {
	return exchange.NewEnd{Kind: models.EndRelay, RelayID: w.Relay.ID}
}

func (w *town) plan(t *testing.T, in exchange.NewRound) exchange.RoundView {
	t.Helper()
	in.GridID = w.Micro.ID
	if in.Start.Kind == "" {
		in.Start = atRelay(w)
	}
	if in.End.Kind == "" {
		in.End = atRelay(w)
	}
	return must2(w.svc.PlanRound(t.Context(), w.worker, in))(t)
}

func stopOf(t *testing.T, v exchange.RoundView, is func(exchange.StopView) bool) exchange.StopView {
	t.Helper()
	at := slices.IndexFunc(v.Stops, is)
	if at < 0 {
		t.Fatalf("no such stop: %+v", v.Stops)
	}
	return v.Stops[at]
}

func bringing(hand models.ID) func(exchange.StopView) bool {
	return func(st exchange.StopView) bool { return st.HandoverID != nil && *st.HandoverID == hand }
}

func ofKind(kind models.StopKind) func(exchange.StopView) bool {
	return func(st exchange.StopView) bool { return st.Kind == kind }
}

func (w *town) code(t *testing.T, who models.Actor, hand models.ID) exchange.Giving {
	t.Helper()
	return exchange.Giving{Code: must2(w.svc.PickupCode(t.Context(), who, hand))(t).Code, Adult: true}
}

func TestRound_FetchesBringsFailsAndTakesOneMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 5)
		elder, other := w.readyFor(t, w.elder, models.WayLeave), w.readyFor(t, w.other, models.WayDoor)
		door := exchange.NewOffer{Way: models.WayDoor, Lots: []exchange.NewLot{blister(10)}}
		fetched := must2(w.svc.PostOffer(t.Context(), w.giver.Actor, door))(t).Lots[0].ID
		needs := w.Neighbour(t, w.Micro, "7-1-101", "老李", models.CareNone)
		asked := must2(w.ask(t, needs, "M140", 6, well(models.AgeElder)))(t)

		r := w.plan(t, exchange.NewRound{})
		if len(r.Stops) != 4 || r.Stops[3].Kind != models.StopDrop || r.AcceptedAt == nil {
			t.Fatalf("two to bring, one to fetch, and the point at the end: %+v", r.Stops)
		}
		must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		if h := w.hand(t, elder); h.State != models.HandoverOut || *h.CarrierID != w.worker.PersonID {
			t.Fatalf("on the way: %+v", h)
		}
		mine := w.request(t, w.elder.Actor, w.requestOf(t, w.elder))
		if at := mine.Needs[0].Matches[0].ArrivesAt; at == nil || at.Before(w.Store.Now()) {
			t.Errorf("she reads when it comes: %v", at)
		}
		if _, err := w.svc.CancelNeed(t.Context(), w.elder.Actor, mine.Needs[0].ID); reasonOf(err) != "on_the_way" {
			t.Errorf("called off while it is in a bag: %v", err)
		}

		fetch := stopOf(t, r, ofKind(models.StopFetch))
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, fetch.ID, exchange.Giving{}))(t)
		if l := w.lot(t, fetched); l.Place != models.PlaceCarrier || *l.CarrierID != w.worker.PersonID {
			t.Fatalf("with her: %+v", l)
		}

		third := w.Neighbour(t, w.Micro, "8-1-101", "急", models.CareNone)
		urgent := w.readyFor(t, third, models.WayDoor)
		tried := must2(w.svc.AddStop(t.Context(), w.worker, r.ID, exchange.NewStop{HandoverID: urgent, Try: true}))(t)
		if again := must2(w.svc.Round(t.Context(), w.worker, r.ID))(t); len(again.Stops) != 4 {
			t.Fatalf("only tried, and saved: %d", len(again.Stops))
		}
		added := must2(w.svc.AddStop(t.Context(), w.worker, r.ID, exchange.NewStop{HandoverID: urgent}))(t)
		later := 0
		for _, st := range added.Stops {
			later += st.Later
		}
		if len(added.Stops) != 6 || len(tried.Stops) != 6 || later <= 0 {
			t.Fatalf("taken at the point and brought, and somebody waits longer: %d, %+v", later, added.Stops)
		}
		if _, err := w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, added, bringing(urgent)).ID, exchange.Giving{Code: "000000"}); reasonOf(err) != "take_first" {
			t.Errorf("brought before it was taken: %v", err)
		}
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, added, ofKind(models.StopTake)).ID, exchange.Giving{}))(t)
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, added, bringing(urgent)).ID, w.code(t, third.Actor, urgent)))(t)

		absent := stopOf(t, r, bringing(other))
		moved := must2(w.svc.StopFailed(t.Context(), w.worker, r.ID, absent.ID, "not_home", exchange.WhenEnd))(t)
		if open := openStops(moved); len(open) != 3 || open[1].ID != absent.ID || open[2].Kind != models.StopDrop {
			t.Fatalf("behind the others, before the point: %+v", open)
		}
		if _, err := w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, r, bringing(elder)).ID, exchange.Giving{Code: "000000"}); err == nil {
			t.Error("a wrong code closes it")
		}
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, r, bringing(elder)).ID, w.code(t, w.elder.Actor, elder)))(t)
		must2(w.svc.StopFailed(t.Context(), w.worker, r.ID, absent.ID, "not_home", exchange.WhenTomorrow))(t)
		must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stopOf(t, r, ofKind(models.StopDrop)).ID, exchange.Giving{}))(t)
		if h := w.hand(t, other); h.State != models.HandoverReady || h.CarrierID != nil || h.DueAt == nil {
			t.Fatalf("it waits in the box again: %+v", h)
		}
		ended := must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t)
		if ended.State != models.RoundDone || len(openStops(ended)) > 0 {
			t.Fatalf("%+v", ended)
		}

		if _, err := w.svc.CheckInLot(t.Context(), w.worker, fetched, seen(10)); reasonOf(err) != "not_alone" {
			t.Errorf("she checks alone what she fetched: %v", err)
		}
		second := w.Worker(t, w.Micro)
		w.photo(t, second, models.PhotoLeaflet, fetched)
		must2(w.svc.CheckInLot(t.Context(), second, fetched, seen(10)))(t)
		if m := w.request(t, needs.Actor, asked.ID).Needs[0].Matches[0]; m.State != models.MatchReady {
			t.Errorf("what was fetched is ready after another's check: %s", m.State)
		}
		for _, c := range w.chain(t, fetched) {
			if c.Why == "fetch" && c.To != models.Carrier(w.worker.PersonID) || c.Why == "drop" && c.To != models.Box(w.Relay.ID) {
				t.Errorf("%+v", c)
			}
		}
	})
}

func openStops(v exchange.RoundView) []exchange.StopView {
	return slices.DeleteFunc(slices.Clone(v.Stops), func(st exchange.StopView) bool { return st.State != models.StopOpen })
}

// requestOf is the newest post of somebody.
func (w *town) requestOf(t *testing.T, who storetest.Neighbour) models.ID {
	t.Helper()
	return must2(w.svc.Requests(t.Context(), who.Actor, false, exchange.Page{Limit: 1}))(t)[0].ID
}

// TestRound_DoorsAreShownOnlyToWhoWalksWhileSheWalks: not before, not after, not
// of what is done, and not to anybody else; each reading is a link of the chain.
func TestRound_DoorsAreShownOnlyToWhoWalksWhileSheWalks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		elder, other := w.readyFor(t, w.elder, models.WayDoor), w.readyFor(t, w.other, models.WayLeave)
		walker, idle := w.walker(t, "2-1-101"), w.walker(t, "2-1-102")
		r := w.plan(t, exchange.NewRound{PersonID: walker.PersonID})
		doors := func(who models.Actor) (n int) {
			t.Helper()
			v, err := w.svc.Round(t.Context(), who, r.ID)
			if who.PersonID == idle.PersonID || who.PersonID == w.elder.PersonID {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("another sees the round: %v", err)
				}
				return 0
			}
			for _, st := range must(t, v, err).Stops {
				if (st.Door == "") != (st.Name == "") {
					t.Errorf("half a door: %+v", st)
				}
				if st.Door != "" {
					n++
				}
				if who.PersonID == walker.PersonID && r.State == models.RoundPlanned && st.Building != "" {
					t.Errorf("a building of few homes before he walks: %q", st.Building)
				}
			}
			return n
		}
		expect := func(when string, his int) {
			t.Helper()
			if got := doors(walker.Actor); got != his {
				t.Errorf("%s he sees %d doors, not %d", when, got, his)
			}
			for _, who := range []models.Actor{w.worker, idle.Actor, w.elder.Actor} {
				if got := doors(who); got != 0 {
					t.Errorf("%s another sees %d doors", when, got)
				}
			}
		}
		expect("planned", 0)
		if _, err := w.svc.StartRound(t.Context(), walker.Actor, r.ID); reasonOf(err) != "round_not_accepted" {
			t.Errorf("he walks before he said yes: %v", err)
		}
		if _, err := w.svc.AcceptRound(t.Context(), w.worker, r.ID); reasonOf(err) != "not_your_round" {
			t.Errorf("she says yes for him: %v", err)
		}
		must2(w.svc.AcceptRound(t.Context(), walker.Actor, r.ID))(t)
		expect("accepted", 0)
		r = must2(w.svc.StartRound(t.Context(), walker.Actor, r.ID))(t)
		for _, st := range r.Stops {
			if st.Door != "" || st.Name != "" {
				t.Errorf("an answer that is kept holds a door: %+v", st)
			}
		}
		expect("out", 2)
		expect("out, again", 2)
		must2(w.svc.StopDone(t.Context(), walker.Actor, r.ID, stopOf(t, r, bringing(elder)).ID, w.code(t, w.elder.Actor, elder)))(t)
		expect("after one", 1)
		must2(w.svc.StopFailed(t.Context(), walker.Actor, r.ID, stopOf(t, r, bringing(other)).ID, "not_home", exchange.WhenTomorrow))(t)
		expect("after the other", 0)
		must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t) // his worker may, should he be ill
		r.State = models.RoundDone
		expect("at home", 0)
		var links []models.Audit
		must(t, 0, w.Store.Read(t.Context(), store.AuditsAfter(w.Micro.ID, 0, 100, &links)))
		read := 0
		for _, l := range links {
			if l.Action == "door.read" && l.ActorID == walker.PersonID && l.ThingID == r.ID {
				read++
			}
		}
		if read != 2 {
			t.Errorf("%d links for two doors", read)
		}
	})
}

// TestRound_BeginsOnceHoweverOftenItIsBegun, and nobody walks two.
func TestRound_BeginsOnceHoweverOftenItIsBegun(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		elder, other := w.readyFor(t, w.elder, models.WayDoor), w.readyFor(t, w.other, models.WayDoor)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs { // two workers plan the same at once
			wg.Go(func() {
				_, errs[i] = w.svc.PlanRound(t.Context(), w.worker, exchange.NewRound{GridID: w.Micro.ID, Start: atRelay(w), End: atRelay(w), Handovers: []models.ID{elder}})
			})
		}
		wg.Wait()
		if n := won(t, errs, "in_another_round"); n != 1 {
			t.Fatalf("%d rounds bring the same", n)
		}
		first := must2(w.svc.Rounds(t.Context(), w.worker, ""))(t)[0]
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.svc.StartRound(t.Context(), w.worker, first.ID) })
		}
		wg.Wait()
		if n := won(t, errs, "wrong_state", "round_out_already"); n != 1 {
			t.Fatalf("it began %d times", n)
		}
		second := w.plan(t, exchange.NewRound{Handovers: []models.ID{other}})
		if _, err := w.svc.StartRound(t.Context(), w.worker, second.ID); reasonOf(err) != "round_out_already" {
			t.Errorf("she walks two: %v", err)
		}
		if sent := len(w.chainWhy(t, w.matchLot(t, elder), "send")); sent != 1 {
			t.Errorf("sent %d times", sent)
		}
	})
}

// won counts who succeeded; the others must have one of the reasons.
func won(t *testing.T, errs []error, reasons ...string) (n int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			n++
		} else if !slices.Contains(reasons, reasonOf(err)) {
			t.Errorf("%v", err)
		}
	}
	return n
}

func (w *town) matchLot(t *testing.T, hand models.ID) models.ID {
	t.Helper()
	var rows []models.Match
	must(t, 0, w.Store.Read(t.Context(), store.MatchesOfHandovers([]models.ID{hand}, &rows)))
	return rows[0].LotID
}

func (w *town) chainWhy(t *testing.T, lot models.ID, why string) []models.Custody {
	t.Helper()
	return slices.DeleteFunc(w.chain(t, lot), func(c models.Custody) bool { return c.Why != why })
}

// TestRound_GoesOnAfterItWasTornInTheMiddle: the handover was closed and the
// process gone before its stop was; another process settles it with the next step.
func TestRound_GoesOnAfterItWasTornInTheMiddle(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		elder, other := w.readyFor(t, w.elder, models.WayDoor), w.readyFor(t, w.other, models.WayDoor)
		r := w.plan(t, exchange.NewRound{})
		must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		code := w.code(t, w.elder.Actor, elder)
		must2(w.svc.Give(t.Context(), w.worker, elder, code))(t) // and here it ends

		w.svc = exchange.New(w.Store, w.svc.Catalogue(), matching.DefaultPolicy)
		stop := stopOf(t, r, bringing(elder)).ID
		after := must2(w.svc.StopDone(t.Context(), w.worker, r.ID, stop, code))(t) // tapped again
		if st := stopOf(t, after, bringing(elder)); st.State != models.StopDone {
			t.Fatalf("%+v", st)
		}
		received := w.request(t, w.other.Actor, w.requestOf(t, w.other)).Needs[0].Matches[0]
		must2(w.svc.Received(t.Context(), w.other.Actor, received.ID))(t) // he took it on the stairs
		ended := must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t)
		if st := stopOf(t, ended, bringing(other)); st.State != models.StopDone {
			t.Fatalf("%+v", st)
		}
	})
}

// TestRound_SameTapTwiceIsOneStep: the answer of the first is the answer of both.
func TestRound_SameTapTwiceIsOneStep(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		elder := w.readyFor(t, w.elder, models.WayDoor)
		r := w.plan(t, exchange.NewRound{})
		must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		tapped := w.worker
		tapped.Call = models.Call{Key: "tap", Route: "POST done", Hash: "h"}
		code := w.code(t, w.elder.Actor, elder)
		first := must2(w.svc.StopDone(t.Context(), tapped, r.ID, r.Stops[0].ID, code))(t)
		again := must2(w.svc.StopDone(t.Context(), tapped, r.ID, r.Stops[0].ID, code))(t)
		if first.Version != again.Version || again.Stops[0].State != models.StopDone {
			t.Errorf("%d and %d", first.Version, again.Version)
		}
	})
}

// TestRound_IsForgottenWhenNobodyWalkedIt: what it was for waits for another.
func TestRound_IsForgottenWhenNobodyWalkedIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		elder := w.readyFor(t, w.elder, models.WayDoor)
		r := w.plan(t, exchange.NewRound{PersonID: w.walker(t, "2-1-101").PersonID})
		b.Clock.Add(20 * time.Hour)
		w.sweep(t)
		if v := must2(w.svc.Round(t.Context(), w.worker, r.ID))(t); v.State != models.RoundCancelled {
			t.Fatalf("%s", v.State)
		}
		if again := w.plan(t, exchange.NewRound{Handovers: []models.ID{elder}}); len(again.Stops) != 1 {
			t.Fatalf("%+v", again.Stops)
		}
	})
}

// TestRound_AListShowsEachWithItsOwnStops, though all are read at once; and a home
// that is named twice is visited once.
func TestRound_AListShowsEachWithItsOwnStops(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.stock(t, 3)
		bring := w.plan(t, exchange.NewRound{PersonID: w.walker(t, "2-1-101").PersonID, Handovers: []models.ID{w.readyFor(t, w.elder, models.WayDoor)}})
		look := exchange.NewVisit{HouseholdID: w.elder.HouseholdID, Reason: "look"}
		visit := w.plan(t, exchange.NewRound{PersonID: w.walker(t, "2-1-201").PersonID, Visits: []exchange.NewVisit{look, look}})
		for _, v := range must2(w.svc.Rounds(t.Context(), w.worker, w.Micro.ID))(t) {
			want := map[models.ID]exchange.RoundView{bring.ID: bring, visit.ID: visit}[v.ID]
			if len(v.Stops) != 1 || v.Stops[0].ID != want.Stops[0].ID || len(v.Stops[0].What) != len(want.Stops[0].What) || v.Walker != want.Walker {
				t.Errorf("%+v\nwant %+v", v, want)
			}
		}
	})
}

// TestRound_OfADayOfFortyHandOvers: planned in one tap and walked to its end.
func TestRound_OfADayOfFortyHandOvers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		people := map[models.ID]storetest.Neighbour{}
		for lot := range 4 { // no post holds more than ten
			w.stock(t, 10)
			for i := range 10 {
				n := w.Neighbour(t, w.Micro, fmt.Sprintf("%d-1-%d01", 10+lot, 1+i), "邻居", models.CareNone)
				people[w.readyFor(t, n, []models.Way{models.WayDoor, models.WayLeave}[i%2])] = n
			}
		}
		r := w.plan(t, exchange.NewRound{})
		if len(r.Stops) != 40 || r.Metres == 0 {
			t.Fatalf("%d stops, %d m", len(r.Stops), r.Metres)
		}
		must2(w.svc.StartRound(t.Context(), w.worker, r.ID))(t)
		for i, st := range r.Stops {
			if st.Position != i+1 || i > 0 && st.Arrival.Before(r.Stops[i-1].Arrival) {
				t.Fatalf("stop %d: %d at %s", i, st.Position, st.Arrival)
			}
			b.Clock.Add(3 * time.Minute)
			hand := *st.HandoverID
			must2(w.svc.StopDone(t.Context(), w.worker, r.ID, st.ID, w.code(t, people[hand].Actor, hand)))(t)
			if h := w.hand(t, hand); h.State != models.HandoverDone {
				t.Fatalf("stop %d: %s", i, h.State)
			}
		}
		if v := must2(w.svc.EndRound(t.Context(), w.worker, r.ID))(t); v.State != models.RoundDone {
			t.Fatalf("%s", v.State)
		}
	})
}

// What is short of a lot that is checked in the bag is nowhere in the box afterwards.
func TestCheckIn_ShortInTheBagLeavesNothingInTheBox(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		v, lot := w.fetching(t)
		must2(w.svc.StopDone(t.Context(), w.worker, v.ID, stopOf(t, v, ofKind(models.StopFetch)).ID, exchange.Giving{}))(t)
		second := w.Worker(t, w.Micro)
		w.photo(t, second, models.PhotoLeaflet, lot)
		must2(w.svc.CheckInLot(t.Context(), second, lot, seen(7)))(t)
		must2(w.svc.EndRound(t.Context(), w.worker, v.ID))(t)
		if shelf := w.shelf(t, exchange.ShelfQuery{State: exchange.ShelfStopped}); len(shelf.Lots) != 0 {
			t.Errorf("three that never came lie in the box: %+v", shelf.Lots)
		}
		if held, _ := models.Held(w.lot(t, lot), w.chain(t, lot)); held[models.Box(w.Relay.ID)] != 7 {
			t.Errorf("%v", held)
		}
	})
}
