package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// LoanView is a loan as who borrowed it, or a worker, may see it.
type LoanView struct {
	models.Loan
	Side Side
	// Lot is what is lent.
	Lot models.Lot
	// Relay is where it is brought back; Metres the walk there, -1 unknown.
	Relay    *models.RelayPoint
	Metres   int
	Building string // where it is; a worker's
	// Waiting counts the other homes that look for one.
	Waiting int
	// MayExtend: nobody waits for it, its lender does not, and it was not extended too often.
	MayExtend bool
}

// lend makes the loan of a match that is given.
func (d *desk) lend(l *models.Lot, m *models.Match) {
	loan := models.Loan{ID: d.tx.NewID(), GridID: m.GridID, MatchID: m.ID, LotID: l.ID, ReceiverID: m.ReceiverID,
		HouseholdID: m.ReceiverHouseholdID, ItemID: m.ItemID, Quantity: m.Quantity, State: models.LoanOut,
		DueOn: models.DateOf(d.tx.Now).Add(l.LendDays), CreatedAt: d.tx.Now}
	loan.RemindAt = loan.NextReminder(d.tx.Now)
	d.loans[loan.ID] = &loan
	d.mark(loan.ID, "loan.out")
}

// giveOrLend moves the units of a match out of its lot: for good, or as a loan.
func (d *desk) giveOrLend(l *models.Lot, m *models.Match) error {
	if l.Kind != models.LotLoan {
		d.mark(l.ID, "lot.given")
		return l.Give(m.Quantity)
	}
	d.lend(l, m)
	d.mark(l.ID, "lot.lent")
	return l.Lend(m.Quantity)
}

// saveLoan tells who borrowed it and the workers; its lender hears what becomes of
// it, but not that somebody had to be reminded.
func (d *desk) saveLoan(c change) error {
	loan, ok := d.loans[c.id]
	if !ok {
		return nil
	}
	l, err := find(d.lots, loan.LotID)
	if err != nil {
		return err
	}
	to := models.Audience{Workers: true, Persons: []models.ID{loan.ReceiverID}}
	if c.kind != loanRemind && c.kind != loanOverdue {
		to.Persons = append(to.Persons, l.PersonID)
	}
	return d.tx.SaveLoan(loan, c.kind, to, l.GridID, l.GiverGridID)
}

func byMatch(loans []models.Loan) map[models.ID]*models.Loan {
	return byID(loans, func(l models.Loan) models.ID { return l.MatchID })
}

// loanCall is a command about one loan: found before the locks, so that its grids
// can be named.
type loanCall struct {
	loan   models.Loan
	lot    models.Lot
	sc     scope
	beside []models.Grid
	relays []models.RelayPoint
	grids  []models.ID
	served string // the path of all whom its box serves
}

// callLoan finds the loan. To whom neither has it nor works there it is not there;
// nor to its lender, who is not to know where it is.
func (s *Service) callLoan(ctx context.Context, actor models.Actor, id models.ID) (*loanCall, error) {
	var loans []models.Loan
	var lots []models.Lot
	var matches []models.Match
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &loans)); err != nil || len(loans) == 0 {
			return err
		}
		return tx.Load(store.ByID([]models.ID{loans[0].LotID}, &lots), store.ByID([]models.ID{loans[0].MatchID}, &matches))
	})
	if err != nil {
		return nil, err
	}
	c := &loanCall{}
	if c.loan, err = store.One(loans); err != nil {
		return nil, err
	}
	if c.lot, err = store.One(lots); err != nil {
		return nil, err
	}
	if c.sc, err = s.scope(ctx, c.loan.GridID); err != nil {
		return nil, err
	}
	if c.beside, err = s.across(ctx, c.sc, []models.ID{c.lot.GridID}); err != nil {
		return nil, err
	}
	way, err := s.wayOf(ctx, c.sc, c.lot, nil)
	if err != nil {
		return nil, err
	}
	c.relays = way.relays
	if actor.PersonID != c.loan.ReceiverID && !c.keeps(actor) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	c.grids = append(append(c.sc.grids(), way.grids...), c.loan.GridID, c.lot.GridID, c.lot.GiverGridID)
	for _, m := range matches {
		c.grids = append(c.grids, m.LotGridID)
	}
	c.served = c.sc.grid.Path
	if relay := relayByID(c.relays, c.lot.RelayID); relay != nil {
		for _, g := range c.sc.above {
			if g.ID == relay.ServesID {
				c.served = g.Path
			}
		}
	}
	return c, nil
}

// keeps reports whether the actor works where the loan is or comes back to.
func (c *loanCall) keeps(actor models.Actor) bool {
	return worked(actor, c.sc, c.beside) || hosts(actor, relayByID(c.relays, c.lot.RelayID))
}

// waitingMost bounds how many lines are looked at to count who waits.
const waitingMost = 200

// waiting counts the homes whose open lines the lent thing would meet.
func (s *Service) waiting(c *loanCall, needs []models.Need, today models.Date) int {
	homes := map[models.ID]bool{}
	for _, n := range needs {
		if n.HouseholdID != c.loan.HouseholdID && n.HouseholdID != c.lot.HouseholdID &&
			slices.Contains(s.matcher.MayGet(n, today), c.loan.ItemID) {
			homes[n.HouseholdID] = true
		}
	}
	return len(homes)
}

func (s *Service) viewLoan(c *loanCall, actor models.Actor, loan models.Loan, lot models.Lot, waiting int) LoanView {
	v := LoanView{Loan: loan, Lot: lot, Side: SideReceiver, Metres: models.UnknownMetres, Waiting: waiting,
		Relay: relayByID(c.relays, lot.RelayID)}
	if actor.PersonID != loan.ReceiverID {
		v.Side = SideWorker
	} else {
		v.Note = "" // the worker's own
	}
	v.MayExtend = mayExtend(loan, lot, waiting) == nil
	return v
}

// home puts the walk to the point into a view, and for a worker the building.
func (v *LoanView) home(homes []models.Household) {
	for _, h := range homes {
		if h.ID != v.HouseholdID {
			continue
		}
		if v.Side == SideWorker {
			v.Building = h.Building
		}
		if r := v.Relay; r != nil && h.Lat != 0 && r.Lat != 0 {
			v.Metres = models.Metres(h.Lat, h.Lon, r.Lat, r.Lon)
		}
	}
}

// Loan shows one loan.
func (s *Service) Loan(ctx context.Context, actor models.Actor, id models.ID) (LoanView, error) {
	c, err := s.callLoan(ctx, actor, id)
	if err != nil {
		return LoanView{}, err
	}
	var needs []models.Need
	var homes []models.Household
	err = s.store.Read(ctx, store.NeedsWaitingFor(c.served, s.matcher.AskedAs(c.loan.ItemID), waitingMost, &needs),
		store.HouseholdsPlain([]models.ID{c.loan.HouseholdID}, &homes))
	if err != nil {
		return LoanView{}, err
	}
	v := s.viewLoan(c, actor, c.loan, c.lot, s.waiting(c, needs, models.DateOf(s.store.Now())))
	v.home(homes)
	return v, nil
}

// loansMost is how many loans are shown at once.
const loansMost = 20

// Loans lists what the actor has borrowed: what is out first.
func (s *Service) Loans(ctx context.Context, actor models.Actor) ([]LoanView, error) {
	var views []LoanView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		var loans []models.Loan
		if err := tx.Load(store.LoansTo(actor.PersonID, loansMost, &loans)); err != nil {
			return err
		}
		var err error
		views, err = s.viewLoans(tx, actor, loans)
		return err
	})
	return views, err
}

// viewLoans shows loans in a list, which says of none who waits for it.
func (s *Service) viewLoans(tx *store.Tx, actor models.Actor, loans []models.Loan) ([]LoanView, error) {
	views := []LoanView{}
	if len(loans) == 0 {
		return views, nil
	}
	var lots []models.Lot
	var homes []models.Household
	var relays []models.RelayPoint
	if err := tx.Load(store.ByID(ids(loans, func(l models.Loan) models.ID { return l.LotID }), &lots),
		store.HouseholdsPlain(ids(loans, func(l models.Loan) models.ID { return l.HouseholdID }), &homes)); err != nil {
		return nil, err
	}
	if err := tx.Load(store.ByID(ids(lots, func(l models.Lot) models.ID { return deref(l.RelayID) }), &relays)); err != nil {
		return nil, err
	}
	of := byID(lots, func(l models.Lot) models.ID { return l.ID })
	for _, loan := range loans {
		v := s.viewLoan(&loanCall{relays: relays}, actor, loan, *of[loan.LotID], 0)
		v.home(homes)
		views = append(views, v)
	}
	return views, nil
}

// changeLoan runs one command about a loan, plans anew and shows the result.
func (s *Service) changeLoan(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, c *loanCall, loan *models.Loan) error) (LoanView, error) {
	c, err := s.callLoan(ctx, actor, id)
	if err != nil {
		return LoanView{}, err
	}
	var r rows
	var needs []models.Need
	a := about{lots: []models.ID{c.loan.LotID}, matches: []models.ID{c.loan.MatchID}, households: []models.ID{c.loan.HouseholdID, c.lot.HouseholdID}}
	reads := append(s.announce(c.sc, a, &r), store.ByID([]models.ID{id}, &r.moreLoans),
		store.NeedsWaitingFor(c.served, s.matcher.AskedAs(c.loan.ItemID), waitingMost, &needs))
	return store.Exchange(ctx, s.store, actor, c.grids, reads, func(tx *store.Tx) (LoanView, error) {
		d := s.desk(tx, c.sc, &r)
		d.beside, d.relays = c.beside, c.relays
		loan, err := find(d.loans, id)
		if err != nil {
			return LoanView{}, err
		}
		lot, err := find(d.lots, loan.LotID)
		if err != nil {
			return LoanView{}, err
		}
		call := *c
		call.lot = *lot
		d.waiting = s.waiting(&call, needs, models.DateOf(tx.Now))
		if err := command(d, &call, loan); err != nil {
			return LoanView{}, err
		}
		if err := d.plan(); err != nil {
			return LoanView{}, err
		}
		if err := d.save(); err != nil {
			return LoanView{}, err
		}
		v := s.viewLoan(&call, actor, *loan, *lot, d.waiting)
		v.home(d.households)
		return v, nil
	})
}
