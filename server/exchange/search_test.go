package exchange_test

import (
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

func (w *town) sweep(t *testing.T) int {
	t.Helper()
	n, err := w.svc.Sweep(t.Context())
	return must(t, n, err)
}

// urgently asks for six tablets that are needed now.
func (w *town) urgently(t *testing.T, who storetest.Neighbour) exchange.NeedView {
	t.Helper()
	v, err := w.svc.OpenRequest(t.Context(), who.Actor, exchange.NewRequest{Way: models.WayRelay,
		Lines: []exchange.NewNeed{{ItemID: "M004", Units: 6, Patient: well(models.AgeAdult), Urgency: models.UrgencyNow}}})
	return must(t, v, err).Needs[0]
}

func (w *town) need(t *testing.T, who storetest.Neighbour, n exchange.NeedView) exchange.NeedView {
	t.Helper()
	return w.request(t, who.Actor, n.RequestID).Needs[0]
}

func (w *town) asks(t *testing.T, who storetest.Neighbour) []exchange.AskView {
	t.Helper()
	v, err := w.svc.Asks(t.Context(), who.Actor)
	return must(t, v, err)
}

func code(t *testing.T, err error, want fault.Code, reason string) {
	t.Helper()
	if f := fault.From(err); err == nil || f.Code != want || f.Reason != reason {
		t.Errorf("got %v, want %s %s", err, want, reason)
	}
}

// Nothing lies near: neighbours are asked; a yes is a proposal that waits for
// her, and nobody else is asked any more. It all survives a restart.
func TestAsk_AYesIsProposedAndTheOthersAreLeftInPeace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.elder)
		if n.NextAt == nil || n.NextAt.After(w.Clock.Now()) {
			t.Errorf("searched for at once, not at %v", n.NextAt)
		}
		w.sweep(t)
		if got := w.need(t, w.elder, n); !hasCode(got.Why, "asked") || !got.NextAt.After(w.Clock.Now()) {
			t.Fatalf("%+v until %v", got.Why, got.NextAt)
		}
		asks := w.asks(t, w.giver)
		if len(asks) != 1 || asks[0].Units != 6 || asks[0].ItemID != "M004" || asks[0].Urgency != models.UrgencyNow {
			t.Fatalf("%+v", asks)
		}
		if mine := w.asks(t, w.elder); len(mine) != 0 {
			t.Errorf("she is asked herself: %+v", mine)
		}
		w.svc = exchange.New(b.Store, catalogue.Embedded(), matching.DefaultPolicy) // a restart
		_, err := w.svc.AnswerAsk(t.Context(), w.other.Actor, asks[0].ID, false, exchange.NewOffer{})
		code(t, err, fault.NotFound, "not_found")
		_, err = w.svc.AnswerAsk(t.Context(), w.giver.Actor, asks[0].ID, true,
			exchange.NewOffer{Way: models.WayRelay, Lots: []exchange.NewLot{{ItemID: "M004", Units: 6, Seal: models.SealOpened}}})
		if fault.From(err).Code != fault.Refused {
			t.Errorf("an opened pack: %v", err)
		}
		yes, err := w.svc.AnswerAsk(t.Context(), w.giver.Actor, asks[0].ID, true,
			exchange.NewOffer{Way: models.WayRelay, Lots: []exchange.NewLot{blister(6)}})
		if must(t, yes, err).State != models.AskYes || yes.OfferID == "" {
			t.Fatalf("%+v", yes)
		}
		got := w.need(t, w.elder, n)
		if got.Matched != 6 || got.Matches[0].State != models.MatchProposed {
			t.Fatalf("%+v", got)
		}
		if left := w.asks(t, w.other); len(left) != 0 {
			t.Errorf("somebody is still asked: %+v", left)
		}
		_, err = w.svc.AnswerAsk(t.Context(), w.giver.Actor, asks[0].ID, false, exchange.NewOffer{})
		code(t, err, fault.Conflict, "wrong_state")
		m, err := w.svc.AcceptMatch(t.Context(), w.elder.Actor, got.Matches[0].ID, nil)
		if must(t, m, err).State != models.MatchAgreed {
			t.Errorf("%+v", m)
		}
	})
}

// A no and a silence are replaced; who answered is not asked the same again.
func TestAsk_NoAndSilenceAreReplacedAndNotRepeated(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.elder)
		w.sweep(t)
		no, err := w.svc.AnswerAsk(t.Context(), w.giver.Actor, w.asks(t, w.giver)[0].ID, false, exchange.NewOffer{})
		if must(t, no, err).State != models.AskNo {
			t.Fatalf("%+v", no)
		}
		late := w.Neighbour(t, w.Micro, "8-1-101", "后来", models.CareNone)
		w.sweep(t)
		if len(w.asks(t, w.giver)) != 0 || len(w.asks(t, late)) != 1 {
			t.Errorf("after a no: giver %d, the next %d", len(w.asks(t, w.giver)), len(w.asks(t, late)))
		}
		w.Clock.Add(matching.DefaultPolicy.AskPatience)
		w.sweep(t)
		for _, who := range []storetest.Neighbour{w.giver, w.other, late} {
			if open := w.asks(t, who); len(open) != 0 {
				t.Errorf("asked again: %+v", open)
			}
		}
		if got := w.need(t, w.elder, n); hasCode(got.Why, "asked") {
			t.Errorf("nobody is asked any more: %+v", got.Why)
		}
	})
}

// Who said no for one home is left in peace when the next asks for the same, for
// as long as the policy says.
func TestAsk_ANoHoldsForOthersToo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.urgently(t, w.elder)
		w.sweep(t)
		no, err := w.svc.AnswerAsk(t.Context(), w.giver.Actor, w.asks(t, w.giver)[0].ID, false, exchange.NewOffer{})
		must(t, no, err)
		w.urgently(t, w.other)
		w.sweep(t)
		if open := w.asks(t, w.giver); len(open) != 0 {
			t.Errorf("asked for the same at once: %+v", open)
		}
		w.Clock.Add(matching.DefaultPolicy.AskAgain + time.Second)
		w.sweep(t) // what nobody found in three days is closed
		w.urgently(t, w.other)
		w.sweep(t)
		if open := w.asks(t, w.giver); len(open) != 1 {
			t.Errorf("three days later: %+v", open)
		}
	})
}

func TestAsk_WhoDoesNotWantToBeAskedIsNot(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		consent := func(who models.Actor, kind models.ConsentKind, granted bool) {
			must(t, 0, w.Store.InTx(t.Context(), func(tx *store.Tx) error {
				return tx.CreateConsent(&models.Consent{ID: tx.NewID(), PersonID: who.PersonID, Kind: kind,
					TextVersion: models.ConsentTextVersion, Granted: granted, At: tx.Now})
			}))
		}
		consent(w.giver.Actor, models.ConsentAsks, false)
		consent(w.other.Actor, models.ConsentNight, true)
		third := w.Neighbour(t, w.Micro, "8-1-101", "第三", models.CareNone)
		for w.Clock.Now().In(models.Shanghai).Hour() != 23 {
			w.Clock.Add(time.Hour)
		}
		w.urgently(t, w.elder)
		w.sweep(t)
		if a, b, c := len(w.asks(t, w.giver)), len(w.asks(t, w.other)), len(w.asks(t, third)); a != 0 || b != 1 || c != 0 {
			t.Errorf("at night: never %d, also at night %d, by day %d", a, b, c)
		}
	})
}

// Nothing in her grid, a box next door: after five minutes she looks there, the
// step is told before the match, and the goods cross the border.
func TestWiden_ByPolicyToTheNextGridAndThroughToHerHand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.elder)
		offered, err := w.offer(t, w.elsewhere, blister(10))
		lot := must(t, offered, err).Lots[0]
		w.sweep(t)
		if got := w.need(t, w.elder, n); got.Matched != 0 || !hasCode(got.Why, "elsewhere") {
			t.Fatalf("at once: %+v", got.Need)
		}
		w.Clock.Add(5 * time.Minute)
		w.sweep(t)
		view := w.request(t, w.elder.Actor, n.RequestID)
		got := view.Needs[0]
		if got.Matched != 6 || got.Matches[0].LotGridID != w.Beside.ID {
			t.Fatalf("after five minutes: %+v", got)
		}
		var kinds []string
		for _, step := range view.Steps {
			kinds = append(kinds, step.Kind)
		}
		if !inOrder(kinds, "need.opened", "need.widened", "match.made") {
			t.Errorf("told as %v", kinds)
		}
		// Her worker checks what the other grid's neighbour brings, and hands it over.
		today, err := w.svc.Today(t.Context(), w.worker, w.Micro.ID)
		if must(t, today, err); len(today.ToCheck) != 1 {
			t.Errorf("to check: %+v", today.ToCheck)
		}
		w.checkIn(t, lot.ID, 10)
		pickup, err := w.svc.PickupCode(t.Context(), w.elder.Actor, got.Matches[0].HandoverID)
		must(t, 0, err)
		done, err := w.svc.Give(t.Context(), w.worker, got.Matches[0].HandoverID, exchange.Giving{Code: pickup.Code, Adult: true})
		if must(t, done, err).State != models.HandoverDone {
			t.Errorf("%+v", done)
		}
	})
}

func inOrder(all []string, want ...string) bool {
	for _, one := range all {
		if len(want) > 0 && one == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// What two look for beyond their grid goes to whom needs it more, not to whom was first.
func TestWiden_NeedDecidesAndNotWhoWasFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		first := w.urgently(t, w.other)
		w.Clock.Add(time.Minute)
		frail := w.urgently(t, w.elder)
		offered, err := w.offer(t, w.elsewhere, blister(6))
		must(t, offered, err)
		for _, id := range []models.ID{first.ID, frail.ID} {
			v, err := w.svc.WidenNeed(t.Context(), w.worker, id, "")
			if must(t, v, err).Reach == "" {
				t.Fatalf("%+v", v)
			}
		}
		w.sweep(t)
		if a, b := w.need(t, w.other, first), w.need(t, w.elder, frail); a.Matched != 0 || b.Matched != 6 {
			t.Errorf("first %d, frail %d", a.Matched, b.Matched)
		}
	})
}

// More look beyond their grids than one plan takes: who stands behind has her turn too.
func TestWiden_NobodyStarvesBehindALongQueue(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.svc.LookAtOnce(1)
		child := well(models.Age3To4Years)
		first, err := w.ask(t, w.other, "M141", 1, child) // nothing for children lies anywhere
		must(t, first, err)
		w.Clock.Add(time.Minute)
		behind := w.urgently(t, w.elder)
		offered, err := w.offer(t, w.elsewhere, blister(6))
		must(t, offered, err)
		for _, id := range []models.ID{first.Needs[0].ID, behind.ID} {
			_, err := w.svc.WidenNeed(t.Context(), w.worker, id, "")
			must(t, id, err)
		}
		w.sweep(t)
		w.sweep(t)
		if got := w.need(t, w.elder, behind); got.Matched != 6 {
			t.Errorf("behind: %+v", got.Need)
		}
	})
}

func TestWiden_ByHandIsTheWorkersAndEndsAtTheCity(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.elder)
		_, err := w.svc.WidenNeed(t.Context(), w.elder.Actor, n.ID, "")
		code(t, err, fault.Forbidden, "worker_only")
		_, err = w.svc.WidenNeed(t.Context(), w.worker, n.ID, w.Beside.ID)
		if fault.From(err).Code != fault.Invalid {
			t.Errorf("sideways: %v", err)
		}
		steps := 0
		for ; steps < 9; steps++ {
			if _, err = w.svc.WidenNeed(t.Context(), w.worker, n.ID, ""); err != nil {
				break
			}
		}
		code(t, err, fault.Conflict, "widest_already")
		if got := w.need(t, w.elder, n); steps == 0 || got.Reach != w.City.Path {
			t.Errorf("after %d steps it reaches %s", steps, got.Reach)
		}
	})
}

func TestConfirm_TheWorkersWordRanksAboveTheAskers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.urgently(t, w.other)
		w.Clock.Add(time.Minute)
		late := w.urgently(t, w.elsewhereAtHome(t))
		_, err := w.svc.ConfirmUrgency(t.Context(), w.other.Actor, late.ID)
		if err == nil {
			t.Error("a neighbour confirmed it")
		}
		v, err := w.svc.ConfirmUrgency(t.Context(), w.worker, late.ID)
		if must(t, v, err).ConfirmedBy == nil {
			t.Fatalf("%+v", v)
		}
		_, err = w.svc.ConfirmUrgency(t.Context(), w.worker, late.ID)
		code(t, err, fault.Conflict, "wrong_state")
		offered, err := w.offer(t, w.giver, blister(6))
		if l := must(t, offered, err).Lots[0]; l.Matches[0].NeedID != late.ID {
			t.Errorf("it went to %+v", l.Matches)
		}
	})
}

func (w *town) elsewhereAtHome(t *testing.T) storetest.Neighbour {
	t.Helper()
	return w.Neighbour(t, w.Micro, "9-2-202", "新邻", models.CareNone)
}

func TestReview_TheWorkerLooksAndHerDecisionIsKept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		n := w.urgently(t, w.elder)
		_, err := w.svc.AskReview(t.Context(), w.other.Actor, n.ID, "", "")
		code(t, err, fault.NotFound, "not_found")
		r, err := w.svc.AskReview(t.Context(), w.elder.Actor, n.ID, "", "🤒 三天了，怎么还没有？")
		must(t, r, err)
		_, err = w.svc.AskReview(t.Context(), w.elder.Actor, n.ID, "", "again")
		code(t, err, fault.Conflict, "review_waits")
		today, err := w.svc.Today(t.Context(), w.worker, w.Micro.ID)
		if must(t, today, err); len(today.Reviews) != 1 || today.Reviews[0].Need.ID != n.ID {
			t.Fatalf("%+v", today.Reviews)
		}
		_, err = w.svc.DecideReview(t.Context(), w.elder.Actor, r.ID, models.ReviewStands, "")
		code(t, err, fault.NotFound, "not_found")
		_, err = w.svc.DecideReview(t.Context(), w.worker, r.ID, "open", "")
		if fault.From(err).Code != fault.Invalid {
			t.Errorf("%v", err)
		}
		done, err := w.svc.DecideReview(t.Context(), w.worker, r.ID, models.ReviewHelped, "我今晚送来")
		must(t, done, err)
		_, err = w.svc.DecideReview(t.Context(), w.worker, r.ID, models.ReviewStands, "")
		code(t, err, fault.Conflict, "wrong_state")
		if got := w.need(t, w.elder, n); len(got.Reviews) != 1 || got.Reviews[0].Reply != "我今晚送来" {
			t.Errorf("%+v", got.Reviews)
		}
	})
}
