package registry_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/registry"
)

// post writes a line that looks for six, of which two are matched and one was given.
func (w town) post(t *testing.T, at storetest.Neighbour, giver storetest.Neighbour) {
	t.Helper()
	must(t, w.Store.InGrids(t.Context(), []models.ID{at.GridID}, nil, func(tx *store.Tx) error {
		r := models.Request{ID: tx.NewID(), GridID: at.GridID, HouseholdID: at.HouseholdID, PersonID: at.PersonID,
			PostedBy: at.PersonID, Way: models.WayRelay, CreatedAt: tx.Now}
		if err := tx.CreateRequest(&r); err != nil {
			return err
		}
		n := models.Need{ID: tx.NewID(), RequestID: r.ID, GridID: at.GridID, HouseholdID: at.HouseholdID, PersonID: at.PersonID,
			ItemID: "M001", Requested: 6, Open: 3, Matched: 2, Fulfilled: 1, State: models.NeedOpen,
			Urgency: models.UrgencyNow, Why: []models.Reason{}, CreatedAt: tx.Now}
		if err := tx.SaveNeed(&n, "need.opened", models.Audience{}); err != nil {
			return err
		}
		o := models.Offer{ID: tx.NewID(), GridID: at.GridID, HouseholdID: giver.HouseholdID, PersonID: giver.PersonID,
			Way: models.WayRelay, CreatedAt: tx.Now}
		if err := tx.CreateOffer(&o); err != nil {
			return err
		}
		l := models.Lot{ID: tx.NewID(), OfferID: o.ID, GridID: at.GridID, GiverGridID: at.GridID, HouseholdID: giver.HouseholdID, PersonID: giver.PersonID,
			ItemID: "M001", Offered: 10, Remaining: 7, Reserved: 2, Given: 1, State: models.LotOffered, Seal: models.SealBlister,
			Kind: models.LotGift, Way: models.WayRelay, Place: models.PlaceHome, CreatedAt: tx.Now}
		if err := tx.SaveLot(&l, "lot.offered", models.Audience{}); err != nil {
			return err
		}
		h := models.Handover{ID: tx.NewID(), GridID: at.GridID, ReceiverID: at.PersonID, ReceiverHouseholdID: at.HouseholdID,
			State: models.HandoverDone, Way: models.WayRelay, Generation: 1, CreatedAt: tx.Now}
		if err := tx.SaveHandover(&h, "handover.done", models.Audience{}); err != nil {
			return err
		}
		for quantity, closed := range map[int]time.Time{1: tx.Now, 5: tx.Now.Add(-21 * time.Hour)} { // 20:12, and 23:12 the day before
			m := models.Match{ID: tx.NewID(), GridID: at.GridID, LotGridID: at.GridID, NeedID: n.ID, LotID: l.ID, HandoverID: h.ID,
				ReceiverID: at.PersonID, ReceiverHouseholdID: at.HouseholdID, GiverID: giver.PersonID,
				GiverHouseholdID: giver.HouseholdID, ItemID: "M001", Quantity: quantity, State: models.MatchGiven,
				Reasons: []models.Reason{}, CreatedAt: tx.Now, ClosedAt: &closed}
			if err := tx.SaveMatch(&m, "match.given", models.Audience{}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestOverview_CountsBelowEveryGridAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		for i, grid := range []models.Grid{w.Micro, w.Micro, w.Beside} {
			door := string(rune('1'+i)) + "-1-101"
			w.post(t, w.Neighbour(t, grid, door, "甲", models.CareNone), w.Neighbour(t, grid, door+"0", "乙", models.CareNone))
		}
		one := registry.Counts{NeedsOpen: 1, UnitsOpen: 3, Matched: 2, FulfilledToday: 1, LotsFree: 1}
		times := func(n int) registry.Counts {
			return registry.Counts{NeedsOpen: n * one.NeedsOpen, UnitsOpen: n * one.UnitsOpen, Matched: n * one.Matched,
				FulfilledToday: n * one.FulfilledToday, LotsFree: n * one.LotsFree}
		}
		for grid, want := range map[models.ID]registry.Counts{w.City.ID: times(3), w.Community.ID: times(3), w.Micro.ID: times(2), w.Beside.ID: times(1)} {
			view, err := w.Grid(ctx, grid)
			must(t, err)
			if view.Counts != want {
				t.Errorf("%s counts %+v, want %+v", view.Name, view.Counts, want)
			}
		}
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		overview, err := w.Overview(ctx, operator)
		must(t, err)
		if overview.Grid.Counts != times(3) || len(overview.Children) != 1 || overview.Children[0].Counts != times(3) || overview.Children[0].Name != "怀远镇" {
			t.Errorf("the overview is %+v", overview)
		}
		_, err = w.Overview(ctx, w.Worker(t, w.Micro))
		wantFault(t, err, fault.Forbidden, "not_your_grid")
	})
}

func TestChildren_PageByCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		top, err := w.Children(ctx, "", "", 0)
		must(t, err)
		if len(top.Items) != 1 || top.Items[0].ID != w.City.ID {
			t.Fatalf("the top is %+v", top)
		}
		parent := *w.Micro.ParentID
		first, err := w.Children(ctx, parent, "", 1)
		must(t, err)
		second, err := w.Children(ctx, parent, first.Next, 1)
		must(t, err)
		if first.Items[0].Name != "微网格 07" || first.Items[0].Community != "定江桥社区" || second.Items[0].Name != "微网格 08" || second.Next != "" {
			t.Errorf("the pages are %+v and %+v", first, second)
		}
		for _, id := range []models.ID{"nowhere", "00000000-0000-7000-8000-ffffffffffff", "' OR 1=1 --"} {
			_, err := w.Children(ctx, id, "", 0)
			wantFault(t, err, fault.NotFound, "not_found")
			_, err = w.Grid(ctx, id)
			wantFault(t, err, fault.NotFound, "not_found")
		}
	})
}

func TestHouseholds_AreForTheWorkerInTheOrderOneWalks(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		for _, door := range []string{"10-1-101", "2-1-1001", "2-1-201", "3-2-501"} {
			w.Neighbour(t, w.Micro, door, "某人", models.CareNone)
		}
		worker := w.Worker(t, w.Micro)
		list, err := w.Households(ctx, worker, w.Micro.ID, "")
		must(t, err)
		walk := ""
		for _, h := range list {
			walk += h.Building + h.Door + "; "
			if h.Residents != 1 {
				t.Errorf("%s has %d residents", h.Door, h.Residents)
			}
		}
		if walk != "2 栋1单元 201; 2 栋1单元 1001; 3 栋2单元 501; 10 栋1单元 101; " {
			t.Errorf("the walk is %s", walk)
		}
		if list, err = w.Households(ctx, worker, w.Micro.ID, "3栋２单元"); err != nil || len(list) != 1 || list[0].Door != "2单元 501" {
			t.Errorf("looking for a door found %+v, %v", list, err)
		}
		for _, who := range []models.Actor{w.Worker(t, w.Beside), w.Neighbour(t, w.Micro, "4-1-101", "某人", models.CareNone).Actor, {}} {
			_, err = w.Households(ctx, who, w.Micro.ID, "")
			wantFault(t, err, fault.Forbidden, "not_your_grid")
			_, err = w.ReplaceDoorCode(ctx, who, list[0].ID)
			wantFault(t, err, fault.NotFound, "not_found")
		}
	})
}

func TestConsent_IsAppendedAndTheLastAnswerCounts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		_, actor := w.mint(t, models.RoleResident, w.Micro.ID)
		for _, granted := range []bool{false, true, false} {
			w.Clock.Add(time.Second)
			_, err := w.Consent(ctx, actor, models.ConsentBoard, granted)
			must(t, err)
		}
		answers, err := w.Consents(ctx, actor)
		must(t, err)
		held := models.Granted(answers)
		if len(answers) != 6 || held[models.ConsentBoard] || !held[models.ConsentHealth] || answers[5].TextVersion != models.ConsentTextVersion {
			t.Errorf("the answers are %+v", answers)
		}
		for _, kind := range []models.ConsentKind{"contact", "", "everything"} {
			_, err = w.Consent(ctx, actor, kind, true)
			wantFault(t, err, fault.Invalid, "invalid_input")
		}
		// The same call twice is one answer.
		actor.Call = models.Call{Key: "k1", Route: "POST /consents", Hash: "h"}
		first, err := w.Consent(ctx, actor, models.ConsentBoard, true)
		must(t, err)
		second, err := w.Consent(ctx, actor, models.ConsentBoard, true)
		must(t, err)
		if answers, _ = w.Consents(ctx, actor); first.ID != second.ID || len(answers) != 7 {
			t.Errorf("the same call twice left %d answers", len(answers))
		}
	})
}
