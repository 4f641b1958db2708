package exchange

import "linli/models"

// remind does what the reminder of a handover is for: its giver hears that the
// time to bring it ends, its receiver that it waits, or is asked whether she got
// it; and its worker that nobody has said so.
func remind(d *desk, h *models.Handover) error {
	now := d.tx.Now
	if !due(h.RemindAt, now) || h.State != models.HandoverOut && d.pausedAt(h.RelayID) {
		return errNotDue
	}
	kind := "handover.reminded" // that its next time is another one
	switch byDay := models.ByDay(now); {
	case h.State == models.HandoverOut && h.DueAt != nil && now.Before(*h.DueAt): // it got more time
		h.RemindAt = h.FirstReminder(models.RelayPoint{}, now)
	case byDay.After(now): // the sweep comes late, and they sleep
		h.RemindAt = &byDay
	default:
		kind = d.remindOf(h)
		h.Reminded++
		h.RemindAt = h.NextReminder(now)
	}
	d.mark(h.ID, kind)
	return nil
}

func (d *desk) remindOf(h *models.Handover) string {
	switch {
	case h.State == models.HandoverReady:
		return "handover.reminder"
	case h.State == models.HandoverOut && h.Reminded < models.GotItAsks:
		return "handover.asked"
	case h.State == models.HandoverOut:
		return "handover.unanswered"
	}
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID == h.ID && m.State == models.MatchAgreed {
			d.mark(m.ID, "match.reminder")
		}
	}
	return "handover.reminded"
}
