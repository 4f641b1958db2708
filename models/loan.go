package models

import "time"

// LoanState is where a loan stands; see states.go.
type LoanState string

// The states of a Loan. Lost and broken are ends like any other: nobody is blamed
// for them, and nobody pays.
const (
	LoanOut    LoanState = "out"
	LoanBack   LoanState = "back"
	LoanLost   LoanState = "lost"
	LoanBroken LoanState = "broken"
)

// The limits of a loan, in days. Source of the longest: a month is as long as an
// illness at home; whoever needs it for longer needs one of her own.
const (
	MinLendDays = 1
	MaxLendDays = 30
)

// Most times that a loan is extended and reminded of.
const (
	MaxExtended = 2
	MaxReminded = 3
)

// Loan 借用: so many units of a lent lot are in a home until a day. Its home is the
// borrower's micro-grid. It begins when the match is given, and ends when a worker
// has it back, wiped and checked, or when it is lost or broken.
type Loan struct {
	ID          ID `gorm:"primaryKey"`
	GridID      ID
	MatchID     ID
	LotID       ID
	ReceiverID  ID // who borrows
	HouseholdID ID // where it is
	ItemID      ItemID
	Quantity    int
	DueOn       Date // it is brought back by 18:00 of this day
	State       LoanState
	Extended    int
	Reminded    int
	RemindAt    *time.Time // when the next reminder goes out
	// Wiped says that it was wiped and checked when it came back; without it, it is
	// lent to nobody.
	Wiped     bool
	CheckedBy *ID
	Note      string `gorm:"serializer:seal"` // what the worker saw, or what she who has it said
	CreatedAt time.Time
	ClosedAt  *time.Time
	Version   int
}

// Out reports whether it is still with who borrowed it.
func (l Loan) Out() bool { return l.State == LoanOut }

// DueAt is the end of the usual opening on the due day.
func (l Loan) DueAt() time.Time { return l.DueOn.at(18) }

// Overdue reports whether it should have been brought back.
func (l Loan) Overdue(now time.Time) bool { return l.Out() && now.After(l.DueAt()) }

// remindHour is when people are reminded of a loan: in the morning, so that they
// can still bring it the same day.
const remindHour = 10

// NextReminder is when the borrower is reminded next: on the day before it is due,
// on the due day and on the day after, and not more often. Nil: not again.
func (l Loan) NextReminder(now time.Time) *time.Time {
	if !l.Out() || l.Reminded >= MaxReminded {
		return nil
	}
	for days := -1; days <= 1; days++ {
		if at := l.DueOn.Add(days).at(remindHour); at.After(now) {
			return &at
		}
	}
	return nil
}

// Extend moves the due day on, from today where it has passed. Of the new day the
// borrower is reminded as of the first.
func (l *Loan) Extend(days int, now time.Time) {
	l.DueOn = max(l.DueOn, DateOf(now)).Add(days)
	l.Extended++
	l.Reminded = 0
	l.RemindAt = l.NextReminder(now)
}
