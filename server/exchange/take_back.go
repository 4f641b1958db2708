package exchange

import (
	"cmp"
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// TakeBack says that goods are not looked for any more.
type TakeBack struct {
	// HouseholdID is set when a worker speaks for a household of her grid: then all
	// that it looks for is meant, and without only what the actor herself does.
	HouseholdID models.ID
	Lines       []TakeLine
	// Has: she has them. What is on its way to her stays hers, and where that may be
	// what she has, nothing is done. Without, she does not want them.
	Has bool
}

// TakeLine is one of the goods, in base units; Units 0 is all of it.
type TakeLine struct {
	ItemID models.ItemID
	Units  int
}

// TakenBack is what became of one of the goods: how many open units were taken back, and
// how many are still looked for. Where Unclear is set nothing was done, of all lines.
type TakenBack struct {
	ItemID      models.ItemID
	Units, Left int
	Unclear     Unclear
}

// Unclear is why it cannot be told what is to be taken back.
type Unclear string

// Some of it was found here, and she may speak of that; or several lines are open.
const (
	UnclearFound Unclear = "found"
	UnclearWhich Unclear = "which"
)

// TakeBack ends or lessens open lines of a home. It answers for the goods of which
// something was open, in the order of their lines; for none of which nothing was.
func (s *Service) TakeBack(ctx context.Context, actor models.Actor, in TakeBack) ([]TakenBack, error) {
	own := in.HouseholdID == "" || in.HouseholdID == actor.HouseholdID
	in.HouseholdID = cmp.Or(in.HouseholdID, actor.HouseholdID)
	if in.HouseholdID == "" {
		return nil, fault.New(fault.Forbidden, "no_household")
	}
	items := ids(in.Lines, func(l TakeLine) models.ItemID { return l.ItemID })
	var homes []models.Grid
	var needs []models.Need
	if err := s.store.Read(ctx, store.GridOfHousehold(in.HouseholdID, &homes), store.NeedsOpenOf(in.HouseholdID, items, &needs)); err != nil {
		return nil, err
	}
	if len(homes) != 1 || !own && !actor.Works(homes[0].Path) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	sc, err := s.scope(ctx, homes[0].ID)
	if err != nil {
		return nil, err
	}
	grids, reads, r, err := s.announceTakeBack(ctx, sc, in.HouseholdID, needs)
	if err != nil {
		return nil, err
	}
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) ([]TakenBack, error) {
		d := s.desk(tx, sc, r)
		result, steps := d.takeBack(in, func(n models.Need) bool {
			return n.HouseholdID == in.HouseholdID && (!own || n.PersonID == actor.PersonID)
		})
		if len(steps) == 0 {
			return result, nil
		}
		for _, step := range steps {
			if err := d.giveUp(step); err != nil {
				return nil, err
			}
		}
		if err := d.plan(); err != nil {
			return nil, err
		}
		return result, d.save()
	})
}

// announceTakeBack names what ending these lines may change.
func (s *Service) announceTakeBack(ctx context.Context, sc scope, household models.ID, needs []models.Need) ([]models.ID, []store.Read, *rows, error) {
	of := ids(needs, func(n models.Need) models.ID { return n.ID })
	var matches []models.Match
	if err := s.store.Read(ctx, store.MatchesOfNeeds(of, &matches)); err != nil {
		return nil, nil, nil, err
	}
	grids := sc.grids()
	a := about{needs: of, households: []models.ID{household}}
	for _, m := range matches {
		grids = append(grids, m.LotGridID)
		a.lots = append(a.lots, m.LotID)
		a.matches = append(a.matches, m.ID)
		a.handovers = append(a.handovers, m.HandoverID)
	}
	paths, err := s.pathsOver(ctx, sc, grids)
	if err != nil {
		return nil, nil, nil, err
	}
	r := &rows{}
	reads := append(s.announce(sc, a, r), store.MatchesOfNeeds(of, &r.moreMatches), store.RecallsOver(paths, &r.recalls))
	return grids, reads, r, nil
}

// lessening is what is to be done to one line: so many units less, or the whole.
type lessening struct {
	need  *models.Need
	units int
	whole bool // with what was matched and not yet given
}

// takeBack works out what to do. It is everything, or nothing where one of the goods
// is unclear: nobody can tell afterwards what a half means.
func (d *desk) takeBack(in TakeBack, meant func(models.Need) bool) (result []TakenBack, steps []lessening) {
	unclear := false
	for _, l := range in.Lines {
		var open []*models.Need
		total, found, given := 0, 0, 0
		for _, n := range d.needs {
			if n.ItemID == l.ItemID && n.Open > 0 && meant(*n) {
				open = append(open, n)
				total, found, given = total+n.Open, found+n.Matched, given+n.Fulfilled
			}
		}
		if len(open) == 0 || slices.ContainsFunc(result, func(t TakenBack) bool { return t.ItemID == l.ItemID }) {
			continue
		}
		slices.SortFunc(open, func(a, b *models.Need) int { return cmp.Compare(a.ID, b.ID) })
		back := TakenBack{ItemID: l.ItemID, Units: total}
		part := l.Units > 0 && l.Units < total
		switch {
		case in.Has && found+given > 0:
			back.Unclear = UnclearFound
		case !in.Has && !part && l.Units > 0 && found > 0 && l.Units < total+found:
			back.Unclear = UnclearFound // more than is open, less than with what was found
		case part && len(open) > 1:
			back.Unclear = UnclearWhich
		case part:
			back.Units = l.Units
			steps = append(steps, lessening{open[0], l.Units, false})
		default:
			for _, n := range open {
				steps = append(steps, lessening{n, n.Open, !in.Has})
			}
		}
		if back.Unclear != "" {
			unclear, back.Units = true, 0
		}
		back.Left = total - back.Units
		result = append(result, back)
	}
	if !unclear {
		return result, steps
	}
	for i := range result {
		result[i].Units, result[i].Left = 0, result[i].Left+result[i].Units
	}
	return result, nil
}

// giveUp does one step. What was matched meanwhile and is not on the desk makes it
// stale: whoever asks again sees it.
func (d *desk) giveUp(step lessening) error {
	n := step.need
	for _, m := range sortedMatches(d.matches) {
		if !step.whole || m.NeedID != n.ID || !m.Live() {
			continue
		}
		if d.lots[m.LotID] == nil || d.handovers[m.HandoverID] == nil {
			return fault.New(fault.Conflict, "stale")
		}
		before := n.Open
		if err := d.endMatch(d.matches[m.ID], models.CommandCancel, "receiver"); err != nil {
			return err
		}
		step.units += n.Open - before
	}
	return d.drop(n.ID, step.units, "asker")
}
