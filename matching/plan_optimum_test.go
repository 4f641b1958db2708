package matching

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/matching/catalogue"
	"linli/models"
)

// tinyPool asks and offers one thing (开塞露: first pack 1, ceiling 3), so that
// every flow can be tried.
func tinyPool(r *rand.Rand) Pool {
	const item models.ItemID = "M094"
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	pool := Pool{Now: now, Scope: "grid", Policy: DefaultPolicy}
	for i := range 4 {
		care := []models.Care{models.CareNone, models.CareNone, models.CareAlone}[r.IntN(3)]
		pool.Households = append(pool.Households, models.Household{ID: fmt.Sprint("home", i), GridID: "grid", Care: care,
			Lat: 30.63, Lon: 103.67 + float64(r.IntN(20))/1000})
	}
	for i := range 1 + r.IntN(3) {
		units := 1 + r.IntN(3)
		pool.Needs = append(pool.Needs, models.Need{ID: fmt.Sprint("need", i), GridID: "grid", HouseholdID: pool.Households[i].ID,
			ItemID: item, Requested: units, Open: units, State: models.NeedOpen, Patient: models.Patient{Age: models.AgeElder},
			Urgency:   []models.Urgency{models.UrgencyNow, models.UrgencyToday}[r.IntN(2)],
			CreatedAt: now.Add(-time.Duration(r.IntN(3)*8) * time.Minute)})
	}
	for i := range 1 + r.IntN(3) {
		units := 1 + r.IntN(3)
		pool.Lots = append(pool.Lots, models.Lot{ID: fmt.Sprint("lot", i), GridID: "grid", HouseholdID: pool.Households[r.IntN(4)].ID,
			ItemID: item, Seal: models.SealBox, Kind: models.LotGift, Place: models.PlaceHome, Offered: units, Remaining: units,
			ExpiresOn: []models.Date{"2027-01-31", "2027-09-30"}[r.IntN(2)], CreatedAt: now})
	}
	return pool
}

// worth of what the options hold now, by the ranks of the pieces.
func (t *table) worth() worth {
	w := worth{units: make([]int64, 16)}
	all, rank := t.pieces(), 0
	left := map[*want]int{}
	for _, want := range t.wants {
		left[want] = want.got()
		for _, o := range want.options {
			w.trouble += int64(o.units) * o.trouble
		}
	}
	for i, p := range all {
		if i > 0 && all[i-1].before(p) != 0 {
			rank++
		}
		units := min(left[p.want], p.units)
		left[p.want] -= units
		w.units[rank] += int64(units)
	}
	return w
}

// tryAll gives the best worth of all ways to fill the options from k on.
func (t *table) tryAll(options []*option, free []int, best *worth) {
	if len(options) == 0 {
		if w := t.worth(); best.units == nil || w.compare(*best) > 0 {
			*best = w
		}
		return
	}
	o := options[0]
	room := min(free[o.lot], o.want.limit-o.want.got())
	for units := 0; units <= room; units++ {
		o.units = units
		free[o.lot] -= units
		t.tryAll(options[1:], free, best)
		free[o.lot] += units
		o.units = 0
	}
}

func TestPlan_IsTheOptimum(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r, m := rand.New(rand.NewPCG(seed, 4)), New(catalogue.Embedded())
	moved := int64(0)
	for range 400 {
		pool := tinyPool(r)
		solved := m.table(pool)
		solved.solve()
		got := solved.worth()
		tried := m.table(pool)
		var options []*option
		for _, w := range tried.wants {
			options = append(options, w.options...)
		}
		free := make([]int, len(tried.lots))
		for i, lot := range tried.lots {
			free[i] = lot.Remaining
		}
		var best worth
		tried.tryAll(options, free, &best)
		if got.compare(best) != 0 {
			t.Fatalf("got %+v, best %+v: %+v", got, best, pool)
		}
		moved += slices.Max(got.units)
	}
	if moved == 0 {
		t.Error("nothing moved: the pools prove nothing")
	}
}
