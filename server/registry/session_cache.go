package registry

import (
	"sync"
	"time"

	"linli/models"
)

// sessionKept is how long an answer of the database is believed. What this
// process revokes or approves is forgotten at once; what another instance does
// is seen here within this time.
const sessionKept = time.Second

// sessionsKept bounds the cache; over it, it starts anew.
const sessionsKept = 20_000

// sessionCache remembers, for a moment, who a token is. A phone that opens a
// page asks five things at once, and a busy worker's many: one look-up serves.
type sessionCache struct {
	now func() time.Time

	mu      sync.Mutex
	known   map[[32]byte]knownSession
	renewed uint64 // counts forgets, so that an answer read before one is not kept after it
}

type knownSession struct {
	actor models.Actor
	until time.Time
}

func newSessionCache(now func() time.Time) *sessionCache {
	return &sessionCache{now: now, known: map[[32]byte]knownSession{}}
}

func (c *sessionCache) get(hash [32]byte) (models.Actor, bool) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.known[hash]
	return k.actor, ok && now.Before(k.until)
}

// epoch is taken before the database is asked.
func (c *sessionCache) epoch() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.renewed
}

func (c *sessionCache) put(epoch uint64, hash [32]byte, actor models.Actor, expires *time.Time) {
	until := c.now().Add(sessionKept)
	if expires != nil && expires.Before(until) {
		until = *expires
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.renewed {
		return
	}
	if len(c.known) >= sessionsKept {
		clear(c.known)
	}
	c.known[hash] = knownSession{actor: actor, until: until}
}

// forget drops everything: sessions, roles and states change so seldom that
// looking for the one concerned would cost more.
func (c *sessionCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.renewed++
	clear(c.known)
}
