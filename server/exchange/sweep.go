package exchange

import (
	"context"
	"errors"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// sweepBatch is how many due rows of a kind one sweep takes.
const sweepBatch = 200

// keptEvents is how long events can be resumed from.
const keptEvents = 7 * 24 * time.Hour

// Sweep does what time demands: matches lapse, what nobody collected goes back
// to the box, whoever has to do something or has borrowed is reminded, lines that found nothing
// are closed, what remains of a lot expires, what is to be brought to a paused
// point goes elsewhere, bags that nobody brought lapse, notices end and the bars of
// calls follow their lots, recalls go on, and lines that asked for
// it, or for which a box has news, are planned again. Each row is
// changed under its grid's lock and judged anew there, so running twice is
// harmless. It tells how many rows it took.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	var matches []models.Match
	var hands, remembered []models.Handover
	var needs []models.Need
	var lots []models.Lot
	var sent []models.Message
	var loans []models.Loan
	var grids []models.GridSeq
	var bags []models.Bag
	var recalls []models.Recall
	var rounds []models.Round
	var notices, calls []models.Notice
	now := s.store.Now()
	err := s.store.Read(ctx, store.MatchesDue(now, sweepBatch, &matches), store.HandoversDue(now, sweepBatch, &hands),
		store.HandoversToRemind(now, sweepBatch, &remembered),
		store.NeedsDue(now, sweepBatch, &needs), store.LotsDue(now, sweepBatch, &lots), store.MessagesDue(now, sweepBatch, &sent),
		store.LoansToRemind(now, sweepBatch, &loans), store.RoundsDue(now, sweepBatch, &rounds), store.GridsToPlan(now, sweepBatch, &grids),
		store.BagsDue(now, sweepBatch, &bags), store.RecallsRunning(recallsRunning, &recalls),
		store.NoticesDue(now, sweepBatch, &notices), store.CallsMoved(sweepBatch, &calls))
	if err != nil {
		return 0, err
	}
	actor := models.Actor{System: true}
	var failures []error
	done := 0
	take := func(err error) {
		switch {
		case err == nil:
			done++
		case !fault.Is(err, fault.Conflict): // somebody else was there first: nothing to do
			failures = append(failures, err)
		}
	}
	// Before anything lapses: nobody can bring it to a point that is paused.
	done, err = s.moveStranded(ctx)
	if err != nil {
		failures = append(failures, err)
	}
	for _, m := range matches {
		take(second(s.changeMatch(ctx, actor, m.ID, lapse)))
	}
	for _, h := range hands {
		take(second(s.changeHandover(ctx, actor, h.ID, putBack)))
	}
	for _, h := range remembered {
		take(second(s.changeHandover(ctx, actor, h.ID, remind)))
	}
	for _, n := range needs {
		take(second(s.changeNeed(ctx, actor, n.ID, giveUp)))
	}
	for _, l := range lots {
		take(second(s.changeLot(ctx, actor, l.ID, expire)))
	}
	for _, m := range sent {
		take(s.unanswered(ctx, m))
	}
	for _, n := range notices {
		take(second(s.changeNotice(ctx, actor, n.ID, endNotice)))
	}
	for _, n := range calls {
		take(second(s.changeNotice(ctx, actor, n.ID, countCall)))
	}
	for _, r := range rounds {
		take(second(s.changeRound(ctx, actor, r.ID, about{}, forgetRound)))
	}
	for _, l := range loans {
		take(second(s.changeLoan(ctx, actor, l.ID, remindLoan)))
	}
	for _, b := range bags {
		take(s.lapseBag(ctx, actor, b))
	}
	for _, r := range recalls {
		n, err := s.runRecall(ctx, r, sweepBatch)
		done += n
		if err != nil {
			failures = append(failures, err)
		}
	}
	heard, err := s.hearBoxes(ctx)
	if err != nil {
		failures = append(failures, err)
	}
	done += heard
	if len(grids) > 0 { // nobody else asks what lies elsewhere
		if err := s.countFree(ctx); err != nil {
			failures = append(failures, err)
		}
	}
	for _, g := range grids {
		take(s.Plan(ctx, g.GridID))
	}
	taken, err := s.planWidened(ctx)
	if err != nil {
		failures = append(failures, err)
	}
	done += taken
	return done, errors.Join(failures...)
}

func second[T any](_ T, err error) error { return err }

var errNotDue = fault.New(fault.Conflict, "not_due")

func due(at *time.Time, now time.Time) bool { return at != nil && !now.Before(*at) }

// lapse: the giver has not come; the need looks further at once.
func lapse(d *desk, m *models.Match) error {
	if h := d.handovers[m.HandoverID]; !due(m.DueAt, d.tx.Now) || m.State == models.MatchAgreed && h != nil && d.pausedAt(h.RelayID) {
		return errNotDue
	}
	reason := models.EndNotBrought
	if m.State == models.MatchProposed { // nobody has said yes: that is no fault of the giver's
		reason = "unanswered"
	}
	return d.endMatch(m, models.CommandLapse, reason)
}

// putBack: nobody came to collect; the units stay in the box for the next.
func putBack(d *desk, h *models.Handover) error {
	if !due(h.DueAt, d.tx.Now) || d.pausedAt(h.RelayID) {
		return errNotDue
	}
	if err := h.Apply(models.CommandReturn); err != nil {
		return err
	}
	now := d.tx.Now
	h.ClosedAt, h.DueAt = &now, nil
	d.mark(h.ID, "handover.returned")
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID != h.ID || m.State != models.MatchReady {
			continue
		}
		if err := d.putBackMatch(d.matches[m.ID]); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) putBackMatch(m *models.Match) error {
	if err := m.Apply(models.CommandReturn); err != nil {
		return err
	}
	now := d.tx.Now
	m.ClosedAt, m.DueAt, m.EndReason = &now, nil, "uncollected"
	d.mark(m.ID, "match.returned")
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return err
	}
	if err := n.DropMatched(m.Quantity, "uncollected"); err != nil {
		return err
	}
	d.mark(n.ID, "need.cancelled")
	l, err := find(d.lots, m.LotID)
	if err != nil {
		return err
	}
	if err := l.Release(m.Quantity); err != nil {
		return err
	}
	d.mark(l.ID, "lot.released")
	return nil
}

// giveUp: nothing was found in time; what is open is closed and said so.
func giveUp(d *desk, n *models.Need) error {
	if n.Open == 0 || !due(n.DueAt, d.tx.Now) {
		return errNotDue
	}
	if err := n.Drop(n.Open, models.ReasonOutOfTime); err != nil {
		return err
	}
	d.mark(n.ID, "need.unmet")
	return nil
}

// expire: what remains of a lot is too old for the course it is given for.
func expire(d *desk, l *models.Lot) error {
	if l.Remaining == 0 || !due(l.DueAt, d.tx.Now) {
		return errNotDue
	}
	if err := l.Expire(); err != nil {
		return err
	}
	d.mark(l.ID, "lot.expired")
	return nil
}

// Tidy forgets what is no longer needed: idempotency keys after a day, events
// after seven, photos seven days after their thing closed.
func (s *Service) Tidy(ctx context.Context) error {
	var old []models.GridSeq
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.DropOldKeys(); err != nil {
			return err
		}
		if err := tx.DropPasted(tx.Now.Add(-models.PastedFor)); err != nil {
			return err
		}
		return tx.Load(store.GridsWithEventsBefore(tx.Now.Add(-keptEvents), sweepBatch, &old))
	})
	if err != nil {
		return err
	}
	if err := s.tidyPhotos(ctx); err != nil {
		return err
	}
	for _, g := range old {
		err := s.store.InGrids(ctx, []models.ID{g.GridID}, nil, func(tx *store.Tx) error {
			return tx.TrimEvents(g.GridID, tx.Now.Add(-keptEvents), 10_000)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
