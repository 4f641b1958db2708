package storetest

import (
	"strings"
	"testing"

	"linli/models"
	"linli/models/store"
)

// Place is a small town in a store: one micro-grid 07 with a relay point, and
// a second one, 08, beside it.
type Place struct {
	Bench
	City, Community, Micro, Beside models.Grid
	Relay                          models.RelayPoint
	homes                          int
}

// Place builds it.
func (b Bench) Place(t testing.TB) *Place {
	t.Helper()
	p := &Place{Bench: b}
	err := b.Store.InTx(t.Context(), func(tx *store.Tx) error {
		var parent *models.Grid
		var all []models.Grid
		node := func(under *models.Grid, code, name string, level models.GridLevel) *models.Grid {
			g := models.Grid{ID: tx.NewID(), Code: code, Name: name, Level: level, Tree: models.TreeTerritorial,
				Path: code + "/", CreatedAt: tx.Now}
			if under != nil {
				g.ParentID, g.Path = &under.ID, under.Path+code+"/"
			}
			all = append(all, g)
			return &g
		}
		parent = node(nil, "510184", "崇州市", models.LevelCity)
		p.City = *parent
		parent = node(parent, "510184107", "怀远镇", models.LevelTown)
		parent = node(parent, "510184107001", "定江桥社区", models.LevelGeneral)
		p.Community = *parent
		parent = node(parent, "510184107001002", "一般网格 02", models.LevelOrdinary)
		p.Micro = *node(parent, "510184107001002007", "微网格 07", models.LevelMicro)
		p.Beside = *node(parent, "510184107001002008", "微网格 08", models.LevelMicro)
		if err := tx.CreateGrids(all); err != nil {
			return err
		}
		p.Relay = models.RelayPoint{ID: tx.NewID(), GridID: p.Micro.ID, ServesID: p.Micro.ID, Code: "R07",
			Name: "药物中转站", Contact: "林医生（网格员）", Hours: []models.Hours{}, Capacity: 200,
			Lat: 30.7001, Lon: 103.5301, State: models.RelayOpen, CreatedAt: tx.Now}
		return tx.SaveRelay(&p.Relay)
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Neighbour is a person at home, ready to act, with both consents given.
type Neighbour struct {
	models.Actor
	Household models.Household
	Person    models.Person
}

// Neighbour settles somebody at a door like "3-2-501" of a grid.
func (p *Place) Neighbour(t testing.TB, grid models.Grid, door, name string, care models.Care) Neighbour {
	t.Helper()
	parts := strings.Split(door, "-")
	p.homes++
	n := Neighbour{}
	err := p.Store.InTx(t.Context(), func(tx *store.Tx) error {
		n.Household = models.Household{ID: tx.NewID(), GridID: grid.ID, Building: parts[0] + " 栋", Unit: parts[1],
			Room: parts[2], Care: care, AddressKey: []byte(grid.Code + door), Lat: 30.7001 + float64(p.homes)*0.0002,
			Lon: 103.5301, Version: 1, CreatedAt: tx.Now}
		if err := tx.CreateHouseholds([]models.Household{n.Household}); err != nil {
			return err
		}
		n.Person = models.Person{ID: tx.NewID(), GridID: grid.ID, HouseholdID: &n.Household.ID, Name: name,
			Phone: "13800000011", State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
		if err := tx.CreatePeople([]models.Person{n.Person}); err != nil {
			return err
		}
		role := models.Role{ID: tx.NewID(), PersonID: n.Person.ID, GridID: grid.ID, GridPath: grid.Path,
			Kind: models.RoleResident, CreatedAt: tx.Now}
		if err := tx.CreateRoles(role); err != nil {
			return err
		}
		n.Actor = models.Actor{PersonID: n.Person.ID, HouseholdID: n.Household.ID, GridID: grid.ID, GridPath: grid.Path,
			State: models.PersonApproved, Roles: []models.Role{role}, Consents: map[models.ConsentKind]bool{}}
		for _, kind := range []models.ConsentKind{models.ConsentTerms, models.ConsentHealth, models.ConsentBoard} {
			c := models.Consent{ID: tx.NewID(), PersonID: n.Person.ID, Kind: kind, TextVersion: "test", Granted: true, At: tx.Now}
			n.Actor.Consents[kind] = true
			if err := tx.CreateConsent(&c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Worker appoints a worker of a grid, who lives nowhere in it.
func (p *Place) Worker(t testing.TB, grid models.Grid) models.Actor {
	t.Helper()
	var actor models.Actor
	err := p.Store.InTx(t.Context(), func(tx *store.Tx) error {
		person := models.Person{ID: tx.NewID(), GridID: grid.ID, Name: "林月", Phone: "13800000012",
			State: models.PersonApproved, Version: 1, CreatedAt: tx.Now}
		if err := tx.CreatePeople([]models.Person{person}); err != nil {
			return err
		}
		role := models.Role{ID: tx.NewID(), PersonID: person.ID, GridID: grid.ID, GridPath: grid.Path,
			Kind: models.RoleWorker, CreatedAt: tx.Now}
		actor = models.Actor{PersonID: person.ID, GridID: grid.ID, GridPath: grid.Path, State: models.PersonApproved,
			Roles: []models.Role{role}}
		return tx.CreateRoles(role)
	})
	if err != nil {
		t.Fatal(err)
	}
	return actor
}
