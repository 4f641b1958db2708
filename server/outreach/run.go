package outreach

import (
	"context"
	"errors"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

const (
	// lookEvery is how soon a commit of another instance, of which no hint came, is
	// seen, and how late a message is that has become due.
	lookEvery = time.Second
	// keptFor is how long is remembered what was sent and what was read.
	keptFor = 7 * 24 * time.Hour
)

func (s *Service) run(ctx context.Context) {
	defer s.work.Wait()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.news:
		case <-ticker.C:
		}
		if err := s.turn(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("robots", "error", err)
		}
	}
}

// turn does once what is due; what an error leaves is still due at the next.
func (s *Service) turn(ctx context.Context) error {
	_, followed := s.Follow(ctx)
	_, told := s.Tell(ctx)
	_, sent := s.deliver(ctx)
	return errors.Join(followed, told, sent)
}

// Tidy forgets what is long over, and lets robots follow micro-grids that have been
// made below their grids meanwhile.
func (s *Service) Tidy(ctx context.Context) error {
	err := s.store.InTx(ctx, func(tx *store.Tx) error { return tx.DropOldDeliveries(keptFor) })
	if err != nil {
		return err
	}
	var robots []models.Robot
	if err := s.store.Read(ctx, store.RobotsOn(&robots)); err != nil {
		return err
	}
	for _, r := range robots {
		if err := s.follows(ctx, r.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// follows binds a robot to its grids again, if there are other micro-grids below them.
func (s *Service) follows(ctx context.Context, id models.ID) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		_, bound, err := robot(tx, id)
		if err != nil {
			return err
		}
		var grids []models.Grid
		var read []models.RobotCursor
		if err := tx.Load(store.ByID(gridIDs(bound), &grids), store.CursorsOf(id, &read)); err != nil {
			return err
		}
		micro, err := microBelow(tx, grids)
		if err != nil || len(micro) == len(read) || len(micro) > models.MaxFollowed {
			return err
		}
		return tx.BindRobot(id, grids, micro)
	})
}
