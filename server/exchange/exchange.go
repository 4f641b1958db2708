// Package exchange holds the use cases of the exchange: asking, offering,
// matching, checking in and handing over.
//
// An actor and an input flow in; the use case authorises, names the grids,
// decides under their locks with the pure rules of models and matching, and
// saves rows together with numbered events. A view of what was changed flows
// out. It never speaks HTTP or SQL, and it does not know who listens.
package exchange

import (
	"context"
	"sync"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
)

// Service serves every use case of the exchange; safe for concurrent use.
type Service struct {
	store     *store.Store
	catalogue *catalogue.Catalogue
	matcher   matching.Matcher
	policy    matching.Policy

	scopesMu sync.Mutex
	scopes   map[models.ID]scope

	// widenedNeeds is how many needs one plan beyond their grids looks at;
	// widenedAfter, of the sweep alone, how many were looked at in this round.
	widenedNeeds, widenedAfter int

	noticesADay int // of one person; 0: no limit

	darkroom chan struct{} // who is making a picture

	freeMu sync.Mutex
	free   map[string]map[models.ItemID]int // units by path of a node, as the last sweep counted
}

// New gives a Service over a store and a catalogue.
func New(s *store.Store, c *catalogue.Catalogue, p matching.Policy) *Service {
	return &Service{store: s, catalogue: c, matcher: matching.New(c), policy: p, scopes: map[models.ID]scope{}, widenedNeeds: widenedNeeds,
		noticesADay: models.MaxNotices, darkroom: make(chan struct{}, inDarkroom)}
}

// scope is what an exchange in a micro-grid must lock: the grid itself and
// the home grids of the boxes that serve it.
type scope struct {
	grid   models.Grid
	above  []models.Grid // the grid itself and the nodes above it
	relays []models.RelayPoint
	walks  models.Walks // from and to these points, as far as the city gave them
	until  time.Time
}

// scopeFor is how long a scope is remembered: grids and boxes change once a
// week. A box that opens meanwhile is looked at a little later; a lot is never
// matched outside the locks taken, nor by a point that was paused (desk_relay.go).
const scopeFor = 10 * time.Second

func (s scope) grids() []models.ID {
	grids := []models.ID{s.grid.ID}
	for _, r := range s.relays {
		grids = append(grids, r.GridID)
	}
	return grids
}

func (s *Service) scope(ctx context.Context, grid models.ID) (scope, error) {
	now := s.store.Now()
	s.scopesMu.Lock()
	known, ok := s.scopes[grid]
	s.scopesMu.Unlock()
	if ok && now.Before(known.until) {
		return known, nil
	}
	var grids []models.Grid
	fresh := scope{until: now.Add(scopeFor)}
	err := s.store.Read(ctx, store.ByID([]models.ID{grid}, &grids), store.RelaysServing(grid, &fresh.relays))
	if err != nil {
		return scope{}, err
	}
	if fresh.grid, err = store.One(grids); err != nil {
		return scope{}, err
	}
	reads := []store.Read{store.GridsByPath(fresh.grid.AncestorPaths(), &fresh.above)}
	var paths []models.Path
	if len(fresh.relays) > 0 {
		reads = append(reads, store.PathsTouching(ids(fresh.relays, func(r models.RelayPoint) string { return models.RelayKey(r.Code) }), &paths))
	}
	if err := s.store.Read(ctx, reads...); err != nil {
		return scope{}, err
	}
	fresh.walks = models.WalksOf(paths)
	s.scopesMu.Lock()
	defer s.scopesMu.Unlock()
	if len(s.scopes) > 10_000 { // a city has fewer micro-grids; never grow without end
		clear(s.scopes)
	}
	s.scopes[grid] = fresh
	return fresh, nil
}

// forgetScopes lets the next call read its scope anew: a relay point has changed.
func (s *Service) forgetScopes() {
	s.scopesMu.Lock()
	defer s.scopesMu.Unlock()
	clear(s.scopes)
}
