package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"linli/matching"
	"linli/matching/cases"
	"linli/matching/catalogue"
	"linli/models"
	"linli/models/words"
)

// planText writes a plan as a person reads it: what goes to whom and why, what
// stays open and what comes next, and what cannot be given.
type planText struct {
	out    io.Writer
	lang   words.Lang
	result cases.Result
}

func (p planText) print(wrong []string) {
	plan, pool := p.result.Plan, p.result.Case.Pool
	if p.result.Case.Title != "" {
		fmt.Fprintln(p.out, p.result.Case.Title)
	}
	p.line("plan.made", "at", clock(pool.Now), "policy", plan.PolicyVersion, "catalogue", plan.CatalogueVersion)
	p.head("plan.matches", len(plan.Matches))
	for _, m := range plan.Matches {
		p.match(m)
	}
	p.head("plan.open", len(plan.Open))
	for _, n := range pool.Needs {
		if w, ok := plan.Open[n.ID]; ok {
			p.open(n, w)
		}
	}
	p.refused()
	p.search()
	p.head("plan.shares", len(plan.Shares))
	for _, s := range plan.Shares {
		p.line("plan.share", "home", s.HouseholdID, "asked", strconv.Itoa(s.Asked), "received", strconv.Itoa(s.Received),
			"proposed", strconv.Itoa(s.Proposed))
	}
	if expected := len(p.result.Case.Expect); expected > 0 {
		p.head("plan.expected", expected)
		if len(wrong) == 0 {
			p.line("plan.all_true", "n", strconv.Itoa(expected))
		}
		for _, complaint := range wrong {
			fmt.Fprintln(p.out, "  ✗ "+complaint)
		}
	}
}

// head opens a part that has something to say.
func (p planText) head(code string, rows int) {
	if rows > 0 {
		fmt.Fprintf(p.out, "\n%s\n", p.say(code))
	}
}

func (p planText) line(code string, args ...string) {
	fmt.Fprintln(p.out, "  "+p.say(code, args...))
}

func (p planText) say(code string, args ...string) string {
	named := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	return words.Say(p.lang, code, named)
}

func (p planText) match(m matching.Proposal) {
	need, lot := p.need(m.NeedID), p.lot(m.LotID)
	how := "plan.agreed"
	switch {
	case m.Substitute:
		how = "plan.ask_substitute"
	case !m.Agreed:
		how = "plan.ask_loan"
	}
	via := p.say("plan.by_worker")
	if m.RelayID != nil {
		via = *m.RelayID
	}
	p.line("plan.match", "need", need.ID, "wanted", p.name(need.ItemID), "units", p.amount(m.Units, lot.ItemID), "lot", lot.ID,
		"item", p.name(lot.ItemID), "via", via, "how", p.say(how))
	p.reasons(m.Reasons)
}

func (p planText) open(n models.Need, w matching.Waiting) {
	verdict := p.result.Needs[n.ID]
	got := 0
	for _, m := range p.result.Plan.Matches {
		if m.NeedID == n.ID {
			got += m.Units
		}
	}
	p.line("plan.waits", "need", n.ID, "item", p.name(n.ItemID), "units", p.amount(n.Open-got, n.ItemID),
		"outcome", p.say(outcomeCodes[verdict.Outcome]))
	p.reasons(w.Why)
	for _, q := range verdict.Questions {
		fmt.Fprintf(p.out, "      ? %s\n", p.say(questionCode(q)))
	}
	if verdict.Outcome == matching.OutcomeOK && w.NextAt != nil {
		fmt.Fprintf(p.out, "      → %s\n", p.say("plan.next", "at", clock(*w.NextAt)))
	}
}

var outcomeCodes = map[matching.Outcome]string{matching.OutcomeOK: "plan.ok", matching.OutcomeAsk: "plan.ask_first",
	matching.OutcomeRefused: "plan.refused", matching.OutcomeDoctor: "plan.doctor", matching.OutcomeDanger: "plan.danger"}

func questionCode(q matching.Question) string {
	return "question." + strings.Replace(q.Key, ":", ".", 1)
}

// reasons are one a line, those of limited readers marked; where a reason
// counts what lies somewhere, the place and the thing are told with it.
func (p planText) reasons(all []models.Reason) {
	for _, r := range all {
		text := cases.Say(p.lang, r)
		if grid := r.Args["grid"]; grid != "" {
			text += " · " + cases.GridName(grid, p.lang == words.EN)
		}
		if item := r.Args["item"]; item != "" {
			text += " · " + p.name(item)
		}
		if at, err := time.Parse(time.RFC3339, r.Args["at"]); err == nil {
			text += " · " + clock(at)
		}
		if !r.ReadableBy(models.ReaderAll) {
			text = p.say("plan.her_only", "text", text)
		}
		fmt.Fprintf(p.out, "      · %s\n", text)
	}
}

func (p planText) refused() {
	first := true
	for _, l := range p.result.Case.Pool.Lots {
		v := p.result.Lots[l.ID]
		if v.Outcome == matching.OutcomeOK {
			continue
		}
		if first {
			p.head("plan.refused_lots", 1)
		}
		first = false
		p.line("plan.lot", "lot", l.ID, "item", p.name(l.ItemID), "units", p.amount(l.Remaining, l.ItemID), "go", p.say("plan.go_"+v.Go))
		p.reasons(v.Reasons)
	}
}

// search tells whom the plan asks, where it looks and what it gathers.
func (p planText) search() {
	plan := p.result.Plan
	p.head("plan.search", len(plan.Asks)+len(plan.Widen)+len(plan.Windows))
	for _, a := range plan.Asks {
		p.line("plan.ask", "need", a.NeedID, "who", a.PersonID, "item", p.name(a.ItemID), "units", p.amount(a.Units, a.ItemID), "until", clock(a.DueAt))
	}
	for _, w := range plan.Widen {
		p.line("plan.widen", "need", w.NeedID, "grid", cases.GridName(w.ToGridID, p.lang == words.EN))
	}
	for _, w := range plan.Windows {
		p.line("plan.window", "item", p.name(w.ItemID), "at", clock(w.ClosesAt))
	}
}

func (p planText) need(id models.ID) models.Need {
	for _, n := range p.result.Case.Pool.Needs {
		if n.ID == id {
			return n
		}
	}
	return models.Need{}
}

func (p planText) lot(id models.ID) models.Lot {
	for _, l := range p.result.Case.Pool.Lots {
		if l.ID == id {
			return l
		}
	}
	return models.Lot{}
}

func (p planText) name(id models.ItemID) string {
	item, _ := catalogue.Embedded().Item(id)
	if p.lang == words.EN {
		return item.NameEN
	}
	return item.Name
}

// amount says a number with its unit, which is Chinese and left out in English.
func (p planText) amount(units int, id models.ItemID) string {
	item, _ := catalogue.Embedded().Item(id)
	if p.lang == words.EN {
		return strconv.Itoa(units)
	}
	return strconv.Itoa(units) + " " + item.BaseUnit
}

// clock is a time as people in Shanghai read it; only windows end at a second.
func clock(at time.Time) string {
	return strings.TrimSuffix(at.In(models.Shanghai).Format("2006-01-02 15:04:05"), ":00")
}
