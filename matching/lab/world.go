package lab

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"linli/matching"
	"linli/models"
)

// Start is midnight of the first day, in Shanghai.
var Start = time.Date(2022, 12, 12, 0, 0, 0, 0, models.Shanghai).UTC()

// world is what happens whatever the policy: who lives where, who falls ill and
// looks for what, who has what in a drawer, and how everybody would answer. Each
// of these is drawn from the seed and its own name, so that it is the same for
// every policy and in whatever order it is asked.
type world struct {
	scenario Scenario
	seed     uint64
	grids    []grid // micro-grids
	nodes    []models.Grid
	wants    []want
	stocks   []stock
	homes    map[models.ID]models.Household
	end      time.Time
}

// grid is a micro-grid: its homes, its needs and its stocks by index.
type grid struct {
	node   models.Grid
	above  []models.Grid // of it, lowest first
	relay  models.RelayPoint
	homes  []models.Household
	wants  []int
	stocks []int
}

// want is a need that will be posted, if something fits the person at all.
type want struct {
	need models.Need
	grid int
	care bool
}

// stock is something to spare: offered at a time, or in a drawer until somebody asks.
type stock struct {
	lot     models.Lot
	grid    int
	offered bool // unasked, at lot.CreatedAt
	sayYes  bool // when asked
}

// draw gives the dice of one thing, by its name.
func (w *world) draw(kind, name string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s", kind, name)
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// lognormal has the median and a spread as people's waits have: one in six waits
// three times as long.
func lognormal(r *rand.Rand, median time.Duration) time.Duration {
	return time.Duration(float64(median) * math.Exp(r.NormFloat64()*1.1))
}

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

// things are what ill homes look for, how often among those that lack something,
// and how many homes have how much of it to spare. Shares are assumed; they keep
// fever medicine the scarcest, as in December 2022.
var things = []struct {
	item    models.ItemID // asked for
	units   int
	asked   float64 // of homes that lack something
	child   bool
	fever   bool
	spare   []models.ItemID // what lies in drawers for it
	homes   float64         // that have some to spare
	from    int             // units
	to      int
	urgency [2]float64 // shares of now and today
}{
	{"M140", 6, 0.75, false, true, []models.ItemID{"M004", "M001"}, 0.07, 6, 20, [2]float64{0.25, 0.55}},
	{"M141", 1, 0.30, true, true, []models.ItemID{"M002", "M005"}, 0.025, 1, 1, [2]float64{0.35, 0.55}},
	{"M033", 9, 0.30, false, false, []models.ItemID{"M033"}, 0.05, 6, 20, [2]float64{0.02, 0.38}},
	{"M019", 9, 0.20, false, false, []models.ItemID{"M019"}, 0.05, 6, 18, [2]float64{0.02, 0.38}},
	{"M085", 3, 0.08, false, false, []models.ItemID{"M085"}, 0.02, 3, 6, [2]float64{0.1, 0.5}},
	{"M123", 2, 0.25, false, false, []models.ItemID{"M123"}, 0.06, 2, 10, [2]float64{0.05, 0.45}},
	{"M125", 10, 0.10, false, false, []models.ItemID{"M125"}, 0.15, 10, 50, [2]float64{0, 0.2}},
}

// conditions are shares of adults, of elders; from the national chronic disease
// surveys where they count them (hypertension 27 and 55 %, kidneys 8 %), else assumed.
var conditions = []struct {
	key          string
	adult, elder float64
}{
	{"liver", 0.03, 0.04}, {"hypertension", 0.2, 0.55}, {"ulcer", 0.04, 0.06}, {"kidney", 0.03, 0.10}, {"anticoagulant", 0.01, 0.06},
	{"asthma", 0.04, 0.04}, {"pregnant", 0.01, 0}, {"nursing", 0.015, 0}, {"alcohol", 0.05, 0.03}, {"taking:APAP", 0.08, 0.08}, {"taking:NSAID", 0.06, 0.06},
}

func newWorld(s Scenario, seed uint64, m matching.Matcher) *world {
	w := &world{scenario: s, seed: seed, end: Start.AddDate(0, 0, s.Days)}
	w.buildGrids()
	w.homes = make(map[models.ID]models.Household, s.Micros*s.Homes)
	for _, g := range w.grids {
		for _, h := range g.homes {
			w.homes[h.ID] = h
		}
	}
	for g := range w.grids {
		for i := range w.grids[g].homes {
			w.live(m, g, i)
		}
	}
	slices.SortStableFunc(w.wants, func(a, b want) int { return a.need.CreatedAt.Compare(b.need.CreatedAt) })
	for i, x := range w.wants {
		w.grids[x.grid].wants = append(w.grids[x.grid].wants, i)
	}
	slices.SortStableFunc(w.stocks, func(a, b stock) int { return a.lot.CreatedAt.Compare(b.lot.CreatedAt) })
	for i, x := range w.stocks {
		w.grids[x.grid].stocks = append(w.grids[x.grid].stocks, i)
	}
	return w
}

// buildGrids lays the tree: every level's nodes share those below evenly, and
// micro-grids stand 300 m apart, in rows.
func (w *world) buildGrids() {
	s := w.scenario
	levels := []struct {
		level models.GridLevel
		n     int
	}{{models.LevelCity, 1}, {models.LevelTown, s.Towns}, {models.LevelGeneral, s.Generals}, {models.LevelOrdinary, s.Ordinaries}}
	var parents []models.Grid
	for _, l := range levels {
		nodes := make([]models.Grid, l.n)
		for i := range nodes {
			path := ""
			if len(parents) > 0 {
				path = parents[i*len(parents)/l.n].Path
			}
			id := fmt.Sprintf("%s%04d", l.level, i)
			nodes[i] = models.Grid{ID: id, Level: l.level, Path: path + id + "/"}
		}
		w.nodes = append(w.nodes, nodes...)
		parents = nodes
	}
	side := int(math.Ceil(math.Sqrt(float64(s.Micros))))
	for i := range s.Micros {
		id := fmt.Sprintf("micro%04d", i)
		g := grid{node: models.Grid{ID: id, Level: models.LevelMicro, Path: parents[i*len(parents)/s.Micros].Path + id + "/"}}
		for _, n := range w.nodes {
			if g.node.Within(n.Path) {
				g.above = append(g.above, n)
			}
		}
		slices.Reverse(g.above)
		lat, lon := 30.6+float64(i/side)*0.0027, 103.6+float64(i%side)*0.0031
		g.relay = models.RelayPoint{ID: "relay-" + id, GridID: id, ServesID: id, State: models.RelayOpen, Lat: lat, Lon: lon}
		for day := range 7 {
			g.relay.Hours = append(g.relay.Hours, models.Hours{Weekday: day, OpenMinute: 60 * s.WorkerFrom, CloseMinute: 60 * s.WorkerTo})
		}
		for h := range s.Homes {
			name := fmt.Sprintf("%s-h%03d", id, h)
			r := w.draw("home", name)
			home := models.Household{ID: name, GridID: id, Lat: lat + (r.Float64()-0.5)*0.0022, Lon: lon + (r.Float64()-0.5)*0.0026}
			switch x := r.Float64(); {
			case x < s.Frail:
				home.Care = models.CareFrail
			case x < s.Frail+s.Alone:
				home.Care = models.CareAlone
			}
			g.homes = append(g.homes, home)
		}
		w.grids = append(w.grids, g)
	}
}

// live draws a home's fortnight: what it has to spare, whether and when it falls
// ill, and what it looks for then.
func (w *world) live(m matching.Matcher, g, i int) {
	home, s := w.grids[g].homes[i], w.scenario
	r := w.draw("cabinet", home.ID)
	has := map[models.ItemID]bool{}
	for _, t := range things {
		if r.Float64() >= t.homes*s.Stock {
			continue
		}
		has[t.item] = true
		w.stocks = append(w.stocks, w.spare(r, g, home, t.spare[r.IntN(len(t.spare))], t.from+r.IntN(t.to-t.from+1)))
	}
	r = w.draw("illness", home.ID)
	ill := r.Float64() < s.Attack
	at := w.illAt(r)
	if !ill || r.Float64() >= s.Lacks || !at.Before(w.end) {
		return
	}
	elder := home.Care != models.CareNone || r.Float64() < 0.22 // 2020 census, Sichuan: 21.7 % are 60 or older
	child := home.Care == models.CareNone && r.Float64() < 0.30 // of homes; 16 % of people are under 15
	for k, t := range things {
		if r.Float64() >= t.asked || t.child && !child || has[t.item] {
			continue
		}
		age := models.AgeAdult
		switch {
		case t.child:
			age = []models.AgeBand{models.Age2Years, models.Age3To4Years, models.Age5Years, models.Age6To11Years}[r.IntN(4)]
		case elder:
			age = models.AgeElder
		}
		n := models.Need{ID: fmt.Sprintf("n-%s-%d", home.ID, k), GridID: home.GridID, HouseholdID: home.ID, PersonID: "p-" + home.ID, ItemID: t.item,
			Requested: t.units, Open: t.units, State: models.NeedOpen, Urgency: urgencyOf(r.Float64(), t.urgency), CreatedAt: at.Add(time.Duration(k) * time.Second),
			Patient: models.Patient{Age: age, Fever: t.fever, FeverDays: 1, Answers: w.answers(r, age)}}
		due := n.CreatedAt.Add(24 * time.Hour)
		if n.Urgency == models.UrgencyDays {
			due = n.CreatedAt.Add(72 * time.Hour)
		}
		n.DueAt = &due
		// Whom nothing may be given is told so, and sees a doctor; no need is posted.
		if len(m.MayGet(n, models.DateOf(at))) > 0 {
			w.wants = append(w.wants, want{need: n, grid: g, care: home.Care != models.CareNone})
		}
	}
}

func urgencyOf(x float64, shares [2]float64) models.Urgency {
	switch {
	case x < shares[0]:
		return models.UrgencyNow
	case x < shares[0]+shares[1]:
		return models.UrgencyToday
	}
	return models.UrgencyDays
}

func (w *world) answers(r *rand.Rand, age models.AgeBand) map[string]models.Answer {
	all := map[string]models.Answer{}
	for _, c := range conditions {
		p := c.adult
		if age == models.AgeElder {
			p = c.elder
		} else if age != models.AgeAdult {
			p = 0.01
		}
		all[c.key] = models.No
		if r.Float64() < p {
			all[c.key] = models.Yes
		}
	}
	for _, key := range []string{"g6pd", "allergy", "heart", "diabetes", "glaucoma", "prostate", "infant"} {
		all[key] = models.No
	}
	return all
}

func (w *world) illAt(r *rand.Rand) time.Time {
	s := w.scenario
	day := r.Float64() * float64(s.Days)
	if s.PeakDay >= 0 {
		day = cmp.Or(s.PeakDay+r.NormFloat64()*s.SpreadDays, 0.001)
	}
	day = math.Floor(max(0, day))
	span := s.ToHour - s.FromHour
	if span <= 0 {
		span += 24
	}
	return models.Millis(Start.Add(hours(day*24 + float64(s.FromHour) + r.Float64()*float64(span))))
}

// spare is something in a home's drawer, and how its owner will behave.
func (w *world) spare(r *rand.Rand, g int, home models.Household, item models.ItemID, units int) stock {
	s := w.scenario
	offered := r.Float64() < s.Offers
	at := Start
	if offered {
		at = models.Millis(Start.Add(hours(24*r.Float64()*float64(s.Days)*0.6 + 8 + 13*r.Float64())))
	}
	lot := models.Lot{ID: "l-" + home.ID + "-" + item, GridID: home.GridID, HouseholdID: home.ID, PersonID: "p-" + home.ID, ItemID: item,
		Seal: models.SealBox, Kind: models.LotGift, Offered: units, Remaining: units, State: models.LotOffered, Place: models.PlaceHome, CreatedAt: at}
	days := r.IntN(730) // even over what is kept: some ends within the fortnight
	lot.ExpiresOn = models.DateOf(Start.AddDate(0, 0, days))
	if r.Float64() < 0.03 { // opened: only a check keeps it from being given
		lot.Seal = models.SealOpened
	}
	return stock{lot: lot, grid: g, offered: offered, sayYes: r.Float64() < s.YesWhenAsked}
}
