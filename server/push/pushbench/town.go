package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/server"
	"linli/server/registry"
)

// town is a store with people who can sign in: so many micro-grids under a
// whole tree, because everybody follows the grids above too.
type town struct {
	store    *store.Store
	registry *registry.Service
	grids    []models.ID
	tokens   []string // of the first grid, then of the second …
	tellers  []*teller
	hook     atomic.Pointer[func([]models.Event)]
}

const perGrid = 50

func build(ctx context.Context, dir string, grids int) (*town, error) {
	keys, err := seal.NewKeyring([]byte("a key for benches, 32 bytes long"))
	if err != nil {
		return nil, err
	}
	s, err := store.Open(store.Options{Database: filepath.Join(dir, "linli.db"), Keys: keys, NewID: server.NewID, Now: time.Now})
	if err != nil {
		return nil, err
	}
	if _, _, err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	x := &town{store: s, registry: registry.New(s)}
	if err := x.registry.Prepare(ctx); err != nil {
		return nil, err
	}
	s.OnCommit(func(events []models.Event) {
		if hook := x.hook.Load(); hook != nil {
			(*hook)(events)
		}
	})
	if err := s.InTx(ctx, func(tx *store.Tx) error { return tx.CreateGrids(x.tree(tx, grids)) }); err != nil {
		return nil, err
	}
	for _, grid := range x.grids {
		minted, err := x.registry.MintTokens(ctx, registry.MintInput{Role: models.RoleResident, GridID: grid, Count: perGrid})
		if err != nil {
			return nil, err
		}
		for _, m := range minted {
			x.tokens = append(x.tokens, m.Token)
		}
		x.tellers = append(x.tellers, &teller{store: s, subject: models.Person{ID: server.NewID(), GridID: grid,
			State: models.PersonPending, CreatedAt: s.Now()}})
	}
	return x, nil
}

func (x *town) tree(tx *store.Tx, grids int) (all []models.Grid) {
	node := func(under *models.Grid, level models.GridLevel) *models.Grid {
		code := fmt.Sprint(100 + len(all))
		g := models.Grid{ID: tx.NewID(), Code: code, Name: "网格 " + code, Level: level, Tree: models.TreeTerritorial,
			Path: code + "/", CreatedAt: tx.Now}
		if under != nil {
			g.ParentID, g.Path = &under.ID, under.Path+g.Path
		}
		all = append(all, g)
		return &g
	}
	city := node(nil, models.LevelCity)
	townNode := node(city, models.LevelTown)
	var general, ordinary *models.Grid
	for i := range grids {
		if i%50 == 0 {
			general = node(townNode, models.LevelGeneral)
		}
		if i%10 == 0 {
			ordinary = node(general, models.LevelOrdinary)
		}
		x.grids = append(x.grids, node(ordinary, models.LevelMicro).ID)
	}
	return all
}

// teller commits events of one grid, as a notice is committed.
type teller struct {
	store   *store.Store
	mu      sync.Mutex
	subject models.Person
}

func (w *teller) tell(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := w.subject
	err := w.store.InGrids(ctx, []models.ID{w.subject.GridID}, nil, func(tx *store.Tx) error {
		next = w.subject
		return tx.SavePerson(&next, "notice.posted", models.Audience{Grid: true})
	})
	if err == nil {
		w.subject = next
	}
	return err
}

var quiet = slog.New(slog.DiscardHandler)
