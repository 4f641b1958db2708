package exchange_test

import (
	"testing"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// What was not safe for her at the door is another's when it lies in the box again,
// not while it is in the bag; and nothing carries the box off without it.
func TestKeepBack_IsFreeWhenItIsBackAndNotBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		lot := must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M001", Units: 4, Strength: "0.3 g", Form: "胶囊", ExpiresOn: "2027-08-31", Seal: models.SealBlister}))(t).Lots[0].ID
		w.checkIn(t, lot, 4)
		mine := must2(w.ask(t, w.elder, "M001", 4, well(models.AgeAdult)))(t).Needs[0]
		next := must2(w.ask(t, w.other, "M001", 4, well(models.AgeAdult)))(t)
		w.toDoor(t, mine.Matches[0].HandoverID, models.WayDoor)
		w.sendOut(t, mine.Matches[0].HandoverID, w.worker.PersonID)
		must2(w.svc.ReportCondition(t.Context(), w.elder.Actor, mine.ID, map[string]models.Answer{"ulcer": models.Yes}))(t)
		w.inspect(t)
		w.sweep(t)
		if n := w.request(t, w.other.Actor, next.ID).Needs[0]; len(n.Matches) != 0 {
			t.Fatalf("it is ready for another while it is in the bag: %+v", n.Matches[0].Match)
		}
		to := w.relayIn(t, w.Beside, w.Community)
		if _, err := w.svc.MoveBox(t.Context(), w.worker, w.Relay.ID, to.ID); reasonOf(err) != "box_empty" {
			t.Errorf("carried off without what is out: %v", err)
		}
		w.home(t, w.worker)
		w.inspect(t)
		w.sweep(t)
		if n := w.request(t, w.other.Actor, next.ID).Needs[0]; len(n.Matches) != 1 || n.Matches[0].State != models.MatchReady {
			t.Fatalf("it is back: %+v", n)
		}
	})
}
