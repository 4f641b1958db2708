package matching

import (
	"cmp"
	"slices"

	"linli/models"
)

// Plan proposes who gets how many units of which lot: danger and may decide
// which pairs there are (candidates.go), should in three strict levels
// (rank.go, trouble.go) which of them are best (flow.go, exactly), and every
// need that keeps open units hears why (waiting.go). Live matches stay as they
// are; their units are no longer free.
func (m Matcher) Plan(pool Pool) Plan {
	t := m.table(pool)
	t.gather()
	t.solve()
	plan := Plan{PolicyVersion: pool.Policy.Version, CatalogueVersion: m.catalogue.Version(),
		Matches: t.proposals(), Open: map[models.ID]Waiting{}, Windows: t.windows}
	if !pool.NoSearch {
		t.widen()
		t.ask()
	}
	for _, w := range t.wants {
		if w.need.Open > w.got() {
			plan.Open[w.need.ID] = t.waiting(w)
		}
	}
	plan.Widen, plan.Asks, plan.Shares = t.widened, t.asks, t.shares()
	return plan
}

// planCodes are the reasons that a plan gives, in reasons.go and waiting.go.
var planCodes = append([]string{"near", "expires_first", "greater_need", "elder_alone", "frail", "substitute", "exact",
	"first_of_home", "part", "held", "ceiling_reached", "none_nearby", "queue", "elsewhere", "worker_next",
	"gathering", "widened", "asked", "relay_least_walk", "relay_next"},
	doublingCodes("doubles.")...)

// table is a pool laid out for planning: rows in canonical order, so that the
// order in which they came makes no difference.
type table struct {
	Matcher
	pool       Pool
	today      models.Date
	households map[models.ID]*models.Household
	history    history
	wants      []*want
	ofHome     map[models.ID][]*want
	lots       []*models.Lot
	shelves    map[models.ItemID]*shelf // by item asked for so far
	paths      map[models.ID]string     // of the grids that the pool names
	codes      map[models.ID]string     // of these
	relays     []*models.RelayPoint
	relayAt    map[models.ID]*models.RelayPoint
	servedBy   map[models.ID][]*models.RelayPoint // by the node that they serve, and by their grid
	asked      map[models.ID][]models.Ask

	windows []models.Window
	widened []models.Widening
	asks    []models.Ask
	wanted  [][]*option // by lot, when the flow is settled: who could have got it, and who does
}

// want is a need with what it may get and what it gets.
type want struct {
	need    models.Need
	home    *models.Household
	verdict Verdict
	tier    int // level 1: higher goes first
	waited  int // in steps of Policy.SameMoment
	class   models.ItemID
	first   int            // units of the first small pack that this need may claim
	limit   int            // most units that it may get in this plan
	gather  *models.Window // that it waits for
	only    models.ItemID  // the one item that it may get, where that is settled
	options []*option
	roads   []road // by which it may be reached

	substituted bool // substitutes are among the options, where there are any
}

// option is a lot that a want may get units of.
type option struct {
	want       *want
	lot        int
	substitute bool
	metres     int // -1: not known
	trouble    int64
	units      int // of the plan
}

func (w *want) got() int {
	units := 0
	for _, o := range w.options {
		units += o.units
	}
	return units
}

func (m Matcher) table(pool Pool) *table {
	t := &table{Matcher: m, pool: pool, today: models.DateOf(pool.Now),
		households: make(map[models.ID]*models.Household, len(pool.Households)), history: m.history(pool),
		ofHome: map[models.ID][]*want{}, shelves: map[models.ItemID]*shelf{}, paths: map[models.ID]string{}, codes: map[models.ID]string{},
		relayAt: map[models.ID]*models.RelayPoint{}, servedBy: map[models.ID][]*models.RelayPoint{}, asked: map[models.ID][]models.Ask{}}
	for i := range pool.Relays {
		r := &pool.Relays[i]
		t.relays, t.relayAt[r.ID] = append(t.relays, r), r
		t.servedBy[r.ServesID] = append(t.servedBy[r.ServesID], r)
		if r.GridID != r.ServesID {
			t.servedBy[r.GridID] = append(t.servedBy[r.GridID], r)
		}
	}
	for _, g := range pool.Grids {
		t.paths[g.ID], t.codes[g.ID] = g.Path, g.Code
	}
	for _, a := range pool.Asks {
		t.asked[a.NeedID] = append(t.asked[a.NeedID], a)
	}
	for i := range pool.Households {
		t.households[pool.Households[i].ID] = &pool.Households[i]
	}
	for i := range pool.Lots {
		if pool.Lots[i].Remaining > 0 {
			t.lots = append(t.lots, &pool.Lots[i])
		}
	}
	slices.SortFunc(t.lots, func(a, b *models.Lot) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, need := range pool.Needs {
		if need.Open > 0 {
			t.wants = append(t.wants, t.want(need))
		}
	}
	slices.SortFunc(t.wants, func(a, b *want) int {
		return cmp.Or(cmp.Compare(b.tier, a.tier), cmp.Compare(b.waited, a.waited),
			a.need.CreatedAt.Compare(b.need.CreatedAt), cmp.Compare(a.need.ID, b.need.ID))
	})
	for _, w := range t.wants {
		t.ofHome[w.need.HouseholdID] = append(t.ofHome[w.need.HouseholdID], w)
	}
	t.claimFirstPacks()
	return t
}

// home is a household of the pool, or one of which nothing is known.
func (t *table) home(id models.ID) *models.Household {
	if h, known := t.households[id]; known {
		return h
	}
	return &models.Household{}
}

// want lays out one need. Only a need whose own line is clear has options.
func (t *table) want(need models.Need) *want {
	w := &want{need: need, home: t.home(need.HouseholdID), verdict: t.Screen(NeedLine(need), t.today),
		class: t.classOf(need.ItemID)}
	w.tier, w.waited = t.tier(w), t.waited(need)
	if !need.Held && w.verdict.Outcome == OutcomeOK {
		w.roads = t.roads(w)
		t.findOptions(w)
	}
	return w
}

// proposals are the matches of the plan, need by need in the order of rank.
func (t *table) proposals() []Proposal {
	var all []Proposal
	router := t.router()
	for _, w := range t.wants {
		for _, o := range w.options {
			if o.units == 0 {
				continue
			}
			lot := t.lots[o.lot]
			relay, why := router.route(w, lot)
			reasons := t.reasons(w, o)
			if why != nil {
				reasons = append(reasons, *why)
			}
			all = append(all, Proposal{NeedID: w.need.ID, LotID: lot.ID, RelayID: relay, Units: o.units, Substitute: o.substitute,
				Agreed: !o.substitute && lot.Kind != models.LotLoan && lot.AskID == nil, Reasons: reasons})
		}
	}
	return all
}
