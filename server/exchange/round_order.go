package exchange

import (
	"slices"
	"time"

	"linli/matching/route"
	"linli/models"
)

// spot is a position; 0, 0 where none is known.
type spot struct{ lat, lon float64 }

func spotOf(e models.RoundEnd) spot { return spot{e.Lat, e.Lon} }

// unknownWalk is what a walk is taken for of which an end is not known: across a
// neighbourhood.
const unknownWalk = 300

// metres is every distance of a round. It stands alone, so that a table of paths
// can take its place.
func (s *Service) metres(a, b spot) int {
	if a == (spot{}) || b == (spot{}) {
		return unknownWalk
	}
	return models.Metres(a.lat, a.lon, b.lat, b.lon)
}

// seconds is how long somebody with bags walks from one to the other.
func (s *Service) seconds(a, b spot) int64 {
	return int64(s.metres(a, b)) * 60 / int64(s.policy.WalkMinute)
}

// stays is how long a stop takes.
func (s *Service) stays(st models.Stop, way models.Way) time.Duration {
	switch {
	case st.Kind == models.StopFetch:
		return s.policy.StopFetch
	case st.Kind == models.StopVisit:
		return s.policy.StopVisit
	case st.Kind == models.StopBring && way == models.WayLeave:
		return s.policy.StopLeave
	case st.Kind == models.StopBring:
		return s.policy.StopBring
	}
	return s.policy.StopRelay
}

// roundSeed makes the same round of the same stops.
const roundSeed = 1

// anyTime is a window that is always open, in seconds.
const anyTime = int64(1) << 40

// order puts the stops of a round into the order of the shortest walk: what is to
// be taken or fetched before what it is for, everything within its hours, as far
// as that can be. A stop that cannot be is not left out, but late.
func (s *Service) order(r *models.Round, stops []models.Stop, ways map[models.ID]models.Way) {
	p, last := s.problem(*r, stops, ways)
	solved, err := route.Solve(p, roundSeed, 0)
	for tries := 0; err == nil && len(solved.Skipped) > 0 && tries < 2; tries++ {
		for _, i := range solved.Skipped {
			p.Window[i] = [2]int64{0, anyTime}
		}
		if tries == 1 { // also what stood in their way
			p.Window = nil
		}
		solved, err = route.Solve(p, roundSeed, 0)
	}
	if err != nil { // a problem of our own making is well formed
		panic(err)
	}
	at := map[int]int{}
	for i, node := range solved.Order {
		at[node] = i
	}
	for i := range stops {
		st := &stops[i]
		st.Position = at[i+1]
		st.Arrival = r.StartAt.Add(time.Duration(solved.Arrival[at[i+1]]) * time.Second)
	}
	slices.SortFunc(stops, func(a, b models.Stop) int { return a.Position - b.Position })
	r.Metres, r.Exact = s.length(*r, stops, last), solved.Exact
}

// problem is the round as the solver knows it: node 0 is where it begins, then the
// stops, then where it ends, if that is no stop. last tells that it goes home.
func (s *Service) problem(r models.Round, stops []models.Stop, ways map[models.ID]models.Way) (p route.Problem, last bool) {
	spots := []spot{spotOf(r.Start)}
	p.Service, p.Window = []int64{0}, [][2]int64{{0, anyTime}}
	for _, st := range stops {
		spots = append(spots, spot{st.Lat, st.Lon})
		p.Service = append(p.Service, int64(s.stays(st, ways[deref(st.HandoverID)])/time.Second))
		p.Window = append(p.Window, window(r, st))
	}
	p.End = -1
	switch at := endsAt(r, stops); {
	case r.End.Kind == models.EndAnywhere:
	case at >= 0:
		p.End = at + 1
	case spotOf(r.End) == spotOf(r.Start):
		p.End, last = 0, true
	default:
		p.End, last = len(spots), true
		spots = append(spots, spotOf(r.End))
		p.Service, p.Window = append(p.Service, 0), append(p.Window, [2]int64{0, anyTime})
	}
	for a, first := range stops {
		for b, then := range stops {
			if before(first, then) {
				p.Before = append(p.Before, [2]int{a + 1, b + 1})
			}
		}
	}
	for _, from := range spots {
		var row []int64
		for _, to := range spots {
			row = append(row, s.seconds(from, to))
		}
		p.Cost = append(p.Cost, row)
	}
	return p, last
}

// before: what is brought is taken first, what is fetched is put down after. What
// was fetched is never brought in the same round: another checks it in between.
func before(first, then models.Stop) bool {
	same := deref(first.RelayID) == deref(then.RelayID)
	return same && (first.Kind == models.StopTake && then.Kind == models.StopBring ||
		first.Kind == models.StopFetch && then.Kind == models.StopDrop)
}

// endsAt is the stop that the round ends with, because it puts things down where
// the round shall end; -1 for none.
func endsAt(r models.Round, stops []models.Stop) int {
	if r.End.Kind != models.EndRelay {
		return -1
	}
	return slices.IndexFunc(stops, func(st models.Stop) bool {
		return st.Kind == models.StopDrop && deref(st.RelayID) == deref(r.End.RelayID)
	})
}

func window(r models.Round, st models.Stop) [2]int64 {
	w := [2]int64{0, anyTime}
	if st.OpensAt != nil {
		w[0] = max(0, int64(st.OpensAt.Sub(r.StartAt)/time.Second))
	}
	if st.LastAt != nil {
		w[1] = int64(st.LastAt.Sub(r.StartAt) / time.Second)
	}
	if w[1] < w[0] { // it is over already: late, whenever she comes
		return [2]int64{0, anyTime}
	}
	return w
}

// length is the walk in the order of the stops, and to where it ends.
func (s *Service) length(r models.Round, stops []models.Stop, last bool) int {
	sum, from := 0, spotOf(r.Start)
	for _, st := range stops {
		sum += s.metres(from, spot{st.Lat, st.Lon})
		from = spot{st.Lat, st.Lon}
	}
	if last {
		sum += s.metres(from, spotOf(r.End))
	}
	return sum
}

// calm is the change of a time that is not told: nobody waits to the second.
const calm = time.Minute

// retime tells when she will be at each stop that is left, walking on from there
// now in the order as it stands.
func (w *walk) retime(from spot) {
	at := w.tx.Now
	for _, next := range models.OpenStops(w.stops) {
		st := w.at(next.ID)
		at = at.Add(time.Duration(w.svc.seconds(from, spot{st.Lat, st.Lon})) * time.Second)
		if st.OpensAt != nil && at.Before(*st.OpensAt) {
			at = *st.OpensAt
		}
		if late := at.Sub(st.Arrival); late >= calm || late <= -calm {
			st.Arrival = at
			w.touch(st)
		}
		from = spot{st.Lat, st.Lon}
		at = at.Add(w.svc.stays(*st, w.wayOf(*st)))
	}
}

func (w *walk) at(id models.ID) *models.Stop {
	return &w.stops[slices.IndexFunc(w.stops, func(st models.Stop) bool { return st.ID == id })]
}

func (w *walk) wayOf(st models.Stop) models.Way {
	if h := w.handovers[deref(st.HandoverID)]; h != nil {
		return h.Way
	}
	return ""
}

// place puts new stops where the walk grows least by all of them, of the places
// that come after everything that is over and keep what must come first before
// what must come after it; of equal ones the earliest. The others stay as they are.
func (w *walk) place(fresh []models.Stop) {
	w.stops, _ = w.placed(w.stops, fresh)
	w.renumber()
}

func (w *walk) placed(stops, fresh []models.Stop) (best []models.Stop, least int) {
	if len(fresh) == 0 {
		return stops, 0
	}
	st, least := fresh[0], -1
	first := 1 + lastOver(stops)
	for i := first; i <= len(stops); i++ {
		if slices.ContainsFunc(stops[first:i], func(x models.Stop) bool { return before(st, x) }) ||
			slices.ContainsFunc(stops[i:], func(x models.Stop) bool { return before(x, st) }) {
			continue
		}
		with, more := w.placed(slices.Insert(slices.Clone(stops), i, st), fresh[1:])
		if costs := w.detour(stops, i, spot{st.Lat, st.Lon}) + more; least < 0 || costs < least {
			best, least = with, costs
		}
	}
	return best, least
}

func lastOver(stops []models.Stop) int {
	last := -1
	for i, st := range stops {
		if st.State != models.StopOpen {
			last = i
		}
	}
	return last
}

// detour is how much further she walks by way of a spot before the stop at i.
func (w *walk) detour(stops []models.Stop, i int, by spot) int {
	from := w.here()
	if i > 0 && stops[i-1].State == models.StopOpen {
		from = spot{stops[i-1].Lat, stops[i-1].Lon}
	}
	if i < len(stops) {
		to := spot{stops[i].Lat, stops[i].Lon}
		return w.svc.metres(from, by) + w.svc.metres(by, to) - w.svc.metres(from, to)
	}
	if w.round.End.Kind == models.EndAnywhere {
		return w.svc.metres(from, by)
	}
	to := spotOf(w.round.End)
	return w.svc.metres(from, by) + w.svc.metres(by, to) - w.svc.metres(from, to)
}

// renumber writes the order down as it stands in the slice.
func (w *walk) renumber() {
	for i := range w.stops {
		if st := &w.stops[i]; st.Position != i+1 {
			st.Position = i + 1
			w.touch(st)
		}
	}
}

// toEnd moves a stop behind the others that are open, but before what is put down
// at the end; false where it cannot be there. A pointer into the slice is to be
// looked up anew after this.
func (w *walk) toEnd(st *models.Stop) bool {
	moved := *st
	rest := slices.DeleteFunc(slices.Clone(w.stops), func(x models.Stop) bool { return x.ID == moved.ID })
	to := len(rest)
	for to > 0 && rest[to-1].Kind == models.StopDrop && rest[to-1].State == models.StopOpen {
		to--
	}
	if moved.Kind == models.StopFetch {
		drop := -1
		for i, x := range rest {
			if x.Kind == models.StopDrop && x.State == models.StopOpen && before(moved, x) {
				drop = i
			}
		}
		if drop < 0 {
			return false
		}
		to = min(to, drop)
	}
	w.stops = slices.Insert(rest, to, moved)
	w.renumber()
	return true
}
