package models

import "linli/models/fault"

// move takes n units from one counter to another, or refuses and changes nothing.
func move(n int, from, to *int) error {
	if n <= 0 || n > *from {
		return fault.New(fault.Conflict, "not_enough")
	}
	*from -= n
	*to += n
	return nil
}

// Reserve speaks n open units for a match.
func (n *Need) Reserve(units int) error { return n.settle(move(units, &n.Open, &n.Matched)) }

// Release opens n matched units again: declined, lapsed, refused.
func (n *Need) Release(units int) error { return n.settle(move(units, &n.Matched, &n.Open)) }

// Fulfil marks n matched units as handed over.
func (n *Need) Fulfil(units int) error { return n.settle(move(units, &n.Matched, &n.Fulfilled)) }

// Drop cancels n open units for a reason; the reason "out_of_time" makes a
// line that got nothing unmet.
func (n *Need) Drop(units int, reason string) error {
	return n.cancel(move(units, &n.Open, &n.Cancelled), reason)
}

// DropMatched cancels n matched units (nobody came to collect them).
func (n *Need) DropMatched(units int, reason string) error {
	return n.cancel(move(units, &n.Matched, &n.Cancelled), reason)
}

func (n *Need) cancel(err error, reason string) error {
	if err == nil {
		n.CancelReason = reason
	}
	return n.settle(err)
}

// ReasonOutOfTime is the cancel reason of a line for which nothing was found.
const ReasonOutOfTime = "out_of_time"

// settle derives the state from the quantities, if they moved.
func (n *Need) settle(err error) error {
	switch {
	case err != nil:
	case n.Open > 0:
		n.State = NeedOpen
	case n.Matched > 0:
		n.State = NeedMatched
	case n.Fulfilled > 0:
		n.State = NeedFulfilled
	case n.CancelReason == ReasonOutOfTime:
		n.State = NeedUnmet
	default:
		n.State = NeedCancelled
	}
	return err
}

// Check holds the law of a need.
func (n Need) Check() error {
	if n.Open < 0 || n.Matched < 0 || n.Fulfilled < 0 || n.Cancelled < 0 ||
		n.Open+n.Matched+n.Fulfilled+n.Cancelled != n.Requested {
		return fault.New(fault.Internal, "law_broken").With("thing", "need").With("id", n.ID)
	}
	return nil
}

// Reserve speaks units of the lot for a match.
func (l *Lot) Reserve(units int) error { return l.settle(move(units, &l.Remaining, &l.Reserved)) }

// Release offers reserved units again.
func (l *Lot) Release(units int) error { return l.free(units, &l.Reserved) }

// Give marks reserved units as handed over.
func (l *Lot) Give(units int) error { return l.settle(move(units, &l.Reserved, &l.Given)) }

// Lend marks reserved units as lent.
func (l *Lot) Lend(units int) error { return l.settle(move(units, &l.Reserved, &l.Lent)) }

// TakeBack offers lent units again: they have come back.
func (l *Lot) TakeBack(units int) error { return l.free(units, &l.Lent) }

// Lose takes lent units out, for a reason: lost, broken.
func (l *Lot) Lose(units int, reason string) error {
	return l.close(move(units, &l.Lent, &l.Withdrawn), reason)
}

// free offers units again, unless their lender wants them back.
func (l *Lot) free(units int, from *int) error {
	if l.WantBackAt != nil {
		return l.close(move(units, from, &l.Withdrawn), ReasonGiver)
	}
	return l.settle(move(units, from, &l.Remaining))
}

// ReasonGiver is the close reason of what its giver has taken back.
const ReasonGiver = "giver"

// Withdraw takes remaining units out, for a reason: giver, refused, recalled, short.
func (l *Lot) Withdraw(units int, reason string) error {
	return l.close(move(units, &l.Remaining, &l.Withdrawn), reason)
}

// Expire takes what remains out, because its date has come.
func (l *Lot) Expire() error {
	return l.close(move(l.Remaining, &l.Remaining, &l.Expired), "expired")
}

func (l *Lot) close(err error, reason string) error {
	if err == nil {
		l.CloseReason = reason
	}
	return l.settle(err)
}

func (l *Lot) settle(err error) error {
	switch {
	case err != nil:
	case l.Remaining > 0:
		l.State = LotOffered
	case l.Reserved+l.Lent > 0:
		l.State = LotTaken
	default:
		l.State = LotClosed
	}
	return err
}

// Check holds the law of a lot.
func (l Lot) Check() error {
	low := min(l.Remaining, l.Reserved, l.Lent, l.Given, l.Withdrawn, l.Expired)
	if low < 0 || l.Remaining+l.Reserved+l.Lent+l.Given+l.Withdrawn+l.Expired != l.Offered {
		return fault.New(fault.Internal, "law_broken").With("thing", "lot").With("id", l.ID)
	}
	return nil
}
