package registry

import (
	"testing"
	"time"

	"linli/models"
)

func TestSessionCache_KeepsNothingThatWasReadBeforeARevocation(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 18, 12, 0, 0, 0, time.UTC)
	c := newSessionCache(func() time.Time { return now })
	token := [32]byte{1}

	asked := c.epoch() // the database is asked …
	c.forget()         // … and meanwhile the token is revoked
	c.put(asked, token, models.Actor{PersonID: "p"}, nil)
	if _, ok := c.get(token); ok {
		t.Fatal("an answer from before the revocation was kept")
	}

	expires := now.Add(300 * time.Millisecond)
	c.put(c.epoch(), token, models.Actor{PersonID: "p"}, &expires)
	if _, ok := c.get(token); !ok {
		t.Fatal("a fresh answer was not kept")
	}
	now = expires
	if _, ok := c.get(token); ok {
		t.Fatal("a session was believed after its end")
	}

	for i := range sessionsKept + 1 {
		c.put(c.epoch(), [32]byte{byte(i), byte(i >> 8), byte(i >> 16)}, models.Actor{}, nil)
	}
	if len(c.known) > sessionsKept {
		t.Fatalf("the cache holds %d sessions", len(c.known))
	}
}
