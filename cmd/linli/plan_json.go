package main

import (
	"encoding/json"
	"io"
	"time"

	"linli/matching"
	"linli/matching/cases"
	"linli/models"
	"linli/models/words"
)

// planJSON is a plan for machines; docs/plan-format.md tells its fields.
type planJSON struct {
	Title            string       `json:"title,omitempty"`
	Now              time.Time    `json:"now"`
	PolicyVersion    string       `json:"policy_version"`
	CatalogueVersion string       `json:"catalogue_version"`
	Matches          []matchJSON  `json:"matches"`
	Open             []openJSON   `json:"open"`
	RefusedLots      []lineJSON   `json:"refused_lots"`
	Asks             []askJSON    `json:"asks"`
	Widen            []widenJSON  `json:"widen"`
	Windows          []windowJSON `json:"windows"`
	Shares           []shareJSON  `json:"shares"`
	// Broken are the expectations that did not come true.
	Broken []string `json:"broken"`
}

type matchJSON struct {
	Need       string       `json:"need"`
	Lot        string       `json:"lot"`
	Item       string       `json:"item"`
	Units      int          `json:"units"`
	Relay      *string      `json:"relay,omitempty"`
	Substitute bool         `json:"substitute"`
	Agreed     bool         `json:"agreed"`
	Reasons    []reasonJSON `json:"reasons"`
}

type reasonJSON struct {
	models.Reason
	Text string `json:"text"`
}

// lineJSON is what Screen says of a need or a lot by itself.
type lineJSON struct {
	Name      string         `json:"name"`
	Outcome   string         `json:"outcome"`
	Go        string         `json:"go,omitempty"`
	Why       []reasonJSON   `json:"why"`
	Questions []questionJSON `json:"questions,omitempty"`
}

type questionJSON struct {
	Key    string `json:"key"`
	Blocks bool   `json:"blocks"`
	Text   string `json:"text"`
}

type openJSON struct {
	lineJSON
	Units  int        `json:"units"`
	NextAt *time.Time `json:"next_at,omitempty"`
}

type askJSON struct {
	Need  string    `json:"need"`
	Home  string    `json:"home"`
	Item  string    `json:"item"`
	Units int       `json:"units"`
	Until time.Time `json:"until"`
}

type widenJSON struct {
	Need string `json:"need"`
	To   string `json:"to"`
}

type windowJSON struct {
	Item   string    `json:"item"`
	Closes time.Time `json:"closes"`
}

type shareJSON struct {
	Home     string `json:"home"`
	Asked    int    `json:"asked"`
	Received int    `json:"received"`
	Proposed int    `json:"proposed"`
}

func printPlanJSON(out io.Writer, result cases.Result, broken []string, lang words.Lang) error {
	p, pool := result.Plan, result.Case.Pool
	doc := planJSON{Title: result.Case.Title, Now: shanghai(pool.Now), PolicyVersion: p.PolicyVersion, CatalogueVersion: p.CatalogueVersion,
		Matches: []matchJSON{}, Open: []openJSON{}, RefusedLots: []lineJSON{}, Asks: []askJSON{}, Widen: []widenJSON{},
		Windows: []windowJSON{}, Shares: []shareJSON{}, Broken: append([]string{}, broken...)}
	items, got := map[models.ID]models.ItemID{}, map[models.ID]int{}
	for _, l := range pool.Lots {
		items[l.ID] = l.ItemID
		if v := result.Lots[l.ID]; v.Outcome != matching.OutcomeOK {
			doc.RefusedLots = append(doc.RefusedLots, line(l.ID, v, v.Reasons, lang))
		}
	}
	for _, m := range p.Matches {
		got[m.NeedID] += m.Units
		doc.Matches = append(doc.Matches, matchJSON{m.NeedID, m.LotID, items[m.LotID], m.Units, m.RelayID, m.Substitute, m.Agreed, reasons(m.Reasons, lang)})
	}
	for _, n := range pool.Needs {
		if w, waits := p.Open[n.ID]; waits {
			row := openJSON{lineJSON: line(n.ID, result.Needs[n.ID], w.Why, lang), Units: n.Open - got[n.ID]}
			if w.NextAt != nil {
				at := shanghai(*w.NextAt)
				row.NextAt = &at
			}
			doc.Open = append(doc.Open, row)
		}
	}
	for _, a := range p.Asks {
		doc.Asks = append(doc.Asks, askJSON{a.NeedID, a.HouseholdID, a.ItemID, a.Units, shanghai(a.DueAt)})
	}
	for _, w := range p.Widen {
		doc.Widen = append(doc.Widen, widenJSON{w.NeedID, w.ToGridID})
	}
	for _, w := range p.Windows {
		doc.Windows = append(doc.Windows, windowJSON{w.ItemID, shanghai(w.ClosesAt)})
	}
	for _, s := range p.Shares {
		doc.Shares = append(doc.Shares, shareJSON{s.HouseholdID, s.Asked, s.Received, s.Proposed})
	}
	to := json.NewEncoder(out)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	return to.Encode(doc)
}

func line(name string, v matching.Verdict, why []models.Reason, lang words.Lang) lineJSON {
	l := lineJSON{Name: name, Outcome: string(v.Outcome), Go: v.Go, Why: reasons(why, lang)}
	for _, q := range v.Questions {
		l.Questions = append(l.Questions, questionJSON{q.Key, q.Blocks, words.Say(lang, questionCode(q), nil)})
	}
	return l
}

func reasons(all []models.Reason, lang words.Lang) []reasonJSON {
	told := make([]reasonJSON, 0, len(all))
	for _, r := range all {
		told = append(told, reasonJSON{r, cases.Say(lang, r)})
	}
	return told
}

func shanghai(at time.Time) time.Time { return at.In(models.Shanghai) }
