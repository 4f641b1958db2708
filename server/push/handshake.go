package push

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"linli/models"
	"linli/models/fault"

	"github.com/gorilla/websocket"
)

// ServeHTTP shakes hands and returns; the socket lives on without the
// request's goroutine and buffers.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	following, seat, err := h.admit(r)
	if err != nil {
		h.o.Problem(w, r, err)
		return
	}
	conn, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		seat.leave() // the upgrader has answered
		return
	}
	h.open(conn, following, seat)
}

// admit checks everything before the upgrade, so that a refusal is an ordinary
// answer. What costs nothing comes first: a ticket is spent only when all else
// is well.
func (h *Hub) admit(r *http.Request) (models.Following, seat, error) {
	none, stands := models.Following{}, seat{}
	if !websocket.IsWebSocketUpgrade(r) {
		return none, stands, fault.New(fault.Invalid, "upgrade_required")
	}
	if !h.fromAllowedOrigin(r) {
		return none, stands, fault.New(fault.Forbidden, "origin_foreign")
	}
	if err := h.room(); err != nil {
		return none, stands, err
	}
	actor, err := h.o.Authenticate(r)
	if err != nil {
		return none, stands, err
	}
	seat, err := h.take(actor.PersonID)
	if err != nil {
		return none, stands, err
	}
	following, err := h.o.Source.Open(r.Context(), actor)
	if err != nil {
		seat.leave()
		return none, stands, err
	}
	return following, seat, nil
}

// fromAllowedOrigin: a browser always tells its origin, a program need not.
func (h *Hub) fromAllowedOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	origin, err := url.Parse(origins[0])
	if err != nil || len(origins) > 1 || origin.Host == "" {
		return false
	}
	return strings.EqualFold(origin.Host, r.Host) || slices.ContainsFunc(h.o.Origins, func(allowed string) bool {
		return strings.EqualFold(allowed, origins[0])
	})
}

func (h *Hub) room() error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.roomLocked()
}

func (h *Hub) roomLocked() error {
	if h.closed {
		return fault.New(fault.Unavailable, "stopping")
	}
	if h.taken >= h.o.Sockets {
		return fault.New(fault.Unavailable, "too_many_sockets")
	}
	return nil
}

// seat is the place of a socket among all, and in time.
type seat struct {
	leave   func()
	renewed int // the hub's count before anything was read for it
}

// take counts a socket from before its upgrade, so that a rush cannot pass the
// limits; leave gives the seat back.
func (h *Hub) take(person models.ID) (seat, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.roomLocked(); err != nil {
		return seat{}, err
	}
	if h.seats[person] >= h.o.PerPerson {
		return seat{}, fault.New(fault.RateLimited, "too_many_sockets_of_person")
	}
	h.seats[person]++
	h.taken++
	h.running.Add(1)
	return seat{renewed: h.renewed, leave: func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.seats[person]--; h.seats[person] == 0 {
			delete(h.seats, person)
		}
		h.taken--
		h.running.Done()
	}}, nil
}

// notAHandshake answers for the upgrader; it gives no status but its own
// server errors that is not the client's mistake.
func (h *Hub) notAHandshake(w http.ResponseWriter, r *http.Request, status int, reason error) {
	if status >= http.StatusInternalServerError {
		h.o.Problem(w, r, fault.New(fault.Internal, "internal").Because(reason))
		return
	}
	w.Header().Set("Sec-Websocket-Version", "13")
	h.o.Problem(w, r, fault.New(fault.Invalid, "handshake_malformed").Because(reason))
}
