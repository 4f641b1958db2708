package outreach

import (
	"context"
	"errors"
	"time"

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

// Tidy forgets what is long over.
func (s *Service) Tidy(ctx context.Context) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.DropOldDeliveries(keptFor) })
}
