package exchange

import (
	"slices"

	"linli/matching"
	"linli/models"
)

// renewed are relay points as they are under the locks: what a scope remembers may
// be some seconds old, and a point that was paused meanwhile, here or on another
// instance, must not be chosen. Other changes of a point count from the next call on.
func (d *desk) renewed(relays []models.RelayPoint) []models.RelayPoint {
	relays = slices.Clone(relays)
	for i := range relays {
		r := &relays[i]
		for _, l := range d.loads {
			if l.ID != r.ID {
				continue
			}
			if l.Version != r.Version {
				d.svc.forgetScopes()
			}
			r.State, r.Capacity = l.State, l.Capacity
		}
	}
	return relays
}

// pausedAt reports whether a point is known to be paused.
func (d *desk) pausedAt(relay *models.ID) bool { return d.point(relay).State == models.RelayPaused }

// parcels tells the planner how full the points are.
func (d *desk) parcels() []matching.Load {
	all := make([]matching.Load, 0, len(d.loads))
	for _, l := range d.loads {
		all = append(all, matching.Load{RelayID: l.ID, Parcels: l.Parcels})
	}
	return all
}

// relayFor is where the lot's matches go, else the open point of least walk from its
// giver; nil where the worker keeps it by hand. Nothing is put into a paused box.
func (d *desk) relayFor(l *models.Lot) *models.RelayPoint {
	points := []models.RelayPoint{}
	for _, r := range d.relays {
		if r.State == models.RelayOpen {
			points = append(points, r)
		}
	}
	if to := relayByID(points, l.RelayID); to != nil {
		return to
	}
	for _, m := range sortedMatches(d.matches) {
		if m.LotID == l.ID && m.Live() {
			if h := d.handovers[m.HandoverID]; h != nil {
				if to := relayByID(points, h.RelayID); to != nil {
					return to
				}
			}
		}
	}
	return d.choose(matching.Errand{From: d.spotOf(l.HouseholdID), Urgency: models.UrgencyNow}, d.scope.relays).Relay
}

// choose gives the point through which an errand goes, as it stands under the locks.
func (d *desk) choose(e matching.Errand, relays []models.RelayPoint) matching.Choice {
	points := make([]*models.RelayPoint, len(relays))
	for i := range relays {
		points[i] = &relays[i]
	}
	parcels := map[models.ID]int{}
	for _, l := range d.loads {
		parcels[l.ID] = l.Parcels
	}
	return matching.ChooseRelay(d.tx.Now, e, points, parcels, d.scope.walks)
}

// spotOf is where a home of the desk stands.
func (d *desk) spotOf(household models.ID) models.Spot {
	for _, h := range d.households {
		if h.ID == household {
			return h.Spot(d.codeOf(h.GridID))
		}
	}
	return models.Spot{}
}

// codeOf is the code of a grid that the desk knows, "" of another.
func (d *desk) codeOf(grid models.ID) string {
	for _, g := range slices.Concat(d.scope.above, d.beside) {
		if g.ID == grid {
			return g.Code
		}
	}
	return ""
}
