package exchange

import (
	"slices"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// calling is the call that an offer answers, as it stands beside the exchange: it
// is read with it, and neither locked nor changed.
type calling struct {
	id      models.ID // "": none
	rows    []models.Notice
	answers []store.Answered
}

func (c *calling) reads() []store.Read {
	if c.id == "" {
		return nil
	}
	of := []models.ID{c.id}
	return []store.Read{store.ByID(of, &c.rows), store.AnswersTo(of, "", &c.answers)}
}

// open gives the call if it reaches a home of the scope and still wants something.
// Who comes too late has to say whether she gives to whomever else.
func (c *calling) open(sc scope, now time.Time) (*models.Notice, error) {
	if c.id == "" {
		return nil, nil
	}
	above := func(g models.Grid) bool { return len(c.rows) == 1 && g.ID == c.rows[0].GridID }
	if !slices.ContainsFunc(sc.above, above) || !c.rows[0].Calls() {
		return nil, fault.InvalidField("call_id", "not_found")
	}
	call := c.rows[0]
	if len(c.answers) == 1 {
		if _, err := call.Count(c.answers[0].Units); err != nil {
			return nil, err
		}
	}
	switch {
	case call.State == models.NoticeFull:
		return nil, fault.New(fault.Conflict, "call_full")
	case call.State != models.NoticeOpen || !call.Reads(now):
		return nil, fault.New(fault.Conflict, "call_over")
	}
	return &call, nil
}

// answer marks the lots that answer the call: those of its item or, where it is a
// class, of what may stand for it. For a box they are to be brought there. More
// than is wanted is welcome all the same.
func (s *Service) answer(call *models.Notice, lots []models.Lot) ([]models.Lot, error) {
	if call == nil {
		return lots, nil
	}
	lots = slices.Clone(lots)
	fits, answered := s.matcher.Named(call.ItemID), false
	for i := range lots {
		if slices.Contains(fits, lots[i].ItemID) {
			lots[i].CallID, lots[i].RelayID, answered = &call.ID, call.RelayID, true
		}
	}
	if !answered {
		return nil, fault.InvalidField("call_id", "call_other_item")
	}
	return lots, nil
}
