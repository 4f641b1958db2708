package matching

import (
	"cmp"
	"math"
	"slices"
	"time"

	"linli/models"
)

// Load is how many parcels a relay point has to find room for: what lies in its
// box, and what is to be brought there.
type Load struct {
	RelayID models.ID
	Parcels int
}

// Errand is a hand-over that needs a relay point: from where, to whom, how soon.
// A spot without a position does not count.
type Errand struct {
	From, To models.Spot
	Urgency  models.Urgency
}

// Choice is the point through which an errand goes, nil where there is none to go
// through: then the worker takes it in by hand. Reason says why this one, nil where
// there was no choice.
type Choice struct {
	Relay  *models.RelayPoint
	Metres int // of the whole walk, models.UnknownMetres where no position is known
	Reason *models.Reason
}

// ChooseRelay gives the point of least total walk, from the giver to the point and
// on to the receiver, among those that are open before the drop-off time is over and
// have room. A point that stays shut so long is taken only where all do, a full one
// only where all that open are full; a paused one never. It makes no difference in
// which order the points come.
func ChooseRelay(now time.Time, e Errand, points []*models.RelayPoint, parcels map[models.ID]int, walks models.Walks) Choice {
	by := models.RelayPoint{}.DropOffBy(now, e.Urgency) // a worker's usual day is the measure
	type way struct {
		*models.RelayPoint
		shut, full bool
		metres     int
	}
	var ways []way
	nearest := math.MaxInt // of all, also those that were passed over
	for _, p := range points {
		opens, ever := p.OpensNext(now)
		w := way{p, ever && !opens.Before(by), p.Capacity > 0 && parcels[p.ID] >= p.Capacity, walk(walks, e, p)}
		nearest = min(nearest, w.metres)
		if p.State == models.RelayOpen {
			ways = append(ways, w)
		}
	}
	if len(ways) == 0 {
		return Choice{Metres: models.UnknownMetres}
	}
	best := slices.MinFunc(ways, func(a, b way) int {
		return cmp.Or(compareBool(a.shut, b.shut), compareBool(a.full, b.full), cmp.Compare(a.metres, b.metres), cmp.Compare(a.ID, b.ID))
	})
	c := Choice{Relay: best.RelayPoint, Metres: best.metres}
	if best.metres == math.MaxInt {
		c.Metres = models.UnknownMetres
	} else if len(points) > 1 {
		code := "relay_least_walk"
		if best.metres > nearest {
			code = "relay_next"
		}
		why := with(toAll(code), "metres", count(roundUp(best.metres, distanceStep)))
		c.Reason = &why
	}
	return c
}

// roundUp keeps a walk from telling which building is at its other end.
func roundUp(metres, step int) int { return (metres + step - 1) / step * step }

// walk is the whole walk through a point, as far as it is known.
func walk(walks models.Walks, e Errand, p *models.RelayPoint) int {
	there, back := walks.Metres(e.From, p.Spot()), walks.Metres(p.Spot(), e.To)
	if there < 0 && back < 0 {
		return math.MaxInt
	}
	return max(there, 0) + max(back, 0)
}

// road is a point that a want may use, and the walk from there to the receiver.
type road struct {
	*models.RelayPoint
	spot   models.Spot
	metres int
}

// roads are the points that may be used for a need and are not paused.
func (t *table) roads(w *want) []road {
	var all []road
	for _, p := range t.relaysFor(w.need) {
		if p.State == models.RelayOpen {
			all = append(all, road{p, p.Spot(), t.pool.Walks.Metres(p.Spot(), t.spot(w.home))})
		}
	}
	return all
}

// walked is the least walk that a pair takes, unknown without positions: from the
// giver by a point to the receiver, from the box to her, and straight where there
// is no point.
func (t *table) walked(w *want, lot *models.Lot) int {
	least := models.UnknownMetres
	if lot.Place == models.PlaceBox {
		if p := t.relayOf(lot); p != nil {
			return t.pool.Walks.Metres(p.Spot(), t.spot(w.home))
		}
		return least
	}
	giver := t.spot(t.home(lot.HouseholdID))
	for _, p := range w.roads {
		there := t.pool.Walks.Metres(giver, p.spot)
		if there >= 0 && p.metres >= 0 && (least < 0 || there+p.metres < least) {
			least = there + p.metres
		}
	}
	if len(w.roads) == 0 {
		return t.pool.Walks.Metres(giver, t.spot(w.home))
	}
	return least
}

// spot is where a home stands, by the name that the path table has for it.
func (t *table) spot(h *models.Household) models.Spot {
	if len(t.pool.Walks) == 0 {
		return h.Spot("")
	}
	return h.Spot(t.codes[h.GridID])
}

// router chooses the points of a plan's matches one after the other: each fills a
// place, and a lot goes where its first match went.
type router struct {
	*table
	parcels map[models.ID]int
	bound   map[models.ID]*models.RelayPoint // by lot
	counted map[[3]models.ID]bool            // giver, need and point of a parcel
}

func (t *table) router() *router {
	r := &router{table: t, parcels: map[models.ID]int{}, bound: map[models.ID]*models.RelayPoint{}, counted: map[[3]models.ID]bool{}}
	for _, load := range t.pool.Loads {
		r.parcels[load.RelayID] = load.Parcels
	}
	return r
}

// route is where the goods change hands: the box's own point; where others of the
// same lot get theirs; else the one of least walk.
func (r *router) route(w *want, lot *models.Lot) (*models.ID, *models.Reason) {
	if lot.Place == models.PlaceBox {
		return lot.RelayID, nil
	}
	points := r.relaysFor(w.need)
	c := Choice{Relay: r.boundTo(lot, points)}
	if c.Relay == nil {
		e := Errand{From: r.spot(r.home(lot.HouseholdID)), To: r.spot(w.home), Urgency: w.need.Urgency}
		c = ChooseRelay(r.pool.Now, e, points, r.parcels, r.pool.Walks)
	}
	if c.Relay == nil {
		return nil, nil
	}
	r.bound[lot.ID] = c.Relay
	id := c.Relay.ID
	if parcel := [3]models.ID{lot.HouseholdID, w.need.ID, id}; !r.counted[parcel] {
		r.counted[parcel] = true
		r.parcels[id]++
	}
	return &id, c.Reason
}

// boundTo is the point to which a lot goes already, if the need may use it.
func (r *router) boundTo(lot *models.Lot, points []*models.RelayPoint) *models.RelayPoint {
	to := r.bound[lot.ID]
	for _, p := range points {
		if to == nil && lot.RelayID != nil && p.ID == *lot.RelayID && p.State == models.RelayOpen {
			to = p
		}
	}
	if to == nil || !slices.ContainsFunc(points, func(p *models.RelayPoint) bool { return p.ID == to.ID }) {
		return nil
	}
	return to
}

// relaysFor are the points that may be used for a need. The pool of a micro-grid
// holds only points that serve it; a larger one also those of its parts.
func (t *table) relaysFor(need models.Need) []*models.RelayPoint {
	if t.pool.Scope == need.GridID {
		return t.relays
	}
	points := slices.Clone(t.servedBy[t.pool.Scope])
	for _, p := range t.servedBy[need.GridID] {
		if !slices.Contains(points, p) {
			points = append(points, p)
		}
	}
	return points
}
