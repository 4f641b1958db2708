package matching_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"linli/matching"
	"linli/models"
)

// at is a spot so many metres east and north of the corner, as the crow flies.
func at(east, north float64) models.Spot {
	return models.Spot{Lat: 30.63 + north/111_200, Lon: 103.67 + east/95_800}
}

func pointAt(id models.ID, s models.Spot) *models.RelayPoint {
	return &models.RelayPoint{ID: id, Code: id, GridID: "grid", ServesID: "grid", State: models.RelayOpen, Lat: s.Lat, Lon: s.Lon}
}

func shutUntil(p *models.RelayPoint, days int) *models.RelayPoint {
	p.Exceptions = []models.HoursException{{From: models.DateOf(now), Until: models.DateOf(now.AddDate(0, 0, days))}}
	return p
}

func TestChooseRelay_SaysWhichAndWhy(t *testing.T) {
	t.Parallel()
	errand := matching.Errand{From: at(0, 0), To: at(1000, 0), Urgency: models.UrgencyToday}
	// Nearest to her is behind her; the one on the way is nearer for both together.
	behind, onTheWay := func() *models.RelayPoint { return pointAt("behind", at(1200, 0)) }, func() *models.RelayPoint { return pointAt("way", at(600, 0)) }
	full, paused, room := onTheWay(), onTheWay(), onTheWay()
	full.Capacity, room.Capacity, paused.State = 10, 11, models.RelayPaused
	late := onTheWay() // opens when the drop-off time of today is over
	late.Exceptions = []models.HoursException{{From: models.DateOf(now), Until: models.DateOf(now)},
		{From: models.DateOf(now.AddDate(0, 0, 1)), Until: models.DateOf(now.AddDate(0, 0, 1)), OpenMinute: 2 * 60, CloseMinute: 4 * 60}}
	never := onTheWay()
	never.Hours = []models.Hours{{Weekday: 1, OpenMinute: 600, CloseMinute: 600}}
	nowhere := pointAt("nowhere", models.Spot{})
	parcels := map[models.ID]int{"way": 10, "behind": 3}
	for name, c := range map[string]struct {
		points []*models.RelayPoint
		want   models.ID
		metres int
		code   string
	}{
		"the one on the way":               {[]*models.RelayPoint{behind(), onTheWay()}, "way", 1300, "relay_least_walk"},
		"the only one":                     {[]*models.RelayPoint{behind()}, "behind", 1820, ""},
		"full":                             {[]*models.RelayPoint{behind(), full}, "behind", 1820, "relay_next"},
		"room for one more":                {[]*models.RelayPoint{behind(), room}, "way", 1300, "relay_least_walk"},
		"full, and no other":               {[]*models.RelayPoint{full}, "way", 1300, ""},
		"shut over a holiday":              {[]*models.RelayPoint{behind(), shutUntil(onTheWay(), 3)}, "behind", 1820, "relay_next"},
		"shut, and the other full":         {[]*models.RelayPoint{full, shutUntil(behind(), 3)}, "way", 1300, "relay_least_walk"},
		"opens too late":                   {[]*models.RelayPoint{behind(), late}, "behind", 1820, "relay_next"},
		"all are shut":                     {[]*models.RelayPoint{shutUntil(behind(), 3), shutUntil(onTheWay(), 3)}, "way", 1300, "relay_least_walk"},
		"hours that are a slip":            {[]*models.RelayPoint{behind(), never}, "way", 1300, "relay_least_walk"},
		"paused":                           {[]*models.RelayPoint{behind(), paused}, "behind", 1820, "relay_next"},
		"paused, and no other":             {[]*models.RelayPoint{paused}, "", models.UnknownMetres, ""},
		"none":                             {nil, "", models.UnknownMetres, ""},
		"nobody knows where":               {[]*models.RelayPoint{nowhere}, "nowhere", models.UnknownMetres, ""},
		"nobody knows where, but of one":   {[]*models.RelayPoint{nowhere, behind()}, "behind", 1820, "relay_least_walk"},
		"as near: the same one every time": {[]*models.RelayPoint{pointAt("b", at(600, 0)), pointAt("a", at(600, 0))}, "a", 1300, "relay_least_walk"},
	} {
		got := matching.ChooseRelay(now, errand, c.points, parcels, nil)
		id, code := models.ID(""), ""
		if got.Relay != nil {
			id = got.Relay.ID
		}
		if got.Reason != nil {
			code = got.Reason.Code
			if !got.Reason.ReadableBy(models.ReaderAll) {
				t.Errorf("%s: not everybody may read why", name)
			}
		}
		if id != c.want || code != c.code || got.Metres < c.metres-10 || got.Metres > c.metres+10 {
			t.Errorf("%s: %q, %d m, %q; want %q, %d m, %q", name, id, got.Metres, code, c.want, c.metres, c.code)
		}
	}
	// A river: what the city says of the way counts, not the map.
	spot := onTheWay().Spot()
	river := models.WalksOf([]models.Path{{FromKey: "G/1 栋", ToKey: spot.Key, Metres: 5000}})
	errand.From.Key = "G/1 栋"
	if got := matching.ChooseRelay(now, errand, []*models.RelayPoint{behind(), onTheWay()}, nil, river); got.Relay.ID != "behind" {
		t.Errorf("over the river to %s, %d m", got.Relay.ID, got.Metres)
	}
}

// TestChooseRelay_LawsHold: never a paused one; never a shut or full one while
// another is neither; no shorter walk among those as good; and no order matters.
func TestChooseRelay_LawsHold(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	nearest, chosen, cases := 0, 0, 0
	for range 3000 {
		e := matching.Errand{From: at(r.Float64()*900, r.Float64()*900), To: at(r.Float64()*900, r.Float64()*900),
			Urgency: pick(r, models.UrgencyNow, models.UrgencyToday, models.UrgencyDays)}
		points, parcels := anyPoints(r)
		c := matching.ChooseRelay(now, e, points, parcels, nil)
		by := models.RelayPoint{}.DropOffBy(now, e.Urgency)
		good := func(p *models.RelayPoint) (shut, full bool, metres int) {
			opens, _ := p.OpensNext(now)
			spot := p.Spot()
			return !opens.Before(by), p.Capacity > 0 && parcels[p.ID] >= p.Capacity,
				models.Metres(e.From.Lat, e.From.Lon, spot.Lat, spot.Lon) + models.Metres(spot.Lat, spot.Lon, e.To.Lat, e.To.Lon)
		}
		var toHer *models.RelayPoint
		for _, p := range points {
			if p.State == models.RelayPaused {
				if c.Relay == p {
					t.Fatalf("a paused point: %+v", p)
				}
				continue
			}
			if c.Relay == nil {
				t.Fatalf("none of %d", len(points))
			}
			shut, full, metres := good(c.Relay)
			otherShut, otherFull, other := good(p)
			switch {
			case shut && !otherShut, shut == otherShut && full && !otherFull, shut == otherShut && full == otherFull && other < metres:
				t.Fatalf("%s (shut %v, full %v, %d m) before %s (%v, %v, %d m)", c.Relay.ID, shut, full, metres, p.ID, otherShut, otherFull, other)
			}
			if d := models.Metres(p.Lat, p.Lon, e.To.Lat, e.To.Lon); toHer == nil || d < models.Metres(toHer.Lat, toHer.Lon, e.To.Lat, e.To.Lon) {
				toHer = p
			}
		}
		shuffle(r, points)
		if again := matching.ChooseRelay(now, e, points, parcels, nil); again.Relay != c.Relay || again.Metres != c.Metres || (again.Reason == nil) != (c.Reason == nil) {
			t.Fatalf("another order: %+v, not %+v", again, c)
		}
		if c.Relay != nil && c.Reason != nil && c.Reason.Code == "relay_least_walk" {
			_, _, metres := good(toHer)
			nearest, chosen, cases = nearest+metres, chosen+c.Metres, cases+1
		}
	}
	if cases < 500 || chosen >= nearest {
		t.Errorf("%d free choices walk %d m, by the point nearest to her %d m", cases, chosen, nearest)
	}
	t.Logf("%d free choices: %d m each, by the point nearest to the receiver %d m", cases, chosen/cases, nearest/cases)
}

func anyPoints(r *rand.Rand) ([]*models.RelayPoint, map[models.ID]int) {
	var points []*models.RelayPoint
	parcels := map[models.ID]int{}
	for i := range 1 + r.IntN(4) {
		p := pointAt(fmt.Sprintf("p%d", i), at(r.Float64()*900, r.Float64()*900))
		p.Capacity, parcels[p.ID] = r.IntN(4), r.IntN(4)
		if r.IntN(5) == 0 {
			p.State = models.RelayPaused
		}
		if r.IntN(4) == 0 {
			shutUntil(p, r.IntN(3))
		}
		points = append(points, p)
	}
	return points, parcels
}

func TestPlan_FillsAPointOnlyAsFarAsItHasRoom(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("b", 0, models.CareNone).home("c", 0, models.CareNone)
	near, far := pointAt("near", at(50, 0)), pointAt("far", at(700, 0))
	near.Capacity = 4
	s.pool.Relays = []models.RelayPoint{*near, *far}
	s.pool.Loads = []matching.Load{{RelayID: "near", Parcels: 2}}
	for i, item := range []models.ItemID{antigen, kn95, surgicalMask} {
		home, giver := string(rune('a'+i)), fmt.Sprintf("giver%d", i)
		s.home(giver, 100, models.CareNone)
		s.need("n"+home, home, item, 2).CreatedAt = now.Add(-time.Duration(10-i) * time.Hour)
		s.lot("lot"+giver, giver, item, 2)
	}
	through := map[models.ID]int{}
	var last models.Reason
	for _, m := range s.plan().Matches {
		through[*m.RelayID]++
		last = m.Reasons[len(m.Reasons)-1]
	}
	if through["near"] != 2 || through["far"] != 1 || last.Code != "relay_next" {
		t.Errorf("room for two more at the near one: %v, the last because %v", through, last)
	}
}

// TestPlan_ALotGoesToOnePoint: its giver walks once, whoever gets parts of it.
func TestPlan_ALotGoesToOnePoint(t *testing.T) {
	t.Parallel()
	r := seeded(t)
	several := 0
	for range 600 {
		pool := anyPool(r, 8+r.IntN(16), 1+r.IntN(6))
		points, parcels := anyPoints(r)
		pool.Relays = nil
		for _, p := range points {
			pool.Relays = append(pool.Relays, *p)
			pool.Loads = append(pool.Loads, matching.Load{RelayID: p.ID, Parcels: parcels[p.ID]})
		}
		bound := map[models.ID]models.ID{}
		for i := range pool.Lots {
			if l := &pool.Lots[i]; l.Place == models.PlaceHome && r.IntN(3) == 0 {
				id := points[r.IntN(len(points))].ID
				l.RelayID = &id // others of it go there already
				bound[l.ID] = id
			}
		}
		to := map[models.ID]models.ID{}
		lots := map[models.ID]models.Lot{}
		for _, l := range pool.Lots {
			lots[l.ID] = l
		}
		for _, m := range matcher().Plan(pool).Matches {
			if lots[m.LotID].Place == models.PlaceBox {
				continue
			}
			id := models.ID("by hand")
			if m.RelayID != nil {
				id = *m.RelayID
			}
			if was, again := to[m.LotID]; again {
				several++
				if was != id {
					t.Fatalf("%s goes to %s and to %s", m.LotID, was, id)
				}
			}
			to[m.LotID] = id
			for _, p := range points {
				if bound[m.LotID] == p.ID && p.State == models.RelayOpen && id != p.ID {
					t.Fatalf("%s goes to %s, and was to go to %s", m.LotID, id, p.ID)
				}
				if id == p.ID && p.State == models.RelayPaused {
					t.Fatalf("%s goes to %s, which is paused", m.LotID, id)
				}
			}
		}
	}
	if several < 20 {
		t.Errorf("only %d lots were shared: it proves little", several)
	}
}

func TestPlan_NothingIsGivenFromThePausedBox(t *testing.T) {
	t.Parallel()
	s := newStreet().home("a", 0, models.CareNone).home("giver", 100, models.CareNone)
	s.need("n", "a", paracetamol, 6)
	inBox(s.lot("lot", "giver", paracetamol, 6))
	if got := len(s.plan().Matches); got != 1 {
		t.Fatalf("open: %d matches", got)
	}
	s.pool.Relays[0].State = models.RelayPaused
	if got := s.plan(); len(got.Matches) != 0 || len(got.Open["n"].Why) == 0 {
		t.Errorf("paused: %+v", got)
	}
}
