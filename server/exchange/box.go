package exchange

import (
	"context"
	"slices"
	"strings"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// box is a relay point with the grids that say who works there.
type box struct {
	relay models.RelayPoint
	home  models.Grid // where it lies
	serve models.Grid
}

// boxOf finds a point at which the actor works: as host or deputy, or as a worker of
// the grid where it lies, or of one that it serves. To others it is not there.
func (s *Service) boxOf(ctx context.Context, actor models.Actor, id models.ID) (box, error) {
	var relays []models.RelayPoint
	var grids []models.Grid
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if err := tx.Load(store.ByID([]models.ID{id}, &relays)); err != nil || len(relays) == 0 {
			return err
		}
		return tx.Load(store.ByID([]models.ID{relays[0].GridID, relays[0].ServesID}, &grids))
	})
	if err != nil {
		return box{}, err
	}
	r, err := store.One(relays)
	if err != nil {
		return box{}, err
	}
	at := byID(grids, func(g models.Grid) models.ID { return g.ID })
	b := box{relay: r, home: *at[r.GridID], serve: *at[r.ServesID]}
	if !b.works(actor) {
		return box{}, fault.New(fault.NotFound, "not_found")
	}
	return b, nil
}

// works reports whether the actor keeps this box.
func (b box) works(actor models.Actor) bool {
	return hosts(actor, &b.relay) || actor.Works(b.home.Path) || actor.Works(b.serve.Path) ||
		slices.ContainsFunc(actor.Roles, func(r models.Role) bool {
			return (r.Kind == models.RoleWorker || r.Kind == models.RoleLeader) && strings.HasPrefix(r.GridPath, b.serve.Path)
		})
}

// boxCall is a command at a box: about lots that lie there, and whatever else it
// announces.
type boxCall struct {
	box   box
	lots  []models.ID
	homes []models.ID
	grids []models.ID
	reads []store.Read
}

// atBox runs a command at a box under the locks of its grid and of every grid that
// a change of its lots is heard in, plans anew, saves and shows what came of it.
func atBox[R any](ctx context.Context, s *Service, actor models.Actor, c boxCall, command func(d *desk) (show func() R, err error)) (R, error) {
	var none R
	sc, err := s.scope(ctx, c.box.relay.GridID)
	if err != nil {
		return none, err
	}
	var lots []models.Lot
	var matches, together []models.Match
	a := about{lots: c.lots, households: c.homes}
	grids := append(append(sc.grids(), c.grids...), c.box.relay.GridID)
	if len(c.lots) > 0 {
		if err := s.store.Read(ctx, store.ByID(c.lots, &lots), store.MatchesOfLots(c.lots, &matches)); err != nil {
			return none, err
		}
	}
	for _, m := range matches {
		grids = append(grids, m.GridID)
		if !m.Live() {
			continue
		}
		a.needs, a.handovers = append(a.needs, m.NeedID), append(a.handovers, m.HandoverID)
		a.households = append(a.households, m.ReceiverHouseholdID)
	}
	if len(a.handovers) > 0 {
		if err := s.store.Read(ctx, store.MatchesOfHandovers(a.handovers, &together)); err != nil {
			return none, err
		}
	}
	for _, m := range together {
		grids = append(grids, m.LotGridID, m.GridID)
	}
	for _, l := range lots {
		grids = append(grids, l.GridID, l.GiverGridID)
		a.households = append(a.households, l.HouseholdID)
	}
	var r rows
	var of, hands []models.Match
	var custody []models.Custody
	reads := append(s.announce(sc, a, &r), store.RecallsOver(c.box.home.AncestorPaths(), &r.recalls))
	if len(c.lots) > 0 {
		reads = append(reads, store.MatchesOfLots(c.lots, &of), store.CustodyOf(c.lots, &custody))
	}
	if len(a.handovers) > 0 {
		reads = append(reads, store.MatchesOfHandovers(a.handovers, &hands))
	}
	return store.Exchange(ctx, s.store, actor, grids, append(reads, c.reads...), func(tx *store.Tx) (R, error) {
		r.moreMatches = slices.Concat(of, hands)
		d := s.desk(tx, sc, &r)
		d.relays, d.carried = append(slices.Clone(sc.relays), c.box.relay), custody
		show, err := command(d)
		if err != nil {
			return none, err
		}
		if err := d.plan(); err != nil {
			return none, err
		}
		if err := d.save(); err != nil {
			return none, err
		}
		return show(), nil
	})
}

// lies is what of a lot lies in a box: usable, which somebody gets or may get, and
// stopped, which nobody may.
func (d *desk) lies(l *models.Lot, relay models.ID) (usable, stopped int) {
	of := func(c models.Custody) bool { return c.LotID != l.ID }
	chain := slices.DeleteFunc(slices.Concat(d.carried, d.custody), of)
	return lies(*l, sortedMatches(d.matches), chain, relay)
}

func lies(l models.Lot, matches []models.Match, chain []models.Custody, relay models.ID) (usable, stopped int) {
	all := models.Lies(chain, models.Box(relay))
	if l.Holder() == models.Box(relay) {
		usable = l.Remaining
		for _, m := range matches {
			if m.LotID == l.ID && m.Live() && !out(m, chain) {
				usable += m.Quantity
			}
		}
	}
	return usable, max(0, all-usable)
}

// out reports whether the units of a live match are on their way from the box.
func out(m models.Match, chain []models.Custody) bool {
	units := 0
	for _, c := range chain {
		if c.MatchID == nil || *c.MatchID != m.ID {
			continue
		}
		if c.From.Kind == models.HolderBox {
			units += c.Units
		}
		if c.To.Kind == models.HolderBox {
			units -= c.Units
		}
	}
	return units > 0
}

// ownLot: what the actor gave, or is to receive, is not counted or judged by her alone.
func (d *desk) ownLot(actor models.Actor, l *models.Lot) bool {
	if l.PersonID == actor.PersonID || l.HouseholdID == actor.HouseholdID {
		return true
	}
	return slices.ContainsFunc(sortedMatches(d.matches), func(m models.Match) bool {
		return m.LotID == l.ID && m.Live() && (m.ReceiverID == actor.PersonID || m.ReceiverHouseholdID == actor.HouseholdID)
	})
}
