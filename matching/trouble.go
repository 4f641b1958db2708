package matching

import (
	"math"
	"slices"

	"linli/models"
)

// Level 3: least trouble, a sum per unit, in metres of walking:
//
//	distance    from the receiver's building to where the goods lie, by steps of
//	            50 m, at most 3,000; 500 where a position is not known
//	substitute  Policy.NearMetres, at most 2,000
//	expiry      1 per day that the lot is still good, by steps of 30 days, at
//	            most 720: the soonest to expire goes first
//	home        100 where a giver has yet to bring it; 0 from the box
//	loan        100 for what has to be brought back: of two equally near, the gift,
//	            which is nothing more to do for anybody
//	drained     300 for each match that the giving household has given to
//	            within the window, at most 900: nobody is drained twice
//
// Steps make near things equal, so that a need served by one neighbour is not
// split for the sake of a few metres. The sum stays below troubleLimit.
const troubleLimit = 1 << 13

const (
	distanceStep    = 50
	distanceLimit   = 3000
	distanceUnknown = 500
	substituteLimit = 2000
	expiryStep      = 30
	expiryLimit     = 720
	fromHome        = 100
	broughtBack     = 100
	eachGift        = 300
	giftsLimit      = 3
)

func (t *table) trouble(o *option) int64 {
	lot := t.lots[o.lot]
	distance := distanceUnknown
	if o.metres >= 0 {
		distance = min(o.metres/distanceStep*distanceStep, distanceLimit)
	}
	sum := distance
	if o.substitute {
		sum += max(0, min(t.pool.Policy.NearMetres, substituteLimit))
	}
	days := expiryLimit
	if lot.ExpiresOn != "" {
		days = min(lot.ExpiresOn.DaysAfter(t.today), expiryLimit)
	}
	sum += days / expiryStep * expiryStep
	if lot.Kind == models.LotLoan {
		sum += broughtBack
	}
	if lot.Place == models.PlaceHome {
		sum += fromHome + eachGift*min(t.history.gave[lot.HouseholdID], giftsLimit)
	}
	return int64(sum)
}

// metres from the receiver's building to where the lot lies, -1 if unknown.
func (t *table) metres(w *want, lot *models.Lot) int {
	if lot.Place == models.PlaceBox {
		if r := t.relayOf(lot); r != nil {
			return between(w.home.Lat, w.home.Lon, r.Lat, r.Lon)
		}
		return -1
	}
	giver := t.home(lot.HouseholdID)
	return between(w.home.Lat, w.home.Lon, giver.Lat, giver.Lon)
}

// between is the way on a sphere, to 10 m, as positions are of buildings.
func between(lat1, lon1, lat2, lon2 float64) int {
	if lat1 == 0 && lon1 == 0 || lat2 == 0 && lon2 == 0 {
		return -1
	}
	const radius, degree = 6_371_000, math.Pi / 180
	north := (lat2 - lat1) * degree
	east := (lon2 - lon1) * degree * math.Cos((lat1+lat2)/2*degree)
	return int(math.Round(radius*math.Hypot(north, east)/10)) * 10
}

// relay is where the goods change hands: the box's own point, else the open
// one nearest to the receiver; nil where there is none.
func (t *table) relay(w *want, lot *models.Lot) *models.ID {
	if lot.Place == models.PlaceBox {
		return lot.RelayID
	}
	var best *models.RelayPoint
	nearest := math.MaxInt
	for _, r := range t.relaysFor(w.need) {
		if r.State != models.RelayOpen {
			continue
		}
		metres := between(w.home.Lat, w.home.Lon, r.Lat, r.Lon)
		if metres < 0 {
			metres = math.MaxInt - 1
		}
		if best == nil || metres < nearest || metres == nearest && r.ID < best.ID {
			best, nearest = r, metres
		}
	}
	if best == nil {
		return nil
	}
	id := best.ID
	return &id
}

// relaysFor are the points that may be used for a need. The pool of a micro-grid
// holds only points that serve it; a larger one also those of its parts.
func (t *table) relaysFor(need models.Need) []*models.RelayPoint {
	if t.pool.Scope == need.GridID {
		return t.relays
	}
	return slices.Concat(t.servedBy[t.pool.Scope], t.servedBy[need.GridID])
}
