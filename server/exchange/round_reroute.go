package exchange

import (
	"slices"

	"linli/models"
)

// reroute sends what is fetched for a point that has been paused meanwhile to where
// it goes instead, and with it the stop at which it is put down. Where there is no
// other point the stops stay, and a worker keeps by hand what is put down.
func (w *walk) reroute() error {
	if !w.round.Live() {
		return nil
	}
	needed := map[models.ID]bool{} // paused points at which something is put down all the same
	var to []*models.RelayPoint
	for i := range w.stops {
		st := &w.stops[i]
		if st.Kind != models.StopFetch || !w.pausedAt(st.RelayID) || !w.comes(*st) {
			continue
		}
		point := w.relayFor(w.lots[*st.LotID])
		if point == nil {
			needed[*st.RelayID] = true
			continue
		}
		id := point.ID
		st.RelayID = &id
		w.touch(st)
		if !w.putDownAfter(i) && !slices.ContainsFunc(to, func(r *models.RelayPoint) bool { return r.ID == id }) {
			to = append(to, point)
		}
	}
	for i := range w.stops {
		st := &w.stops[i]
		if st.Kind != models.StopDrop || st.State != models.StopOpen || !w.pausedAt(st.RelayID) || needed[*st.RelayID] {
			continue
		}
		if len(to) == 0 {
			if err := w.close(st, models.CommandFail, models.StopGone); err != nil {
				return err
			}
			continue
		}
		w.turn(st, *to[0])
		to = to[1:]
	}
	for _, point := range to {
		st := models.Stop{ID: w.tx.NewID(), RoundID: w.round.ID, Kind: models.StopDrop, GridID: w.scope.grid.ID, State: models.StopOpen}
		w.turn(&st, *point)
		w.added[st.ID] = true
		w.stops = append(w.stops, st)
	}
	w.renumber()
	return nil
}

// comes reports whether the lot of a fetch stop is still to be fetched, or in the bag.
func (w *walk) comes(st models.Stop) bool {
	l := w.lots[*st.LotID]
	return l != nil && l.Live() && (st.State == models.StopOpen && l.Place == models.PlaceHome || l.Holder() == models.Carrier(w.round.PersonID))
}

// putDownAfter reports whether the round passes the point of a fetch stop after it.
func (w *walk) putDownAfter(fetch int) bool {
	return slices.ContainsFunc(w.stops[fetch:], func(st models.Stop) bool {
		return st.Kind == models.StopDrop && st.State == models.StopOpen && deref(st.RelayID) == deref(w.stops[fetch].RelayID)
	})
}

// turn makes a stop one at another point.
func (w *walk) turn(st *models.Stop, point models.RelayPoint) {
	id := point.ID
	st.RelayID, st.Lat, st.Lon = &id, point.Lat, point.Lon
	st.OpensAt, st.LastAt = openOn(point, w.begins())
	if st.Arrival.Before(w.begins()) {
		st.Arrival = w.begins()
	}
	w.touch(st)
}
