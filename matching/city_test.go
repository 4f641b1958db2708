package matching_test

import (
	"fmt"
	"testing"

	"linli/models"
)

// A need beside more lots than a plan looks at gets one of least trouble.
func TestPlan_OfVeryManyLotsTheNearestIsTaken(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone)
	for i := range 400 {
		id := fmt.Sprintf("h%03d", i)
		s.home(id, float64(3000-7*i), models.CareNone).lot("l"+id, id, paracetamol, 6)
	}
	s.need("n", "a", paracetamol, 6)
	p := s.plan()
	if len(p.Matches) != 1 || p.Matches[0].Units != 6 {
		t.Fatalf("%+v", p.Matches)
	}
	// Steps of 50 m are equal: the nearest ones lie 207 to 249 m away.
	var at int
	if _, err := fmt.Sscanf(p.Matches[0].LotID, "lh%d", &at); err != nil || 3000-7*at >= 250 {
		t.Errorf("taken from %s", p.Matches[0].LotID)
	}
}

// More homes than are settled one by one need settling: each wants both of
// a class that no single lot can fill, so that the flow would mix. Still one line
// gets one thing, nobody gets beyond her ceiling, and no lot gives what it has not.
func TestPlan_AWholeCityIsSettledWithinTheLaws(t *testing.T) {
	t.Parallel()
	s := newStreet()
	for i := range 80 {
		home, giver := fmt.Sprintf("h%03d", i), fmt.Sprintf("g%03d", i)
		s.home(home, float64(10*i), models.CareNone).home(giver, float64(10*i+5), models.CareNone)
		n := s.need("n"+home, home, anyFever, 6)
		n.Patient.Age = models.AgeAdult
		s.lot("p"+home, giver, paracetamol, 3)
		s.lot("i"+home, giver, ibuprofen, 3)
	}
	p := s.plan()
	items := map[models.ID]map[models.ItemID]bool{}
	given := map[models.ID]int{}
	lots := map[models.ID]models.Lot{}
	for _, l := range s.pool.Lots {
		lots[l.ID] = l
	}
	got := 0
	for _, m := range p.Matches {
		if items[m.NeedID] == nil {
			items[m.NeedID] = map[models.ItemID]bool{}
		}
		items[m.NeedID][lots[m.LotID].ItemID] = true
		given[m.LotID] += m.Units
		got += m.Units
	}
	for need, of := range items {
		if len(of) > 1 {
			t.Errorf("%s gets %v", need, of)
		}
	}
	for lot, n := range given {
		if n > lots[lot].Remaining {
			t.Errorf("%s gives %d", lot, n)
		}
	}
	if got < 440 { // of 480; what is settled together may lose a little
		t.Errorf("only %d units move", got)
	}
	if again := s.plan(); fmt.Sprint(units(again)) != fmt.Sprint(units(p)) {
		t.Error("another plan for the same pool")
	}
}

// What lies in her own grid stays in reach when a need is widened, though the pool
// does not name that grid.
func TestPlan_AWidenedNeedKeepsItsOwnGrid(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("x", 50, models.CareNone)
	s.need("n", "a", paracetamol, 6).Reach = "c/t/"
	s.lot("lot", "x", paracetamol, 6)
	expect(t, s.plan(), map[[2]models.ID]int{{"n", "lot"}: 6})
}
