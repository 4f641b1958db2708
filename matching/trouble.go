package matching

import (
	"math"

	"linli/models"
)

// Level 3: least trouble, a sum per unit, in metres of walking:
//
//	distance    the whole walk: from the giver by the relay point of least walk
//	            (relay.go) to the receiver, or from the box to her, by steps of
//	            50 m; beyond 3,000 m by a twentieth of what is more, at most 1,400:
//	            the next town is further than the next street, but does not
//	            outweigh the rest; 500 where a position is not known
//	substitute  Policy.NearMetres, at most 2,000
//	expiry      1 per day that the lot is still good, by steps of 30 days, at
//	            most 720: the soonest to expire goes first
//	home        100 where a giver has yet to bring it; 0 from the box
//	loan        100 for what has to be brought back: of two equally near, the gift,
//	            which is nothing more to do for anybody
//	drained     300 for each match that the giving household has given to
//	            within the window, at most 900: nobody is drained twice
//	not brought Policy.NoShowMetres, at most 1,000, times the share of what its
//	            household was to bring within the window and did not, by steps
//	            of 50 m. Five times that all went well are added, so that one
//	            miss of few hardly counts (at 600: 100 m), and nobody is ever
//	            below hope: whoever is the only one is asked all the same
//
// Steps make near things equal, so that a need served by one neighbour is not
// split for the sake of a few metres. The sum stays below troubleLimit.
const troubleLimit = 1 << 14

const (
	distanceStep    = 50
	distanceNear    = 3000
	distanceFar     = 20
	distanceFarMost = 1400
	distanceUnknown = 500
	substituteLimit = 2000
	expiryStep      = 30
	expiryLimit     = 720
	fromHome        = 100
	broughtBack     = 100
	eachGift        = 300
	giftsLimit      = 3
	noShowLimit     = 1000
	noShowStep      = 50
	noShowPrior     = 5
)

// The largest sum fits, or this does not compile.
const _ = uint(troubleLimit - 1 - distanceNear - distanceFarMost - substituteLimit - expiryLimit - fromHome - broughtBack - eachGift*giftsLimit - noShowLimit)

func (t *table) trouble(o *option) int64 {
	lot := t.lots[o.lot]
	sum := distance(t.walked(o.want, lot))
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
	if lot.Place != models.PlaceBox {
		sum += fromHome + eachGift*min(t.history.gave[lot.HouseholdID], giftsLimit) + t.noShow(lot.HouseholdID)
	}
	return int64(sum)
}

func distance(walk int) int {
	if walk < 0 {
		return distanceUnknown
	}
	far := max(0, walk-distanceNear) / distanceFar
	return min(walk, distanceNear)/distanceStep*distanceStep + min(far/distanceStep*distanceStep, distanceFarMost)
}

// noShow is how much of a giver's promises is doubted, in metres. It is shown to
// nobody.
func (t *table) noShow(home models.ID) int {
	missed, all := t.history.missed[home], t.history.missed[home]+t.history.brought[home]+noShowPrior
	metres := max(0, min(t.pool.Policy.NoShowMetres, noShowLimit)) * missed / all
	return metres / noShowStep * noShowStep
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
