package exchange_test

import (
	"testing"

	"linli/models/fault"
	"linli/models/store/storetest"
)

func TestLotCode_IsTheGiversUntilItIsChecked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		_, m := w.matched(t, 4)
		if err := w.svc.LotCode(t.Context(), w.giver.Actor, m.LotID); err != nil {
			t.Fatal(err)
		}
		if err := w.svc.LotCode(t.Context(), w.elder.Actor, m.LotID); !fault.Is(err, fault.NotFound) {
			t.Errorf("who receives it may not know which it is: %v", err)
		}
		w.checkIn(t, m.LotID, 10)
		if err := w.svc.LotCode(t.Context(), w.giver.Actor, m.LotID); reasonOf(err) != "already_checked" {
			t.Errorf("checked: %v", err)
		}
	})
}
