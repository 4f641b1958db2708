package exchange

import (
	"context"
	"slices"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// KeptBack is a match that was not safe to give any more when its handover was.
type KeptBack struct {
	MatchID  models.ID
	ItemID   models.ItemID
	Quantity int
	// Reason says why; it may tell of an illness, and is for her and her worker.
	Reason models.Reason
	// Gone tells that it was handed over already: it is to be asked back.
	Gone bool
}

// endUnsafe is why a match ended that was not safe to give any more.
const endUnsafe = "unsafe"

// Give hands over to the receiver: the worker has opened the handover and
// types the six digits, scans the signed token, or closes it in another way. A wrong
// code counts; five lock the handover until a worker reissues.
func (s *Service) Give(ctx context.Context, actor models.Actor, id models.ID, in Giving) (HandoverView, error) {
	if err := in.check(); err != nil {
		return HandoverView{}, err
	}
	g := &giving{Giving: in}
	view, err := s.changeHandoverOf(ctx, actor, id, in.walked, func(d *desk, h *models.Handover) error {
		return d.give(actor, h, g)
	}, g.reads(id)...)
	if err == nil && view.WrongCode { // the wrong try itself is saved
		return view, wrongCode(view.Handover)
	}
	return view, err
}

func (d *desk) give(actor models.Actor, h *models.Handover, g *giving) error {
	if err := d.mayGive(actor, h, g.walked); err != nil {
		return err
	}
	if g.late() {
		if d.tx.Now.Sub(*g.ScannedAt) > scannedWithin {
			return fault.New(fault.Refused, "scan_old")
		}
		switch h.State {
		case models.HandoverDone, models.HandoverReturned, models.HandoverRefused:
			return d.usedAgain(actor, h, g)
		}
	}
	if h.State != models.HandoverReady && h.State != models.HandoverOut {
		return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
	}
	if d.drugs(h) && !g.Adult {
		return fault.New(fault.Refused, "under_18")
	}
	if !g.late() {
		if err := d.leaves(h); err != nil {
			return err
		}
	}
	wrong, err := d.shown(h, g)
	switch {
	case err != nil:
		return err
	case wrong:
		h.WrongTries++
		d.mark(h.ID, "handover.wrong_code")
		return nil
	}
	why := g.Why
	if g.How == models.HowRelative && why == "" {
		why = h.Collector
	}
	return d.giveAll(h, closing{by: actor.PersonID, how: g.How, why: why, at: g.at(d.tx.Now), gone: g.late()})
}

// mayGive: a worker of the grid, who hosts the point, or who carries it; and nobody
// hands over alone to her own household.
func (d *desk) mayGive(actor models.Actor, h *models.Handover, walked bool) error {
	if !walked && !d.worked(actor) && !d.hosts(actor, h.RelayID) && !carries(actor, *h, append(d.beside, d.scope.grid)...) {
		return fault.New(fault.Forbidden, "worker_only")
	}
	if h.ReceiverHouseholdID == actor.HouseholdID {
		return fault.New(fault.Forbidden, "not_alone")
	}
	return nil
}

// carries reports whether the actor has it with her and still may: a role that was
// taken away on the way opens no door. The grids are those where it goes and lay.
func carries(actor models.Actor, h models.Handover, grids ...models.Grid) bool {
	return h.CarrierID != nil && *h.CarrierID == actor.PersonID &&
		slices.ContainsFunc(grids, func(g models.Grid) bool { return actor.Walks(g.Path) })
}

// Reissue gives the receiver a new code: the old one, and any photo of it, is dead.
func (s *Service) Reissue(ctx context.Context, actor models.Actor, id models.ID) (HandoverView, error) {
	return s.changeHandover(ctx, actor, id, func(d *desk, h *models.Handover) error {
		if !d.worked(actor) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if h.State != models.HandoverReady && h.State != models.HandoverOut {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(h.State))
		}
		h.Generation++
		h.WrongTries = 0
		d.mark(h.ID, "handover.reissued")
		return nil
	})
}

// Received is the receiver's one tap "拿到了": it closes what nobody closed.
func (s *Service) Received(ctx context.Context, actor models.Actor, match models.ID) (MatchView, error) {
	return s.changeMatch(ctx, actor, match, func(d *desk, m *models.Match) error {
		if actor.PersonID != m.ReceiverID {
			return fault.New(fault.Forbidden, "not_yours")
		}
		h, err := find(d.handovers, m.HandoverID)
		if err != nil {
			return err
		}
		return d.giveAll(h, closing{by: actor.PersonID, how: models.HowReceived, at: d.tx.Now})
	})
}

// closing is by whom a handover is closed, how, and as of when. What is gone is out of
// her hands already.
type closing struct {
	by   models.ID
	how  models.ClosedHow
	why  string
	at   time.Time
	gone bool
}

// giveAll closes the handover. Safety is asked once more: what is not safe now is
// kept back and its need looks further; the rest is given. What is gone cannot be
// kept back: it is given, and asked back.
func (d *desk) giveAll(h *models.Handover, c closing) error {
	if h.State != models.HandoverReady && h.State != models.HandoverOut {
		return h.Apply(models.CommandGive) // which says that it cannot
	}
	var safe []*models.Match
	var back []KeptBack
	for _, m := range sortedMatches(d.matches) {
		if m.HandoverID != h.ID || m.State != models.MatchReady {
			continue
		}
		match := d.matches[m.ID]
		v, err := d.screenAt(match, c.at)
		switch {
		case err != nil:
			return err
		case v.Outcome == matching.OutcomeOK:
			safe = append(safe, match)
		case c.gone:
			safe = append(safe, match)
			back = append(back, KeptBack{MatchID: m.ID, ItemID: m.ItemID, Quantity: m.Quantity, Reason: v.Reasons[0], Gone: true})
		default:
			if err := d.keepBack(match, v.Reasons[0]); err != nil {
				return err
			}
		}
	}
	if !h.Live() { // nothing of it was safe
		return nil
	}
	if err := h.Apply(models.CommandGive); err != nil {
		return err
	}
	now := d.tx.Now
	h.ClosedAt, h.ClosedBy, h.DueAt = &now, &c.by, nil
	h.ClosedHow, h.ClosedWhy, h.Sample = c.how, c.why, models.SampleOf(h.ID, c.how)
	d.mark(h.ID, "handover.done")
	for _, m := range safe {
		if err := d.giveMatch(m, h, c.by); err != nil {
			return err
		}
	}
	return d.wantBack(h, back)
}

// screen asks whether a match is safe now, for its own patient and lot.
func (d *desk) screen(m *models.Match) (matching.Verdict, error) { return d.screenAt(m, d.tx.Now) }

// screenAt asks as of the day on which it was handed over.
func (d *desk) screenAt(m *models.Match, at time.Time) (matching.Verdict, error) {
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return matching.Verdict{}, err
	}
	l, err := find(d.lots, m.LotID)
	if err != nil {
		return matching.Verdict{}, err
	}
	if d.recalled(l) {
		return recalledVerdict(), nil
	}
	line := matching.Line{Item: l.ItemID, Units: m.Quantity, Patient: &n.Patient, Lot: l}
	return d.svc.matcher.Screen(line, models.DateOf(at)), nil
}

// keepBack refuses a match that is not safe; what is on the way stays with who carries
// it until the round lays it back.
func (d *desk) keepBack(m *models.Match, why models.Reason) error {
	d.kept = append(d.kept, KeptBack{MatchID: m.ID, ItemID: m.ItemID, Quantity: m.Quantity, Reason: why})
	return d.endMatch(m, models.CommandRefuse, endUnsafe)
}

func (d *desk) giveMatch(m *models.Match, h *models.Handover, by models.ID) error {
	n, err := find(d.needs, m.NeedID)
	if err != nil {
		return err
	}
	l, err := find(d.lots, m.LotID)
	if err != nil {
		return err
	}
	if err := m.Apply(models.CommandGive); err != nil {
		return err
	}
	if err := n.Fulfil(m.Quantity); err != nil {
		return err
	}
	if err := d.giveOrLend(l, m); err != nil {
		return err
	}
	from := l.Holder()
	if h.CarrierID != nil {
		from = models.Carrier(*h.CarrierID)
	}
	d.hand(l, &m.ID, m.Quantity, from, models.Home(m.ReceiverHouseholdID), "give", by)
	now := d.tx.Now
	m.ClosedAt, m.DueAt = &now, nil
	d.mark(m.ID, "match.given")
	d.mark(n.ID, "need.fulfilled")
	return nil
}
