package demo_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/demo"
	"linli/server/registry"
)

func TestLoad_BringsTheCountyOnceAndPersonasCanSignIn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		ctx := t.Context()
		r := registry.New(b.Store)
		started := time.Now()
		if err := demo.Load(ctx, r, nil); err != nil {
			t.Fatal(err)
		}
		t.Logf("first load: %v", time.Since(started))
		started = time.Now()
		if err := demo.Load(ctx, r, nil); err != nil {
			t.Fatal(err)
		}
		t.Logf("second load: %v", time.Since(started))
		wantLevels(t, b)

		personas, err := demo.Personas(ctx, r)
		if err != nil || len(personas) != 4 {
			t.Fatal(personas, err)
		}
		doors := map[string]registry.HouseholdRef{}
		for _, p := range personas {
			token, err := demo.Session(ctx, r, p.Key)
			if err != nil {
				t.Fatal(err)
			}
			actor, err := r.Actor(ctx, token)
			if err != nil {
				t.Fatal(err)
			}
			view, err := r.Session(ctx, actor)
			if err != nil {
				t.Fatal(err)
			}
			if !view.Demo || view.Person.Name != p.Name || view.Roles[0].Kind != p.Role || !view.Consents[models.ConsentHealth] {
				t.Errorf("%s signs in as %+v", p.Key, view)
			}
			if view.Household != nil {
				doors[p.Key] = *view.Household
			}
			if p.Key != demo.Operator && (view.Grid.Name != "微网格 07" || view.Grid.Community != "定江桥社区" || view.Grid.Homes != 64) {
				t.Errorf("%s is of %+v", p.Key, view.Grid)
			}
		}
		if got, want := doors[demo.NeighbourHas], (registry.HouseholdRef{Building: "3 栋", Door: "2单元 501"}); got != want {
			t.Errorf("the neighbour lives at %v, not %v", got, want)
		}
	})
}

func wantLevels(t *testing.T, b storetest.Bench) {
	t.Helper()
	var all []models.Grid
	if err := b.Store.View(t.Context(), func(tx *store.Tx) error { return tx.Load(store.AllGrids(&all)) }); err != nil {
		t.Fatal(err)
	}
	count := map[models.GridTree]map[models.GridLevel]int{models.TreeTerritorial: {}, models.TreeDedicated: {}}
	homes := 0
	for _, g := range all {
		count[g.Tree][g.Level]++
		if g.Level == models.LevelCity {
			homes = g.Homes
		}
	}
	land, own := count[models.TreeTerritorial], count[models.TreeDedicated]
	got := []int{land[models.LevelTown], land[models.LevelGeneral], land[models.LevelOrdinary], land[models.LevelMicro],
		own[models.LevelGeneral], own[models.LevelOrdinary], own[models.LevelMicro]}
	for i, want := range []int{15, 172, 2182, 4400, 7, 234, 627} {
		if got[i] != want {
			t.Errorf("grids by level %v: number %d should be %d", got, i, want)
		}
	}
	if homes < 1000 {
		t.Errorf("the city counts %d homes", homes)
	}
}

func TestLoad_RefusesADatabaseThatHoldsARealPlace(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	b.Place(t)
	r := registry.New(b.Store)
	if err := demo.Load(t.Context(), r, nil); !fault.Is(err, fault.Conflict) {
		t.Fatalf("a real place was taken over: %v", err)
	}
	if _, err := demo.Session(t.Context(), r, demo.Worker); !fault.Is(err, fault.NotFound) {
		t.Fatalf("a persona signs in to a real place: %v", err)
	}
}
