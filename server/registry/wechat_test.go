package registry_test

import (
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/server/registry"
)

func (w town) ticket(t *testing.T, openid string) string {
	t.Helper()
	issued, err := w.IssueWechatTicket(t.Context(), openid)
	must(t, err)
	return issued.Ticket
}

// arrive exchanges a ticket and tells who is signed in then; "" for nobody.
func (w town) arrive(t *testing.T, openid string) (models.ID, *registry.WechatTicket) {
	t.Helper()
	arrival, err := w.ArriveByWechat(t.Context(), w.ticket(t, openid))
	must(t, err)
	if arrival.Token == "" {
		return "", arrival.Bind
	}
	actor, err := w.Actor(t.Context(), arrival.Token)
	must(t, err)
	return actor.PersonID, nil
}

// TestWechat_BindsAfterTheUsualJoiningAndOpensTheDoorAgain is the whole way: an
// unknown account, a scan, the binding, a lost phone, leaving.
func TestWechat_BindsAfterTheUsualJoiningAndOpensTheDoorAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		who, bind := w.arrive(t, "openid-1")
		if who != "" || bind == nil {
			t.Fatalf("an unknown account is %q", who)
		}
		n := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		must(t, w.BindWechat(t.Context(), n.Actor, bind.Ticket))
		if who, _ := w.arrive(t, "openid-1"); who != n.PersonID {
			t.Errorf("signed in as %q", who)
		}
		wantFault(t, w.BindWechat(t.Context(), n.Actor, bind.Ticket), fault.Refused, "wechat_ticket_refused")

		other := w.Neighbour(t, w.Micro, "3-2-502", "李姐", models.CareNone)
		wantFault(t, w.BindWechat(t.Context(), other.Actor, w.ticket(t, "openid-1")), fault.Conflict, "wechat_of_another")
		must(t, w.BindWechat(t.Context(), n.Actor, w.ticket(t, "openid-2"))) // a new phone with another account
		if who, _ := w.arrive(t, "openid-1"); who != "" {
			t.Errorf("the old account still opens for %q", who)
		}
		must(t, w.BindWechat(t.Context(), other.Actor, w.ticket(t, "openid-1")))

		must(t, w.UnbindWechat(t.Context(), other.Actor))
		if who, _ := w.arrive(t, "openid-1"); who != "" {
			t.Errorf("unbound, and it opens for %q", who)
		}
		must(t, w.Leave(t.Context(), n.Actor))
		if who, _ := w.arrive(t, "openid-2"); who != "" {
			t.Errorf("she left, and it opens for %q", who)
		}
	})
}

// TestWechat_WhoWasRefusedIsNotLetInByIt, and her account is free for the right home.
func TestWechat_WhoWasRefusedIsNotLetInByIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		n := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		must(t, w.BindWechat(t.Context(), n.Actor, w.ticket(t, "openid-1")))
		var people []models.Person
		w.view(t, store.PersonByID(n.PersonID, &people))
		people[0].State = models.PersonRefused
		must(t, w.Store.InGrids(t.Context(), []models.ID{w.Micro.ID}, nil, func(tx *store.Tx) error {
			return tx.SavePerson(&people[0], "person.refused", models.Audience{Workers: true})
		}))
		who, bind := w.arrive(t, "openid-1")
		if who != "" || bind == nil {
			t.Fatalf("it opens for %q", who)
		}
		again := w.Neighbour(t, w.Micro, "3-2-502", "王师傅", models.CareNone)
		must(t, w.BindWechat(t.Context(), again.Actor, bind.Ticket))
		if who, _ := w.arrive(t, "openid-1"); who != again.PersonID {
			t.Errorf("signed in as %q", who)
		}
	})
}

// TestWechatTicket_ServesOnceForTwoMinutesAndOnlyForItsUse.
func TestWechatTicket_ServesOnceForTwoMinutesAndOnlyForItsUse(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w town) {
		ctx := t.Context()
		refused := func(ticket string) {
			t.Helper()
			_, err := w.ArriveByWechat(ctx, ticket)
			wantFault(t, err, fault.Refused, "wechat_ticket_refused")
		}
		once := w.ticket(t, "openid-1")
		arrival, err := w.ArriveByWechat(ctx, once)
		must(t, err)
		refused(once)
		refused(arrival.Bind.Ticket) // it lives longer, so it opens nothing
		refused("")
		refused("unheard of")
		late := w.ticket(t, "openid-1")
		w.Clock.Add(2*time.Minute + time.Second)
		refused(late)
		n := w.Neighbour(t, w.Micro, "3-2-501", "王师傅", models.CareNone)
		must(t, w.BindWechat(ctx, n.Actor, arrival.Bind.Ticket)) // within its hour
		w.Clock.Add(time.Hour)
		wantFault(t, w.BindWechat(ctx, models.Actor{}, once), fault.Unauthenticated, "signed_out")
	})
}
