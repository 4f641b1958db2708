package feed

import (
	"context"
	"slices"
	"time"
)

// overlap is how far each reading goes back before the last one: a revocation
// bears the time of its decision and is seen at its commit, and the clocks of
// two processes differ a little.
const overlap = 30 * time.Second

// runRevocations reads what was taken away. It has a goroutine of its own, so
// that many events cannot make it late.
func (h *Hub) runRevocations(ctx context.Context) {
	ticker := time.NewTicker(h.revocations)
	defer ticker.Stop()
	since := h.table.Now().Add(-overlap)
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.hurry:
		case <-ticker.C:
		}
		started := h.table.Now()
		if err := h.readRevoked(ctx, since); err == nil {
			since = started.Add(-overlap)
		} else if ctx.Err() == nil {
			h.log.Warn("revocations not read", "error", err)
		}
	}
}

func (h *Hub) readRevoked(ctx context.Context, since time.Time) error {
	h.mu.Lock()
	watchers := slices.Clone(h.watchers)
	h.mu.Unlock()
	if len(watchers) == 0 {
		return nil
	}
	credentials, roles, err := h.table.Revoked(ctx, since)
	if err != nil || len(credentials)+len(roles) == 0 {
		return err
	}
	for _, w := range watchers {
		w.to.Revoked(credentials, roles)
	}
	return nil
}
