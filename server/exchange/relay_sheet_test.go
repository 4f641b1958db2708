package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/exchange"
)

// shout says a code as itself, with its arguments.
func shout(code string, args map[string]string) string {
	if len(args) == 0 {
		return "<" + code + ">"
	}
	return fmt.Sprint("<", code, args, ">")
}

func TestRelaySheet_HoldsWhatIsNeededAndNoMore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		w := newTown(t, b)
		request, lot := w.coming(t)
		w.checkIn(t, lot, 10)
		must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M125", Units: 10, Seal: models.SealBox}))(t)
		must2(w.ask(t, w.other, "M125", 5, well(models.AgeAdult)))(t) // still to come
		code := must2(w.svc.PickupCode(t.Context(), w.elder.Actor, w.lead(t, w.elder, request).HandoverID))(t)
		sheet := must2(w.svc.RelaySheet(t.Context(), w.worker, w.Relay.ID, shout))(t)
		page := string(sheet.HTML)
		for _, want := range []string{"药物中转站", "1 栋 张*", "对乙酰氨基酚 6 片", "12-19 18:00", "&lt;sheet.ready&gt;", "5 栋 陈*", "&lt;sheet.awaiting&gt;", "&lt;sheet.how&gt;"} {
			if !strings.Contains(page, want) {
				t.Errorf("%q is not on it", want)
			}
		}
		for _, never := range []string{code.Code, code.Token, "张婆婆", "陈姐", "13800000011", "101", "302", "单元", "http", "<script", "sheet.more"} {
			if strings.Contains(page, never) {
				t.Errorf("%q is on it", never)
			}
		}
		if strings.Index(page, "张*") > strings.Index(page, "陈*") {
			t.Error("what can be collected does not come first")
		}
		var audits []models.Audit
		if err := w.Store.Read(t.Context(), store.AuditsAfter(w.Micro.ID, 0, 10, &audits)); err != nil {
			t.Fatal(err)
		}
		if len(audits) != 1 || audits[0].Action != "relay.sheet" || audits[0].ActorID != w.worker.PersonID || audits[0].ThingID != w.Relay.ID {
			t.Errorf("audited: %+v", audits)
		}
		if _, err := w.svc.RelaySheet(t.Context(), w.elder.Actor, w.Relay.ID, shout); !fault.Is(err, fault.NotFound) {
			t.Errorf("a resident prints it: %v", err)
		}
	})
}

func TestRelaySheet_SaysHowManyAreNotOnThePage(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	for i := range exchange.SheetLines + 3 {
		home := w.Neighbour(t, w.Micro, fmt.Sprintf("%d-1-101", 10+i), "住户", models.CareNone)
		must2(w.ask(t, home, "M125", 5, well(models.AgeAdult)))(t)
	}
	must2(w.offer(t, w.giver, exchange.NewLot{ItemID: "M125", Units: 1000, Seal: models.SealBox}))(t)
	if _, err := w.svc.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := string(must2(w.svc.RelaySheet(t.Context(), w.worker, w.Relay.ID, shout))(t).HTML)
	if lines := strings.Count(page, `<div class="line"><span>`); lines != exchange.SheetLines || !strings.Contains(page, "sheet.more") || !strings.Contains(page, "n:3") {
		t.Errorf("%d lines: %.300s", lines, page[strings.Index(page, "<footer>"):])
	}
}
