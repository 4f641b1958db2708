package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/store"
	"linli/models/store/seal"
	"linli/server"
	"linli/server/exchange"
)

// scene says how many there are of what.
type scene struct {
	residents, grids, boxes int
	seed                    uint64
}

// crowd is a community with one point that serves all of it.
type crowd struct {
	scene
	store  *store.Store
	svc    *exchange.Service
	random *rand.Rand
	relay  models.RelayPoint
	grids  []models.Grid // those in which people live; the box lies in the first
	people []models.Actor
	worker models.Actor

	mu  sync.Mutex
	now time.Time
}

func (c *crowd) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *crowd) wait(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// settle opens an empty database and lets the crowd move in.
func settle(ctx context.Context, database string, of scene) (*crowd, error) {
	keys, err := seal.NewKeyring([]byte("a key for heat, 32 bytes long...."[:32]))
	if err != nil {
		return nil, err
	}
	c := &crowd{scene: of, random: rand.New(rand.NewPCG(of.seed, 500)), now: time.Date(2026, 12, 18, 2, 0, 0, 0, time.UTC)}
	c.store, err = store.Open(store.Options{Database: database, Keys: keys, Now: c.clock, NewID: server.NewID})
	if err != nil {
		return nil, err
	}
	if _, _, err := c.store.Migrate(ctx); err != nil {
		return nil, err
	}
	c.svc = exchange.New(c.store, catalogue.Embedded(), matching.DefaultPolicy)
	return c, c.store.InTx(ctx, c.moveIn)
}

func (c *crowd) moveIn(tx *store.Tx) error {
	c.grids, c.people = nil, nil
	var all []models.Grid
	under := ""
	var parent *models.ID
	for i, level := range []models.GridLevel{models.LevelCity, models.LevelTown, models.LevelGeneral, models.LevelOrdinary} {
		g := models.Grid{ID: tx.NewID(), ParentID: parent, Code: fmt.Sprint("51", i), Name: string(level), Level: level, Tree: models.TreeTerritorial, CreatedAt: tx.Now}
		under += g.Code + "/"
		g.Path, parent = under, &g.ID
		all = append(all, g)
	}
	for i := range c.scene.grids {
		code := fmt.Sprintf("51%03d", i)
		c.grids = append(c.grids, models.Grid{ID: tx.NewID(), ParentID: parent, Code: code, Name: "微网格", Level: models.LevelMicro,
			Tree: models.TreeTerritorial, Path: under + code + "/", CreatedAt: tx.Now})
	}
	if err := tx.CreateGrids(append(all, c.grids...)); err != nil {
		return err
	}
	c.relay = models.RelayPoint{ID: tx.NewID(), GridID: c.grids[0].ID, ServesID: all[len(all)-1].ID, Code: "R", Name: "药物中转站", Hours: []models.Hours{},
		Capacity: 200, Lat: 30.7, Lon: 103.5, State: models.RelayOpen, CreatedAt: tx.Now}
	if err := tx.SaveRelay(&c.relay); err != nil {
		return err
	}
	var homes []models.Household
	var people []models.Person
	for i := range c.residents {
		g := c.grids[c.random.IntN(len(c.grids))]
		h := models.Household{ID: tx.NewID(), GridID: g.ID, Building: "1 栋", Unit: "1", Room: fmt.Sprint(i), AddressKey: []byte(fmt.Sprint(i)),
			Lat: 30.7 + c.random.Float64()/200, Lon: 103.5, Version: 1, CreatedAt: tx.Now}
		p := models.Person{ID: tx.NewID(), GridID: g.ID, HouseholdID: &h.ID, Name: "居民", State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
		homes, people = append(homes, h), append(people, p)
		c.people = append(c.people, models.Actor{PersonID: p.ID, HouseholdID: h.ID, GridID: g.ID, GridPath: g.Path, State: models.PersonApproved,
			Consents: map[models.ConsentKind]bool{models.ConsentTerms: true, models.ConsentHealth: true, models.ConsentBoard: true}})
	}
	w := models.Person{ID: tx.NewID(), GridID: c.grids[0].ID, Name: "林月", State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
	c.worker = models.Actor{PersonID: w.ID, GridID: w.GridID, State: models.PersonApproved, Roles: []models.Role{{GridPath: under, Kind: models.RoleWorker}}}
	if err := tx.CreateHouseholds(homes); err != nil {
		return err
	}
	if err := tx.CreatePeople(append(people, w)); err != nil {
		return err
	}
	for _, p := range people { // nobody is asked for what nobody has: it is the box that is raced for
		no := models.Consent{ID: tx.NewID(), PersonID: p.ID, Kind: models.ConsentAsks, TextVersion: "test", At: tx.Now}
		if err := tx.CreateConsent(&no); err != nil {
			return err
		}
	}
	return nil
}
