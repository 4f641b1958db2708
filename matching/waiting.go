package matching

import (
	"cmp"
	"slices"
	"time"

	"linli/models"
)

// waiting says why a need keeps open units, and when the next step comes.
func (t *table) waiting(w *want) Waiting {
	why := t.why(w)
	if !w.need.Held && w.verdict.Outcome == OutcomeOK && w.gather == nil {
		why = append(why, t.taken(w)...)
		why = append(why, t.elsewhere(w)...)
		why = append(why, with(toHer("worker_next"), "at", t.contactAt(w).Format(time.RFC3339)))
	}
	next := t.nextAt(w)
	return Waiting{Why: why, NextAt: &next}
}

func (t *table) why(w *want) []models.Reason {
	switch got := w.got(); {
	case w.need.Held:
		return []models.Reason{toHer("held")}
	case w.verdict.Outcome != OutcomeOK:
		return w.verdict.Reasons
	case w.gather != nil:
		return []models.Reason{toHer("gathering")}
	case got > 0:
		return []models.Reason{with(toHer("part"), "got", count(got), "open", count(w.need.Open-got))}
	case t.full(w):
		return []models.Reason{toHer("ceiling_reached")}
	case len(w.options) == 0:
		return []models.Reason{with(toAll("none_nearby"), "units", "0")}
	}
	ahead := t.ahead(w)
	return []models.Reason{with(toHer("queue"), "ahead", count(ahead), "place", count(ahead+1))}
}

// full: the household has received what three days take of all that fits.
func (t *table) full(w *want) bool {
	return !slices.ContainsFunc(w.verdict.Items, func(item models.ItemID) bool { return t.room(w, item) > 0 })
}

// ahead counts the households that got what this need could have had.
func (t *table) ahead(w *want) int {
	homes := map[models.ID]bool{}
	for _, o := range w.options {
		for _, other := range t.wanted[o.lot] {
			if home := other.want.need.HouseholdID; other.units > 0 && home != w.need.HouseholdID {
				homes[home] = true
			}
		}
	}
	return len(homes)
}

// elsewhere counts what lies free in the grids above, as a number only.
func (t *table) elsewhere(w *want) []models.Reason {
	var all []models.Reason
	for _, free := range t.pool.Elsewhere {
		if free.Units > 0 && slices.Contains(w.verdict.Items, free.Item) {
			all = append(all, with(toAll("elsewhere"), "units", count(free.Units), "grid", free.GridID, "item", free.Item))
		}
	}
	slices.SortFunc(all, func(a, b models.Reason) int {
		return cmp.Or(cmp.Compare(a.Args["grid"], b.Args["grid"]), cmp.Compare(a.Args["item"], b.Args["item"]))
	})
	return all
}

// taken says what is being done for a need that looks on.
func (t *table) taken(w *want) []models.Reason {
	var all []models.Reason
	if to := t.looksIn(w); to != nil {
		all = append(all, with(toHer("widened"), "grid", to.ID))
	}
	if open, _ := t.asking(w); open > 0 {
		all = append(all, with(toHer("asked"), "people", count(open)))
	}
	return all
}

// nextAt is when something happens next for the need: its window closes, the
// quiet hours end, it is widened, a neighbour who is silent is replaced, or the
// worker contacts her. It is ahead of now, but for a need that has yet to be
// searched for.
func (t *table) nextAt(w *want) time.Time {
	if w.gather != nil {
		return w.gather.ClosesAt
	}
	next := t.contactAt(w)
	if !t.looks(w) {
		return next
	}
	if t.pool.NoSearch {
		return t.searchAt(w, next)
	}
	// What the quiet hours hold back, a step that is due or neighbours to ask,
	// goes on when they end, not at the next step after them.
	if at := t.awake(w, t.pool.Now); at.After(t.pool.Now) && at.Before(next) {
		next = at
	}
	if at := t.nextWiden(w); !at.IsZero() && at.Before(next) {
		next = at
	}
	if _, until := t.asking(w); !until.IsZero() && until.Before(next) {
		next = until
	}
	return models.Millis(next)
}

// searchAt is when a need is searched for: at once where that was not done yet,
// else when the last search said, or by the given time.
func (t *table) searchAt(w *want, by time.Time) time.Time {
	last := w.need.NextAt
	switch {
	case last == nil || last.Before(t.pool.Now):
		return models.Millis(t.pool.Now)
	case last.Before(by):
		return *last
	}
	return by
}

// contactAt is when the worker contacts her: soon where it is urgent, and again
// after as long, else at the policy's hour.
func (t *table) contactAt(w *want) time.Time {
	p := t.pool.Policy
	if (w.need.Held || w.need.Urgency == models.UrgencyNow) && p.UrgentContact > 0 {
		times := max(0, t.pool.Now.Sub(w.need.CreatedAt)/p.UrgentContact) + 1 // again and again, until it is met
		return models.Millis(w.need.CreatedAt.Add(times * p.UrgentContact))
	}
	day := t.pool.Now.In(models.Shanghai)
	at := time.Date(day.Year(), day.Month(), day.Day(), p.ContactHour, 0, 0, 0, models.Shanghai)
	if !at.After(t.pool.Now) {
		at = at.AddDate(0, 0, 1)
	}
	return models.Millis(at)
}
