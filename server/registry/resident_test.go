package registry_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
)

// chainOf lists what the audit chain of a grid says was done.
func (w town) chainOf(t *testing.T, grid models.ID) []string {
	t.Helper()
	var links []models.Audit
	w.view(t, store.AuditsAfter(grid, 0, 1000, &links))
	var actions []string
	for _, a := range links {
		actions = append(actions, a.Action)
	}
	return actions
}

func TestAddResident_IsLetInWithoutAPhoneByWhatIsSaidAloud(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		home := w.Neighbour(t, w.Micro, "1-2-301", "张婆婆", models.CareAlone).HouseholdID
		worker := w.Worker(t, w.Micro)
		added, err := w.AddResident(ctx, worker, home, " 刘爷爷 ", models.HeardPhone)
		must(t, err)
		if added.Name != "" {
			t.Error("the kept answer tells a name")
		}
		var people []models.Person
		var consents []models.Consent
		var roles []models.Role
		var sessions []models.Credential
		w.view(t, store.PersonByID(added.ID, &people), store.ConsentsOf(added.ID, &consents), store.RolesOf(added.ID, &roles),
			store.SessionsOf([]models.ID{added.ID}, w.Store.Now(), &sessions))
		if p := people[0]; p.State != models.PersonApproved || p.Name != "刘爷爷" || p.Phone != "" || *p.HouseholdID != home || len(sessions) != 0 {
			t.Errorf("%+v with %d sessions", p, len(sessions))
		}
		if len(roles) != 1 || roles[0].Kind != models.RoleResident || roles[0].GridID != w.Micro.ID {
			t.Errorf("roles %+v", roles)
		}
		for _, c := range consents {
			if !c.Granted || c.Heard != models.HeardPhone || c.HeardBy == nil || *c.HeardBy != worker.PersonID {
				t.Errorf("consent %+v", c)
			}
		}
		if held := models.Granted(consents); !held[models.ConsentTerms] || !held[models.ConsentHealth] || held[models.ConsentBoard] {
			t.Errorf("held %v: neighbours were not asked about", held)
		}
		list, err := w.Residents(ctx, worker, home)
		must(t, err)
		if len(list) != 2 || list[1].Name != "刘爷爷" || list[1].Phone || !list[1].Agreed {
			t.Errorf("residents %+v", list)
		}
		for _, action := range []string{"person.add", "consent.heard", "residents.read"} {
			if !slices.Contains(w.chainOf(t, w.Micro.ID), action) {
				t.Errorf("%s is no link of the chain", action)
			}
		}
	})
}

func TestAddResident_IsTheWorkersOfThatGrid(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		neighbour := w.Neighbour(t, w.Micro, "1-2-301", "张婆婆", models.CareAlone)
		home, worker := neighbour.HouseholdID, w.Worker(t, w.Micro)
		for name, who := range map[string]models.Actor{"a neighbour": neighbour.Actor, "the worker beside": w.Worker(t, w.Beside)} {
			_, err := w.AddResident(t.Context(), who, home, "刘爷爷", models.HeardFace)
			wantFault(t, err, fault.NotFound, "")
			_, err = w.Residents(t.Context(), who, home)
			wantFault(t, err, fault.NotFound, "")
			if _, err = w.HearConsent(t.Context(), who, neighbour.PersonID, models.HeardFace); err == nil {
				t.Errorf("%s heard a yes", name)
			}
		}
		_, err := w.AddResident(t.Context(), worker, home, "刘爷爷", "")
		wantFault(t, err, fault.Invalid, "invalid_input")
		_, err = w.AddResident(t.Context(), worker, home, "\u202e", models.HeardFace)
		wantFault(t, err, fault.Invalid, "invalid_input")
		for range 19 {
			_, err = w.AddResident(t.Context(), worker, home, "刘爷爷", models.HeardFace)
			must(t, err)
		}
		_, err = w.AddResident(t.Context(), worker, home, "刘爷爷", models.HeardFace)
		wantFault(t, err, fault.Conflict, "home_full")
	})
}

func TestHearConsent_StandsUntilSheTakesItBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		worker := w.Worker(t, w.Micro)
		n := w.Neighbour(t, w.Micro, "1-2-301", "张婆婆", models.CareAlone)
		agreed := func() bool {
			list, err := w.Residents(ctx, worker, n.HouseholdID)
			must(t, err)
			return list[0].Agreed
		}
		_, err := w.Consent(ctx, n.Actor, models.ConsentHealth, false)
		must(t, err)
		if agreed() {
			t.Fatal("she took it back")
		}
		w.Clock.Add(time.Minute)
		_, err = w.HearConsent(ctx, worker, n.PersonID, models.HeardFace)
		must(t, err)
		if !agreed() {
			t.Fatal("she said yes aloud")
		}
		w.Clock.Add(time.Minute)
		_, err = w.Consent(ctx, n.Actor, models.ConsentHealth, false)
		must(t, err)
		if agreed() {
			t.Fatal("what was said aloud cannot be taken back")
		}
		_, err = w.HearConsent(ctx, worker, worker.PersonID, models.HeardFace)
		wantFault(t, err, fault.Forbidden, "not_oneself")
	})
}
