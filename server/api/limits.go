package api

import (
	"sync"
	"time"

	"linli/models/fault"

	"golang.org/x/time/rate"
)

// Calls a second and at once: one person taps, a household shares an address,
// and a load test signs in thousands of people from one machine.
const (
	personRate, personBurst   = 20, 60
	nobodyRate, nobodyBurst   = 20, 200
	limitersKept, limiterIdle = 50_000, 10 * time.Minute
)

// limits keeps one bucket a person, or an address where nobody is signed in.
type limits struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]*bucket
}

type bucket struct {
	limiter *rate.Limiter
	used    time.Time
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, buckets: map[string]*bucket{}}
}

// take uses one call of the caller's bucket.
func (l *limits) take(person, address string) error {
	key, perSecond, burst := person, rate.Limit(personRate), personBurst
	if person == "" {
		key, perSecond, burst = "address "+address, nobodyRate, nobodyBurst
	}
	now := l.now()
	l.mu.Lock()
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= limitersKept {
			l.forget(now)
		}
		b = &bucket{limiter: rate.NewLimiter(perSecond, burst)}
		l.buckets[key] = b
	}
	b.used = now
	l.mu.Unlock()
	if !b.limiter.AllowN(now, 1) {
		return fault.New(fault.RateLimited, "too_fast")
	}
	return nil
}

// forget drops idle buckets; if all are busy, all are dropped: a full bucket
// given back is better than memory without end.
func (l *limits) forget(now time.Time) {
	for key, b := range l.buckets {
		if now.Sub(b.used) > limiterIdle {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= limitersKept {
		clear(l.buckets)
	}
}
