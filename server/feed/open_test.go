package feed_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
	"linli/models/fault"
	"linli/models/store"
	"linli/models/store/storetest"
	"linli/server/feed"
)

// reach writes what of a grid a person sees: g its public events, w its
// workers', n only notices.
func reach(g models.FollowedGrid) string {
	text := ""
	for _, c := range []struct {
		on     bool
		letter string
	}{{g.OfGrid, "g"}, {g.Worker, "w"}, {g.NoticesOnly, "n"}} {
		if c.on {
			text += c.letter
		}
	}
	return text
}

func opened(t *testing.T, b storetest.Bench, actor models.Actor) map[models.ID]string {
	t.Helper()
	f, err := feed.New(feed.Options{Store: b.Store}).Open(t.Context(), models.Actor{PersonID: actor.PersonID, CredentialID: actor.CredentialID})
	if err != nil {
		t.Fatal(err)
	}
	all := map[models.ID]string{}
	for _, g := range f.Grids {
		all[g.GridID] = reach(g)
	}
	return all
}

func TestWhoFollowsWhat(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		pending := p.Neighbour(t, p.Micro, "2-1-101", "等候", models.CareNone)
		pending.Person.State = models.PersonPending
		err := b.Store.InGrids(t.Context(), []models.ID{p.Micro.ID}, nil, func(tx *store.Tx) error {
			return tx.SavePerson(&pending.Person, "person.pending", models.Audience{Workers: true})
		})
		if err != nil {
			t.Fatal(err)
		}
		volunteer := p.Worker(t, p.Micro)
		err = b.Store.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.RevokeRole(volunteer.Roles[0].ID); err != nil {
				return err
			}
			return tx.CreateRoles(models.Role{ID: tx.NewID(), PersonID: volunteer.PersonID, GridID: p.Community.ID,
				GridPath: p.Community.Path, Kind: models.RoleVolunteer, CreatedAt: tx.Now})
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			actor                          models.Actor
			micro, beside, community, city string
			between                        string // the ordinary grid
		}{
			"a resident sees her grid and the notices above": {
				p.Neighbour(t, p.Micro, "1-1-101", "张秀英", models.CareNone).Actor, "g", "-", "gn", "gn", "gn"},
			"who waits for approval sees only what names her": {pending.Actor, "", "-", "n", "n", "n"},
			"a worker sees both of her grid":                  {p.Worker(t, p.Micro), "gw", "-", "gn", "gn", "gn"},
			"a worker above sees all below":                   {p.Worker(t, p.Community), "gw", "gw", "gw", "gn", "gw"},
			"a volunteer follows, and sees what names him":    {volunteer, "", "", "gn", "gn", "gn"},
		} {
			got := opened(t, b, b.Session(t, c.actor))
			for grid, want := range map[models.ID]string{p.Micro.ID: c.micro, p.Beside.ID: c.beside,
				p.Community.ID: c.community, p.City.ID: c.city, *p.Micro.ParentID: c.between} {
				have, follows := got[grid]
				if !follows {
					have = "-"
				}
				if have != want {
					t.Errorf("%s: grid %s: %q, want %q", name, grid, have, want)
				}
			}
		}
	})
}

func TestAStreamFollowsAThousandGridsAtMostAndHerOwnFirst(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	err := b.Store.InTx(t.Context(), func(tx *store.Tx) error {
		var many []models.Grid
		for range 1100 {
			id := tx.NewID()
			many = append(many, models.Grid{ID: id, ParentID: &p.Community.ID, Code: id, Name: id, Level: models.LevelMicro,
				Tree: models.TreeTerritorial, Path: p.Community.Path + id + "/", CreatedAt: tx.Now})
		}
		return tx.CreateGrids(many)
	})
	if err != nil {
		t.Fatal(err)
	}
	got := opened(t, b, b.Session(t, p.Worker(t, p.Community)))
	_, own := got[p.Community.ID]
	_, city := got[p.City.ID]
	_, between := got[*p.Micro.ParentID]
	if len(got) != models.MaxFollowed || !own || !city || between {
		t.Fatalf("%d grids, own %v, city %v, one between %v", len(got), own, city, between)
	}
}

func TestAnEndedSessionOpensNothing(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	h := feed.New(feed.Options{Store: b.Store})
	gone := b.Session(t, p.Worker(t, p.Micro))
	if err := b.Store.InTx(t.Context(), func(tx *store.Tx) error { return tx.RevokeCredential(gone.CredentialID) }); err != nil {
		t.Fatal(err)
	}
	swapped := b.Session(t, p.Worker(t, p.Micro))
	swapped.PersonID = gone.PersonID
	for name, actor := range map[string]models.Actor{"revoked": gone, "another's": swapped, "none": {}} {
		if _, err := h.Open(t.Context(), actor); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s session: %v", name, err)
		}
	}
}

func TestATicketOpensOneStreamOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, b storetest.Bench) {
		p := b.Place(t)
		h := feed.New(feed.Options{Store: b.Store})
		actor := b.Session(t, p.Worker(t, p.Micro))
		ticket, err := h.IssueTicket(t.Context(), actor)
		if err != nil || !ticket.ExpiresAt.Equal(b.Clock.Now().Add(30*time.Second)) {
			t.Fatal(ticket, err)
		}
		const tries = 8
		answers := make(chan error, tries)
		for range tries {
			go func() {
				who, err := h.RedeemTicket(t.Context(), ticket.Ticket)
				if err == nil && (who.PersonID != actor.PersonID || who.CredentialID != actor.CredentialID) {
					t.Errorf("opens for %v", who)
				}
				answers <- err
			}()
		}
		won := 0
		for range tries {
			if err := <-answers; err == nil {
				won++
			} else if !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("a second try: %v", err)
			}
		}
		if won != 1 {
			t.Fatalf("%d of %d tries succeeded", won, tries)
		}
	})
}

func TestATicketIsRefusedWhenLateChangedOrNone(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	h := feed.New(feed.Options{Store: b.Store})
	actor := b.Session(t, p.Worker(t, p.Micro))
	other := b.Session(t, p.Worker(t, p.Beside))
	ticket, err := h.IssueTicket(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	secret := ticket.Ticket[:len(ticket.Ticket)-len(actor.CredentialID)]
	refused := []string{"", ".", "x", secret, secret + other.CredentialID, "A" + ticket.Ticket,
		actor.CredentialID, "." + actor.CredentialID, ticket.Ticket + " "}
	b.Clock.Add(30 * time.Second)
	refused = append(refused, ticket.Ticket) // too late
	for _, text := range refused {
		if who, err := h.RedeemTicket(t.Context(), text); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q opens for %v: %v", text, who.PersonID, err)
		}
	}
}

func TestTicketsAreFewAndOldOnesForgotten(t *testing.T) {
	t.Parallel()
	b := storetest.SQLite(t)
	p := b.Place(t)
	h := feed.New(feed.Options{Store: b.Store})
	actor := b.Session(t, p.Worker(t, p.Micro))
	var texts []string
	for i := range 17 {
		ticket, err := h.IssueTicket(t.Context(), actor)
		if wanted := i < 16; wanted != (err == nil) || !wanted && !fault.Is(err, fault.RateLimited) {
			t.Fatalf("ticket %d: %v", i, err)
		}
		texts = append(texts, ticket.Ticket)
	}
	if slices.Contains(texts[:16], texts[16]) {
		t.Fatal("the same ticket twice")
	}
	b.Clock.Add(31 * time.Second)
	if _, err := h.IssueTicket(t.Context(), actor); err != nil {
		t.Fatal(err)
	}
	var left []models.Credential
	err := b.Store.View(t.Context(), func(tx *store.Tx) error {
		return tx.Load(store.TicketsUnspent(actor.PersonID, time.Time{}, &left))
	})
	if err != nil || len(left) != 1 {
		t.Fatalf("%d tickets kept, %v", len(left), err)
	}
	if _, err := h.IssueTicket(t.Context(), models.Actor{}); !fault.Is(err, fault.Unauthenticated) {
		t.Fatalf("nobody got a ticket: %v", err)
	}
}
