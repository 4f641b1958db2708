package exchange

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// CancelNeed is "我不要了" for one line: open units are cancelled, and what was
// matched and not yet given goes back to the neighbours.
func (s *Service) CancelNeed(ctx context.Context, actor models.Actor, id models.ID) (NeedView, error) {
	return s.changeNeed(ctx, actor, id, func(d *desk, n *models.Need) error {
		for _, m := range sortedMatches(d.matches) {
			if m.NeedID != n.ID || !m.Live() {
				continue
			}
			if err := d.endMatch(d.matches[m.ID], models.CommandCancel, "receiver"); err != nil {
				return err
			}
		}
		if n.Open == 0 {
			return fault.New(fault.Conflict, "nothing_to_cancel")
		}
		return d.drop(n.ID, n.Open, "asker")
	})
}

// RaiseUrgency is "情况变急了": what the asker declares now, and why.
func (s *Service) RaiseUrgency(ctx context.Context, actor models.Actor, id models.ID, u models.Urgency, why string) (NeedView, error) {
	f := checkText(fault.New(fault.Invalid, "invalid_input"), "why", why, maxNoteRunes)
	if !slices.Contains([]models.Urgency{models.UrgencyNow, models.UrgencyToday, models.UrgencyDays}, u) {
		f = f.Field("urgency", "urgency_unknown")
	}
	if len(f.Fields) > 0 {
		return NeedView{}, f
	}
	return s.changeNeed(ctx, actor, id, func(d *desk, n *models.Need) error {
		if !n.Live() {
			return fault.New(fault.Conflict, "wrong_state").With("state", string(n.State))
		}
		n.Urgency, n.UrgencyWhy = u, why
		due := unmetBy(d.tx.Now, u)
		n.DueAt = &due
		d.mark(n.ID, "need.urgency")
		return nil
	})
}

// ConfirmUrgency is a worker's word that she looked and that it is as urgent as
// declared: it ranks with what the ledger says from then on.
func (s *Service) ConfirmUrgency(ctx context.Context, actor models.Actor, id models.ID) (NeedView, error) {
	return s.changeNeed(ctx, actor, id, func(d *desk, n *models.Need) error {
		switch {
		case !actor.Works(d.scope.grid.Path) && !actor.Reaches(d.scope.grid.Path, models.RoleDoctor):
			return fault.New(fault.Forbidden, "worker_only")
		case n.PersonID == actor.PersonID || n.HouseholdID == actor.HouseholdID:
			return fault.New(fault.Forbidden, "not_alone")
		case n.Open == 0 || n.ConfirmedBy != nil:
			return fault.New(fault.Conflict, "wrong_state").With("state", string(n.State))
		}
		by := actor.PersonID
		n.ConfirmedBy = &by
		d.mark(n.ID, "need.confirmed")
		return d.tx.Audit(d.scope.grid.ID, models.Audit{ActorID: actor.PersonID, Action: "urgency.confirm",
			Thing: string(models.ThingNeed), ThingID: n.ID})
	})
}

// ClearDanger is a worker's word that the danger has been looked after: only
// then is the line matched.
func (s *Service) ClearDanger(ctx context.Context, actor models.Actor, id models.ID) (NeedView, error) {
	return s.changeNeed(ctx, actor, id, func(d *desk, n *models.Need) error {
		if !actor.Works(d.scope.grid.Path) && !actor.Reaches(d.scope.grid.Path, models.RoleDoctor) {
			return fault.New(fault.Forbidden, "worker_only")
		}
		if !n.Held {
			return fault.New(fault.Conflict, "not_held")
		}
		by := actor.PersonID
		n.Held, n.ClearedBy = false, &by // her signs stay: what wants a doctor wants one still
		d.mark(n.ID, "need.cleared")
		return d.tx.Audit(d.scope.grid.ID, models.Audit{ActorID: actor.PersonID, Action: "danger.clear",
			Thing: string(models.ThingNeed), ThingID: n.ID})
	})
}

// changeNeed runs one command about a line, plans anew and shows the result.
func (s *Service) changeNeed(ctx context.Context, actor models.Actor, id models.ID,
	command func(d *desk, n *models.Need) error) (NeedView, error) {
	n, matches, err := s.seeNeed(ctx, actor, id)
	if err != nil {
		return NeedView{}, err
	}
	sc, err := s.scope(ctx, n.GridID)
	if err != nil {
		return NeedView{}, err
	}
	if !actor.Works(sc.grid.Path) && !actor.Reaches(sc.grid.Path, models.RoleDoctor) && n.PersonID != actor.PersonID {
		return NeedView{}, fault.New(fault.NotFound, "not_found")
	}
	grids := sc.grids()
	a := about{needs: []models.ID{id}, households: []models.ID{n.HouseholdID}}
	for _, m := range matches {
		grids = append(grids, m.LotGridID)
		a.lots = append(a.lots, m.LotID)
		a.matches = append(a.matches, m.ID)
		a.handovers = append(a.handovers, m.HandoverID)
	}
	paths, err := s.pathsOver(ctx, sc, grids)
	if err != nil {
		return NeedView{}, err
	}
	var r rows
	reads := append(s.announce(sc, a, &r), store.MatchesOfNeeds([]models.ID{id}, &r.moreMatches), store.RecallsOver(paths, &r.recalls))
	return store.Exchange(ctx, s.store, actor, grids, reads, func(tx *store.Tx) (NeedView, error) {
		d := s.desk(tx, sc, &r)
		n, err := find(d.needs, id)
		if err != nil {
			return NeedView{}, err
		}
		if err := command(d, n); err != nil {
			return NeedView{}, err
		}
		if err := d.plan(); err != nil {
			return NeedView{}, err
		}
		if err := d.save(); err != nil {
			return NeedView{}, err
		}
		return d.viewNeed(actor, *n), nil
	})
}

// seeNeed reads a line with its matches, without locks.
func (s *Service) seeNeed(ctx context.Context, actor models.Actor, id models.ID) (models.Need, []models.Match, error) {
	var needs []models.Need
	var matches []models.Match
	err := s.store.Read(ctx, store.ByID([]models.ID{id}, &needs), store.MatchesOfNeeds([]models.ID{id}, &matches))
	if err != nil {
		return models.Need{}, nil, err
	}
	n, err := store.One(needs)
	return n, matches, err
}
