package exchange_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// town is a place with the service over it and the people of the story.
type town struct {
	*storetest.Place
	svc       *exchange.Service
	elder     storetest.Neighbour // 72, lives alone
	giver     storetest.Neighbour // two doors away
	other     storetest.Neighbour
	worker    models.Actor
	elsewhere storetest.Neighbour
}

func newTown(t *testing.T, b storetest.Bench) *town {
	t.Helper()
	p := b.Place(t)
	w := &town{Place: p, svc: exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy)}
	w.elder = p.Neighbour(t, p.Micro, "1-1-101", "张婆婆", models.CareAlone)
	w.giver = p.Neighbour(t, p.Micro, "3-2-501", "王师傅", models.CareNone)
	w.other = p.Neighbour(t, p.Micro, "5-1-302", "陈姐", models.CareNone)
	w.elsewhere = p.Neighbour(t, p.Beside, "9-1-101", "隔壁", models.CareNone)
	w.worker = p.Worker(t, p.Micro)
	t.Cleanup(func() { w.inspect(t) })
	return w
}

// inspect runs the doctor after every test: whatever was done, the laws hold.
func (w *town) inspect(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // over when a test is cleaned up
	err := w.Store.View(ctx, func(tx *store.Tx) error {
		findings, err := tx.Inspect()
		for _, f := range findings {
			if len(f.Broken) > 0 {
				t.Errorf("I-%d %s: %v", f.Number, f.Rule, f.Broken)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func well(age models.AgeBand) models.Patient {
	return models.Patient{Age: age, Fever: true, Answers: map[string]models.Answer{"liver": models.No, "alcohol": models.No,
		"taking:APAP": models.No, "taking:NSAID": models.No, "pregnant": models.No, "nursing": models.No, "ulcer": models.No,
		"kidney": models.No, "anticoagulant": models.No, "hypertension": models.No, "asthma": models.No}}
}

func (w *town) ask(t *testing.T, who storetest.Neighbour, item models.ItemID, units int, p models.Patient) (exchange.RequestView, error) {
	t.Helper()
	return w.svc.OpenRequest(t.Context(), who.Actor, exchange.NewRequest{Way: models.WayRelay,
		Lines: []exchange.NewNeed{{ItemID: item, Units: units, Patient: p, Urgency: models.UrgencyToday}}})
}

func (w *town) offer(t *testing.T, who storetest.Neighbour, lot exchange.NewLot) (exchange.OfferView, error) {
	t.Helper()
	return w.svc.PostOffer(t.Context(), who.Actor, exchange.NewOffer{Way: models.WayRelay, Lots: []exchange.NewLot{lot}})
}

func blister(units int) exchange.NewLot {
	return exchange.NewLot{ItemID: "M004", Units: units, Strength: "0.5 g", Form: "片", ExpiresOn: "2027-08-31", Seal: models.SealBlister}
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// must2 is must for a call in one line.
func must2[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		return must(t, v, err)
	}
}

// seen is a check at which all was right.
func seen(counted int) exchange.CheckIn {
	return exchange.CheckIn{Sealed: true, Readable: true, InDate: true, OTC: true, ExpiresOn: "2027-08-31", Batch: "2404117",
		Counted: counted, Labelled: true}
}

// checkIn takes a lot in, also one that is cut: its leaflet is photographed first.
func (w *town) checkIn(t *testing.T, lot models.ID, counted int) exchange.LotView {
	t.Helper()
	w.photo(t, w.worker, models.PhotoLeaflet, lot)
	v, err := w.svc.CheckInLot(t.Context(), w.worker, lot, seen(counted))
	return must(t, v, err)
}

func (w *town) request(t *testing.T, who models.Actor, id models.ID) exchange.RequestView {
	t.Helper()
	v, err := w.svc.Request(t.Context(), who, id)
	return must(t, v, err)
}

func TestStory_ElderGetsSixOfTheNeighboursTenTablets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		asked = must(t, asked, err)
		if n := asked.Needs[0]; n.State != models.NeedOpen || len(n.Why) == 0 {
			t.Fatalf("alone it waits and says why: %+v", n)
		}
		offered, err := w.offer(t, w.giver, blister(10))
		offered = must(t, offered, err)
		lot := offered.Lots[0]
		if lot.Reserved != 6 || lot.Remaining != 4 || len(lot.Matches) != 1 {
			t.Fatalf("six of ten are kept for her: %+v", lot.Lot)
		}
		for _, r := range lot.Matches[0].Reasons {
			if !r.ReadableBy(models.ReaderAll) {
				t.Errorf("the giver reads %s", r.Code)
			}
		}
		mine := w.request(t, w.elder.Actor, asked.ID)
		m := mine.Needs[0].Matches[0]
		if m.State != models.MatchAgreed || m.Quantity != 6 {
			t.Fatalf("her match: %+v", m.Match)
		}
		if !hasCode(m.Reasons, "elder_alone") {
			t.Errorf("she reads why she came first: %+v", m.Reasons)
		}
		checked := w.checkIn(t, lot.ID, 10)
		if checked.Place != models.PlaceBox || checked.Remaining != 4 || checked.State != models.LotOffered {
			t.Fatalf("four lie in the box and go on being offered: %+v", checked.Lot)
		}
		code, err := w.svc.PickupCode(t.Context(), w.elder.Actor, m.HandoverID)
		code = must(t, code, err)
		done, err := w.svc.Give(t.Context(), w.worker, m.HandoverID, exchange.Giving{Code: code.Code, Adult: true})
		if must(t, done, err).State != models.HandoverDone {
			t.Fatalf("handover: %+v", done.Handover)
		}
		after := w.request(t, w.elder.Actor, asked.ID)
		if after.Needs[0].State != models.NeedFulfilled {
			t.Fatalf("her need: %+v", after.Needs[0].Need)
		}
		// The four that are left meet the next need from the box, at once.
		next, err := w.ask(t, w.other, "M004", 4, well(models.AgeAdult))
		if got := must(t, next, err).Needs[0]; got.State != models.NeedMatched || got.Matches[0].State != models.MatchReady {
			t.Fatalf("from the box: %+v %+v", got.Need, got.Matches)
		}
	})
}

func hasCode(reasons []models.Reason, code string) bool {
	for _, r := range reasons {
		if strings.Contains(r.Code, code) {
			return true
		}
	}
	return false
}

func TestOfferFirst_RequestIsMetWhenItIsPosted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(10))
		must(t, 0, err)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		if got := must(t, asked, err).Needs[0]; got.State != models.NeedMatched || got.Matches[0].Quantity != 6 {
			t.Fatalf("%+v", got.Need)
		}
	})
}

func TestTwoRequestsForOneBlister_SecondWaitsAndHearsWhy(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(6))
		must(t, 0, err)
		first, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, first, err)
		second, err := w.ask(t, w.other, "M004", 6, well(models.AgeAdult))
		if n := must(t, second, err).Needs[0]; n.Open != 6 || len(n.Why) == 0 || n.NextAt == nil {
			t.Fatalf("second: %+v", n.Need)
		}
	})
}

func TestPartialFill_ComesFromTwoNeighbours(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(4))
		must(t, 0, err)
		asked, err := w.ask(t, w.elder, "M140", 8, well(models.AgeElder))
		if n := must(t, asked, err).Needs[0]; n.Matched != 4 || n.Open != 4 {
			t.Fatalf("first four: %+v", n.Need)
		}
		_, err = w.offer(t, w.other, blister(4))
		must(t, 0, err)
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.State != models.NeedMatched || len(n.Matches) != 2 {
			t.Fatalf("then four more: %+v", n.Need)
		}
	})
}

func TestDecline_OpensTheNeedAndNeverPairsTheTwoAgain(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(10))
		must(t, 0, err)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		m := must(t, asked, err).Needs[0].Matches[0]
		declined, err := w.svc.DeclineMatch(t.Context(), w.elder.Actor, m.ID)
		if must(t, declined, err).State != models.MatchDeclined {
			t.Fatalf("%+v", declined.Match)
		}
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Open != 6 || len(n.Matches) != 1 {
			t.Fatalf("open again, not paired again: %+v", n)
		}
		_, err = w.offer(t, w.other, blister(10))
		must(t, 0, err)
		if n := w.request(t, w.elder.Actor, asked.ID).Needs[0]; n.Matched != 6 {
			t.Fatalf("another's blister meets it: %+v", n.Need)
		}
	})
}

func TestGiverDeclines_UnitsLeaveTheExchange(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offered, err := w.offer(t, w.giver, blister(10))
		must(t, offered, err)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		m := must(t, asked, err).Needs[0].Matches[0]
		_, err = w.svc.DeclineMatch(t.Context(), w.giver.Actor, m.ID)
		must(t, 0, err)
		o, err := w.svc.Offer(t.Context(), w.giver.Actor, offered.ID)
		if l := must(t, o, err).Lots[0]; l.Withdrawn != 6 || l.Remaining != 4 {
			t.Fatalf("%+v", l.Lot)
		}
	})
}

func TestCancel_GivesTheBlisterToTheNextHome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(6))
		must(t, 0, err)
		first, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, first, err)
		second, err := w.ask(t, w.other, "M004", 6, well(models.AgeAdult))
		must(t, second, err)
		n, err := w.svc.CancelNeed(t.Context(), w.elder.Actor, first.Needs[0].ID)
		if must(t, n, err).State != models.NeedCancelled {
			t.Fatalf("%+v", n.Need)
		}
		if got := w.request(t, w.other.Actor, second.ID).Needs[0]; got.State != models.NeedMatched {
			t.Fatalf("the next home: %+v", got.Need)
		}
	})
}

func TestLapse_NeedLooksFurtherWhenTheGiverDoesNotCome(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(10))
		must(t, 0, err)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, asked, err)
		b.Clock.Add(16 * time.Hour)
		if n, err := w.svc.Sweep(t.Context()); err != nil || n == 0 {
			t.Fatalf("swept %d, %v", n, err)
		}
		got := w.request(t, w.elder.Actor, asked.ID).Needs[0]
		if got.Open != 6 || got.Matches[0].State != models.MatchLapsed {
			t.Fatalf("%+v", got)
		}
		w.sweep(t) // searches for what was lost
		if n, err := w.svc.Sweep(t.Context()); err != nil || n != 0 {
			t.Fatalf("sweeping again did %d, %v", n, err)
		}
	})
}

func TestUncollected_GoesBackToTheBox(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offered, err := w.offer(t, w.giver, blister(10))
		must(t, offered, err)
		asked, err := w.ask(t, w.elder, "M140", 6, well(models.AgeElder))
		must(t, asked, err)
		w.checkIn(t, offered.Lots[0].ID, 10)
		b.Clock.Add(48 * time.Hour)
		_, err = w.svc.Sweep(t.Context())
		must(t, 0, err)
		o, err := w.svc.Offer(t.Context(), w.giver.Actor, offered.ID)
		if l := must(t, o, err).Lots[0]; l.Remaining != 10 || l.Place != models.PlaceBox {
			t.Fatalf("%+v", l.Lot)
		}
	})
}

func TestToday_ShowsAProposedSubstituteBesideWhatIsStillOpen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		asked, err := w.ask(t, w.elder, "M001", 6, well(models.AgeAdult))
		must(t, asked, err)
		_, err = w.offer(t, w.giver, blister(4))
		must(t, 0, err)
		today, err := w.svc.Today(t.Context(), w.worker, w.Micro.ID)
		urgent := must(t, today, err).Urgent
		if len(urgent) != 1 || len(urgent[0].Need.Matches) != 1 || urgent[0].Need.Matches[0].Question == nil {
			t.Fatalf("%+v", urgent)
		}
	})
}

func TestDanger_HoldsTheNeedUntilAWorkerClearsIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, err := w.offer(t, w.giver, blister(10))
		must(t, 0, err)
		p := well(models.AgeElder)
		p.Signs = []string{matching.DangerSigns[0]}
		asked, err := w.ask(t, w.elder, "M140", 6, p)
		n := must(t, asked, err).Needs[0]
		if !n.Held || n.Open != 6 {
			t.Fatalf("held: %+v", n.Need)
		}
		today, err := w.svc.Today(t.Context(), w.worker, w.Micro.ID)
		if len(must(t, today, err).Dangers) != 1 {
			t.Fatal("the worker is not told")
		}
		if _, err := w.svc.ClearDanger(t.Context(), w.elder.Actor, n.ID); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("she cannot clear it herself: %v", err)
		}
		cleared, err := w.svc.ClearDanger(t.Context(), w.worker, n.ID)
		if got := must(t, cleared, err); got.Matched != 6 {
			t.Fatalf("matched once cleared: %+v", got.Need)
		}
	})
}

func TestRefused_WithReasonAndWhereToGo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		offers := map[string]exchange.NewLot{
			"阿莫西林":        {ItemID: "M105", Units: 10, ExpiresOn: "2027-08-31", Seal: models.SealBox},
			"复方甘草片":       {ItemID: "M047", Units: 10, ExpiresOn: "2027-08-31", Seal: models.SealBox},
			"opened 美林":   {ItemID: "M002", Units: 1, ExpiresOn: "2027-08-31", Seal: models.SealOpened},
			"expired box": {ItemID: "M004", Units: 10, ExpiresOn: "2026-11-30", Seal: models.SealBox},
		}
		for name, lot := range offers {
			_, err := w.offer(t, w.giver, lot)
			refusedPost(t, name, err)
		}
		pregnant := well(models.AgeAdult)
		pregnant.Answers["pregnant"] = models.Yes
		_, err := w.ask(t, w.other, "M001", 4, pregnant)
		refusedPost(t, "布洛芬 for a pregnant woman", err)
		_, err = w.ask(t, w.other, "M141", 1, well(models.AgeUnder3Months))
		refusedPost(t, "a fever syrup for a baby of two months", err)
	})
}

func refusedPost(t *testing.T, name string, err error) {
	t.Helper()
	var post *exchange.RefusedPost
	if !fault.Is(err, fault.Refused) || !errors.As(err, &post) {
		t.Errorf("%s: %v", name, err)
		return
	}
	r := post.Refused[0]
	if len(r.Reasons) == 0 || r.Go == "" {
		t.Errorf("%s: no reason or nowhere to go: %+v", name, r)
	}
}
