package registry_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

func TestShares_ByHomeForItsWorkerAndBelowForTheOperator(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		asks, gives := w.Neighbour(t, w.Micro, "1-1-101", "甲", models.CareNone), w.Neighbour(t, w.Micro, "2-1-101", "乙", models.CareNone)
		w.post(t, asks, gives)
		w.post(t, w.Neighbour(t, w.Beside, "9-1-101", "丙", models.CareNone), w.Neighbour(t, w.Beside, "9-1-102", "丁", models.CareNone))
		worker := w.Worker(t, w.Micro)
		one := store.ShareCounts{Homes: 1, Served: 1, Needs: 1, Part: 1, Open: 1, Gave: 2}

		view, err := w.Shares(ctx, worker, w.Micro.ID, 7)
		must(t, err)
		if view.Total != one || len(view.Rows) != 2 || view.Grid.ID != w.Micro.ID {
			t.Fatalf("%+v", view)
		}
		// Who asked comes first, who only gave last; doors are hers to see, and it is told.
		first, last := view.Rows[0], view.Rows[1]
		if first.Household.ID != asks.HouseholdID || first.Household.Door == "" || first.Needs != 1 || first.Part != 1 || first.Gave != 0 ||
			last.Household.ID != gives.HouseholdID || last.Needs != 0 || last.Gave != 2 {
			t.Errorf("%+v", view.Rows)
		}
		var links []models.Audit
		w.view(t, store.AuditsAfter(w.Micro.ID, 0, 100, &links))
		if last := links[len(links)-1]; last.Action != "shares.read" || last.ActorID != worker.PersonID {
			t.Errorf("the last link is %+v", last)
		}

		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		below, err := w.Shares(ctx, operator, w.Community.ID, 7)
		must(t, err)
		both := store.ShareCounts{Homes: 2, Served: 2, Needs: 2, Part: 2, Open: 2, Gave: 4}
		if below.Total != both || len(below.Rows) != 1 || below.Rows[0].Household != nil || below.Rows[0].Needs != 2 {
			t.Errorf("%+v", below)
		}
		// An operator sees the sums of a micro-grid and no home of it.
		sums, err := w.Shares(ctx, operator, w.Micro.ID, 7)
		must(t, err)
		if sums.Total != one || len(sums.Rows) != 0 {
			t.Errorf("%+v", sums)
		}

		w.Clock.Add(8 * 24 * time.Hour)
		view, err = w.Shares(ctx, worker, w.Micro.ID, 7)
		must(t, err)
		if view.Total.Needs != 0 || len(view.Rows) != 0 {
			t.Errorf("long ago: %+v", view)
		}

		for _, who := range []models.Actor{asks.Actor, w.Worker(t, w.Beside), {}} {
			_, err := w.Shares(ctx, who, w.Micro.ID, 7)
			wantFault(t, err, fault.Forbidden, "not_your_grid")
		}
		for _, days := range []int{0, -1, 91} {
			_, err := w.Shares(ctx, worker, w.Micro.ID, days)
			wantFault(t, err, fault.Invalid, "")
		}
		_, err = w.Shares(ctx, worker, "nowhere", 7)
		wantFault(t, err, fault.NotFound, "not_found")
	})
}
