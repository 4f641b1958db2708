package matching_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/matching"
	"linli/models"
)

// scarceStreet: two homes want six each, ten are there, and nobody is in a hurry.
func scarceStreet() *street {
	s := newStreet().home("a", 10, models.CareNone).home("b", 20, models.CareNone).home("giver", 30, models.CareNone)
	s.pool.Policy = matching.DefaultPolicy
	s.need("na", "a", paracetamol, 6)
	s.need("nb", "b", paracetamol, 6)
	s.lot("lot", "giver", paracetamol, 10)
	return s
}

func TestWindow_ScarceClassWaitsOnceAndIsThenSharedTogether(t *testing.T) {
	t.Parallel()
	s := scarceStreet()
	p := s.plan()
	expect(t, p, to{})
	closes := now.Add(matching.DefaultPolicy.Window)
	if len(p.Windows) != 1 || !p.Windows[0].ClosesAt.Equal(closes) || p.Windows[0].GridID != "grid" {
		t.Fatalf("windows %+v", p.Windows)
	}
	for _, need := range []models.ID{"na", "nb"} {
		if w := p.Open[need]; !slices.Equal(codes(w.Why), []string{"gathering"}) || !w.NextAt.Equal(closes) {
			t.Errorf("%s: %+v", need, w)
		}
	}
	// A second plan inside the window does not extend it.
	s.pool.Windows, s.pool.Now = p.Windows, now.Add(30*time.Second)
	if again := s.plan(); len(again.Matches) != 0 || !again.Windows[0].ClosesAt.Equal(closes) {
		t.Errorf("inside: %+v", again)
	}
	// Who asks later but needs more is planned with them when it closes.
	s.home("frail", 40, models.CareFrail).need("nc", "frail", paracetamol, 6).CreatedAt = now.Add(50 * time.Second)
	s.pool.Now = closes
	p = s.plan()
	if got := units(p); got[[2]models.ID{"nc", "lot"}] != 6 {
		t.Errorf("the frail got %v", got)
	}
	// The same shortage opens no second window; its end ends the row.
	if len(p.Windows) != 1 || !p.Windows[0].ClosesAt.Equal(closes) {
		t.Errorf("after: %+v", p.Windows)
	}
	s.pool.Lots[0].Remaining = 18
	if p = s.plan(); len(p.Windows) != 0 || len(p.Matches) != 3 {
		t.Errorf("enough for all: %+v", p)
	}
}

func TestWindow_WhatIsNeededNowPasses(t *testing.T) {
	t.Parallel()
	s := scarceStreet()
	s.pool.Needs[1].Urgency = models.UrgencyNow
	p := s.plan()
	expect(t, p, to{{"nb", "lot"}: 6})
	if !slices.Equal(codes(p.Open["na"].Why), []string{"gathering"}) {
		t.Errorf("%+v", p.Open)
	}
}

func TestWindow_EnoughOrOneHomeOpensNone(t *testing.T) {
	t.Parallel()
	s := scarceStreet()
	s.pool.Lots[0].Remaining = 12
	if p := s.plan(); len(p.Windows) != 0 || len(p.Matches) != 2 {
		t.Errorf("twelve for twelve: %+v", p)
	}
	s = scarceStreet()
	s.pool.Needs[1].HouseholdID = "a"
	if p := s.plan(); len(p.Windows) != 0 {
		t.Errorf("one home against itself: %+v", p.Windows)
	}
}

// wideStreet: a need whose grid has nothing, and the nodes above it.
func wideStreet(urgency models.Urgency, age time.Duration) *street {
	s := newStreet().home("a", 10, models.CareNone)
	n := s.need("n", "a", paracetamol, 6)
	n.Urgency, n.CreatedAt = urgency, now.Add(-age)
	s.pool.Grids = []models.Grid{{ID: "city", Level: models.LevelCity, Path: "c/"}, {ID: "town", Level: models.LevelTown, Path: "c/t/"},
		{ID: "general", Level: models.LevelGeneral, Path: "c/t/g/"}, {ID: "ordinary", Level: models.LevelOrdinary, Path: "c/t/g/o/"},
		{ID: "grid", Level: models.LevelMicro, Path: "c/t/g/o/m/"}, {ID: "next", Level: models.LevelMicro, Path: "c/t/g/o/n/"}}
	return s
}

func TestWiden_ByAgeToTheNarrowestNodeThatHasSome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		urgency models.Urgency
		age     time.Duration
		free    []string // nodes in which six tablets lie
		at      time.Time
		want    string
	}{
		{models.UrgencyNow, 4 * time.Minute, []string{"ordinary"}, now, ""},
		{models.UrgencyNow, 5 * time.Minute, []string{"ordinary"}, now, "ordinary"},
		{models.UrgencyNow, 5 * time.Minute, []string{"general"}, now, ""},
		{models.UrgencyNow, 15 * time.Minute, []string{"general"}, now, "general"},
		{models.UrgencyNow, 15 * time.Minute, []string{"ordinary", "general"}, now, "ordinary"},
		{models.UrgencyNow, 3 * time.Hour, nil, now, ""},
		{models.UrgencyToday, 3 * time.Hour, []string{"general"}, now, "general"},
		{models.UrgencyDays, 200 * time.Hour, []string{"city"}, now, ""}, // never beyond the town
		{models.UrgencyDays, 200 * time.Hour, []string{"town"}, now, "town"},
		{models.UrgencyToday, 30 * time.Hour, []string{"ordinary"}, now.Add(9 * time.Hour), ""}, // 23:00
		{models.UrgencyNow, 30 * time.Hour, []string{"ordinary"}, now.Add(9 * time.Hour), "ordinary"},
	} {
		s := wideStreet(c.urgency, c.age)
		s.pool.Needs[0].CreatedAt, s.pool.Now = c.at.Add(-c.age), c.at
		for _, grid := range c.free {
			s.pool.Elsewhere = append(s.pool.Elsewhere, matching.Free{GridID: grid, Item: paracetamol, Units: 6})
		}
		got := ""
		p := s.plan()
		for _, w := range p.Widen {
			got += w.ToGridID
		}
		if got != c.want {
			t.Errorf("%s after %v with %v: %q, want %q", c.urgency, c.age, c.free, got, c.want)
		}
		if widened := slices.Contains(codes(p.Open["n"].Why), "widened"); widened != (c.want != "") {
			t.Errorf("%s after %v: told %v", c.urgency, c.age, codes(p.Open["n"].Why))
		}
	}
}

func TestWiden_AWidenedNeedGetsWhatLiesThereAndNobodyElseDoes(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyNow, time.Hour).home("far", 900, models.CareNone).home("b", 20, models.CareAlone)
	l := s.lot("lot", "far", paracetamol, 10)
	l.GridID = "next"
	s.need("other", "b", paracetamol, 6)
	expect(t, s.plan(), to{})
	s.pool.Needs[0].Reach = "c/t/g/o/"
	expect(t, s.plan(), to{{"n", "lot"}: 6})
	s.pool.Needs[0].Reach = "c/t/g/x/"
	expect(t, s.plan(), to{})
}

func TestWiden_StopsWhereItHasBeen(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyNow, 10*time.Minute)
	s.pool.Elsewhere = []matching.Free{{GridID: "ordinary", Item: paracetamol, Units: 6}}
	s.pool.Needs[0].Reach = "c/t/g/o/"
	if p := s.plan(); len(p.Widen) != 0 {
		t.Errorf("%+v", p.Widen)
	}
}

// neighbours who may be asked, further and further away.
func (s *street) neighbours(n int) *street {
	for i := range n {
		id := fmt.Sprintf("home%02d", i)
		s.home(id, float64(100+10*i), models.CareNone)
		s.pool.Neighbours = append(s.pool.Neighbours, matching.Neighbour{PersonID: "p" + id, HouseholdID: id, GridID: "grid"})
	}
	return s
}

func people(p matching.Plan) string {
	var all []string
	for _, a := range p.Asks {
		all = append(all, strings.TrimPrefix(a.PersonID, "phome"))
	}
	return strings.Join(all, " ")
}

func TestAsk_AFewLikelyOnesNearestFirst(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyToday, 0).neighbours(12)
	s.pool.Neighbours[9].Had = []models.ItemID{paracetamol}
	p := s.plan()
	if got := people(p); got != "09 00 01" {
		t.Errorf("asked %q", got)
	}
	a := p.Asks[0]
	if a.NeedID != "n" || a.Units != 6 || a.State != models.AskOpen || !a.DueAt.Equal(now.Add(matching.DefaultPolicy.AskPatience)) {
		t.Errorf("%+v", a)
	}
	if why := p.Open["n"].Why; !slices.Contains(codes(why), "asked") || !p.Open["n"].NextAt.Equal(a.DueAt) {
		t.Errorf("%+v", p.Open["n"])
	}
	// Who says no, and who is silent, is replaced; who still thinks is not.
	asks := p.Asks
	asks[0].State = models.AskNo
	asks[1].DueAt = now
	s.pool.Asks = asks
	if got := people(s.plan()); got != "02 03" {
		t.Errorf("replaced by %q", got)
	}
}

func TestAsk_NeverMoreThanSevenAtOnceNorBeyondABudget(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyNow, 0).neighbours(12)
	for i := range 5 {
		s.pool.Neighbours[i].AskedToday = matching.DefaultPolicy.AsksPerDay
	}
	if got := people(s.plan()); got != "05 06 07 08 09 10 11" {
		t.Errorf("asked %q", got)
	}
	// Two needs share the budget of everybody.
	s = wideStreet(models.UrgencyNow, 0).home("b", 20, models.CareNone).neighbours(2)
	s.need("n2", "b", lianhua, 4).Urgency = models.UrgencyNow
	for i := range s.pool.Neighbours {
		s.pool.Neighbours[i].AskedToday = matching.DefaultPolicy.AsksPerDay - 1
	}
	if p := s.plan(); len(p.Asks) != 2 {
		t.Errorf("asked %+v", p.Asks)
	}
}

func TestAsk_SevenInAllAndThenItIsTheWorkersTurn(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyToday, 0).neighbours(12)
	for i := range 6 {
		s.pool.Asks = append(s.pool.Asks, models.Ask{NeedID: "n", HouseholdID: fmt.Sprintf("home%02d", i), State: models.AskSilent})
	}
	if got := people(s.plan()); got != "06" {
		t.Errorf("after six: %q", got)
	}
	s.pool.Asks = append(s.pool.Asks, models.Ask{NeedID: "n", HouseholdID: "home06", State: models.AskNo})
	if p := s.plan(); len(p.Asks) != 0 || !slices.Contains(codes(p.Open["n"].Why), "worker_next") {
		t.Errorf("after seven: %q, %v", people(p), codes(p.Open["n"].Why))
	}
}

func TestAsk_WhoSaidNoIsNotAskedForTheSameByOthers(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyToday, 0).neighbours(6)
	s.pool.Neighbours[0].SaidNo = []models.ItemID{paracetamol}
	s.pool.Neighbours[1].SaidNo = []models.ItemID{anyFever} // the class of it
	s.pool.Neighbours[2].SaidNo = []models.ItemID{lianhua}
	s.pool.Neighbours = append(s.pool.Neighbours, matching.Neighbour{PersonID: "spouse", HouseholdID: "home00", GridID: "grid"})
	if got := people(s.plan()); got != "02 03 04" {
		t.Errorf("asked %q", got)
	}
}

func TestAsk_AtNightOnlyWhoSaidSoAndOnlyForNow(t *testing.T) {
	t.Parallel()
	night := now.Add(10 * time.Hour) // 00:00 in Shanghai
	for urgency, want := range map[models.Urgency]string{models.UrgencyNow: "03", models.UrgencyToday: ""} {
		s := wideStreet(urgency, 0).neighbours(6)
		s.pool.Neighbours[3].AtNight = true
		s.pool.Now, s.pool.Needs[0].CreatedAt = night, night
		if got := people(s.plan()); got != want {
			t.Errorf("%s: asked %q, want %q", urgency, got, want)
		}
	}
}

func TestAsk_NotWhereALotFitsNorOneselfNorTwiceInAHome(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyNow, 0).neighbours(2)
	s.pool.Neighbours = append(s.pool.Neighbours, matching.Neighbour{PersonID: "self", HouseholdID: "a", GridID: "grid"},
		matching.Neighbour{PersonID: "spouse", HouseholdID: "home00", GridID: "grid"},
		matching.Neighbour{PersonID: "stranger", HouseholdID: "x", GridID: "next"})
	if got := people(s.plan()); got != "00 01" {
		t.Errorf("asked %q", got)
	}
	s.home("giver", 30, models.CareNone).lot("lot", "giver", paracetamol, 2)
	if p := s.plan(); people(p) != "00 01" || p.Asks[0].Units != 4 || p.Asks[0].ItemID != paracetamol {
		t.Errorf("for the four that are missing: %+v", p.Asks)
	}
	s.pool.Lots[0].Remaining = 6
	if p := s.plan(); len(p.Asks) != 0 {
		t.Errorf("asked %q though a lot fits", people(p))
	}
}

func TestShares_CountWhatHouseholdsAskedAndGot(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 10, models.CareNone).home("giver", 30, models.CareNone)
	s.need("n", "a", paracetamol, 6)
	s.lot("lot", "giver", paracetamol, 4)
	s.past("old", "l0", "a", "giver", lianhua, 3, models.MatchGiven, time.Hour)
	want := []matching.Share{{GridID: "grid", HouseholdID: "a", Asked: 6, Received: 3, Proposed: 4}}
	if p := s.plan(); !slices.Equal(p.Shares, want) {
		t.Errorf("%+v", p.Shares)
	}
}

func TestPlan_AWorkersWordStandsAboveADeclaredUrgency(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 10, models.CareNone).home("b", 20, models.CareNone).home("giver", 30, models.CareNone)
	s.need("declared", "a", paracetamol, 6).Urgency = models.UrgencyNow
	worker := models.ID("worker")
	s.need("seen", "b", paracetamol, 6).ConfirmedBy = &worker
	s.lot("lot", "giver", paracetamol, 6)
	expect(t, s.plan(), to{{"seen", "lot"}: 6})
}

func TestPolicy_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := matching.PolicyFile
	if _, err := matching.ParsePolicy(good); err != nil {
		t.Fatal(err)
	}
	for bad, want := range map[string]string{
		strings.Replace(good, "asks_at_once\t7", "asks_at_once\t8", 1):     "asks_at_once",
		strings.Replace(good, "window\t60s", "window\tsoon", 1):            "window",
		strings.Replace(good, "widen_now\t5m,15m", "widen_now\t15m,5m", 1): "widen_now",
		strings.Replace(good, "quiet_from\t21\t", "quiet_from\t21.5\t", 1): "quiet_from",
		strings.Replace(good, "near_metres", "near_meters", 1):             "near_meters",
		good + "\nwindow\t60s": "twice",
		"":                     "missing",
	} {
		if _, err := matching.ParsePolicy(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestWiden_NextStepIsToldBeforeTheWorkersCall(t *testing.T) {
	t.Parallel()
	s := wideStreet(models.UrgencyNow, 0)
	if at := s.plan().Open["n"].NextAt; !at.Equal(now.Add(5 * time.Minute)) {
		t.Errorf("next at %v", at)
	}
	// In the quiet hours what can wait, waits for the morning.
	night := now.Add(8 * time.Hour) // 22:00 in Shanghai
	s = wideStreet(models.UrgencyToday, 0)
	s.pool.Now, s.pool.Needs[0].CreatedAt = night, night
	if at := s.plan().Open["n"].NextAt; !at.Equal(now.Add(18 * time.Hour)) {
		t.Errorf("next at %v, want eight in the morning", at)
	}
	// So does a step that came due in them, which is behind by now.
	s.pool.Needs[0].CreatedAt = night.Add(-9 * time.Hour)
	if at := s.plan().Open["n"].NextAt; !at.Equal(now.Add(18 * time.Hour)) {
		t.Errorf("next at %v, want eight in the morning", at)
	}
}
