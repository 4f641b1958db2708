package matching

import (
	"cmp"
	"slices"

	"linli/matching/catalogue"
	"linli/models"
)

// findOptions lists the lots that a need may get: what was asked first, and
// only where nothing of it lies in reach a reviewed substitute, by proposal. Who
// goes without because others got it is offered one later, see substitute.
// Needs name no strength or form, so a lot's own are none other than asked.
func (t *table) findOptions(w *want) {
	// One line gets one thing: two members of a class may hold the same
	// ingredient, and two leaflets confuse. What was begun is gone on with.
	w.only = t.history.settled[w.need.ID]
	for _, item := range w.verdict.Items {
		t.addOptions(w, item, false)
	}
	if len(w.options) == 0 {
		t.addSubstitutes(w)
	}
	t.limit(w)
}

// addSubstitutes reports whether there were any.
func (t *table) addSubstitutes(w *want) bool {
	before := len(w.options)
	w.substituted = true
	for _, item := range t.substitutes(w) {
		t.addOptions(w, item, true)
	}
	return len(w.options) > before
}

func (t *table) limit(w *want) {
	for _, o := range w.options {
		w.limit = max(w.limit, min(w.need.Open, t.room(w, t.lots[o.lot].ItemID)))
	}
}

// addOptions adds the lots of one item that may go to this home.
func (t *table) addOptions(w *want, item models.ItemID, substitute bool) {
	if !w.allows(item) || t.room(w, item) <= 0 {
		return
	}
	var found []*option
	for _, i := range t.lotsFor(w.need, item) {
		lot := t.lots[i]
		if lot.HouseholdID == w.need.HouseholdID || t.history.tried[[2]models.ID{w.need.ID, lot.ID}] {
			continue
		}
		o := &option{want: w, lot: i, substitute: substitute, metres: t.metres(w, lot)}
		o.trouble = t.trouble(o)
		found = append(found, o)
	}
	if len(found) > optionsLimit {
		slices.SortStableFunc(found, func(a, b *option) int { return cmp.Compare(a.trouble, b.trouble) })
		found = found[:optionsLimit]
	}
	w.options = append(w.options, found...)
}

// optionsLimit bounds what a plan of a whole city holds: a need looks at so many
// lots of an item, those of least trouble. A street never has as many.
const optionsLimit = 256

// room is how many units of an item the household may still receive.
func (t *table) room(w *want, item models.ItemID) int {
	known, ok := t.catalogue.Item(item)
	if !ok {
		return 0
	}
	return Ceiling(known) - t.history.received[homeItem{w.need.HouseholdID, item}]
}

// substitutes are the reviewed pairs for this person. The match starts as
// proposed, and the pair's question is asked then; what is already known to
// be against it rules it out now, alcohol included ("any yes"). Children,
// pregnant and nursing: none of a medicine.
func (t *table) substitutes(w *want) []models.ItemID {
	return slices.DeleteFunc(t.Matcher.substitutes(w.need, t.today), func(item models.ItemID) bool {
		return t.history.refused[needItem{w.need.ID, item}]
	})
}

func (m Matcher) substitutes(need models.Need, today models.Date) []models.ItemID {
	var items []models.ItemID
	months := need.Patient.Age.Months()
	if months < 0 {
		return nil
	}
	for _, pair := range m.catalogue.Substitutes(need.ItemID, group(months)) {
		item, ok := m.catalogue.Item(pair.To)
		if !ok {
			continue
		}
		answers := need.Patient.Answers
		if medicine(item) && (months < twelveYears || answers["pregnant"] == models.Yes ||
			answers["nursing"] == models.Yes || answers["alcohol"] == models.Yes) {
			continue
		}
		line := NeedLine(need)
		line.Item, line.Units = pair.To, 1
		if severity[m.Screen(line, today).Outcome] <= severity[OutcomeAsk] {
			items = append(items, pair.To)
		}
	}
	return items
}

// MayGet lists what a need may get, substitutes last, so that no other lots need
// be read for it.
func (m Matcher) MayGet(need models.Need, today models.Date) []models.ItemID {
	v := m.Screen(NeedLine(need), today)
	if v.Outcome != OutcomeOK {
		return nil
	}
	return append(slices.Clone(v.Items), m.substitutes(need, today)...)
}

// AskedAs lists under which names a need may ask for an item: its own, its class,
// and what it may stand in for.
func (m Matcher) AskedAs(item models.ItemID) []models.ItemID {
	names := []models.ItemID{item}
	for _, row := range m.catalogue.Items() {
		stands := slices.Contains(allMembers(m.catalogue, row.ID), item)
		for _, who := range []string{catalogue.Infant, catalogue.Child, catalogue.Teen, catalogue.Adult, catalogue.Elder} {
			stands = stands || slices.ContainsFunc(m.catalogue.Substitutes(row.ID, who), func(s catalogue.Substitute) bool { return s.To == item })
		}
		if stands && row.ID != item {
			names = append(names, row.ID)
		}
	}
	return names
}

// Question is the reviewed pair under which an item stands in for what a need
// asked, with what must be asked first; nil where there is none.
func (m Matcher) Question(need models.Need, item models.ItemID) *catalogue.Substitute {
	for _, pair := range m.catalogue.Substitutes(need.ItemID, group(need.Patient.Age.Months())) {
		if pair.To == item {
			return &pair
		}
	}
	return nil
}
