package registry_test

import (
	"testing"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
)

// asked is a request that she made before, closed with notes and answers.
func (w town) asked(t *testing.T, n storetest.Neighbour, open bool) (models.Request, models.Need) {
	t.Helper()
	r := models.Request{GridID: n.GridID, HouseholdID: n.HouseholdID, PersonID: n.PersonID, PostedBy: n.PersonID,
		Way: models.WayRelay, Note: "放门口，我腿不好"}
	need := models.Need{GridID: n.GridID, HouseholdID: n.HouseholdID, PersonID: n.PersonID, ItemID: "M001", Requested: 4, Open: 4,
		State: models.NeedOpen, Urgency: models.UrgencyNow, UrgencyWhy: "喘", Why: []models.Reason{},
		Patient: models.Patient{Age: models.AgeElder, Answers: map[string]models.Answer{"liver": models.Yes}}}
	must(t, w.Store.InGrids(t.Context(), []models.ID{n.GridID}, nil, func(tx *store.Tx) error {
		r.ID, r.CreatedAt = tx.NewID(), tx.Now
		need.ID, need.RequestID, need.CreatedAt, need.Version = tx.NewID(), r.ID, tx.Now, 0
		if !open {
			if err := need.Drop(4, "asker"); err != nil {
				return err
			}
		}
		if err := tx.CreateRequest(&r); err != nil {
			return err
		}
		return tx.SaveNeed(&need, "need.opened", models.Audience{Workers: true})
	}))
	return r, need
}

func TestLeave_EmptiesAndDoesNotDelete(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		n := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		stays := w.Neighbour(t, w.Micro, "3-2-502", "李姐", models.CareNone)
		request, need := w.asked(t, n, false)
		w.asked(t, stays, true)
		token, err := w.MintSession(ctx, n.PersonID)
		must(t, err)
		actor, err := w.Actor(ctx, token)
		must(t, err)
		actor.Call = models.Call{Key: "k", Route: "POST /requests", Hash: "h"}
		again := func() (ran bool) {
			_, err := store.Register(ctx, w.Store, actor, func(*store.Tx) (string, error) { ran = true; return "发烧", nil })
			must(t, err)
			return ran
		}
		if !again() || again() {
			t.Fatal("the result of a call is kept once")
		}
		must(t, w.Leave(ctx, actor))
		if !again() {
			t.Error("what she was answered is still kept")
		}
		_, err = w.Actor(ctx, token)
		wantFault(t, err, fault.Unauthenticated, "signed_out")
		var people []models.Person
		var requests []models.Request
		var needs []models.Need
		var roles []models.Role
		var consents []models.Consent
		w.view(t, store.PersonByID(n.PersonID, &people), store.ByID([]models.ID{request.ID}, &requests),
			store.ByID([]models.ID{need.ID}, &needs), store.RolesOf(n.PersonID, &roles), store.ConsentsOf(n.PersonID, &consents))
		p := people[0]
		if p.State != models.PersonLeft || p.Name != "" || p.Phone != "" || p.PhoneIndex != nil || p.HouseholdID != nil {
			t.Errorf("person %+v", p)
		}
		if requests[0].Note != "" || needs[0].UrgencyWhy != "" || needs[0].Patient.Age != "" || len(needs[0].Patient.Answers) != 0 {
			t.Errorf("posts %+v %+v", requests[0], needs[0])
		}
		if len(roles) != 0 || len(consents) == 0 || needs[0].Requested != 4 {
			t.Errorf("roles %v, consents %v, requested %d", roles, consents, needs[0].Requested)
		}
		// Nobody else is touched.
		w.view(t, store.PersonByID(stays.PersonID, &people), store.RolesOf(stays.PersonID, &roles))
		if people[0].Name != "李姐" || len(roles) != 1 {
			t.Errorf("the neighbour is %+v with %v", people[0], roles)
		}
		err = w.Store.View(ctx, func(tx *store.Tx) error {
			findings, err := tx.Inspect()
			for _, f := range findings {
				if len(f.Broken) > 0 {
					t.Errorf("doctor: %s: %v", f.Rule, f.Broken)
				}
			}
			return err
		})
		must(t, err)
		if err := w.Leave(ctx, actor); fault.From(err).Reason != "wrong_state" {
			t.Errorf("left twice: %v", err)
		}
	})
}

func TestLeave_NotWhileSomebodyWaits(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		n := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		w.asked(t, n, true)
		err := w.Leave(t.Context(), n.Actor)
		wantFault(t, err, fault.Conflict, "leave_under_way")
		if args := fault.From(err).Args; args["needs"] != "1" || args["lots"] != "0" {
			t.Errorf("%v", args)
		}
		var people []models.Person
		w.view(t, store.PersonByID(n.PersonID, &people))
		if people[0].Name != "王师傅" || people[0].State != models.PersonApproved {
			t.Errorf("half gone: %+v", people[0])
		}
		_, operator := w.mint(t, models.RoleOperator, w.City.ID)
		wantFault(t, w.Leave(t.Context(), operator), fault.Conflict, "operator_stays")
		wantFault(t, w.Leave(t.Context(), models.Actor{}), fault.Unauthenticated, "signed_out")
	})
}
