// Package jobs calls what time demands, on one instance at a time.
//
// Jobs flow in, each with its pace; calls flow out while this process holds
// their lease, a row of the database with a fencing number (see store/lease.go).
// A holder that dies is replaced within seconds, and one that has lost its
// lease, or cannot know any more, stops: its context ends. What it was doing at
// that moment may still go on for an instant, so every job must bear a second
// run beside it, or show its number to the database.
//
// River, which the design names, is not used: due times are columns already,
// so its queue would be a second truth about the same, and what is left to it
// is this one row. It never knows what a job does and keeps no list of them.
package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"linli/models/store"
)

// Job is called again and again.
type Job struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context, fence int64) error
}

// Options of a runner.
type Options struct {
	Store  *store.Store
	Log    *slog.Logger
	Lease  string // the name under which one instance has all of these jobs
	Holder string // an id of this process alone
	// Life is how long a holder may be silent; 0 means five seconds. It asks
	// again five times as often.
	Life time.Duration
}

const defaultLife = 5 * time.Second

// giveBack bounds the goodbye of a process that stops.
const giveBack = time.Second

// runner is one instance's part.
type runner struct {
	Options
	jobs []Job
}

// Run does the jobs whenever this process holds their lease, until ctx ends.
func Run(ctx context.Context, o Options, jobs ...Job) {
	if o.Life <= 0 {
		o.Life = defaultLife
	}
	r := &runner{o, jobs}
	beat := time.NewTicker(r.beat())
	defer beat.Stop()
	for {
		asked := time.Now()
		if fence, err := r.ask(ctx, r.Life); err == nil && fence > 0 {
			r.hold(ctx, fence, asked)
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
	}
}

func (r *runner) beat() time.Duration { return r.Life / 5 }

// ask takes or prolongs the lease; 0 means that it is somebody else's.
func (r *runner) ask(ctx context.Context, within time.Duration) (fence int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	fence, err = r.Store.TakeLease(ctx, r.Lease, r.Holder, r.Life)
	if err != nil && ctx.Err() == nil {
		r.Log.Warn("lease not asked for", "lease", r.Lease, "error", err)
	}
	return fence, err
}

// hold works until the lease is lost or ctx ends. asked is before the question
// that was answered yes: the lease ends no earlier than a life after it.
func (r *runner) hold(ctx context.Context, fence int64, asked time.Time) {
	r.Log.Info("lease taken", "lease", r.Lease, "fence", fence)
	work, stop := context.WithCancel(ctx)
	var working sync.WaitGroup
	for _, j := range r.jobs {
		working.Go(func() { r.call(work, j, fence) })
	}
	if r.Store.Alone() {
		<-ctx.Done()
	} else {
		r.prolong(ctx, fence, asked)
	}
	stop()
	working.Wait()
	if ctx.Err() == nil {
		r.Log.Warn("lease lost", "lease", r.Lease, "fence", fence)
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBack)
	defer cancel()
	if err := r.Store.EndLease(last, r.Lease, r.Holder); err != nil {
		r.Log.Warn("lease not given back", "lease", r.Lease, "error", err)
	}
}

// prolong returns when the lease is somebody else's, or will be before there is
// an answer.
func (r *runner) prolong(ctx context.Context, fence int64, asked time.Time) {
	beat := time.NewTicker(r.beat())
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
		left := r.Life - r.beat() - time.Since(asked)
		if left <= 0 { // the machine slept, or the database is silent
			return
		}
		next := time.Now()
		switch now, err := r.ask(ctx, left); {
		case err == nil && now == fence:
			asked = next
		case err == nil:
			return
		}
	}
}

// call does one job at its pace, and once as soon as it may.
func (r *runner) call(ctx context.Context, j Job, fence int64) {
	tick := time.NewTicker(j.Every)
	defer tick.Stop()
	for {
		if err := j.Do(ctx, fence); err != nil && ctx.Err() == nil {
			r.Log.Error("job", "job", j.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
