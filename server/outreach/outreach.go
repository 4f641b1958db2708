// Package outreach holds the use cases of robots: which group chats hear of which
// grids, what is on its way to them, and which of their messages were processed.
//
// Committed events flow in: a hint, or a look every second, says that there are some,
// and the table says which. What a group has been told of each need is a row, and so
// is every message on its way.
// Cards flow out through the adapters of server/chat/platform, in order per robot but
// for those that failed and wait, within the platform's limits, until they are taken
// or five days have passed.
// Nothing here changes an exchange, and no card names a person, a door, an age or
// an illness.
//
// # Use cases
//
// Robots: Add, Edit, Pause, Resume, Remove, Test, Token, Robots, Robot, Deliveries,
// Retry.
// Out: Follow (events → tellings), Tell (tellings → cards), Deliver (cards → groups).
// In: Take, Answered and GiveBack (a message once), Member, Pair, PairingCode, Unbind.
package outreach

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"

	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/server/chat/platform"
)

// Options are what robots stand on.
type Options struct {
	Store     *store.Store
	Catalogue *catalogue.Catalogue
	Log       *slog.Logger
	// Dial gives the adapter of a robot, or a fault that says which of its settings
	// is wrong. It opens no connection.
	Dial func(models.Robot) (platform.Robot, error)
	// BaseURL is where cards lead to; "" for nowhere.
	BaseURL string
	// Jitter spreads what is tried again, 0 to 1; nil is random.
	Jitter func() float64
}

// Service serves every use case of robots; safe for concurrent use.
type Service struct {
	store     *store.Store
	catalogue *catalogue.Catalogue
	log       *slog.Logger
	dial      func(models.Robot) (platform.Robot, error)
	base      string
	jitter    func() float64

	news chan struct{} // something has happened that a group may hear of

	mu   sync.Mutex
	busy map[models.ID]bool // robots whose adapter is being waited for
	work sync.WaitGroup
}

// New gives a Service.
func New(o Options) *Service {
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &Service{store: o.Store, catalogue: o.Catalogue, log: o.Log, dial: o.Dial, base: o.BaseURL, jitter: o.Jitter,
		news: make(chan struct{}, 1), busy: map[models.ID]bool{}}
}

// Hint says that something was committed; it returns at once.
func (s *Service) Hint() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// robot reads a robot that is there and reads what it is bound to.
func robot(tx *store.Tx, id models.ID) (models.Robot, []models.RobotGrid, error) {
	var robots []models.Robot
	var bound []models.RobotGrid
	if err := tx.Load(store.ByID([]models.ID{id}, &robots), store.GridsOfRobots([]models.ID{id}, &bound)); err != nil {
		return models.Robot{}, nil, err
	}
	r, err := store.One(robots)
	if err == nil && r.State == models.RobotRemoved {
		_, err = store.One([]models.Robot{})
	}
	return r, bound, err
}

// Run follows, tells and delivers until ctx ends, and waits for what is under way.
// One instance at a time runs it; a second one would do nothing twice.
func (s *Service) Run(ctx context.Context) { s.run(ctx) }
