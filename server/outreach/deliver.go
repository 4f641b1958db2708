package outreach

import (
	"context"
	"errors"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/chat/platform"
)

const (
	sendWait = 20 * time.Second
	// leaseFor is longer than a message may take: who holds a queue longer has lost it.
	leaseFor   = time.Minute
	maxFailure = 200
	queuesBusy = 32 // robots whose platforms are waited for at once
)

// Deliver sends the next message of every robot that may speak now, side by side,
// and waits for them. It says how many queues it served.
func (s *Service) Deliver(ctx context.Context) (int, error) {
	n, err := s.deliver(ctx)
	s.work.Wait()
	return n, err
}

// deliver begins to serve every queue that is due and is not being served here:
// a platform that does not answer keeps nobody but its own robot waiting.
func (s *Service) deliver(ctx context.Context) (int, error) {
	var due []models.ID
	if err := s.store.Read(ctx, store.QueuesDue(s.store.Now(), &due)); err != nil {
		return 0, err
	}
	began := 0
	for _, id := range due {
		if !s.begin(id) {
			continue
		}
		began++
		s.work.Go(func() {
			err := s.serve(ctx, id)
			s.end(id)
			switch {
			case err == nil:
				s.Hint() // more may wait behind it
			case !fault.Is(err, fault.Conflict) && ctx.Err() == nil:
				s.log.Error("delivery", "robot", id, "error", err)
			}
		})
	}
	return began, nil
}

func (s *Service) begin(id models.ID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[id] || len(s.busy) >= queuesBusy {
		return false
	}
	s.busy[id] = true
	return true
}

func (s *Service) end(id models.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, id)
}

// serve takes a queue, sends its head and gives the queue back.
func (s *Service) serve(ctx context.Context, id models.ID) error {
	r, d, to, err := s.take(ctx, id)
	if err != nil || d == nil {
		return err
	}
	if to != nil {
		sending, cancel := context.WithTimeout(ctx, sendWait)
		err = to.Send(sending, s.say(*d))
		cancel()
	} else {
		err = &platform.Failure{Ours: platform.BadSettings, Gone: true}
	}
	// What was sent is written down even when we are on the way out.
	after := context.WithoutCancel(ctx)
	return s.store.InTx(after, func(tx *store.Tx) error {
		r, d, failing := r, *d, r.Failures // it may run again
		if err != nil && ctx.Err() != nil {
			r.NextAt = tx.Now // not the platform's fault
		} else {
			s.judge(&r, &d, to, err, tx.Now)
		}
		if err := tx.GiveQueueBack(&r, &d); err != nil {
			return err
		}
		if d.State == models.DeliverySent && failing > 0 {
			return tx.WakeQueue(r.ID) // the platform answers again: nothing need wait for its turn
		}
		return silenced(tx, r, err)
	})
}

// silenced pauses a robot whose address wants nothing any more; what is queued waits
// for somebody who resumes it.
func silenced(tx *store.Tx, r models.Robot, err error) error {
	var f *platform.Failure
	if !errors.As(err, &f) || !f.Closed {
		return nil
	}
	return tx.SilenceRobot(r)
}

// take leases a robot's queue, if it may speak and there is something to say.
func (s *Service) take(ctx context.Context, id models.ID) (r models.Robot, head *models.Delivery, to platform.Robot, err error) {
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		head = nil
		if err := tx.LockRobot(id); err != nil {
			return err
		}
		var queue []models.Delivery
		var err error
		if r, _, err = robot(tx, id); err != nil {
			return err
		}
		if r.State != models.RobotOn || r.NextAt.After(tx.Now) || r.LeasedUntil != nil && r.LeasedUntil.After(tx.Now) {
			return nil
		}
		if err := tx.Load(store.Head(id, tx.Now, &queue)); err != nil || len(queue) == 0 {
			return err
		}
		d := queue[0]
		if over, err := nothingToSay(tx, &d); over || err != nil {
			if err == nil {
				err = tx.DropDelivery(&d)
			}
			return err
		}
		var failed error
		if to, failed = s.dial(r); failed != nil {
			to = nil
		} else if at := rushHour(to.Rate(), tx.Now); d.Rank > 0 && at.After(tx.Now) {
			return tx.PostponeDelivery(d.ID, at)
		}
		if err := tx.TakeQueue(&r, &d, tx.Now.Add(leaseFor)); err != nil {
			return err
		}
		head = &d
		return nil
	})
	return r, head, to, err
}

// judge writes what became of a try: when the robot may speak again, which only its
// platform says, and whether its message is sent, tried again or dead. One message
// that waits for its next try holds up no other: an urgent need may be behind it.
func (s *Service) judge(r *models.Robot, d *models.Delivery, to platform.Robot, err error, now time.Time) {
	r.NextAt = now
	if to != nil {
		r.NextAt = models.Millis(now.Add(spacing(to.Rate())))
	}
	if err == nil {
		r.Failures, r.Failure, r.SentAt = 0, "", &now
		d.State, d.Failure, d.ClosedAt = models.DeliverySent, "", &now
		return
	}
	var f *platform.Failure
	if !errors.As(err, &f) {
		f = &platform.Failure{}
	}
	d.Failure = failureText(f)
	r.Failures, r.Failure, r.FailedAt = r.Failures+1, d.Failure, &now
	if silent := models.Millis(now.Add(silence(f))); silent.After(r.NextAt) {
		r.NextAt = silent
	}
	at, dead := s.nextTry(*d, f, now)
	if dead {
		d.State, d.ClosedAt = models.DeliveryDead, &now
	} else {
		d.DueAt = at
	}
	s.log.Warn("not delivered", "robot", r.ID, "delivery", d.ID, "tries", d.Tries, "dead", dead, "code", f.Code)
}
