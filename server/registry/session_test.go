package registry_test

import (
	"strings"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/registry"
)

func TestActor_RevokedTokenIsRefusedAtTheNextRequest(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		token, actor := w.mint(t, models.RoleResident, w.Micro.ID)
		if actor.GridPath != w.Micro.Path || !actor.LivesIn(w.Micro.ID) || len(actor.Roles) != 1 {
			t.Fatalf("the actor is %+v", actor)
		}
		must(t, w.RevokeToken(ctx, token))
		_, err := w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "signed_out")

		token, actor = w.mint(t, models.RoleWorker, w.Micro.ID)
		must(t, w.SignOut(ctx, actor))
		_, err = w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "signed_out")
	})
}

func TestActor_RevocationByAnotherProcessIsSeenWithinASecond(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		token, _ := w.mint(t, models.RoleResident, w.Micro.ID)
		other := registry.New(w.Store)
		must(t, other.RevokeToken(ctx, token))
		w.Clock.Add(time.Second)
		_, err := w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "signed_out")
	})
}

func TestActor_SessionEndsWithItsTimeAndWithThePerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		old, _ := w.mint(t, models.RoleResident, w.Micro.ID)
		w.Clock.Add(registry.SessionDays * 24 * time.Hour)
		_, err := w.Actor(ctx, old)
		wantFault(t, err, fault.Unauthenticated, "signed_out")

		token, actor := w.mint(t, models.RoleResident, w.Micro.ID)
		must(t, w.Store.InTx(ctx, func(tx *store.Tx) error {
			var people []models.Person
			if err := tx.Load(store.PersonByID(actor.PersonID, &people)); err != nil {
				return err
			}
			if err := people[0].Apply(models.CommandLeave); err != nil {
				return err
			}
			return tx.SavePerson(&people[0], "person.left", models.Audience{})
		}))
		w.Clock.Add(time.Second)
		_, err = w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "signed_out")
	})
}

func TestActor_NothingButASessionTokenSignsIn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		for _, token := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("家", 43), strings.Repeat("A", 1<<16)} {
			_, err := w.Actor(t.Context(), token)
			wantFault(t, err, fault.Unauthenticated, "signed_out")
		}
	})
}

func TestMintTokens_FillsFreeHouseholdsFirstAndMarksWhatItMakes(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		lived := w.Neighbour(t, w.Micro, "1-1-101", "张婆婆", models.CareNone)
		free := models.Household{}
		must(t, w.Store.InTx(ctx, func(tx *store.Tx) error {
			free = models.Household{ID: tx.NewID(), GridID: w.Micro.ID, Building: "2 栋", Room: "102",
				AddressKey: []byte("free"), Version: 1, CreatedAt: tx.Now}
			return tx.CreateHouseholds([]models.Household{free})
		}))
		minted, err := w.MintTokens(ctx, registry.MintInput{Role: models.RoleResident, GridID: w.Micro.ID, Count: 130})
		must(t, err)
		homes := map[models.ID]bool{}
		for _, m := range minted {
			actor, err := w.Actor(ctx, m.Token)
			must(t, err)
			if homes[actor.HouseholdID] || actor.HouseholdID == lived.HouseholdID {
				t.Fatal("two test people share a home")
			}
			homes[actor.HouseholdID] = true
		}
		if !homes[free.ID] {
			t.Error("the free home stayed empty")
		}
		var all []models.Household
		var grids []models.Grid
		w.view(t, store.HouseholdsOfGrid(w.Micro.ID, 1000, &all), store.GridsByPath(w.Micro.AncestorPaths(), &grids))
		made, buildings := 0, map[string]bool{}
		for _, h := range all {
			if h.Made {
				made++
				buildings[h.Building] = true
			}
		}
		if made != 129 || len(buildings) != 3 {
			t.Errorf("%d homes made in %d buildings", made, len(buildings))
		}
		for _, g := range grids {
			if g.Homes != 129 {
				t.Errorf("%s counts %d homes", g.Name, g.Homes)
			}
		}
		_, err = w.MintTokens(ctx, registry.MintInput{Role: models.RoleResident, GridID: w.Micro.ID, Count: 2})
		must(t, err)
	})
}

func TestMintTokens_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		for _, in := range []registry.MintInput{
			{Role: models.RoleResident, GridID: w.Community.ID, Count: 1},
			{Role: "mayor", GridID: w.Micro.ID, Count: 1},
			{Role: models.RoleWorker, GridID: "nowhere", Count: 1},
			{Role: models.RoleWorker, GridID: w.Micro.ID, Count: 0},
			{Role: models.RoleWorker, GridID: w.Micro.ID, Count: registry.MaxMint + 1},
			{Role: models.RoleOperator, GridID: w.City.ID, Count: 2, Name: "陈静"},
		} {
			_, err := w.MintTokens(t.Context(), in)
			wantFault(t, err, fault.Invalid, "invalid_input")
		}
		one, err := w.MintTokens(t.Context(), registry.MintInput{Role: models.RoleOperator, GridID: w.City.ID, Count: 1, Name: "陈静"})
		must(t, err)
		actor, err := w.Actor(t.Context(), one[0].Token)
		must(t, err)
		view, err := w.Session(t.Context(), actor)
		must(t, err)
		if view.Person.Made || view.Person.Name != "陈静" || view.Household != nil {
			t.Errorf("the first operator is %+v", view)
		}
	})
}

func TestPrepare_KnowsItsKeyAndKeepsItsEpoch(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		epoch, err := w.Epoch(ctx)
		must(t, err)
		must(t, w.Prepare(ctx))
		again, err := w.Epoch(ctx)
		must(t, err)
		if epoch == "" || epoch != again {
			t.Fatalf("the epoch went from %q to %q", epoch, again)
		}
		must(t, w.CheckKey(ctx))
		must(t, w.Store.InTx(ctx, func(tx *store.Tx) error { return tx.SetMeta(store.MetaKey, "another") }))
		wantFault(t, w.CheckKey(ctx), fault.Refused, "key_mismatch")
		wantFault(t, w.Prepare(ctx), fault.Refused, "key_mismatch")
	})
}
