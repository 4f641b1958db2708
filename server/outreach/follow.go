package outreach

import (
	"context"
	"slices"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

const (
	gridsAtOnce = 500 // micro-grids that are looked at in one turn
	needsAtOnce = 500 // open needs of one grid of which nothing is known any more
)

// Follow reads what has happened since each robot looked, and notes what its group
// is to be told. It says how many micro-grids it looked at.
func (s *Service) Follow(ctx context.Context) (int, error) {
	var behind []store.BehindRow
	if err := s.store.Read(ctx, store.RobotsBehind("", gridsAtOnce, &behind)); err != nil {
		return 0, err
	}
	var robots []models.ID
	for _, b := range behind {
		if !slices.Contains(robots, b.RobotID) {
			robots = append(robots, b.RobotID)
		}
	}
	for _, id := range robots {
		// Another instance may have been quicker: then there is nothing to do.
		if err := s.follow(ctx, id); err != nil && !fault.Is(err, fault.Conflict) {
			return 0, err
		}
	}
	return len(behind), nil
}

func (s *Service) follow(ctx context.Context, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		var robots []models.Robot
		var behind []store.BehindRow
		if err := tx.Load(store.ByID([]models.ID{id}, &robots), store.RobotsBehind(id, gridsAtOnce, &behind)); err != nil {
			return err
		}
		for _, b := range behind {
			needs, err := changed(tx, b)
			if err != nil {
				return err
			}
			if err := note(tx, robots[0], needs); err != nil {
				return err
			}
			if err := tx.MoveCursor(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// changed reads the needs of a grid that a group may have to hear of. Where events
// are gone, trimmed or undone by a restore, these are all that are open, and all
// that the group knows.
func changed(tx *store.Tx, b store.BehindRow) ([]models.Need, error) {
	var needs []models.Need
	if b.Read+1 >= b.FirstSeq && b.Read <= b.Seq {
		return needs, tx.Load(store.NeedsInEvents(b.GridID, b.Read, b.Seq, &needs))
	}
	var live []models.Telling
	if err := tx.Load(store.TellingsLive(b.RobotID, b.GridID, &live), store.NeedsLive(b.GridID, true, nil, needsAtOnce, &needs)); err != nil {
		return nil, err
	}
	var known []models.Need
	if err := tx.Load(store.ByID(needIDs(live), &known)); err != nil {
		return nil, err
	}
	for _, n := range known {
		if !slices.ContainsFunc(needs, func(m models.Need) bool { return m.ID == n.ID }) {
			needs = append(needs, n)
		}
	}
	return needs, nil
}

func needIDs(tellings []models.Telling) []models.ID {
	ids := make([]models.ID, len(tellings))
	for i, t := range tellings {
		ids[i] = t.NeedID
	}
	return ids
}

// note writes what a group is to be told of needs as they are now.
func note(tx *store.Tx, r models.Robot, needs []models.Need) error {
	if len(needs) == 0 {
		return nil
	}
	ids := make([]models.ID, len(needs))
	for i, n := range needs {
		ids[i] = n.ID
	}
	var known []models.Telling
	if err := tx.Load(store.TellingsOf(r.ID, ids, &known)); err != nil {
		return err
	}
	of := map[models.ID]models.Telling{}
	for _, t := range known {
		of[t.NeedID] = t
	}
	var changed []models.Telling
	at := tellTimes(r, tx.Now)
	for _, n := range needs {
		before := of[n.ID]
		before.RobotID = r.ID
		if after := before.Tells(n, at); after.State != before.State || after.Urgent != before.Urgent {
			changed = append(changed, after)
		}
	}
	return tx.SaveTellings(changed)
}
