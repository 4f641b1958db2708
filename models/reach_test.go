package models_test

import (
	"slices"
	"testing"
	"time"

	"linli/models"
)

func TestActor_ReachesItsGridAndWhatLiesBelow(t *testing.T) {
	t.Parallel()
	const city, town, micro = "51/", "51/07/", "51/07/01/02/007/"
	on := func(kind models.RoleKind, path string) models.Actor {
		return models.Actor{Roles: []models.Role{{Kind: kind, GridPath: path}}}
	}
	for name, c := range map[string]struct {
		actor models.Actor
		path  string
		want  bool
	}{
		"the grid itself":          {on(models.RoleWorker, micro), micro, true},
		"below":                    {on(models.RoleWorker, city), micro, true},
		"above":                    {on(models.RoleWorker, micro), town, false},
		"beside":                   {on(models.RoleWorker, micro), "51/07/01/02/008/", false},
		"a code that begins so":    {on(models.RoleWorker, "51/07/"), "51/071/", false},
		"a code that ends so":      {on(models.RoleWorker, "07/"), "51/07/", false},
		"another kind":             {on(models.RoleResident, micro), micro, false},
		"no kind":                  {on("", micro), micro, false},
		"a role of nowhere":        {on(models.RoleWorker, ""), micro, false},
		"a path of nowhere":        {on(models.RoleWorker, micro), "", false},
		"nobody":                   {models.Actor{}, micro, false},
		"the sweep":                {models.Actor{System: true}, micro, true},
		"one of several":           {models.Actor{Roles: []models.Role{{Kind: models.RoleResident, GridPath: micro}, {Kind: models.RoleLeader, GridPath: town}}}, micro, true},
		"the right kind elsewhere": {models.Actor{Roles: []models.Role{{Kind: models.RoleResident, GridPath: micro}, {Kind: models.RoleLeader, GridPath: "52/"}}}, micro, false},
	} {
		if got := c.actor.Works(c.path); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if on(models.RoleWorker, micro).Reaches(micro) {
		t.Error("without a kind nothing is reached")
	}
	if !on(models.RoleOperator, city).Reaches(micro, models.RoleDoctor, models.RoleOperator) {
		t.Error("one kind of several is enough")
	}
}

func TestActor_LivesWhereAnApprovedHouseholdIs(t *testing.T) {
	t.Parallel()
	home := models.Actor{GridID: "g", HouseholdID: "h", State: models.PersonApproved}
	staff, pending, left := home, home, home
	staff.HouseholdID, pending.State, left.State = "", models.PersonPending, models.PersonLeft
	for name, c := range map[string]struct {
		actor models.Actor
		grid  models.ID
		want  bool
	}{"at home": {home, "g", true}, "elsewhere": {home, "x", false}, "nowhere": {models.Actor{State: models.PersonApproved, HouseholdID: "h"}, "", false},
		"staff": {staff, "g", false}, "pending": {pending, "g", false}, "left": {left, "g", false}} {
		if got := c.actor.LivesIn(c.grid); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestGrid_KnowsWhatIsAboveIt(t *testing.T) {
	t.Parallel()
	g := models.Grid{Path: "51/07/008/"}
	if got := g.AncestorPaths(); !slices.Equal(got, []string{"51/", "51/07/", "51/07/008/"}) {
		t.Errorf("%v", got)
	}
	for path, want := range map[string]bool{"51/": true, "51/07/008/": true, "51/07/008/1/": false, "07/": false, "": false} {
		if g.Within(path) != want {
			t.Errorf("within %q: %v", path, !want)
		}
	}
	if got := (models.Grid{}).AncestorPaths(); len(got) != 0 {
		t.Errorf("%v", got)
	}
	for want, h := range map[string]models.Household{"501": {Room: "501"}, "2单元 501": {Unit: "2", Room: "501"}, "2单元": {Unit: "2"}, "": {}} {
		if got := h.Door(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// TestFollowedGrid_ShowsAnEventOnlyToItsAudience: every audience to every reach.
func TestFollowedGrid_ShowsAnEventOnlyToItsAudience(t *testing.T) {
	t.Parallel()
	named := models.Audience{Persons: []models.ID{"other", "me"}}
	for _, c := range []struct {
		to                               models.Audience
		nobody, resident, worker, notice bool
	}{
		{models.Audience{}, false, false, false, false},
		{models.Audience{Grid: true}, false, true, false, false},
		{models.Audience{Workers: true}, false, false, true, false},
		{models.Audience{Grid: true, Workers: true}, false, true, true, false},
		{models.Audience{Persons: []models.ID{"other", ""}}, false, false, false, false},
		{named, true, true, true, false},
	} {
		e := models.Event{Thing: models.ThingNeed, Audience: c.to}
		for name, g := range map[string]struct {
			models.FollowedGrid
			want bool
		}{"nobody": {models.FollowedGrid{}, c.nobody}, "resident": {models.FollowedGrid{OfGrid: true}, c.resident},
			"worker": {models.FollowedGrid{Worker: true}, c.worker}, "above": {models.FollowedGrid{OfGrid: true, Worker: true, NoticesOnly: true}, c.notice}} {
			if got := g.Sees("me", e); got != g.want {
				t.Errorf("%+v to %s: %v", c.to, name, got)
			}
		}
	}
	notice := models.Event{Thing: models.ThingNotice, Audience: models.Audience{Grid: true}}
	if !(models.FollowedGrid{OfGrid: true, NoticesOnly: true}).Sees("me", notice) {
		t.Error("a notice from above is not seen")
	}
}

func TestReasonsFor_KeepHealthFromNeighbours(t *testing.T) {
	t.Parallel()
	reasons := []models.Reason{{Code: "nearest", Readers: []models.Reader{models.ReaderAll}}, {Code: "elder_alone", Readers: []models.Reader{models.ReaderReceiver, models.ReaderWorker}},
		{Code: "ledger", Readers: []models.Reader{models.ReaderWorker}}, {Code: "nobody"}}
	for who, want := range map[models.Reader][]string{models.ReaderAll: {"nearest"}, models.ReaderReceiver: {"nearest", "elder_alone"},
		models.ReaderWorker: {"nearest", "elder_alone", "ledger"}, "stranger": {"nearest"}} {
		got := []string{}
		for _, r := range models.ReasonsFor(reasons, who) {
			got = append(got, r.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s reads %v", who, got)
		}
	}
	if got := models.ReasonsFor(nil, models.ReaderAll); got == nil {
		t.Error("no reasons are an empty list, not null")
	}
}

func TestGranted_TheLastAnswerCountsAndAMatchAnswersForItself(t *testing.T) {
	t.Parallel()
	match := "m"
	held := models.Granted([]models.Consent{{Kind: models.ConsentHealth, Granted: true}, {Kind: models.ConsentBoard, Granted: true},
		{Kind: models.ConsentBoard}, {Kind: models.ConsentContact, MatchID: &match, Granted: true}, {Kind: models.ConsentHealth, MatchID: &match}})
	if !held[models.ConsentHealth] || held[models.ConsentBoard] || held[models.ConsentContact] || held[models.ConsentTerms] {
		t.Errorf("%v", held)
	}
}

func TestCredential_OpensUntilItsTimeOrItsEnd(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 18, 12, 0, 0, 0, time.UTC)
	later := now.Add(time.Nanosecond)
	for name, c := range map[string]struct {
		credential models.Credential
		want       bool
	}{"without end": {models.Credential{}, true}, "before its end": {models.Credential{ExpiresAt: &later}, true}, "at its end": {models.Credential{ExpiresAt: &now}, false},
		"revoked": {models.Credential{RevokedAt: &now}, false}, "revoked later": {models.Credential{RevokedAt: &later, ExpiresAt: &later}, false}} {
		if got := c.credential.Live(now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAgeBands_RiseAndAnUnknownOneIsNoAge(t *testing.T) {
	t.Parallel()
	last := -1
	for _, band := range models.AgeBands {
		if m := band.Months(); m <= last {
			t.Errorf("%s begins at %d months, not after %d", band, m, last)
		} else {
			last = m
		}
	}
	for _, none := range []models.AgeBand{"", "adults", "ADULT", "１y", "老人"} {
		if none.Months() != -1 {
			t.Errorf("%q is %d months", none, none.Months())
		}
	}
}

func TestMetres_AreThoseOfAWalk(t *testing.T) {
	t.Parallel()
	const lat, lon = 30.70, 103.53
	for name, c := range map[string]struct{ toLat, toLon, metres float64 }{
		"nowhere": {lat, lon, 0}, "a hundredth of a degree north": {lat + 0.01, lon, 1445.5}, "half the world": {-lat, lon - 180, 26_020_000},
	} {
		there, back := models.Metres(lat, lon, c.toLat, c.toLon), models.Metres(c.toLat, c.toLon, lat, lon)
		if there != back || float64(there) < c.metres*0.995-1 || float64(there) > c.metres*1.005+1 {
			t.Errorf("%s: %d and %d, not %.0f", name, there, back, c.metres)
		}
	}
}
