package outreach

import (
	"slices"

	"linli/models"
	"linli/models/store"
)

// nothingToSay takes out of a card what is not so any more, and reports whether
// nothing is left of it. A need may be over while its card waits for the next try,
// and the card of its end gone out before: it must not be called for after that. A
// card that was never tried is said whole, for that of the end comes after it.
func nothingToSay(tx *store.Tx, d *models.Delivery) (bool, error) {
	ids := make([]models.ID, len(d.Card.Lines))
	for i, l := range d.Card.Lines {
		ids[i] = l.NeedID
	}
	var needs []models.Need
	if len(ids) == 0 || d.Kind == models.DeliveryDigest {
		return false, nil
	}
	if err := tx.Load(store.ByID(ids, &needs)); err != nil {
		return false, err
	}
	lookedFor := map[models.ID]bool{}
	for _, n := range needs {
		lookedFor[n.ID] = n.State == models.NeedOpen && !n.Private && !n.Held
	}
	tried := d.TriedAt != nil // also when somebody lets a dead one be tried as if it were new
	calls := d.Kind == models.DeliveryUrgent || d.Kind == models.DeliveryOpen
	left := slices.DeleteFunc(slices.Clone(d.Card.Lines), func(l models.CardLine) bool { return lookedFor[l.NeedID] != calls })
	if len(left) > 0 {
		if tried || !calls {
			d.Card.Lines = left
		}
		return false, nil
	}
	if !calls || tried {
		return true, nil // what was tried may have been read: its end is told by a card of its own
	}
	// The group never heard of any of them, and hears nothing of their end.
	var told []models.Telling
	if err := tx.Load(store.TellingsOf(d.RobotID, ids, &told)); err != nil {
		return false, err
	}
	for i := range told {
		told[i].State, told[i].DueAt, told[i].At = models.TellingOver, nil, tx.Now
	}
	return true, tx.SaveTellings(told)
}
