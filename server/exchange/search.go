package exchange

import (
	"context"
	"time"

	"linli/matching"
	"linli/models"
	"linli/models/store"
)

// found is what a search has read besides: who may be asked. A command plans
// without it, and what finds nothing there is searched for by the next sweep.
type found struct {
	searched bool
	people   []store.Neighbour
	consents []models.Consent
	offered  []store.PersonItem
	saidNo   []store.PersonItem
	asked    []store.AskedOf
}

// announce lists the reads of a search in a grid.
func (f *found) announce(grid models.ID, now time.Time, policy matching.Policy) []store.Read {
	f.searched = true
	day := now.In(models.Shanghai)
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, models.Shanghai).UTC()
	return []store.Read{
		store.NeighboursIn(grid, &f.people),
		store.ConsentsIn(grid, []models.ConsentKind{models.ConsentAsks, models.ConsentNight}, &f.consents),
		store.OfferedIn(grid, &f.offered),
		store.AskedSince(grid, midnight, &f.asked),
		store.SaidNoIn(grid, now.Add(-policy.AskAgain), &f.saidNo),
	}
}

// neighbours are those who have not said that they do not want to be asked.
func (f *found) neighbours(grid models.ID) []matching.Neighbour {
	answers := map[models.ID]map[models.ConsentKind]bool{}
	for _, c := range f.consents { // oldest first: the last one counts
		if answers[c.PersonID] == nil {
			answers[c.PersonID] = map[models.ConsentKind]bool{models.ConsentAsks: true}
		}
		answers[c.PersonID][c.Kind] = c.Granted
	}
	asked := map[models.ID]int{}
	for _, a := range f.asked {
		asked[a.PersonID] = a.Asked
	}
	had, saidNo := itemsOf(f.offered), itemsOf(f.saidNo)
	var all []matching.Neighbour
	for _, p := range f.people {
		said, answered := answers[p.ID]
		if answered && !said[models.ConsentAsks] {
			continue
		}
		all = append(all, matching.Neighbour{PersonID: p.ID, HouseholdID: p.HouseholdID, GridID: grid, Had: had[p.ID], SaidNo: saidNo[p.ID],
			AskedToday: asked[p.ID], AtNight: said[models.ConsentNight]})
	}
	return all
}

func itemsOf(rows []store.PersonItem) map[models.ID][]models.ItemID {
	of := map[models.ID][]models.ItemID{}
	for _, row := range rows {
		of[row.PersonID] = append(of[row.PersonID], row.ItemID)
	}
	return of
}

// Plan plans one grid anew and searches for what is not found there: neighbours
// are asked, and needs look further as the policy says.
func (s *Service) Plan(ctx context.Context, grid models.ID) error {
	sc, err := s.scope(ctx, grid)
	if err != nil {
		return err
	}
	var r rows
	reads := append(s.announce(sc, about{}, &r), r.found.announce(grid, s.store.Now(), s.policy)...)
	return s.store.InGrids(ctx, sc.grids(), reads, func(tx *store.Tx) error {
		d := s.desk(tx, sc, &r)
		if err := d.plan(); err != nil {
			return err
		}
		return d.save()
	})
}

// countFree counts what lies free below every node, for "why not yet" and for
// where to widen to. It is as old as the last sweep that had a grid to plan, and
// only ever a count.
func (s *Service) countFree(ctx context.Context) error {
	var rows []store.FreeUnits
	if err := s.store.Read(ctx, store.FreeByGrid(&rows)); err != nil {
		return err
	}
	units := map[string]map[models.ItemID]int{}
	for _, row := range rows {
		for _, path := range (models.Grid{Path: row.Path}).AncestorPaths() {
			if units[path] == nil {
				units[path] = map[models.ItemID]int{}
			}
			units[path][row.ItemID] += row.Units
		}
	}
	s.freeMu.Lock()
	defer s.freeMu.Unlock()
	s.free = units
	return nil
}

// freeAbove says what lies free in the nodes above a micro-grid, outside it.
func (s *Service) freeAbove(sc scope) []matching.Free {
	s.freeMu.Lock()
	units := s.free
	s.freeMu.Unlock()
	own := units[sc.grid.Path]
	var all []matching.Free
	for _, g := range sc.above {
		for item, n := range units[g.Path] {
			if n -= own[item]; g.ID != sc.grid.ID && n > 0 {
				all = append(all, matching.Free{GridID: g.ID, Item: item, Units: n})
			}
		}
	}
	return all
}

// ask puts the questions of a plan on the desk.
func (d *desk) ask(asks []models.Ask) {
	for _, a := range asks {
		a.ID = d.tx.NewID()
		d.asks[a.ID] = &a
		d.mark(a.ID, "ask.sent")
	}
}

// closeAsks ends the questions that nobody need answer any more: who was silent
// is replaced by the next search, and what was found is asked for no longer.
func (d *desk) closeAsks() error {
	for _, a := range sortedRows(d.asks, func(a models.Ask) models.ID { return a.ID }) {
		if a.State != models.AskOpen {
			continue
		}
		command := ""
		if n, known := d.needs[a.NeedID]; known && n.Open == 0 {
			command = models.CommandCancel
		} else if !d.tx.Now.Before(a.DueAt) {
			command = models.CommandLapse
		}
		if command == "" {
			continue
		}
		ask := d.asks[a.ID]
		if err := ask.Apply(command); err != nil {
			return err
		}
		now := d.tx.Now
		ask.AnsweredAt = &now
		d.mark(ask.ID, "ask."+string(ask.State))
	}
	return nil
}

func (d *desk) saveAsk(c change) error {
	if a, ok := d.asks[c.id]; ok {
		return d.tx.SaveAsk(a, c.kind)
	}
	return nil
}
