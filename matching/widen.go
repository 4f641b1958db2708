package matching

import (
	"slices"
	"strings"
	"time"

	"linli/models"
)

// widen lets the needs that found nothing look further: by their age, to the
// widest node that the policy allows by now and in which something that fits
// lies free. In the quiet hours only what is needed now is widened; a worker
// may widen by hand at any time. Source: design §5.6.
func (t *table) widen() {
	for _, w := range t.wants {
		if !t.looks(w) || w.need.Urgency != models.UrgencyNow && t.quiet() {
			continue
		}
		if to := t.reachOf(w); to != nil {
			t.widened = append(t.widened, models.Widening{NeedID: w.need.ID, GridID: w.need.GridID, ToGridID: to.ID,
				At: models.Millis(t.pool.Now)})
		}
	}
}

// looks reports whether a need still looks for something: units are open, the
// household has room, and it is neither held nor refused nor gathered.
func (t *table) looks(w *want) bool {
	return !w.need.Held && w.verdict.Outcome == OutcomeOK && w.gather == nil && w.got() < w.need.Open && !t.full(w)
}

func (t *table) quiet() bool {
	return t.pool.Policy.quiet(t.pool.Now.In(models.Shanghai).Hour())
}

// reachOf is the narrowest node beyond what the need reaches already, due by
// its age, in which something lies free for it.
func (t *table) reachOf(w *want) *models.Grid {
	ages := t.pool.Policy.Widen[w.need.Urgency]
	for i, above := range t.above(w) {
		if i >= len(ages) || ages[i] < 0 || t.pool.Now.Sub(w.need.CreatedAt) < ages[i] {
			return nil
		}
		if len(above.Path) > 0 && !reached(w.need, above) && t.freeIn(w, above.ID) > 0 {
			return &above
		}
	}
	return nil
}

// reached: the need looks in that node already.
func reached(need models.Need, g models.Grid) bool {
	return need.Reach != "" && strings.HasPrefix(g.Path, need.Reach)
}

// above lists the nodes above the need's micro-grid, lowest first, one for each
// step of the policy; a node that the pool does not name is left blank.
func (t *table) above(w *want) []models.Grid {
	own := t.paths[w.need.GridID]
	nodes := make([]models.Grid, len(models.LevelsAbove))
	for _, g := range t.pool.Grids {
		step := slices.Index(models.LevelsAbove, g.Level)
		if step >= 0 && own != "" && strings.HasPrefix(own, g.Path) {
			nodes[step] = g
		}
	}
	return nodes
}

// looksIn is the node in which a need looks from now on; nil: its own alone.
func (t *table) looksIn(w *want) *models.Grid {
	to := ""
	for _, step := range t.widened {
		if step.NeedID == w.need.ID {
			to = step.ToGridID
		}
	}
	for i, g := range t.pool.Grids {
		if g.ID == to || to == "" && w.need.Reach != "" && g.Path == w.need.Reach {
			return &t.pool.Grids[i]
		}
	}
	return nil
}

func (t *table) freeIn(w *want, grid models.ID) int {
	units := 0
	for _, free := range t.pool.Elsewhere {
		if free.GridID == grid && slices.Contains(w.verdict.Items, free.Item) {
			units += free.Units
		}
	}
	return units
}

// nextWiden is when the next step is due; zero when there is none.
func (t *table) nextWiden(w *want) time.Time {
	nodes := t.above(w)
	for i, age := range t.pool.Policy.Widen[w.need.Urgency] {
		if i >= len(nodes) || age < 0 {
			break
		}
		if nodes[i].Path == "" { // nobody could say what lies there
			continue
		}
		if at := w.need.CreatedAt.Add(age); at.After(t.pool.Now) {
			return t.awake(w, at)
		}
	}
	return time.Time{}
}

// awake moves a time out of the quiet hours, for what can wait.
func (t *table) awake(w *want, at time.Time) time.Time {
	p := t.pool.Policy
	day := at.In(models.Shanghai)
	if w.need.Urgency == models.UrgencyNow || !p.quiet(day.Hour()) {
		return at
	}
	morning := time.Date(day.Year(), day.Month(), day.Day(), p.QuietTo, 0, 0, 0, models.Shanghai)
	if !morning.After(at) {
		morning = morning.AddDate(0, 0, 1)
	}
	return morning
}
