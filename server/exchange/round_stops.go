package exchange

import (
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
)

// The limits of a round: one that is longer is walked on two days.
const mostStops = 60

// outfit makes stops of what a round is for.
type outfit struct {
	svc    *Service
	set    roundSet
	ground ground
	sc     scope
	walks  models.ID // the household of who walks; "" for none
}

// bring makes the stop at which a handover is given.
func (o outfit) bring(id models.ID) (models.Stop, error) {
	at := slices.IndexFunc(o.set.hands, func(h models.Handover) bool { return h.ID == id })
	if at < 0 {
		return models.Stop{}, fault.InvalidField("handovers", "not_found")
	}
	h := o.set.hands[at]
	home, of := o.ground.homes[h.ReceiverHouseholdID], o.serves(h.GridID, h.RelayID)
	switch {
	case home == nil || !of:
		return models.Stop{}, fault.InvalidField("handovers", "not_found")
	case h.State != models.HandoverReady || h.Way == models.WayRelay:
		return models.Stop{}, fault.New(fault.Conflict, "not_to_bring")
	case h.ReceiverHouseholdID == o.walks:
		return models.Stop{}, fault.New(fault.Forbidden, "not_alone")
	}
	st := o.at(models.StopBring, *home)
	st.GridID, st.HandoverID, st.RelayID = h.GridID, &h.ID, h.RelayID
	st.LastAt = o.neededBy(h)
	return st, nil
}

// serves reports whether something of that grid, or at that point, is this
// worker's: what lies in a box of her grid is, wherever it goes.
func (o outfit) serves(grid models.ID, relay *models.ID) bool {
	if grid == o.sc.grid.ID {
		return true
	}
	r := relayByID(o.ground.relays, relay)
	return r != nil && r.GridID == o.sc.grid.ID
}

// neededBy: what is needed now within the hour after she sets out, the rest before
// people sleep; and nothing after it is kept no longer.
func (o outfit) neededBy(h models.Handover) *time.Time {
	last := o.quiet()
	for _, m := range o.set.matches {
		for _, n := range o.set.needs {
			if m.HandoverID == h.ID && m.NeedID == n.ID && n.Urgency == models.UrgencyNow {
				soon := o.set.round.StartAt.Add(o.svc.policy.UrgentContact)
				last = &soon
			}
		}
	}
	if h.DueAt != nil && h.DueAt.After(o.set.round.StartAt) && (last == nil || h.DueAt.Before(*last)) {
		return h.DueAt
	}
	return last
}

// quiet is when nobody is disturbed any more on the day of the round; nil where
// that hour is past: who walks then has her reasons.
func (o outfit) quiet() *time.Time {
	day := o.set.round.StartAt.In(models.Shanghai)
	at := time.Date(day.Year(), day.Month(), day.Day(), o.svc.policy.QuietFrom, 0, 0, 0, models.Shanghai).UTC()
	if at.Before(o.set.round.StartAt) {
		return nil
	}
	return &at
}

// fetch makes the stop at which a lot is fetched from its giver. It goes to where
// its matches are collected, else to the first open point.
func (o outfit) fetch(id models.ID) (models.Stop, error) {
	at := slices.IndexFunc(o.set.lots, func(l models.Lot) bool { return l.ID == id })
	if at < 0 || o.set.lots[at].GiverGridID != o.sc.grid.ID {
		return models.Stop{}, fault.InvalidField("lots", "not_found")
	}
	l := o.set.lots[at]
	home := o.ground.homes[l.HouseholdID]
	switch {
	case home == nil:
		return models.Stop{}, fault.InvalidField("lots", "not_found")
	case l.Place != models.PlaceHome || !l.Live() || l.Way == models.WayRelay:
		return models.Stop{}, fault.New(fault.Conflict, "not_to_fetch")
	case l.HouseholdID == o.walks:
		return models.Stop{}, fault.New(fault.Forbidden, "not_alone")
	}
	relay := o.goesTo(l)
	if relay == nil {
		return models.Stop{}, fault.New(fault.Conflict, "no_relay")
	}
	st := o.at(models.StopFetch, *home)
	st.GridID, st.LotID, st.RelayID, st.LastAt = l.GridID, &l.ID, &relay.ID, o.quiet()
	return st, nil
}

func (o outfit) goesTo(l models.Lot) *models.RelayPoint {
	points := o.ground.relays
	for _, m := range o.set.matches {
		if m.LotID != l.ID || !m.Live() {
			continue
		}
		for _, h := range o.set.hands {
			if r := relayByID(points, h.RelayID); h.ID == m.HandoverID && r != nil && r.State == models.RelayOpen {
				return r
			}
		}
	}
	at := slices.IndexFunc(o.sc.relays, func(r models.RelayPoint) bool { return r.State == models.RelayOpen })
	if at < 0 {
		return nil
	}
	return &o.sc.relays[at]
}

// visit makes the stop at which a household is looked after.
func (o outfit) visit(v NewVisit) (models.Stop, error) {
	home := o.ground.homes[v.HouseholdID]
	if home == nil || home.GridID != o.sc.grid.ID {
		return models.Stop{}, fault.InvalidField("visits", "not_found")
	}
	if !slices.Contains(models.VisitReasons, v.Reason) {
		return models.Stop{}, fault.InvalidField("visits", "reason_unknown")
	}
	st := o.at(models.StopVisit, *home)
	st.GridID, st.Reason, st.LastAt = home.GridID, v.Reason, o.quiet()
	return st, nil
}

func (o outfit) at(kind models.StopKind, home models.Household) models.Stop {
	id := home.ID
	return models.Stop{Kind: kind, HouseholdID: &id, Lat: home.Lat, Lon: home.Lon, State: models.StopOpen, Arrival: o.set.round.StartAt}
}

// relay makes a stop at a point, within its hours of that day.
func (o outfit) relay(kind models.StopKind, id models.ID) models.Stop {
	r := relayByID(o.ground.relays, &id)
	st := models.Stop{Kind: kind, RelayID: &id, GridID: o.sc.grid.ID, State: models.StopOpen, Arrival: o.set.round.StartAt}
	if r == nil {
		return st
	}
	st.Lat, st.Lon = r.Lat, r.Lon
	st.OpensAt, st.LastAt = openOn(*r, o.set.round.StartAt)
	return st
}

// openOn is the opening of a point that is not over at that time of its day; nil,
// nil where there is none.
func openOn(r models.RelayPoint, at time.Time) (opens, closes *time.Time) {
	day := at.In(models.Shanghai)
	minute := func(m int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 0, m, 0, 0, models.Shanghai).UTC()
	}
	hours, _ := r.HoursOn(at)
	for _, h := range hours {
		if from, to := minute(h.OpenMinute), minute(h.CloseMinute); at.Before(to) {
			return &from, &to
		}
	}
	return nil, nil
}

// relayStops are the points that a round must pass: where it takes what it brings,
// unless it begins there, and where it puts down what it fetches.
func (o outfit) relayStops(stops []models.Stop) []models.Stop {
	var more []models.Stop
	pass := func(kind models.StopKind, relay *models.ID) {
		same := func(st models.Stop) bool {
			return st.Kind == kind && st.State == models.StopOpen && deref(st.RelayID) == deref(relay)
		}
		if relay != nil && !slices.ContainsFunc(slices.Concat(stops, more), same) {
			more = append(more, o.relay(kind, *relay))
		}
	}
	start := o.set.round.Start
	for _, st := range stops {
		begins := o.set.round.State == models.RoundPlanned && start.Kind == models.EndRelay && deref(start.RelayID) == deref(st.RelayID)
		switch {
		case st.State != models.StopOpen:
		case st.Kind == models.StopBring && !begins && !o.carried(st):
			pass(models.StopTake, st.RelayID)
		case st.Kind == models.StopFetch:
			pass(models.StopDrop, st.RelayID)
		}
	}
	return more
}

// carried reports whether what a stop brings is in the bag already.
func (o outfit) carried(st models.Stop) bool {
	return slices.ContainsFunc(o.set.hands, func(h models.Handover) bool {
		return h.ID == *st.HandoverID && h.State == models.HandoverOut
	})
}
