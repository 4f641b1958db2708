package exchange

import (
	"context"
	"slices"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
)

// CheckIn is what the worker saw: the four checks of a drug, the label's date
// and batch, and how many units there really are.
type CheckIn struct {
	Sealed, Readable, InDate, OTC bool
	ExpiresOn                     models.Date
	Batch                         string
	Counted                       int
	// Wiped and Works are asked of what is lent, instead of its seal.
	Wiped, Works bool
	// Labelled says that every cut piece carries its label.
	Labelled bool
}

// CheckInLot takes a lot into the box. Every handover that waited for it
// becomes ready; what nobody needs yet goes on being offered from the box.
func (s *Service) CheckInLot(ctx context.Context, actor models.Actor, id models.ID, in CheckIn) (LotView, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "batch", in.Batch, maxWordRunes)
	f = checkUnits(f, "counted", in.Counted)
	if len(f.Fields) > 0 {
		return LotView{}, f
	}
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if err := d.mayCheck(actor, l); err != nil {
			return err
		}
		if err := d.checkSeen(in, l); err != nil {
			return err
		}
		if seen := (models.Lot{ItemID: l.ItemID, Batch: in.Batch}); d.recalled(&seen) {
			return fault.New(fault.Refused, "check_failed").Field("batch", models.ReasonRecalled)
		}
		if err := d.count(l, in.Counted, actor.PersonID); err != nil {
			return err
		}
		if l.Place != models.PlaceBox {
			if err := d.handIn(l, actor.PersonID); err != nil {
				return err
			}
		}
		now, by := d.tx.Now, actor.PersonID
		l.CheckedAt, l.CheckedBy, l.Batch, l.ExpiresOn = &now, &by, in.Batch, in.ExpiresOn
		for _, m := range d.matches {
			if m.LotID == l.ID && m.Live() {
				m.LabelledAt = &now
			}
		}
		d.mark(l.ID, "lot.checked_in")
		return d.readyLot(l)
	})
}

// RefuseLot is the worker's no at the check; the reason goes to the giver, and
// the needs look further.
func (s *Service) RefuseLot(ctx context.Context, actor models.Actor, id models.ID, reason string) (LotView, error) {
	if !slices.Contains(refuseReasons, reason) {
		return LotView{}, fault.InvalidField("reason", "reason_unknown")
	}
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		if err := d.mayCheck(actor, l); err != nil {
			return err
		}
		for _, m := range sortedMatches(d.matches) {
			if m.LotID == l.ID && m.Live() {
				if err := d.endMatch(d.matches[m.ID], models.CommandRefuse, reason); err != nil {
					return err
				}
			}
		}
		return d.refuseRest(l, reason)
	})
}

// mayCheck: a worker of the grid or who hosts the point where it lies, for a lot
// that is not yet checked; and nobody checks alone what she gave, fetched or receives.
func (d *desk) mayCheck(actor models.Actor, l *models.Lot) error {
	if !d.worked(actor) && !d.hosts(actor, l.RelayID) {
		return fault.New(fault.Forbidden, "worker_only")
	}
	if l.CheckedAt != nil || !l.Live() {
		return fault.New(fault.Conflict, "already_checked")
	}
	mine := l.PersonID == actor.PersonID || l.HouseholdID == actor.HouseholdID || l.CarrierID != nil && *l.CarrierID == actor.PersonID
	for _, c := range d.carried { // whoever fetched it, though it lies in the box by now
		mine = mine || c.LotID == l.ID && c.From == models.Carrier(actor.PersonID)
	}
	for _, m := range d.matches {
		mine = mine || m.LotID == l.ID && m.Live() && (m.ReceiverID == actor.PersonID || m.ReceiverHouseholdID == actor.HouseholdID)
	}
	if mine {
		return fault.New(fault.Forbidden, "not_alone")
	}
	return nil
}

func (d *desk) refuseRest(l *models.Lot, reason string) error {
	if err := d.withdraw(l.ID, l.Remaining, "refused_"+reason); err != nil {
		return err
	}
	d.mark(l.ID, "lot.refused")
	return nil
}

// count takes out what is missing: first what is free, then the youngest
// matches, whose needs look further.
func (d *desk) count(l *models.Lot, counted int, by models.ID) error {
	there := l.Remaining + l.Reserved
	if counted > there {
		return fault.InvalidField("counted", "more_than_offered")
	}
	missing := there - counted
	matches := sortedMatches(d.matches)
	for i := len(matches) - 1; i >= 0 && missing > l.Remaining; i-- {
		if m := d.matches[matches[i].ID]; m.LotID == l.ID && m.Live() {
			if err := d.endMatch(m, models.CommandRefuse, "short"); err != nil {
				return err
			}
		}
	}
	if missing == 0 {
		return nil
	}
	// Said to be handed in or fetched, and never came: it is not in the box nor in the bag.
	d.hand(l, nil, missing, l.Holder(), models.Home(l.HouseholdID), "short", by)
	return d.withdraw(l.ID, missing, "short")
}

// readyLot makes every match of a checked lot ready; safety is asked once more
// with what the label really says.
func (d *desk) readyLot(l *models.Lot) error {
	today := models.DateOf(d.tx.Now)
	for _, m := range sortedMatches(d.matches) {
		if m.LotID != l.ID || m.State != models.MatchAgreed && m.State != models.MatchMoving {
			continue
		}
		n, err := find(d.needs, m.NeedID)
		if err != nil {
			return err
		}
		v := d.svc.matcher.Screen(matching.Line{Item: l.ItemID, Units: m.Quantity, Patient: &n.Patient, Lot: l}, today)
		if v.Outcome != matching.OutcomeOK {
			if err := d.endMatch(d.matches[m.ID], models.CommandRefuse, endUnsafe); err != nil {
				return err
			}
			continue
		}
		if err := d.readyMatch(d.matches[m.ID]); err != nil {
			return err
		}
	}
	return nil
}
