package exchange

import (
	"context"
	"slices"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// WidenNeed lets a need look further by a worker's hand: in the next node above
// what it reaches, or in the one that she names. It is planned there by the next
// sweep.
func (s *Service) WidenNeed(ctx context.Context, actor models.Actor, id, to models.ID) (NeedView, error) {
	return s.changeNeed(ctx, actor, id, func(d *desk, n *models.Need) error {
		if !actor.Works(d.scope.grid.Path) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if n.Open == 0 || n.Held {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(n.State))
		}
		wider := d.wider(n)
		if len(wider) == 0 {
			return fault.New(fault.Conflict, "widest_already")
		}
		at := 0
		if to != "" {
			if at = slices.IndexFunc(wider, func(g models.Grid) bool { return g.ID == to }); at < 0 {
				return fault.InvalidField("grid_id", "not_wider")
			}
		}
		by := actor.PersonID
		return d.widen([]models.Widening{{NeedID: n.ID, GridID: n.GridID, ToGridID: wider[at].ID, ActorID: &by, At: d.tx.Now}})
	})
}

// wider lists the nodes above what a need reaches, lowest first.
func (d *desk) wider(n *models.Need) []models.Grid {
	var all []models.Grid
	for _, g := range d.scope.above {
		if g.ID != d.scope.grid.ID && (n.Reach == "" || len(g.Path) < len(n.Reach)) {
			all = append(all, g)
		}
	}
	slices.Reverse(all)
	return all
}

// widen takes steps: each is a row and the need's event, before any match that
// comes of it.
func (d *desk) widen(steps []models.Widening) error {
	for _, step := range steps {
		n, err := find(d.needs, step.NeedID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(d.scope.above, func(g models.Grid) bool { return g.ID == step.ToGridID })
		if at < 0 {
			return fault.New(fault.NotFound, "grid_unknown")
		}
		n.Reach = d.scope.above[at].Path
		d.mark(n.ID, "need.widened")
		step.ID = d.tx.NewID()
		if err := d.tx.CreateWidening(&step); err != nil {
			return err
		}
	}
	return nil
}

// What one plan of widened needs looks at, at most; the rest waits for the next.
const (
	widenedNeeds = 2000
	widenedLots  = 5000
)

// planRounds is how often a plan of widened needs is made anew when what it
// chose was taken meanwhile.
const planRounds = 3

// planWidened plans the needs that look beyond their grid: all that share a node
// together, so that need decides and not the order of arrival. It reads without
// locks; each match is then made under the locks of its own grids alone, where it
// is judged anew.
func (s *Service) planWidened(ctx context.Context) (int, error) {
	var needs []models.Need
	after := s.nextWidened(0)
	if err := s.store.Read(ctx, store.NeedsWidened(after, s.widenedNeeds, &needs)); err != nil {
		return 0, err
	}
	if len(needs) == s.widenedNeeds {
		s.nextWidened(after + len(needs)) // those behind them get their turn with the next sweep
	}
	done := 0
	for len(needs) > 0 {
		root := needs[0].Reach // the widest come first
		var rest, these []models.Need
		for _, n := range needs {
			if strings.HasPrefix(n.Reach, root) {
				these = append(these, n)
			} else {
				rest = append(rest, n)
			}
		}
		taken, err := s.planNode(ctx, root, these)
		if err != nil {
			return done, err
		}
		done, needs = done+taken, rest
	}
	return done, nil
}

// nextWidened gives the place at which to begin, and sets the next one.
func (s *Service) nextWidened(next int) int {
	s.freeMu.Lock()
	defer s.freeMu.Unlock()
	at := s.widenedAfter
	s.widenedAfter = next
	return at
}

// planNode plans the widened needs of one node, again where others were faster.
func (s *Service) planNode(ctx context.Context, root string, needs []models.Need) (int, error) {
	done := 0
	for range planRounds {
		pool, err := s.widePool(ctx, root, needs)
		if err != nil || len(pool.Lots) == 0 {
			return done, err
		}
		again := false
		for _, chosen := range byGrid(s.matcher.Plan(pool).Matches, pool.Needs) {
			taken, err := s.takeWidened(ctx, chosen, pool)
			if err != nil {
				return done, err
			}
			done += taken
			again = again || taken < len(chosen.matches)
		}
		if !again {
			return done, nil
		}
		var fresh []models.Need
		if err := s.store.Read(ctx, store.ByID(ids(needs, func(n models.Need) models.ID { return n.ID }), &fresh)); err != nil {
			return done, err
		}
		needs = slices.DeleteFunc(fresh, func(n models.Need) bool { return n.Open == 0 })
	}
	return done, nil
}

// widePool reads what the needs of a node may get below it, without locks.
func (s *Service) widePool(ctx context.Context, root string, needs []models.Need) (matching.Pool, error) {
	policy := s.policy
	policy.Window = 0 // they have waited longer than any window, and are planned together anyway
	pool := matching.Pool{Now: s.store.Now(), Needs: needs, NoSearch: true, Policy: policy}
	today := models.DateOf(pool.Now)
	items := map[models.ItemID]bool{}
	for _, n := range needs {
		for _, item := range s.matcher.MayGet(n, today) {
			items[item] = true
		}
	}
	wanted := make([]models.ItemID, 0, len(items))
	for item := range items {
		wanted = append(wanted, item)
	}
	slices.Sort(wanted)
	if err := s.store.Read(ctx, store.LotsFreeWithin(root, wanted, pool.Now, widenedLots, &pool.Lots)); err != nil || len(pool.Lots) == 0 {
		return pool, err
	}
	homes := append(ids(needs, func(n models.Need) models.ID { return n.HouseholdID }),
		ids(pool.Lots, func(l models.Lot) models.ID { return l.HouseholdID })...)
	receiving := ids(needs, func(n models.Need) models.ID { return n.GridID })
	grids := append(slices.Clone(receiving), ids(pool.Lots, func(l models.Lot) models.ID { return l.GridID })...)
	since := pool.Now.AddDate(0, 0, -s.policy.CeilingWindowDays)
	var nodes []models.Grid
	err := s.store.Read(ctx, store.HouseholdsPlain(distinct(homes), &pool.Households), store.RelaysWithin(root, &pool.Relays),
		store.MatchesIn(distinct(receiving), since, &pool.Received), store.ByID(distinct(grids), &pool.Grids),
		store.GridsByPath([]string{root}, &nodes))
	if err != nil || len(nodes) == 0 {
		pool.Lots = nil
		return pool, err
	}
	pool.Scope = nodes[0].ID
	pool.Grids = append(pool.Grids, nodes...)
	return pool, nil
}

func distinct(all []models.ID) []models.ID {
	slices.Sort(all)
	return slices.Compact(all)
}

// chosen are the matches that a plan of a node found for one micro-grid.
type chosen struct {
	grid    models.ID
	matches []matching.Proposal
}

func byGrid(matches []matching.Proposal, needs []models.Need) []chosen {
	of := byID(needs, func(n models.Need) models.ID { return n.ID })
	var all []chosen
	for _, m := range matches {
		grid := of[m.NeedID].GridID
		at := slices.IndexFunc(all, func(c chosen) bool { return c.grid == grid })
		if at < 0 {
			at, all = len(all), append(all, chosen{grid: grid})
		}
		all[at].matches = append(all[at].matches, m)
	}
	return all
}

// takeWidened makes the chosen matches of one grid: under the locks of it and of
// the lots' grids the chosen pairs are planned once more, as they are now. It
// tells how many were made.
func (s *Service) takeWidened(ctx context.Context, c chosen, pool matching.Pool) (int, error) {
	sc, err := s.scope(ctx, c.grid)
	if err != nil {
		return 0, err
	}
	units := map[models.ID]int{} // that each lot may give
	wanted := map[models.ID]bool{}
	a := about{}
	grids := sc.grids()
	lots := byID(pool.Lots, func(l models.Lot) models.ID { return l.ID })
	for _, m := range c.matches {
		units[m.LotID] += m.Units
		wanted[m.NeedID] = true
		a.lots, a.needs = append(a.lots, m.LotID), append(a.needs, m.NeedID)
		grids = append(grids, lots[m.LotID].GridID)
		a.households = append(a.households, lots[m.LotID].HouseholdID)
	}
	var r rows
	made := 0
	err = s.store.InGrids(ctx, grids, s.announce(sc, a, &r), func(tx *store.Tx) error {
		d := s.desk(tx, sc, &r)
		p := d.pool()
		p.Windows, p.Grids, p.Policy = nil, append(slices.Clone(p.Grids), pool.Grids...), pool.Policy
		for id := range wanted {
			if n := d.needs[id]; n != nil && n.Open > 0 {
				p.Needs = append(p.Needs, *n)
			}
		}
		for id, most := range units {
			l := d.lots[id]
			if l == nil || l.Remaining == 0 || !slices.Contains(grids, l.GridID) {
				continue
			}
			free := *l
			free.Remaining = min(free.Remaining, most)
			p.Lots = append(p.Lots, free)
		}
		plan := s.matcher.Plan(p)
		made = len(plan.Matches)
		if err := d.take(plan); err != nil {
			return err
		}
		return d.save()
	})
	if fault.Is(err, fault.Conflict) { // somebody was faster: the next round sees it
		return 0, nil
	}
	return made, err
}
