package exchange

import (
	"context"
	"slices"
	"time"

	"linli/matching/route"
	"linli/models"
	"linli/models/store"
)

// ground is where the stops of a round lie, and how far it is from one to another.
type ground struct {
	walks  models.Walks
	grid   models.Grid
	homes  map[models.ID]*models.Household
	relays []models.RelayPoint
}

// ground lays out the homes and points of a round, with the ways that the city has
// given between them.
func (s *Service) ground(ctx context.Context, sc scope, homes []models.Household, relays []models.RelayPoint) (ground, error) {
	g := ground{grid: sc.grid, homes: byID(homes, func(h models.Household) models.ID { return h.ID }), relays: slices.Concat(sc.relays, relays)}
	keys := []string{}
	for _, h := range homes {
		keys = append(keys, g.home(h).Key)
	}
	for _, r := range g.relays {
		keys = append(keys, r.Spot().Key)
	}
	var paths []models.Path
	err := s.store.Read(ctx, store.PathsAmong(distinct(keys), &paths))
	g.walks = models.WalksOf(paths)
	return g, err
}

// groundOf reads the homes first.
func (s *Service) groundOf(ctx context.Context, sc scope, homes []models.ID, relays []models.RelayPoint) (ground, error) {
	var rows []models.Household
	if err := s.store.Read(ctx, store.HouseholdsPlain(distinct(homes), &rows)); err != nil {
		return ground{}, err
	}
	return s.ground(ctx, sc, rows, relays)
}

// home is where a household stands; the city's ways are known within the round's
// own grid, where its code is at hand.
func (g ground) home(h models.Household) models.Spot {
	if h.GridID != g.grid.ID {
		return h.Spot("")
	}
	return h.Spot(g.grid.Code)
}

func (g ground) stop(st models.Stop) models.Spot {
	if h := g.homes[deref(st.HouseholdID)]; h != nil {
		return g.home(*h)
	}
	if r := relayByID(g.relays, st.RelayID); r != nil {
		return r.Spot()
	}
	return models.Spot{Lat: st.Lat, Lon: st.Lon}
}

func (g ground) end(e models.RoundEnd) models.Spot {
	if r := relayByID(g.relays, e.RelayID); r != nil {
		return r.Spot()
	}
	return models.Spot{Lat: e.Lat, Lon: e.Lon}
}

// unknownWalk is what a walk is taken for of which an end is not known: across a
// neighbourhood.
const unknownWalk = 300

// metres is every distance of a round.
func (g ground) metres(a, b models.Spot) int {
	if a == b {
		return 0
	}
	if m := g.walks.Metres(a, b); m != models.UnknownMetres {
		return m
	}
	return unknownWalk
}

// seconds is how long somebody with bags walks from one to the other.
func (s *Service) seconds(g ground, a, b models.Spot) int64 {
	return int64(g.metres(a, b)) * 60 / int64(s.policy.WalkMinute)
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

// roundSeed makes the same round of the same stops. With roundEffort forty stops
// with hours and a fetch before each bring take 40 ms, once and under no lock; the
// solver's own measure, 2 ms, leaves one stop in two rounds out that fits.
const (
	roundSeed   = 1
	roundEffort = 5000
)

// order puts the stops of a round into the order of the shortest walk: what is to
// be taken or fetched before what it is for, everything within its hours, as far
// as that can be. A stop that cannot be is not left out, but late.
func (s *Service) order(g ground, r *models.Round, stops []models.Stop, ways map[models.ID]models.Way) {
	p, last := s.problem(g, *r, stops, ways)
	solved, err := route.Solve(p, roundSeed, roundEffort)
	for tries := 0; err == nil && len(solved.Skipped) > 0 && tries < 2; tries++ {
		for _, i := range solved.Skipped {
			p.Window[i] = route.AnyTime
		}
		if tries == 1 { // also what stood in their way
			p.Window = nil
		}
		solved, err = route.Solve(p, roundSeed, roundEffort)
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
	r.Metres, r.Exact = g.length(*r, stops, last), solved.Exact
}

// problem is the round as the solver knows it: node 0 is where it begins, then the
// stops, then where it ends, if that is no stop. last tells that it goes home.
func (s *Service) problem(g ground, r models.Round, stops []models.Stop, ways map[models.ID]models.Way) (p route.Problem, last bool) {
	spots := []models.Spot{g.end(r.Start)}
	p.Service, p.Window = []int64{0}, [][2]int64{route.AnyTime}
	for _, st := range stops {
		spots = append(spots, g.stop(st))
		p.Service = append(p.Service, int64(s.stays(st, ways[deref(st.HandoverID)])/time.Second))
		p.Window = append(p.Window, window(r, st))
	}
	p.End = route.Anywhere
	switch at := endsAt(r, stops); {
	case r.End.Kind == models.EndAnywhere:
	case at >= 0:
		p.End = at + 1
	case g.end(r.End) == g.end(r.Start):
		p.End, last = 0, true
	default:
		p.End, last = len(spots), true
		spots = append(spots, g.end(r.End))
		p.Service, p.Window = append(p.Service, 0), append(p.Window, route.AnyTime)
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
			row = append(row, s.seconds(g, from, to))
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
	w := route.AnyTime
	if st.OpensAt != nil {
		w[0] = max(0, int64(st.OpensAt.Sub(r.StartAt)/time.Second))
	}
	if st.LastAt != nil {
		w[1] = int64(st.LastAt.Sub(r.StartAt) / time.Second)
	}
	if w[1] < w[0] { // it is over already: late, whenever she comes
		return route.AnyTime
	}
	return w
}

// length is the walk in the order of the stops, and to where it ends.
func (g ground) length(r models.Round, stops []models.Stop, last bool) int {
	sum, from := 0, g.end(r.Start)
	for _, st := range stops {
		sum += g.metres(from, g.stop(st))
		from = g.stop(st)
	}
	if last {
		sum += g.metres(from, g.end(r.End))
	}
	return sum
}

// calm is the change of a time that is not told: nobody waits to the second.
const calm = time.Minute

// retime tells when she will be at each stop that is left, walking on from there
// now in the order as it stands.
func (w *walk) retime(from models.Spot) {
	at := w.tx.Now
	for _, next := range models.OpenStops(w.stops) {
		st := w.at(next.ID)
		at = at.Add(time.Duration(w.svc.seconds(w.ground, from, w.ground.stop(*st))) * time.Second)
		if st.OpensAt != nil && at.Before(*st.OpensAt) {
			at = *st.OpensAt
		}
		if late := at.Sub(st.Arrival); late >= calm || late <= -calm {
			st.Arrival = at
			w.touch(st)
		}
		from = w.ground.stop(*st)
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
		if costs := w.detour(stops, i, w.ground.stop(st)) + more; least < 0 || costs < least {
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
func (w *walk) detour(stops []models.Stop, i int, by models.Spot) int {
	g, from := w.ground, w.here()
	if i > 0 && stops[i-1].State == models.StopOpen {
		from = g.stop(stops[i-1])
	}
	to := g.end(w.round.End)
	switch {
	case i < len(stops):
		to = g.stop(stops[i])
	case w.round.End.Kind == models.EndAnywhere:
		return g.metres(from, by)
	}
	return g.metres(from, by) + g.metres(by, to) - g.metres(from, to)
}

// renumber writes the order down as it stands in the slice.
func (w *walk) renumber() {
	for i := range w.stops {
		if st := &w.stops[i]; st.Position != i+1 {
			st.Position = i + 1
			w.touch(st)
		}
	}
	last := w.round.End.Kind != models.EndAnywhere && endsAt(*w.round, w.stops) < 0
	w.round.Metres, w.round.Exact = w.ground.length(*w.round, w.stops, last), false // nobody has proved this order
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
