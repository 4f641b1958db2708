package chat_test

import (
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

const kits models.ItemID = "M123"

func TestTakeBack_OfTheHomeThatAWorkerNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.hears(t, w.worker, "5栋1单元302 求 额温枪 1 把", "听到了")
		w.hears(t, w.worker, "求 额温枪 1 把", "听到了")
		w.hears(t, w.worker, "5栋1单元 额温枪不用了", "单元和门牌也写")
		w.hears(t, w.elder, "5栋1单元302 额温枪不用了", "别家的只能由网格员")
		w.hears(t, w.elder, "额温枪不用了", "没有正在找的")
		if w.open(t, w.neighbour, thermometer) != 1 || w.open(t, w.worker, thermometer) != 1 {
			t.Fatal("somebody else's is taken back")
		}
		w.hears(t, w.worker, "5栋1单元302 额温枪不用了", "撤下来")
		if w.open(t, w.neighbour, thermometer) != 0 || w.open(t, w.worker, thermometer) != 1 {
			t.Error("her own is taken back instead")
		}
		w.hears(t, w.worker, "额温枪不用了", "撤下来")
		if w.open(t, w.worker, thermometer) != 0 {
			t.Error("her own still stands")
		}
	})
}

func TestTakeBack_AsMuchAsWasSaid(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.hears(t, w.elder, "给老人求 抗原 5 支", "听到了")
		w.hears(t, w.elder, "收到2支抗原了，谢谢", "还有 3 支 在找")
		if n := w.open(t, w.elder, kits); n != 3 {
			t.Fatalf("%d are looked for", n)
		}
		_, err := w.Exchange.PostOffer(t.Context(), w.neighbour.Actor, exchange.NewOffer{Way: models.WayRelay,
			Lots: []exchange.NewLot{{ItemID: kits, Units: 1, ExpiresOn: "2027-08-31", Seal: models.SealBox}}})
		must(t, err)
		for _, text := range []string{"收到1支抗原了，谢谢", "抗原收到了"} {
			w.hears(t, w.elder, text, "有配上的，还有 2 支 在找")
		}
		if l := w.lines(t, w.elder)[0]; l.Open != 2 || l.Matched != 1 || !l.Matches[0].Live() {
			t.Fatalf("what is on its way is ended: %+v", l.Need)
		}
		w.hears(t, w.elder, "抗原试剂盒不用了", "撤下来")
		if l := w.lines(t, w.elder)[0]; l.State != models.NeedCancelled {
			t.Errorf("%+v", l.Need)
		}
	})
}

// TestTakeBack_ARepeatedMessageIsAnsweredAsTheFirstTime: its effect was there and its
// answer got lost.
func TestTakeBack_ARepeatedMessageIsAnsweredAsTheFirstTime(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		w.hears(t, w.elder, "给老人求 抗原 5 支", "听到了")
		first := w.writes(t, w.elder, "once", "收到2支抗原了，谢谢")
		_, err := b.Unguarded(t).ExecContext(t.Context(), "UPDATE inbound_messages SET state = 'taken', answer = NULL WHERE message_id = 'once'")
		must(t, err)
		w.Clock.Add(time.Minute)
		if again := w.writes(t, w.elder, "once", "收到2支抗原了，谢谢"); again != first || !strings.Contains(again, "还有 3 支 在找") {
			t.Errorf("first %q, then %q", first, again)
		}
		if n := w.open(t, w.elder, kits); n != 3 {
			t.Errorf("%d are looked for", n)
		}
	})
}
