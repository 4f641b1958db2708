package outreach

import (
	"context"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// RobotView is a robot as who governs it sees it: never with its secrets.
type RobotView struct {
	models.Robot
	Given  []string // names of the settings that are there
	Style  string   // of WeCom's messages; "" where none was chosen
	Grids  []models.Grid
	Queued int
	Dead   int
}

func viewOf(r models.Robot, grids []models.Grid) RobotView {
	v := RobotView{Robot: r, Given: []string{}, Style: r.Settings[SettingStyle], Grids: grids}
	for _, name := range Settings {
		if r.Settings[name] != "" {
			v.Given = append(v.Given, name)
		}
	}
	v.Settings = nil
	return v
}

// reached lists the paths on which the actor governs robots.
func reached(actor models.Actor) []string {
	var paths []string
	for _, r := range actor.Roles {
		switch r.Kind {
		case models.RoleWorker, models.RoleLeader, models.RoleOperator:
			paths = append(paths, r.GridPath)
		}
	}
	return paths
}

// Robots lists the robots that the actor governs, with their health.
func (s *Service) Robots(ctx context.Context, actor models.Actor) ([]RobotView, error) {
	paths := reached(actor)
	if len(paths) == 0 {
		return nil, fault.New(fault.Forbidden, "not_your_grid")
	}
	views := []RobotView{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		views = []RobotView{}
		var robots []models.Robot
		if err := tx.Load(store.RobotsWithin(paths, robotsMost, &robots)); err != nil {
			return err
		}
		for _, r := range robots {
			if _, _, err := governed(tx, actor, r.ID); err != nil {
				if fault.Is(err, fault.NotFound) {
					continue // it speaks for grids of others too
				}
				return err
			}
			v, err := view(tx, r)
			if err != nil {
				return err
			}
			views = append(views, v)
		}
		return nil
	})
	return views, err
}

// Robot shows one.
func (s *Service) Robot(ctx context.Context, actor models.Actor, id models.ID) (RobotView, error) {
	var v RobotView
	err := s.store.View(ctx, func(tx *store.Tx) error {
		r, _, err := governed(tx, actor, id)
		if err != nil {
			return err
		}
		v, err = view(tx, r)
		return err
	})
	return v, err
}

func view(tx *store.Tx, r models.Robot) (RobotView, error) {
	var bound []models.RobotGrid
	var grids []models.Grid
	var counts []store.QueueCount
	of := []models.ID{r.ID}
	if err := tx.Load(store.GridsOfRobots(of, &bound), store.QueueCounts(of, &counts)); err != nil {
		return RobotView{}, err
	}
	if err := tx.Load(store.ByID(gridIDs(bound), &grids)); err != nil {
		return RobotView{}, err
	}
	v := viewOf(r, grids)
	for _, c := range counts {
		if c.State == models.DeliveryDead {
			v.Dead = c.Count
		} else {
			v.Queued = c.Count
		}
	}
	return v, nil
}

// Deliveries lists a robot's messages in one state, newest first.
func (s *Service) Deliveries(ctx context.Context, actor models.Actor, id models.ID, state models.DeliveryState, before *store.Cursor, limit int) ([]models.Delivery, error) {
	var list []models.Delivery
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if _, _, err := governed(tx, actor, id); err != nil {
			return err
		}
		return tx.Load(store.DeliveriesIn(id, state, before, limit, &list))
	})
	return list, err
}

// Retry lets a dead delivery be tried for another five days, and at once.
func (s *Service) Retry(ctx context.Context, actor models.Actor, id models.ID) (models.Delivery, error) {
	if !store.ValidID(id) {
		return models.Delivery{}, fault.New(fault.NotFound, "not_found")
	}
	d, err := store.Register(ctx, s.store, actor, func(tx *store.Tx) (models.Delivery, error) {
		var found []models.Delivery
		if err := tx.Load(store.ByID([]models.ID{id}, &found)); err != nil {
			return models.Delivery{}, err
		}
		d, err := store.One(found)
		if err != nil {
			return d, err
		}
		r, bound, err := governed(tx, actor, d.RobotID)
		if err != nil {
			return d, err
		}
		if d.State != models.DeliveryDead {
			return d, fault.New(fault.Conflict, "delivery_not_dead")
		}
		if err := tx.LockRobot(r.ID); err != nil {
			return d, err
		}
		if err := tx.Requeue(d.ID); err != nil {
			return d, err
		}
		if err := tx.OpenQueue(r.ID); err != nil {
			return d, err
		}
		var grids []models.Grid
		if err := tx.Load(store.ByID(gridIDs(bound), &grids)); err != nil {
			return d, err
		}
		d.State, d.Tries, d.Failure, d.ClosedAt, d.CreatedAt = models.DeliveryQueued, 0, "", nil, tx.Now
		return d, audited(tx, actor, "robot.retry", r.ID, grids)
	})
	s.Hint()
	return d, err
}
