package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// NewStop is one thing to be put into a round: a handover, a lot or a household.
type NewStop struct {
	HandoverID, LotID models.ID
	Visit             NewVisit
	// Try only tells how much later everybody becomes.
	Try bool
}

// AddStop puts something urgent into a round where it costs least; the order of
// the others stays as it is, and the answer says how much later each becomes.
func (s *Service) AddStop(ctx context.Context, actor models.Actor, id models.ID, in NewStop) (RoundView, error) {
	more := about{}
	switch {
	case in.HandoverID != "":
		more.handovers = []models.ID{in.HandoverID}
	case in.LotID != "":
		more.lots = []models.ID{in.LotID}
	case in.Visit.HouseholdID != "":
		more.households = []models.ID{in.Visit.HouseholdID}
	default:
		return RoundView{}, fault.InvalidField("handover_id", "missing")
	}
	var taken []models.Stop
	if err := s.store.Read(ctx, store.StopsWaiting(more.handovers, more.lots, &taken)); err != nil {
		return RoundView{}, err
	}
	return s.changeRound(ctx, actor, id, more, func(w *walk) error {
		if !w.worked(actor) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if !w.round.Live() {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(w.round.State))
		}
		if len(taken) > 0 { // two that come here at once are told apart by the index
			return fault.New(fault.Conflict, "in_another_round")
		}
		if len(models.OpenStops(w.stops)) >= mostStops {
			return fault.New(fault.Conflict, "too_many_stops")
		}
		w.try = in.Try
		return w.insert(in)
	})
}

func (w *walk) insert(in NewStop) error {
	o := w.outfit()
	var st models.Stop
	var err error
	switch {
	case in.HandoverID != "":
		st, err = o.bring(in.HandoverID)
	case in.LotID != "":
		st, err = o.fetch(in.LotID)
	default:
		st, err = o.visit(in.Visit)
	}
	if err != nil {
		return err
	}
	fresh := append(o.relayStops(append(slices.Clone(w.stops), st)), st)
	if st.Kind == models.StopFetch { // first the lot, then where it is put down
		slices.Reverse(fresh)
	}
	for i := range fresh {
		fresh[i].ID, fresh[i].RoundID = w.tx.NewID(), w.round.ID
		w.added[fresh[i].ID] = true
	}
	w.place(fresh)
	if w.round.State == models.RoundOut && st.Kind == models.StopBring && st.RelayID == nil {
		if err := w.takeOut(nil); err != nil { // it lies at no point to be taken at: her worker gives it to her now
			return err
		}
	}
	if st.Kind == models.StopFetch {
		w.keepGiver(w.lots[*st.LotID], w.tx.Now)
	}
	w.mark(w.round.ID, "round.stop_added")
	w.retime(w.here())
	return nil
}

// outfit makes stops of what is on the desk.
func (w *walk) outfit() outfit {
	o := outfit{svc: w.svc, sc: w.scope, ground: w.ground}
	o.set = roundSet{round: *w.round, stops: w.stops, matches: sortedMatches(w.matches), lots: sortedLots(w.lots),
		needs: sortedNeeds(w.needs), relays: w.relays}
	o.set.round.StartAt = w.begins()
	for _, h := range w.handovers {
		o.set.hands = append(o.set.hands, *h)
	}
	return o
}

// begins is when what is still open of the round begins.
func (w *walk) begins() time.Time {
	if w.round.State == models.RoundOut || w.round.StartAt.Before(w.tx.Now) {
		return w.tx.Now
	}
	return w.round.StartAt
}

// here is where she is, as far as is known: at the last stop that is over.
func (w *walk) here() models.Spot {
	here, at := w.ground.end(w.round.Start), time.Time{}
	for _, st := range w.stops {
		if st.At != nil && !st.At.Before(at) {
			here, at = w.ground.stop(st), *st.At
		}
	}
	return here
}
