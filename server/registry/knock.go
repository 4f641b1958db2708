package registry

import (
	"sync"
	"time"

	"linli/models/fault"

	"golang.org/x/time/rate"
)

// A client may try knockBurst wrong codes, then one every knockEvery. Right
// codes cost nothing: a whole village may stand behind one address.
const (
	knockBurst = 10
	knockEvery = 6 * time.Second
	knockers   = 10_000
)

// knocks counts wrong door codes and invitations by client.
type knocks struct {
	now func() time.Time

	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

func newKnocks(now func() time.Time) *knocks {
	return &knocks{now: now, clients: map[string]*rate.Limiter{}}
}

// allowed refuses a client who has tried too many wrong codes.
func (k *knocks) allowed(client string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, ok := k.clients[client]
	if ok && l.TokensAt(k.now()) < 1 {
		return fault.New(fault.RateLimited, "too_many_tries")
	}
	return nil
}

// wrong counts a wrong code.
func (k *knocks) wrong(client string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, ok := k.clients[client]
	if !ok {
		if len(k.clients) >= knockers {
			k.forgetCalm()
		}
		l = rate.NewLimiter(rate.Every(knockEvery), knockBurst)
		k.clients[client] = l
	}
	l.AllowN(k.now(), 1)
}

// forgetCalm drops clients who have all their tries again; when all are busy
// it drops everybody, because memory must not grow with an attack.
func (k *knocks) forgetCalm() {
	for client, l := range k.clients {
		if l.TokensAt(k.now()) >= knockBurst {
			delete(k.clients, client)
		}
	}
	if len(k.clients) >= knockers {
		clear(k.clients)
	}
}
