package exchange

import (
	"context"
	"strconv"

	"linli/models"
	"linli/models/fault"
)

// ExtendLoan lets the borrower keep it for some days more: twice at most, and not
// while another home waits for it or its lender wants it back.
func (s *Service) ExtendLoan(ctx context.Context, actor models.Actor, id models.ID, days int) (LoanView, error) {
	if days < models.MinLendDays || days > models.MaxLendDays {
		return LoanView{}, fault.InvalidField("days", "lend_days_out_of_range")
	}
	return s.changeLoan(ctx, actor, id, func(d *desk, c *loanCall, loan *models.Loan) error {
		if err := mayExtend(*loan, c.lot, d.waiting); err != nil {
			return err
		}
		if days > c.lot.LendDays {
			return fault.InvalidField("days", "longer_than_lent")
		}
		loan.Extend(days, d.tx.Now)
		d.mark(loan.ID, "loan.extended")
		return nil
	})
}

func mayExtend(loan models.Loan, lot models.Lot, waiting int) error {
	switch {
	case !loan.Out():
		return fault.New(fault.Conflict, "wrong_state").With("state", string(loan.State))
	case loan.Extended >= models.MaxExtended:
		return fault.New(fault.Conflict, "extended_enough")
	case lot.WantBackAt != nil:
		return fault.New(fault.Conflict, "wanted_back")
	case waiting > 0:
		return fault.New(fault.Conflict, "somebody_waits").With("homes", strconv.Itoa(waiting))
	}
	return nil
}

// LoanReturn is what the worker sees when a lent thing comes back.
type LoanReturn struct {
	Wiped bool
	Works bool // and is complete
	Note  string
}

// ReturnLoan takes a lent thing back into the box. What works goes to the next who
// needs it, once it is wiped and never before; what is broken is lent no more.
func (s *Service) ReturnLoan(ctx context.Context, actor models.Actor, id models.ID, in LoanReturn) (LoanView, error) {
	if f := checkText(fault.New(fault.Invalid, "invalid_input"), "note", in.Note, maxNoteRunes); len(f.Fields) > 0 {
		return LoanView{}, f
	}
	return s.changeLoan(ctx, actor, id, func(d *desk, c *loanCall, loan *models.Loan) error {
		if !c.keeps(actor) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if mine(actor, loan.ReceiverID, loan.HouseholdID) || mine(actor, c.lot.PersonID, c.lot.HouseholdID) {
			return fault.New(fault.Forbidden, "not_alone")
		}
		command := models.CommandReturn
		switch {
		case !in.Works:
			command = models.CommandBreak
		case !in.Wiped:
			return fault.New(fault.Refused, "check_failed").Field("wiped", "check_wiped")
		}
		by := actor.PersonID
		loan.CheckedBy, loan.Wiped, loan.Note = &by, in.Wiped, in.Note
		return d.endLoan(loan, command, models.Box(""), by)
	})
}

// mine reports whether something is the actor's own, or of her home.
func mine(actor models.Actor, person, household models.ID) bool {
	return person == actor.PersonID || household != "" && household == actor.HouseholdID
}

// CloseLoan ends a loan of what is lost or broken, by the word of who borrowed it or
// of a worker. Nobody is blamed, and nothing is paid.
func (s *Service) CloseLoan(ctx context.Context, actor models.Actor, id models.ID, how models.LoanState, note string) (LoanView, error) {
	commands := map[models.LoanState]string{models.LoanLost: models.CommandLose, models.LoanBroken: models.CommandBreak}
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "note", note, maxNoteRunes)
	if commands[how] == "" {
		f = f.Field("how", "reason_unknown")
	}
	if len(f.Fields) > 0 {
		return LoanView{}, f
	}
	return s.changeLoan(ctx, actor, id, func(d *desk, c *loanCall, loan *models.Loan) error {
		loan.Note = note
		return d.endLoan(loan, commands[how], models.Nowhere(loan.LotID), actor.PersonID)
	})
}

// endLoan closes a loan and moves its units: from the borrower's home into the box
// where their lot lies, or to nowhere.
func (d *desk) endLoan(loan *models.Loan, command string, to models.Holder, by models.ID) error {
	if err := loan.Apply(command); err != nil {
		return err
	}
	l, err := find(d.lots, loan.LotID)
	if err != nil {
		return err
	}
	m, err := find(d.matches, loan.MatchID)
	if err != nil {
		return err
	}
	if to.Kind == models.HolderBox {
		if l.Place != models.PlaceBox {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(l.State))
		}
		to = l.Holder()
	}
	if loan.State == models.LoanBack {
		err = l.TakeBack(loan.Quantity)
	} else {
		err = l.Lose(loan.Quantity, string(loan.State))
	}
	if err != nil {
		return err
	}
	d.hand(l, &loan.MatchID, loan.Quantity, models.Home(loan.HouseholdID), to, "loan_"+string(loan.State), by)
	now := d.tx.Now
	loan.ClosedAt, loan.RemindAt = &now, nil
	m.EndReason = string(loan.State)
	d.mark(loan.ID, "loan."+string(loan.State))
	d.mark(l.ID, "lot."+string(loan.State))
	d.mark(m.ID, "match."+string(loan.State))
	return nil
}

// The events of reminders: the lender does not hear them.
const (
	loanRemind  = "loan.remind"
	loanOverdue = "loan.overdue"
)

// remindLoan tells who has borrowed it that it is due, and the worker that it is
// overdue: she contacts. Nobody is disturbed at night.
func remindLoan(d *desk, _ *loanCall, loan *models.Loan) error {
	now := d.tx.Now
	if !due(loan.RemindAt, now) || d.svc.policy.Quiet(now) {
		return errNotDue
	}
	loan.Reminded++
	loan.RemindAt = loan.NextReminder(now)
	kind := loanRemind
	if loan.Overdue(now) {
		kind = loanOverdue
	}
	d.mark(loan.ID, kind)
	return nil
}

// giveBackLent hands a lent thing that lies in the box back to its lender: what is
// free of it is lent no more.
func (s *Service) giveBackLent(ctx context.Context, actor models.Actor, id models.ID) (LotView, error) {
	return s.changeLot(ctx, actor, id, func(d *desk, l *models.Lot) error {
		switch {
		case !d.worked(actor) && !d.hosts(actor, l.RelayID):
			return fault.New(fault.Forbidden, "worker_only")
		case mine(actor, l.PersonID, l.HouseholdID):
			return fault.New(fault.Forbidden, "not_alone")
		case l.Kind != models.LotLoan || l.Place != models.PlaceBox:
			return fault.New(fault.Conflict, "wrong_state").With("state", string(l.State))
		case d.recalled(l):
			return fault.New(fault.Conflict, "to_recovery_only")
		}
		held, _ := models.Held(*l, d.carried)
		units := held[l.Holder()]
		for _, m := range d.matches { // what is on the way to its borrower is not in the box
			if m.LotID == l.ID && m.Live() && !out(*m, d.carried) {
				units -= m.Quantity
			}
		}
		if units <= 0 {
			return fault.New(fault.Conflict, "nothing_left")
		}
		if l.Remaining > 0 {
			if err := d.withdraw(l.ID, l.Remaining, models.ReasonGiver); err != nil {
				return err
			}
		}
		d.hand(l, nil, units, l.Holder(), models.Home(l.HouseholdID), "give_back", actor.PersonID)
		d.mark(l.ID, "lot.given_back")
		return nil
	})
}
