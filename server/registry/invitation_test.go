package registry_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/registry"
)

func (w town) invitation(t *testing.T, from models.Actor, role models.RoleKind, grid models.ID) string {
	t.Helper()
	inv, err := w.Invite(t.Context(), from, registry.InviteInput{Role: role, GridID: grid})
	must(t, err)
	link, err := w.InvitationLink(t.Context(), from, inv.ID, base)
	must(t, err)
	code, ok := strings.CutPrefix(link, base+"/#/invitation/")
	if !ok {
		t.Fatalf("the link is %s", link)
	}
	return code
}

func TestInvitation_WorksOnceEvenForTwoAtTheSameMoment(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		code := w.invitation(t, operator, models.RoleWorker, w.Micro.ID)
		var wait sync.WaitGroup
		answers := make(chan error, 8)
		for range cap(answers) {
			wait.Go(func() {
				_, err := w.JoinByInvitation(t.Context(), models.Actor{}, "phone", registry.JoinInput{Code: code, Name: "林月", Phone: "13800000007"})
				answers <- err
			})
		}
		wait.Wait()
		close(answers)
		won := 0
		for err := range answers {
			if err == nil {
				won++
				continue
			}
			wantFault(t, err, fault.Gone, "invitation_over")
		}
		if won != 1 {
			t.Errorf("%d people used one invitation", won)
		}
		var people int64
		w.view(t, store.CountPeople(&people))
		if people != 2 {
			t.Errorf("%d people there, the losers included", people)
		}
	})
}

func TestInvitation_NewWorkerWorksItsGrid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		code := w.invitation(t, operator, models.RoleWorker, w.Micro.ID)
		token, err := w.JoinByInvitation(ctx, models.Actor{}, "phone", registry.JoinInput{Code: code, Name: "林月", Phone: "138 0000 0007"})
		must(t, err)
		worker, err := w.Actor(ctx, token)
		must(t, err)
		if !worker.Approved() || !worker.Works(w.Micro.Path) || worker.Works(w.Beside.Path) || worker.HouseholdID != "" {
			t.Errorf("the new worker is %+v", worker)
		}
		// She invites a resident of her grid as a volunteer, who stays the same person.
		resident := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		code = w.invitation(t, worker, models.RoleVolunteer, w.Micro.ID)
		token, err = w.JoinByInvitation(ctx, resident.Actor, "phone", registry.JoinInput{Code: code})
		must(t, err)
		volunteer, err := w.Actor(ctx, token)
		must(t, err)
		if volunteer.PersonID != resident.PersonID || !volunteer.LivesIn(w.Micro.ID) || !volunteer.Reaches(w.Micro.Path, models.RoleVolunteer) {
			t.Errorf("the volunteer is %+v", volunteer)
		}
		code = w.invitation(t, worker, models.RoleVolunteer, w.Micro.ID)
		_, err = w.JoinByInvitation(ctx, volunteer, "phone", registry.JoinInput{Code: code})
		wantFault(t, err, fault.Conflict, "already_staff")
		if _, err = w.JoinByInvitation(ctx, models.Actor{}, "phone", registry.JoinInput{Code: code, Name: "李", Phone: "13800000008"}); err != nil {
			t.Errorf("a refused use spent the invitation: %v", err)
		}
	})
}

func TestInvitation_EndsAfterSevenDaysAndWithItsMakersRole(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		in := registry.JoinInput{Name: "李", Phone: "13800000008"}
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		in.Code = w.invitation(t, operator, models.RoleDoctor, w.Community.ID)
		w.Clock.Add(7 * 24 * time.Hour)
		_, err := w.JoinByInvitation(ctx, models.Actor{}, "phone", in)
		wantFault(t, err, fault.Gone, "invitation_over")

		in.Code = w.invitation(t, operator, models.RoleDoctor, w.Community.ID)
		must(t, w.Store.InTx(ctx, func(tx *store.Tx) error { return tx.RevokeRole(operator.Roles[0].ID) }))
		_, err = w.JoinByInvitation(ctx, models.Actor{}, "phone", in)
		wantFault(t, err, fault.Gone, "invitation_over")
	})
}

func TestInvite_GivesOnlyWhatTheMakerMayGive(t *testing.T) {
	t.Parallel()
	w := newTown(t, storetest.SQLite(t))
	ctx := t.Context()
	_, operator := w.mint(t, models.RoleOperator, w.City.ID)
	worker := w.Worker(t, w.Micro)
	resident := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
	for _, c := range []struct {
		who  models.Actor
		role models.RoleKind
		grid models.ID
		want fault.Code
	}{
		{worker, models.RoleVolunteer, w.Micro.ID, ""},
		{worker, models.RoleVolunteer, w.Beside.ID, fault.Forbidden},
		{worker, models.RoleVolunteer, w.Community.ID, fault.Forbidden},
		{worker, models.RoleWorker, w.Micro.ID, fault.Forbidden},
		{worker, models.RoleDoctor, w.Micro.ID, fault.Forbidden},
		{operator, models.RoleWorker, w.Micro.ID, ""},
		{operator, models.RoleLeader, w.Community.ID, ""},
		{operator, models.RoleOperator, w.City.ID, fault.Invalid},
		{operator, models.RoleResident, w.Micro.ID, fault.Invalid},
		{operator, "mayor", w.City.ID, fault.Invalid},
		{operator, models.RoleWorker, "nowhere", fault.NotFound},
		{resident.Actor, models.RoleVolunteer, w.Micro.ID, fault.Forbidden},
		{models.Actor{}, models.RoleVolunteer, w.Micro.ID, fault.Forbidden},
	} {
		_, err := w.Invite(ctx, c.who, registry.InviteInput{Role: c.role, GridID: c.grid})
		if got := fault.From(err).Code; err == nil && c.want != "" || err != nil && got != c.want {
			t.Errorf("%v inviting a %s: want %q, got %v", c.who.Roles, c.role, c.want, err)
		}
	}
	inv, err := w.Invite(ctx, operator, registry.InviteInput{Role: models.RoleWorker, GridID: w.Micro.ID})
	must(t, err)
	_, err = w.InvitationLink(ctx, worker, inv.ID, base)
	wantFault(t, err, fault.NotFound, "not_found")
	// The link must not sign in as its maker.
	_, err = w.Actor(ctx, w.invitation(t, operator, models.RoleWorker, w.Micro.ID))
	wantFault(t, err, fault.Unauthenticated, "signed_out")
}
