package matching

import (
	"linli/models"
)

// Level 1 and 2 of what should be (design §5.3).
//
// Level 1, urgent and frail first: what the ledger says of the household, or a
// worker who looked, comes above what the asker declares; every Policy.RaiseAfter of waiting raises a
// need by one step, without an upper end, so that nobody starves.
// Level 2, within a step: the first small pack of a class for every household
// before a second for any; then who has waited longer, by Policy.SameMoment.

var declared = map[models.Urgency]int{models.UrgencyNow: 2, models.UrgencyToday: 1, models.UrgencyDays: 0}

// byLedger is above everything that can be declared.
const byLedger = 3

// ranksAbove bounds the steps, so that a clock set wrong cannot overflow.
const ranksAbove = 1000

func (t *table) tier(w *want) int {
	tier := declared[w.need.Urgency]
	if w.home.Care != models.CareNone || w.need.ConfirmedBy != nil {
		tier += byLedger
	}
	return tier + t.steps(w.need, int64(t.pool.Policy.RaiseAfter), ranksAbove)
}

func (t *table) waited(need models.Need) int {
	return t.steps(need, int64(t.pool.Policy.SameMoment), 1<<20)
}

// steps counts the whole steps that a need has waited.
func (t *table) steps(need models.Need, step int64, most int64) int {
	if step <= 0 {
		return 0
	}
	return int(max(0, min(int64(t.pool.Now.Sub(need.CreatedAt))/step, most)))
}

// claimFirstPacks gives the first-pack rank to one need of each household and
// class, the one of highest rank that has options, less what the household
// received of the class already.
func (t *table) claimFirstPacks() {
	claimed := map[homeItem]bool{}
	for _, w := range t.wants {
		of := homeItem{w.need.HouseholdID, w.class}
		if len(w.options) == 0 || claimed[of] {
			continue
		}
		claimed[of] = true
		small := 0
		for _, o := range w.options {
			if item, ok := t.catalogue.Item(t.lots[o.lot].ItemID); ok {
				small = max(small, firstPack(item))
			}
		}
		w.first = max(0, small-t.history.classes[of])
	}
}

// classOf is the class that an item is a member of, or the item itself.
func (m Matcher) classOf(item models.ItemID) models.ItemID {
	if class, ok := m.classes[item]; ok {
		return class
	}
	return item
}
