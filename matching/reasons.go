package matching

import (
	"slices"

	"linli/models"
)

// expiresSoonest: from here on "expires first" is said.
const expiresSoonest = 180

// reasons say why this lot goes to this need. Everybody may read that it is
// near, expires first or is needed more; what comes from the ledger, age or
// health is for her and her worker.
func (t *table) reasons(w *want, o *option) []models.Reason {
	lot := t.lots[o.lot]
	var all []models.Reason
	if o.metres >= 0 && o.metres <= t.pool.Policy.NearMetres {
		all = append(all, with(toAll("near"), "metres", count(max(o.metres, 10))))
	}
	if t.expiresFirst(w, lot) {
		all = append(all, toAll("expires_first"))
	}
	if t.rankedOver(w, o) {
		all = append(all, toAll("greater_need"))
	}
	switch w.home.Care {
	case models.CareAlone:
		all = append(all, toHer("elder_alone"))
	case models.CareFrail:
		all = append(all, toHer("frail"))
	}
	switch {
	case o.substitute:
		all = append(all, with(toHer("substitute"), "from", w.need.ItemID, "to", lot.ItemID))
	case lot.ItemID == w.need.ItemID:
		all = append(all, toHer("exact"))
	}
	if w.first > 0 && t.history.classes[homeItem{w.need.HouseholdID, w.class}] == 0 {
		all = append(all, toHer("first_of_home"))
	}
	if got := w.got(); got < w.need.Open {
		all = append(all, with(toHer("part"), "got", count(got), "open", count(w.need.Open-got)))
	}
	all = append(all, t.doubles(w, lot)...)
	pair := NeedLine(w.need)
	pair.Item, pair.Lot = lot.ItemID, lot
	return append(all, t.Screen(pair, t.today).Warnings...)
}

// expiresFirst: of all the lots that she could get, none ends sooner, and one
// ends later or its own end is not far.
func (t *table) expiresFirst(w *want, lot *models.Lot) bool {
	if lot.ExpiresOn == "" {
		return false
	}
	later := lot.ExpiresOn.DaysAfter(t.today) <= expiresSoonest
	for _, o := range w.options {
		end := t.lots[o.lot].ExpiresOn
		if end != "" && end < lot.ExpiresOn {
			return false
		}
		later = later || end > lot.ExpiresOn
	}
	return later
}

// rankedOver: another household wanted the same lot, ranks below and did not
// get all that it asked for.
func (t *table) rankedOver(w *want, o *option) bool {
	return slices.ContainsFunc(t.wanted[o.lot], func(x *option) bool {
		other := x.want
		return other.need.HouseholdID != w.need.HouseholdID && other.tier < w.tier && other.got() < other.need.Open
	})
}

// doubles warns where the household receives another thing with the same
// ingredient. Source: catalogue.md, column `dup_group`.
func (t *table) doubles(w *want, lot *models.Lot) []models.Reason {
	var all []models.Reason
	item, _ := t.catalogue.Item(lot.ItemID)
	for _, group := range item.DupGroups {
		if t.receivesAlso(w.need.HouseholdID, lot.ItemID, group) {
			all = append(all, toHer("doubles."+group))
		}
	}
	return all
}

func (t *table) receivesAlso(home models.ID, but models.ItemID, group string) bool {
	also := func(id models.ItemID) bool {
		item, ok := t.catalogue.Item(id)
		return ok && id != but && slices.Contains(item.DupGroups, group)
	}
	return slices.ContainsFunc(t.history.items[home], also) || slices.ContainsFunc(t.ofHome[home], func(w *want) bool {
		return slices.ContainsFunc(w.options, func(o *option) bool { return o.units > 0 && also(t.lots[o.lot].ItemID) })
	})
}
