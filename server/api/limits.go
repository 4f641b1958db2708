package api

import (
	"sync"
	"time"

	"linli/models/fault"

	"golang.org/x/time/rate"
)

// Rates are calls a second, of one person and of everybody without a session
// behind one address; 0 means no limit. A person taps; a village may stand
// behind one address.
type Rates struct{ Person, Address int }

// How many calls of a bucket may come at once, in seconds of its rate.
const (
	personBurst  = 3
	addressBurst = 10
)

// bucketsKept bounds the memory; bucketIdle is when one is full again anyway.
const (
	bucketsKept = 50_000
	bucketIdle  = 10 * time.Minute
)

// limits keeps one bucket a person, or an address where nobody is signed in.
type limits struct {
	now   func() time.Time
	rates Rates

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	limiter *rate.Limiter
	used    time.Time
}

func newLimits(now func() time.Time, rates Rates) *limits {
	return &limits{now: now, rates: rates, buckets: map[string]*bucket{}}
}

// take uses one call of the caller's bucket.
func (l *limits) take(person string, address func() string) error {
	key, perSecond, burst := person, l.rates.Person, personBurst
	if person == "" {
		perSecond, burst = l.rates.Address, addressBurst
	}
	if perSecond == 0 {
		return nil
	}
	if person == "" {
		key = "address " + address()
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= bucketsKept {
			l.forget(now)
		}
		b = &bucket{limiter: rate.NewLimiter(rate.Limit(perSecond), perSecond*burst)}
		l.buckets[key] = b
	}
	b.used = now
	if !b.limiter.AllowN(now, 1) {
		return fault.New(fault.RateLimited, "too_fast")
	}
	return nil
}

// forget drops idle buckets; if all are busy, all are dropped: a full bucket
// given back is better than memory without end.
func (l *limits) forget(now time.Time) {
	for key, b := range l.buckets {
		if now.Sub(b.used) > bucketIdle {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= bucketsKept {
		clear(l.buckets)
	}
}
