package registry_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

// on mints somebody of staff on a grid and tells her role's id.
func (w town) on(t *testing.T, kind models.RoleKind, grid models.Grid) (models.Actor, models.ID) {
	t.Helper()
	_, actor := w.mint(t, kind, grid.ID)
	return actor, actor.Roles[0].ID
}

func TestTakeRole_WhoMayTakeWhat(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	operator, operatorRole := w.on(t, models.RoleOperator, w.City)
	_, second := w.on(t, models.RoleOperator, w.City)
	leader, leaderRole := w.on(t, models.RoleLeader, w.Community)
	worker, workerRole := w.on(t, models.RoleWorker, w.Micro)
	_, secondWorker := w.on(t, models.RoleWorker, w.Micro)
	_, volunteer := w.on(t, models.RoleVolunteer, w.Micro)
	local, localRole := w.on(t, models.RoleOperator, w.Community)
	resident := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
	for _, c := range []struct {
		name   string
		who    models.Actor
		grid   models.Grid
		role   models.ID
		want   fault.Code
		reason string
	}{
		{"a resident", resident.Actor, w.Micro, workerRole, fault.Forbidden, "not_your_grid"},
		{"a worker", worker, w.Micro, secondWorker, fault.Forbidden, "not_your_grid"},
		{"a leader, of who stands beside her", leader, w.Community, leaderRole, fault.Forbidden, "role_not_yours_to_take"},
		{"a leader, of a volunteer", leader, w.Micro, volunteer, fault.Forbidden, "role_not_yours_to_take"},
		{"a leader, above her", leader, w.City, second, fault.Forbidden, "not_your_grid"},
		{"an operator below the city, above", local, w.City, second, fault.Forbidden, "not_your_grid"},
		{"another grid's role under an own grid", leader, w.Beside, workerRole, fault.NotFound, "not_found"},
		{"a role above under an own grid", local, w.Community, second, fault.NotFound, "not_found"},
		{"who lives there", operator, w.Micro, resident.Roles[0].ID, fault.NotFound, "not_found"},
		{"no role", operator, w.Micro, "nonsense", fault.NotFound, "not_found"},
		{"her own last one", operator, w.City, operatorRole, fault.Conflict, "own_last_operator"},
		{"a leader, of a worker below", leader, w.Micro, workerRole, "", ""},
		{"the same again", leader, w.Micro, workerRole, fault.NotFound, "not_found"},
		{"an operator, of a worker", operator, w.Micro, secondWorker, "", ""},
		{"an operator, of a leader", operator, w.Community, leaderRole, "", ""},
		{"who was a leader until now", leader, w.Micro, secondWorker, fault.NotFound, "not_found"},
		{"an operator, of a local one", operator, w.Community, localRole, "", ""},
		{"an operator, of another", operator, w.City, second, "", ""},
	} {
		err := w.TakeRole(t.Context(), c.who, c.grid.ID, c.role)
		if got := fault.From(err); err == nil && c.want != "" || err != nil && (got.Code != c.want || got.Reason != c.reason) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, flaws, err := w.VerifyAudit(t.Context()); err != nil || len(flaws) != 0 {
		t.Errorf("%v %v", flaws, err)
	}
}

func TestTakeRole_EndsRightsAtOnceAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		operator, own := w.on(t, models.RoleOperator, w.City)
		token, worker := w.mint(t, models.RoleWorker, w.Micro.ID)
		if _, err := w.Actor(ctx, token); err != nil { // it is remembered for a moment
			t.Fatal(err)
		}
		operator.Call = models.Call{Key: "k", Route: "DELETE /role", Hash: "h"}
		must(t, w.TakeRole(ctx, operator, w.Micro.ID, worker.Roles[0].ID))
		must(t, w.TakeRole(ctx, operator, w.Micro.ID, worker.Roles[0].ID)) // the same call
		now, err := w.Actor(ctx, token)
		must(t, err)
		if len(now.Roles) != 0 {
			t.Errorf("still %v", now.Roles)
		}
		must(t, w.RevokeRole(ctx, own)) // by who holds the machine, also the last one
		wantFault(t, w.RevokeRole(ctx, own), fault.NotFound, "not_found")
		var micro, city []models.Audit
		w.view(t, store.AuditsAfter(w.Micro.ID, 0, 100, &micro), store.AuditsAfter(w.City.ID, 0, 100, &city))
		written := func(links []models.Audit) (out []string) {
			for _, l := range links {
				if l.Action == "role.revoke" {
					out = append(out, l.ActorID+" "+l.Thing+" "+l.ThingID)
				}
			}
			return out
		}
		if got := written(micro); !slices.Equal(got, []string{operator.PersonID + " worker " + worker.Roles[0].ID}) {
			t.Errorf("links %v", got)
		}
		if got := written(city); len(got) != 1 || !strings.HasSuffix(got[0], " operator "+own) {
			t.Errorf("links %v", got)
		}
	})
}

func TestTakeRole_TwoOperatorsCannotTakeEachOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		a, roleOfA := w.on(t, models.RoleOperator, w.City)
		b, roleOfB := w.on(t, models.RoleOperator, w.City)
		var both sync.WaitGroup
		errs := make([]error, 2)
		both.Go(func() { errs[0] = w.TakeRole(t.Context(), a, w.City.ID, roleOfB) })
		both.Go(func() { errs[1] = w.TakeRole(t.Context(), b, w.City.ID, roleOfA) })
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("want one of two: %v", errs)
		}
		var left []models.Role
		w.view(t, store.RolesOn(w.City.ID, []models.RoleKind{models.RoleOperator}, 9, &left))
		if len(left) != 1 {
			t.Errorf("%d operators are left", len(left))
		}
	})
}

func TestRoles_AreShownToWhoMayTakeThemAndItIsWrittenDown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		operator, _ := w.on(t, models.RoleOperator, w.City)
		leader, _ := w.on(t, models.RoleLeader, w.Community)
		worker := w.Worker(t, w.Micro)
		w.on(t, models.RoleVolunteer, w.Micro)
		w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		for who, want := range map[string]struct {
			actor models.Actor
			kinds []models.RoleKind
		}{
			"operator": {operator, []models.RoleKind{models.RoleVolunteer, models.RoleWorker}},
			"leader":   {leader, []models.RoleKind{models.RoleWorker}},
		} {
			list, err := w.Roles(ctx, want.actor, w.Micro.ID)
			must(t, err)
			var kinds []models.RoleKind
			for _, h := range list {
				kinds = append(kinds, h.Kind)
				if h.Kind == models.RoleWorker && h.Name != "林月" || h.Name == "" || h.ID == "" {
					t.Errorf("%+v", h)
				}
			}
			if !slices.Equal(kinds, want.kinds) {
				t.Errorf("the %s sees %v", who, kinds)
			}
		}
		_, err := w.Roles(ctx, worker, w.Micro.ID)
		wantFault(t, err, fault.Forbidden, "not_your_grid")
		_, err = w.Roles(ctx, operator, "nowhere")
		wantFault(t, err, fault.NotFound, "not_found")
		empty, err := w.Roles(ctx, operator, w.Beside.ID)
		must(t, err)
		var micro, beside []models.Audit
		w.view(t, store.AuditsAfter(w.Micro.ID, 0, 100, &micro), store.AuditsAfter(w.Beside.ID, 0, 100, &beside))
		read := 0
		for _, l := range micro {
			if l.Action == "roles.read" {
				read++
			}
		}
		if read != 2 || len(empty) != 0 || len(beside) != 0 {
			t.Errorf("%d readings written, %v of %v", read, beside, empty)
		}
	})
}
