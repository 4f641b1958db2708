package lab

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"linli/models"
)

// Report is what came of a scenario under each policy, beside the limit.
type Report struct {
	Scenario         string   `json:"scenario"`
	Seed             uint64   `json:"seed"`
	Homes            int      `json:"homes"`
	Needs            int      `json:"needs"`
	Stocks           int      `json:"stocks"`
	PolicyVersion    string   `json:"policy_version"`
	CatalogueVersion string   `json:"catalogue_version"`
	Limit            Limit    `json:"clairvoyant"`
	Results          []Result `json:"results"`
}

// Result is what came of one policy.
type Result struct {
	Policy      Policy  `json:"policy"`
	Value       float64 `json:"value"`        // by the published weights
	OfLimit     float64 `json:"of_limit"`     // share of the clairvoyant value
	OfKnown     float64 `json:"of_known"`     // share of the best that could be made of what it got to see; 0 for the group, that keeps no list
	Satisfiable float64 `json:"satisfiable"`  // units handed over, of those that the largest clairvoyant flow serves
	Units       int     `json:"units"`        // handed over safely
	Unsafe      int     `json:"unsafe_units"` // handed over although the rules say no
	Served      int     `json:"homes_served"`
	Expired     int     `json:"expired_units"` // too old at the end, unused
	Metres      float64 `json:"metres"`        // walked, per need that got something
	Asked       float64 `json:"asked_per_need"`
	// WorstGrid is the least share of asked units that a micro-grid with at least
	// fairFrom needs got, of the mean; P5 the share of the grid that 5 % are below.
	WorstGrid float64   `json:"worst_grid"`
	P5Grid    float64   `json:"p5_grid"`
	Urgent    Waits     `json:"urgent"`
	Care      Waits     `json:"care"` // homes in the ledger
	Rest      Waits     `json:"rest"`
	Daily     []int     `json:"daily_units"` // handed over by the end of each day
	Grids     []float64 `json:"grid_shares"` // of asked units, by micro-grid, sorted; those with at least fairFrom needs
}

// Waits are medians and 90th percentiles in minutes, of those who got something,
// and the share of them among all.
type Waits struct {
	Needs      int     `json:"needs"`
	Met        float64 `json:"met"` // share that got something
	Match50    float64 `json:"match_p50"`
	Match90    float64 `json:"match_p90"`
	Handover50 float64 `json:"handover_p50"`
	Handover90 float64 `json:"handover_p90"`
}

// fairFrom is how many needs a micro-grid must have to be compared: with fewer,
// one drawer more or less decides.
const fairFrom = 5

func (c *city) measure(limit Limit) Result {
	r := Result{Policy: c.policy, Daily: c.byDay}
	served := map[models.ID]bool{}
	met, questions, metres := 0, 0, 0
	var urgent, care, rest []*need
	for _, s := range c.streets {
		asked, got := 0, 0
		questions, metres, r.Unsafe = questions+s.questions, metres+s.metres, r.Unsafe+s.unsafe
		for _, n := range s.needs {
			asked, got = asked+n.Requested, got+n.safe
			r.Units += n.safe
			r.Value += float64(weight(n.Need, n.care)) * float64(n.safe) / float64(n.Requested)
			if n.safe > 0 {
				served[n.HouseholdID] = true
				met++
			}
			switch {
			case n.care:
				care = append(care, n)
			default:
				rest = append(rest, n)
			}
			if n.Urgency == models.UrgencyNow {
				urgent = append(urgent, n)
			}
		}
		if len(s.needs) >= fairFrom {
			r.Grids = append(r.Grids, float64(got)/float64(asked))
		}
		r.Expired += s.expired(c.end)
	}
	r.Served = len(served)
	r.OfLimit, r.Satisfiable = ratio(r.Value, limit.Value), ratio(float64(r.Units), float64(limit.Units))
	r.Metres, r.Asked = ratio(float64(metres), float64(met)), ratio(float64(questions), float64(len(c.wants)))
	slices.Sort(r.Grids)
	if len(r.Grids) > 0 {
		mean := 0.0
		for _, g := range r.Grids {
			mean += g / float64(len(r.Grids))
		}
		r.WorstGrid, r.P5Grid = ratio(r.Grids[0], mean), ratio(r.Grids[len(r.Grids)/20], mean)
	}
	r.Urgent, r.Care, r.Rest = waits(urgent), waits(care), waits(rest)
	return r
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// expired counts what is too old by the end and was of use to nobody.
func (s *street) expired(end time.Time) (units int) {
	day := models.DateOf(end)
	count := func(l *lot) {
		if l.ExpiresOn < day {
			units += l.Remaining
		}
	}
	for _, l := range s.lots {
		count(l)
	}
	for _, h := range s.grid.homes {
		for _, l := range s.drawers[h.ID] {
			count(l)
		}
	}
	return units
}

func waits(needs []*need) Waits {
	var match, handover []float64
	for _, n := range needs {
		if !n.matched.IsZero() {
			match = append(match, n.matched.Sub(n.CreatedAt).Minutes())
		}
		if !n.handed.IsZero() {
			handover = append(handover, n.handed.Sub(n.CreatedAt).Minutes())
		}
	}
	return Waits{len(needs), ratio(float64(len(handover)), float64(len(needs))), quantile(match, 0.5), quantile(match, 0.9),
		quantile(handover, 0.5), quantile(handover, 0.9)}
}

func quantile(all []float64, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

// Table writes the report for a terminal.
func (r Report) Table(w io.Writer) error {
	fmt.Fprintf(w, "%s, seed %d: %d homes, %d needs of %d units, %d drawers with something to spare\n", r.Scenario, r.Seed, r.Homes, r.Needs, r.Limit.Asked, r.Stocks)
	fmt.Fprintf(w, "clairvoyant: value %.0f, %d units (%.0f%% of what is asked)\n\n", r.Limit.Value, r.Limit.Units, 100*ratio(float64(r.Limit.Units), float64(r.Limit.Asked)))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range r.rows() {
		fmt.Fprintln(t, strings.Join(row, "\t")+"\t")
	}
	return t.Flush()
}

// rows are the table: a row a figure, a column a policy.
func (r Report) rows() [][]string {
	head := []string{""}
	for _, x := range r.Results {
		head = append(head, string(x.Policy))
	}
	rows := [][]string{head}
	add := func(name string, of func(Result) string) {
		row := []string{name}
		for _, x := range r.Results {
			row = append(row, of(x))
		}
		rows = append(rows, row)
	}
	percent := func(name string, of func(Result) float64) {
		add(name, func(x Result) string { return fmt.Sprintf("%.1f%%", 100*of(x)) })
	}
	percent("of the clairvoyant value", func(x Result) float64 { return x.OfLimit })
	add("of the best with what it knew", func(x Result) string {
		if x.OfKnown == 0 {
			return "-"
		}
		return fmt.Sprintf("%.1f%%", 100*x.OfKnown)
	})
	percent("of satisfiable units", func(x Result) float64 { return x.Satisfiable })
	add("homes served", func(x Result) string { return fmt.Sprint(x.Served) })
	percent("urgent: got something", func(x Result) float64 { return x.Urgent.Met })
	for _, who := range []struct {
		name string
		of   func(Result) Waits
	}{{"urgent", func(x Result) Waits { return x.Urgent }}, {"in the ledger", func(x Result) Waits { return x.Care }}, {"the rest", func(x Result) Waits { return x.Rest }}} {
		add(who.name+": to match, p50 / p90", func(x Result) string { return span(who.of(x).Match50) + " / " + span(who.of(x).Match90) })
		add(who.name+": to hand-over", func(x Result) string { return span(who.of(x).Handover50) + " / " + span(who.of(x).Handover90) })
	}
	percent("in the ledger: got something", func(x Result) float64 { return x.Care.Met })
	percent("the rest: got something", func(x Result) float64 { return x.Rest.Met })
	percent("worst micro-grid, of the mean", func(x Result) float64 { return x.WorstGrid })
	percent("5th percentile of micro-grids", func(x Result) float64 { return x.P5Grid })
	add("asked per need", func(x Result) string { return fmt.Sprintf("%.1f", x.Asked) })
	add("metres walked per need met", func(x Result) string { return fmt.Sprintf("%.0f", x.Metres) })
	add("units expired unused", func(x Result) string { return fmt.Sprint(x.Expired) })
	add("unsafe units handed over", func(x Result) string { return fmt.Sprint(x.Unsafe) })
	return rows
}

func span(minutes float64) string {
	switch {
	case minutes < 1:
		return fmt.Sprintf("%.0f s", 60*minutes)
	case minutes < 90:
		return fmt.Sprintf("%.0f min", minutes)
	}
	return fmt.Sprintf("%.1f h", minutes/60)
}
