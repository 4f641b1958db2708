package matching_test

import (
	"slices"
	"testing"
	"time"

	"linli/matching"
	"linli/models"
)

var now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC) // 14:00 in Shanghai

// street builds pools of one micro-grid.
type street struct{ pool matching.Pool }

func newStreet() *street {
	// Windows have tests of their own: here everything is planned at once.
	policy := matching.DefaultPolicy
	policy.WindowHomes = 1000
	s := &street{matching.Pool{Now: now, Scope: "grid", Policy: policy}}
	s.pool.Relays = []models.RelayPoint{{ID: "relay", GridID: "grid", ServesID: "grid", State: models.RelayOpen, Lat: 30.6300, Lon: 103.6700}}
	return s
}

// home adds a household so many metres east of the corner.
func (s *street) home(id models.ID, metres float64, care models.Care) *street {
	s.pool.Households = append(s.pool.Households, models.Household{ID: id, GridID: "grid", Care: care,
		Lat: 30.63, Lon: 103.67 + metres/95_800})
	return s
}

// need adds a line of an elder who has answered everything.
func (s *street) need(id, home models.ID, item models.ItemID, units int) *models.Need {
	n := models.Need{ID: id, GridID: "grid", HouseholdID: home, ItemID: item, Requested: units, Open: units,
		State: models.NeedOpen, Urgency: models.UrgencyToday, CreatedAt: now,
		Patient: models.Patient{Age: models.AgeElder, Answers: forFever()}}
	s.pool.Needs = append(s.pool.Needs, n)
	return &s.pool.Needs[len(s.pool.Needs)-1]
}

func (s *street) lot(id, home models.ID, item models.ItemID, units int) *models.Lot {
	l := box(item, units)
	l.ID, l.GridID, l.HouseholdID, l.CreatedAt = id, "grid", home, now
	s.pool.Lots = append(s.pool.Lots, l)
	return &s.pool.Lots[len(s.pool.Lots)-1]
}

// past adds a match of before.
func (s *street) past(need, lot, to, from models.ID, item models.ItemID, units int, state models.MatchState, ago time.Duration) {
	s.pool.Received = append(s.pool.Received, models.Match{ID: need + lot, NeedID: need, LotID: lot, GridID: "grid",
		ReceiverHouseholdID: to, GiverHouseholdID: from, ItemID: item, Quantity: units, State: state, CreatedAt: now.Add(-ago)})
}

func (s *street) plan() matching.Plan { return matcher().Plan(s.pool) }

// units of the plan by need and lot.
func units(p matching.Plan) map[[2]models.ID]int {
	all := map[[2]models.ID]int{}
	for _, m := range p.Matches {
		all[[2]models.ID{m.NeedID, m.LotID}] += m.Units
	}
	return all
}

func expect(t *testing.T, p matching.Plan, want map[[2]models.ID]int) {
	t.Helper()
	got := units(p)
	if len(got) != len(want) {
		t.Errorf("plan %v, want %v", got, want)
		return
	}
	for pair, n := range want {
		if got[pair] != n {
			t.Errorf("plan %v, want %v", got, want)
			return
		}
	}
}

type to = map[[2]models.ID]int

// The story of issue 2: 张婆婆, 72, lives alone, asks 退烧药 ×6; two doors away
// lies a sealed blister of ten.
func TestPlan_TheStory(t *testing.T) {
	t.Parallel()
	s := newStreet().home("zhang", 100, models.CareAlone).home("wang", 280, models.CareNone)
	s.need("need", "zhang", anyFever, 6)
	s.lot("lot", "wang", paracetamol, 10)
	p := s.plan()
	expect(t, p, to{{"need", "lot"}: 6})
	if len(p.Matches) != 1 || len(p.Open) != 0 || p.PolicyVersion == "" || p.CatalogueVersion == "" {
		t.Fatalf("%+v", p)
	}
	m := p.Matches[0]
	if !m.Agreed || m.Substitute || m.RelayID == nil || *m.RelayID != "relay" {
		t.Errorf("%+v", m)
	}
	mine, his := codes(models.ReasonsFor(m.Reasons, models.ReaderReceiver)), codes(models.ReasonsFor(m.Reasons, "giver"))
	if want := []string{"near", "elder_alone", "first_of_home"}; !slices.Equal(mine, want) {
		t.Errorf("she reads %v, want %v", mine, want)
	}
	if want := []string{"near"}; !slices.Equal(his, want) {
		t.Errorf("he reads %v, want %v", his, want)
	}
	if m.Reasons[0].Args["metres"] != "180" {
		t.Errorf("near %v", m.Reasons[0].Args)
	}
}

func TestPlan_TwoRequestsForOneBlister(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("b", 50, models.CareAlone).home("giver", 100, models.CareNone)
	s.need("na", "a", paracetamol, 6).Urgency = models.UrgencyNow
	s.need("nb", "b", paracetamol, 6).Urgency = models.UrgencyDays
	s.lot("lot", "giver", paracetamol, 10)
	p := s.plan()
	// The ledger comes above what is declared.
	expect(t, p, to{{"nb", "lot"}: 6, {"na", "lot"}: 4})
	if w := p.Open["na"]; !slices.Equal(codes(w.Why), []string{"part", "worker_next"}) || w.Why[0].Args["got"] != "4" || w.Why[0].Args["open"] != "2" {
		t.Errorf("%+v", w)
	}
}

func TestPlan_PartsFromTwoNeighbours(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 900, models.CareNone)
	s.need("n", "a", paracetamol, 10)
	s.lot("near", "x", paracetamol, 4)
	s.lot("far", "y", paracetamol, 9)
	expect(t, s.plan(), to{{"n", "near"}: 4, {"n", "far"}: 6})
}

// First the small pack for everybody: one day of paracetamol is four tablets.
func TestPlan_FirstPackForAllBeforeASecondForAny(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("b", 800, models.CareNone).home("c", 900, models.CareNone).home("giver", 10, models.CareNone)
	s.need("na", "a", paracetamol, 12)
	s.need("nb", "b", paracetamol, 12)
	s.need("nc", "c", anyFever, 12)
	s.lot("lot", "giver", paracetamol, 12)
	expect(t, s.plan(), to{{"na", "lot"}: 4, {"nb", "lot"}: 4, {"nc", "lot"}: 4})

	// Who received a first pack this week already has had it.
	s.pool.Lots[0].Remaining = 8
	s.past("old", "oldlot", "a", "giver2", paracetamol, 4, models.MatchGiven, 48*time.Hour)
	expect(t, s.plan(), to{{"nb", "lot"}: 4, {"nc", "lot"}: 4})
}

func TestPlan_OneFirstPackPerHouseholdAndClass(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 10, models.CareNone).home("b", 800, models.CareNone).home("giver", 0, models.CareNone)
	s.need("na1", "a", paracetamol, 4)
	s.need("na2", "a", anyFever, 4)
	s.need("nb", "b", paracetamol, 4)
	s.lot("lot", "giver", paracetamol, 8)
	expect(t, s.plan(), to{{"na1", "lot"}: 4, {"nb", "lot"}: 4})
}

func TestPlan_WaitingRaisesRank(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("b", 900, models.CareNone).home("giver", 10, models.CareNone)
	s.need("urgent", "a", paracetamol, 4).Urgency = models.UrgencyNow
	s.need("patient", "b", paracetamol, 4).Urgency = models.UrgencyDays
	s.lot("lot", "giver", paracetamol, 4)
	expect(t, s.plan(), to{{"urgent", "lot"}: 4})
	s.pool.Needs[1].CreatedAt = now.Add(-18 * time.Hour)
	expect(t, s.plan(), to{{"patient", "lot"}: 4})
}

// By need, not by speed: within ten minutes the nearer one is as early.
func TestPlan_SecondsDoNotCount(t *testing.T) {
	t.Parallel()
	s := newStreet().home("near", 0, models.CareNone).home("far", 900, models.CareNone).home("giver", 10, models.CareNone)
	s.need("late", "near", paracetamol, 4)
	s.need("early", "far", paracetamol, 4).CreatedAt = now.Add(-5 * time.Minute)
	s.lot("lot", "giver", paracetamol, 4)
	expect(t, s.plan(), to{{"late", "lot"}: 4})
	s.pool.Needs[1].CreatedAt = now.Add(-15 * time.Minute)
	expect(t, s.plan(), to{{"early", "lot"}: 4})
}

func TestPlan_LeastTrouble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]func(s *street, better, worse *models.Lot){
		"the nearer":           func(s *street, _, worse *models.Lot) { worse.HouseholdID = "far" },
		"the sooner to expire": func(s *street, better, _ *models.Lot) { better.ExpiresOn = "2027-03-31" },
		"the box":              func(s *street, better, _ *models.Lot) { inBox(better) },
		"who has not given yet": func(s *street, _, worse *models.Lot) {
			s.past("old", "oldlot", "elsewhere", worse.HouseholdID, antigen, 1, models.MatchGiven, time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 100, models.CareNone).home("far", 600, models.CareNone)
			s.need("n", "a", paracetamol, 4)
			s.lot("a-worse", "x", paracetamol, 10)
			s.lot("b-better", "y", paracetamol, 10)
			c(s, &s.pool.Lots[1], &s.pool.Lots[0])
			expect(t, s.plan(), to{{"n", "b-better"}: 4})
		})
	}
}

func inBox(l *models.Lot) {
	relay := models.ID("relay")
	l.Place, l.RelayID = models.PlaceBox, &relay
}

// A need is not split between neighbours who are as near as each other.
func TestPlan_FewParcels(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("b", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 110, models.CareNone)
	s.need("na", "a", paracetamol, 6)
	s.need("nb", "b", paracetamol, 6)
	s.lot("lx", "x", paracetamol, 10)
	s.lot("ly", "y", paracetamol, 10)
	if p := s.plan(); len(p.Matches) != 2 || len(p.Open) != 0 {
		t.Errorf("%v", units(p))
	}
}

// One line gets one member of its class: two cold remedies hold the same
// ingredients.
func TestPlan_OneLineGetsOneItem(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 200, models.CareNone)
	n := s.need("n", "a", anyFever, 6)
	n.Patient = models.Patient{Age: models.AgeAdult, Answers: forFever()}
	s.lot("few", "x", paracetamol, 2)
	s.lot("more", "y", ibuprofen, 5)
	p := s.plan()
	expect(t, p, to{{"n", "more"}: 5})

	// What was begun is gone on with.
	s.past("n", "begun", "a", "z", paracetamol, 1, models.MatchAgreed, time.Minute)
	expect(t, s.plan(), to{{"n", "few"}: 2})
}

func TestPlan_Ceiling(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 200, models.CareNone)
	s.need("n1", "a", paracetamol, 8)
	s.need("n2", "a", anyFever, 8)
	s.lot("l1", "x", paracetamol, 10)
	s.lot("l2", "y", paracetamol, 10)
	sum := func(p matching.Plan) (n int) {
		for _, m := range p.Matches {
			n += m.Units
		}
		return n
	}
	if got := sum(s.plan()); got != 12 {
		t.Errorf("a household gets %d tablets, want 12", got)
	}
	s.past("old", "oldlot", "a", "z", paracetamol, 9, models.MatchGiven, 6*24*time.Hour)
	if got := sum(s.plan()); got != 3 {
		t.Errorf("with nine this week it gets %d, want 3", got)
	}
	s.past("old2", "oldlot2", "a", "z", paracetamol, 3, models.MatchAgreed, time.Hour)
	p := s.plan()
	if sum(p) != 0 || codes(p.Open["n1"].Why)[0] != "ceiling_reached" {
		t.Errorf("%v %+v", units(p), p.Open)
	}
	for i := range s.pool.Received {
		s.pool.Received[i].State, s.pool.Received[i].CreatedAt = models.MatchGiven, now.Add(-8*24*time.Hour)
	}
	if got := sum(s.plan()); got != 12 {
		t.Errorf("after a week it gets %d, want 12", got)
	}
}

func TestPlan_SaysWhyNotYet(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareAlone).home("b", 0, models.CareNone).home("x", 100, models.CareNone)
	s.need("alone", "a", paracetamol, 4)
	s.need("second", "b", paracetamol, 4)
	s.need("nothing", "b", lianhua, 4).Patient.Answers = no("hypertension", "g6pd", "taking:EPH", "taking:GLY")
	s.need("held", "b", antigen, 1).Held = true
	s.need("unasked", "b", smectite, 1).Patient = models.Patient{}
	s.need("own", "x", paracetamol, 2)
	s.need("now", "b", kn95, 1).Urgency = models.UrgencyNow
	s.lot("lot", "x", paracetamol, 4)
	s.lot("test", "x", antigen, 4)
	s.pool.Elsewhere = []matching.Free{{GridID: "above", Item: lianhua, Units: 3}, {GridID: "above", Item: paracetamol, Units: 0}}
	p := s.plan()
	expect(t, p, to{{"alone", "lot"}: 4})
	for need, want := range map[models.ID][]string{
		"second":  {"queue", "worker_next"},
		"nothing": {"none_nearby", "elsewhere", "worker_next"},
		"held":    {"held"},
		"unasked": {"needs_answer"},
		"own":     {"none_nearby", "worker_next"},
	} {
		if got := codes(p.Open[need].Why); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", need, got, want)
		}
		if at := p.Open[need].NextAt; at == nil || !at.After(now) {
			t.Errorf("%s: next at %v", need, at)
		}
	}
	if q := p.Open["second"].Why[0]; q.Args["ahead"] != "1" || q.Args["place"] != "2" || q.ReadableBy(models.ReaderAll) {
		t.Errorf("%+v", q)
	}
	// The worker contacts her at noon in Shanghai, or within the hour.
	for need, want := range map[models.ID][2]time.Time{
		"second": {time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)},
		"now":    {now.Add(time.Hour), now.Add(time.Hour)},
	} {
		why := p.Open[need].Why
		if at := why[len(why)-1].Args["at"]; at != want[1].Format(time.RFC3339) {
			t.Errorf("%s: worker at %v", need, at)
		}
		if at := p.Open[need].NextAt; !at.Equal(want[0]) {
			t.Errorf("%s: next at %v", need, at)
		}
	}
}

func TestPlan_NeverPairsAgainWhatWasRefused(t *testing.T) {
	t.Parallel()
	for state, again := range map[models.MatchState]bool{
		models.MatchProposed: false, models.MatchAgreed: false, models.MatchMoving: false, models.MatchReady: false,
		models.MatchDeclined: false, models.MatchLapsed: false, models.MatchRefused: false, models.MatchReturned: false,
		models.MatchCancelled: false, models.MatchGiven: true,
	} {
		s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone)
		s.need("n", "a", paracetamol, 4)
		s.lot("lot", "x", paracetamol, 4)
		s.past("n", "lot", "a", "x", paracetamol, 1, state, time.Hour)
		if got := len(s.plan().Matches) > 0; got != again {
			t.Errorf("%s: matched again %v", state, got)
		}
	}
}

func TestPlan_SubstituteOnlyWhereNothingExactLies(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 100, models.CareNone)
	n := s.need("n", "a", ibuprofen, 4)
	s.lot("other", "x", paracetamol, 10)
	p := s.plan()
	expect(t, p, to{{"n", "other"}: 4})
	if m := p.Matches[0]; !m.Substitute || m.Agreed || !slices.Contains(codes(m.Reasons), "substitute") {
		t.Errorf("%+v", m)
	}
	for name, spoil := range map[string]func(){
		"a child":       func() { n.Patient.Age = models.Age6To11Years },
		"a teen":        func() { n.Patient.Age = models.Age12To17Years },
		"nursing":       func() { n.Patient.Answers["nursing"] = models.Yes },
		"drinking":      func() { n.Patient.Answers["alcohol"] = models.Yes },
		"a cold remedy": func() { n.Patient.Answers["taking:APAP"] = models.Yes },
		"said no before": func() {
			s.past("n", "before", "a", "x", paracetamol, 4, models.MatchDeclined, time.Hour)
			s.pool.Received[0].Substitute = true
		},
		"an exact lot": func() { s.lot("exact", "y", ibuprofen, 1) },
	} {
		lots := s.pool.Lots
		n.Patient = models.Patient{Age: models.AgeElder, Answers: forFever()}
		s.pool.Received = nil
		spoil()
		for _, m := range s.plan().Matches {
			if m.Substitute {
				t.Errorf("%s: substitute proposed", name)
			}
		}
		s.pool.Lots = lots
	}
}

func TestPlan_StaysInItsGrid(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone)
	s.need("n", "a", paracetamol, 4)
	s.lot("lot", "x", paracetamol, 4).GridID = "next"
	expect(t, s.plan(), to{})

	// The box of a relay point that serves the grid is its own, wherever it stands.
	relay := models.ID("wide")
	s.pool.Relays = append(s.pool.Relays, models.RelayPoint{ID: relay, GridID: "next", ServesID: "above", State: models.RelayOpen})
	s.pool.Lots[0].Place, s.pool.Lots[0].RelayID = models.PlaceBox, &relay
	p := s.plan()
	expect(t, p, to{{"n", "lot"}: 4})
	if *p.Matches[0].RelayID != relay {
		t.Errorf("relay %s", *p.Matches[0].RelayID)
	}
	other := models.ID("unknown")
	s.pool.Lots[0].RelayID = &other
	expect(t, s.plan(), to{})
}

func TestPlan_ChoosesTheNearestOpenRelayPoint(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 500, models.CareNone).home("x", 100, models.CareNone)
	s.need("n", "a", paracetamol, 4)
	s.lot("lot", "x", paracetamol, 4)
	near := s.pool.Relays[0]
	near.ID, near.Lon = "near", 103.67+450/95_800.0
	s.pool.Relays = append(s.pool.Relays, near)
	if id := s.plan().Matches[0].RelayID; id == nil || *id != "near" {
		t.Errorf("relay %v", id)
	}
	s.pool.Relays[1].State = models.RelayPaused
	if id := s.plan().Matches[0].RelayID; id == nil || *id != "relay" {
		t.Errorf("relay %v", id)
	}
	s.pool.Relays = nil
	if id := s.plan().Matches[0].RelayID; id != nil {
		t.Errorf("relay %v", *id)
	}
}

func TestPlan_WarnsOfDoubledIngredients(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone)
	s.need("n", "a", paracetamol, 4)
	s.lot("lot", "x", paracetamol, 4)
	s.past("cold", "l", "a", "z", coldGranules, 3, models.MatchReady, time.Hour)
	if got := codes(s.plan().Matches[0].Reasons); !slices.Contains(got, "doubles.APAP") {
		t.Errorf("%v", got)
	}
}

func TestPlan_NamesGreaterNeedAndFirstToExpire(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareFrail).home("b", 0, models.CareNone).home("x", 100, models.CareNone)
	s.need("frail", "a", paracetamol, 4)
	s.need("well", "b", paracetamol, 4)
	s.lot("lot", "x", paracetamol, 4).ExpiresOn = "2027-01-31"
	m := s.plan().Matches[0]
	if got, want := codes(models.ReasonsFor(m.Reasons, models.ReaderAll)), []string{"near", "expires_first", "greater_need"}; !slices.Equal(got, want) {
		t.Errorf("all read %v, want %v", got, want)
	}
	if got := codes(models.ReasonsFor(m.Reasons, models.ReaderWorker)); !slices.Contains(got, "frail") {
		t.Errorf("the worker reads %v", got)
	}
}

func TestPlan_LoanWaitsForAYes(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone)
	s.need("n", "a", thermometer, 1)
	s.lot("lot", "x", thermometer, 1).Kind = models.LotLoan
	if p := s.plan(); len(p.Matches) != 1 || p.Matches[0].Agreed {
		t.Errorf("%+v", p.Matches)
	}
}

func TestPlan_OfTwoEquallyNearTheOneThatNeedNotBeBroughtBack(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("y", 100, models.CareNone).home("z", 800, models.CareNone)
	s.need("n", "a", thermometer, 1)
	s.lot("lent", "x", thermometer, 1).Kind = models.LotLoan
	s.lot("given", "y", thermometer, 1)
	if p := s.plan(); len(p.Matches) != 1 || p.Matches[0].LotID != "given" {
		t.Errorf("%+v", p.Matches)
	}
	far := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone).home("z", 800, models.CareNone)
	far.need("n", "a", thermometer, 1)
	far.lot("lent", "x", thermometer, 1).Kind = models.LotLoan
	far.lot("given", "z", thermometer, 1)
	if p := far.plan(); len(p.Matches) != 1 || p.Matches[0].LotID != "lent" {
		t.Errorf("the near loan: %+v", p.Matches)
	}
}

func TestPlan_WhoBroughtItBackMayBorrowAgain(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]int{"": 0, "back": 1, "lost": 1} {
		s := newStreet().home("a", 0, models.CareNone).home("x", 100, models.CareNone)
		s.need("n", "a", thermometer, 1)
		s.lot("lot", "x", thermometer, 1).Kind = models.LotLoan
		s.pool.Received = append(s.pool.Received, models.Match{ID: "old", NeedID: "before", LotID: "lot", ReceiverHouseholdID: "a", GiverHouseholdID: "x",
			ItemID: thermometer, Quantity: 1, State: models.MatchGiven, EndReason: reason, CreatedAt: now})
		if p := s.plan(); len(p.Matches) != want {
			t.Errorf("ended %q: %+v", reason, p.Matches)
		}
	}
}

func TestAskedAs_IsHowANeedMayName(t *testing.T) {
	t.Parallel()
	if got := matcher().AskedAs(thermometer); !slices.Contains(got, thermometer) || !slices.Contains(got, "M128") {
		t.Errorf("a thermometer also stands in for an infrared one: %v", got)
	}
	if got := matcher().AskedAs(paracetamol); !slices.Contains(got, anyFever) {
		t.Errorf("paracetamol also meets fever medicine: %v", got)
	}
}

func TestPlan_OfNothing(t *testing.T) {
	t.Parallel()
	if p := matcher().Plan(matching.Pool{}); len(p.Matches) != 0 || p.Open == nil || len(p.Open) != 0 {
		t.Errorf("%+v", p)
	}
}
