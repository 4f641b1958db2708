package exchange

import (
	"context"
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
)

// AcceptRound is the yes of a volunteer to a round that a worker made for him.
func (s *Service) AcceptRound(ctx context.Context, actor models.Actor, id models.ID) (RoundView, error) {
	return s.changeRound(ctx, actor, id, about{}, func(w *walk) error {
		if err := w.walks(actor); err != nil {
			return err
		}
		if w.round.State != models.RoundPlanned {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(w.round.State))
		}
		now := w.tx.Now
		w.round.AcceptedAt = &now
		w.mark(w.round.ID, "round.accepted")
		return nil
	})
}

// CancelRound gives a round up before it has begun: a worker's change of mind, or
// the no of who should walk it. What it was for waits for another.
func (s *Service) CancelRound(ctx context.Context, actor models.Actor, id models.ID) (RoundView, error) {
	return s.changeRound(ctx, actor, id, about{}, cancelRound)
}

func cancelRound(w *walk) error {
	if err := w.round.Apply(models.CommandCancel); err != nil {
		return err
	}
	return w.over("round.cancelled")
}

// forgetRound: its day is over and nobody has walked it.
func forgetRound(w *walk) error {
	if w.round.State != models.RoundPlanned || !due(w.round.DueAt, w.tx.Now) {
		return errNotDue
	}
	return cancelRound(w)
}

// over closes what is left of a round.
func (w *walk) over(kind string) error {
	now := w.tx.Now
	w.round.ClosedAt, w.round.DueAt = &now, nil
	w.mark(w.round.ID, kind)
	for i := range w.stops {
		if w.stops[i].State == models.StopOpen {
			if err := w.close(&w.stops[i], models.CommandPostpone, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// StartRound sets out: what it brings from where it begins is on the way now, and
// doors are shown from here on. Nobody walks two rounds at once.
func (s *Service) StartRound(ctx context.Context, actor models.Actor, id models.ID) (RoundView, error) {
	return s.changeRound(ctx, actor, id, about{}, func(w *walk) error {
		if err := w.walks(actor); err != nil {
			return err
		}
		if w.round.AcceptedAt == nil {
			return fault.New(fault.Conflict, "round_not_accepted")
		}
		if len(w.out) > 0 && w.out[0].ID != w.round.ID {
			return fault.New(fault.Conflict, "round_out_already")
		}
		if err := w.round.Apply(models.CommandSend); err != nil {
			return err
		}
		if err := w.settle(); err != nil {
			return err
		}
		if len(models.OpenStops(w.stops)) == 0 {
			return fault.New(fault.Conflict, "round_empty")
		}
		w.round.StartAt, w.round.DueAt = w.tx.Now, nil
		w.mark(w.round.ID, "round.out")
		for _, relay := range w.takenAtStart() {
			if err := w.takeOut(relay); err != nil {
				return err
			}
		}
		w.retime(w.ground.end(w.round.Start))
		return nil
	})
}

// takenAtStart are the points, and the worker's own shelf, of which she has the
// goods with her when she sets out: every one that she does not stop at to take them.
func (w *walk) takenAtStart() []*models.ID {
	var from []*models.ID
	seen := map[models.ID]bool{}
	for _, st := range w.stops {
		if st.Kind == models.StopTake && st.State == models.StopOpen {
			seen[*st.RelayID] = true
		}
	}
	for _, st := range w.stops {
		if st.Kind == models.StopBring && !seen[deref(st.RelayID)] {
			seen[deref(st.RelayID)] = true
			from = append(from, st.RelayID)
		}
	}
	return from
}

// StopDone is 办好了. A handover is closed by the rules of every handover: with
// the code, the token, or what else stands in for it.
func (s *Service) StopDone(ctx context.Context, actor models.Actor, id, stop models.ID, in Giving) (RoundView, error) {
	set, err := s.loadRound(ctx, id, about{})
	if err != nil {
		return RoundView{}, err
	}
	sc, err := s.scope(ctx, set.round.GridID)
	if err != nil {
		return RoundView{}, err
	}
	at := slices.IndexFunc(set.stops, func(st models.Stop) bool { return st.ID == stop })
	if at < 0 || set.round.PersonID != actor.PersonID || !mayFollow(actor, set.round, sc) { // who only follows it hears so below
		return s.changeRound(ctx, actor, id, about{}, func(w *walk) error {
			if err := w.walks(actor); err != nil {
				return err
			}
			return fault.New(fault.NotFound, "not_found")
		})
	}
	kept, over, err := s.bringDone(ctx, actor, set, set.stops[at], in)
	if err != nil {
		return RoundView{}, err
	}
	if over {
		return s.afterRound(ctx, actor, id, kept)
	}
	return s.changeRound(ctx, actor, id, about{}, func(w *walk) error {
		w.atDoor = kept
		st, err := w.stop(stop)
		if err != nil {
			return err
		}
		here, relay := w.ground.stop(*st), deref(st.RelayID)
		if err := w.settle(); err != nil {
			return err
		}
		// What was to be put down here is put down at another point now: she walks on.
		moved := st.Kind == models.StopDrop && deref(w.at(stop).RelayID) != relay
		if st = w.at(stop); st.State == models.StopOpen && !moved {
			if err := w.finish(st); err != nil {
				return err
			}
		}
		w.markStop(stop)
		w.retime(here)
		return nil
	})
}

// markStop tells what became of a stop.
func (w *walk) markStop(id models.ID) {
	kind := "round.stop_moved"
	if st := w.at(id); st.State != models.StopOpen {
		kind = "round.stop_" + string(st.State)
	}
	w.mark(w.round.ID, kind)
}

func (w *walk) finish(st *models.Stop) error {
	switch st.Kind {
	case models.StopFetch:
		if err := w.fetch(w.lots[*st.LotID]); err != nil {
			return err
		}
	case models.StopTake:
		if err := w.takeOut(st.RelayID); err != nil {
			return err
		}
	case models.StopDrop:
		if err := w.putDown(deref(st.RelayID)); err != nil {
			return err
		}
	case models.StopBring:
		return fault.New(fault.Conflict, "stale") // it went another way while the door was open
	}
	return w.close(st, models.CommandFinish, "")
}

// When says what becomes of a stop that was not done.
type When string

// To the end of this round, another day, or not at all.
const (
	WhenEnd      When = "end"
	WhenTomorrow When = "tomorrow"
	WhenNever    When = "never"
)

// mostTries is how often somebody goes to a door in one round.
const mostTries = 3

// StopFailed is 没办成: for a reason that blames nobody, to the end of this round,
// to another day, or not at all. What was to be brought is laid back at the box.
func (s *Service) StopFailed(ctx context.Context, actor models.Actor, id, stop models.ID, reason string, when When) (RoundView, error) {
	f := fault.New(fault.Invalid, "invalid_input")
	if !slices.Contains(models.StopReasons, reason) {
		f = f.Field("reason", "reason_unknown")
	}
	if when != WhenEnd && when != WhenTomorrow && when != WhenNever {
		f = f.Field("when", "when_unknown")
	}
	if len(f.Fields) > 0 {
		return RoundView{}, f
	}
	return s.changeRound(ctx, actor, id, about{}, func(w *walk) error {
		if err := w.walks(actor); err != nil {
			return err
		}
		st, err := w.stop(stop)
		if err != nil {
			return err
		}
		here := w.ground.stop(*st)
		if err := w.settle(); err != nil {
			return err
		}
		if st = w.at(stop); st.State == models.StopOpen {
			if err := w.fail(st, reason, when); err != nil {
				return err
			}
		}
		w.markStop(stop)
		w.retime(here)
		return nil
	})
}

func (w *walk) fail(st *models.Stop, reason string, when When) error {
	st.Tries++
	w.touch(st)
	switch {
	case st.Kind == models.StopTake || st.Kind == models.StopDrop:
		return fault.New(fault.Conflict, "relay_stop_stays") // what she carries must go somewhere: she ends the round
	case when == WhenNever:
		return w.close(st, models.CommandFail, reason)
	case when == WhenEnd && st.Tries < mostTries:
		st.Why = reason
		if w.toEnd(st) {
			return nil
		}
	}
	if st.Kind == models.StopFetch {
		w.keepGiver(w.lots[*st.LotID], w.tx.Now)
	}
	return w.close(st, models.CommandPostpone, reason)
}

// keepGiver lets no match lapse because nobody came to fetch: the giver waits, it
// is not she who is late.
func (d *desk) keepGiver(l *models.Lot, day time.Time) {
	until := models.TomorrowAt18(day)
	for _, m := range sortedMatches(d.matches) {
		if l != nil && m.LotID == l.ID && m.State == models.MatchAgreed && (m.DueAt == nil || m.DueAt.Before(until)) {
			d.matches[m.ID].DueAt = &until
			d.mark(m.ID, "match.fetch")
		}
	}
}

// EndRound comes home: what is left goes back to the box and waits there.
func (s *Service) EndRound(ctx context.Context, actor models.Actor, id models.ID) (RoundView, error) {
	return s.changeRound(ctx, actor, id, about{}, func(w *walk) error { // her worker too, should he have fallen ill
		if err := w.settle(); err != nil {
			return err
		}
		if err := w.round.Apply(models.CommandEnd); err != nil {
			return err
		}
		if err := w.empty(); err != nil {
			return err
		}
		return w.over("round.done")
	})
}
