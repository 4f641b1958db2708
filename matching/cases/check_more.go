package cases

import (
	"slices"
	"strconv"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/words"
)

// questions are what is asked of a line, as sentences.
func (r *Result) questions(name models.ID) string {
	var all []string
	for _, q := range r.verdict(name).Questions {
		all = append(all, words.Say(words.ZH, "question."+strings.Replace(q.Key, ":", ".", 1), nil))
	}
	return strings.Join(all, "；")
}

func isAsked(r *Result, e Expectation) string {
	if all := r.questions(e.Subject); !strings.Contains(all, strings.Join(e.Rest, " ")) {
		return instead(all)
	}
	return ""
}

func isNotAsked(r *Result, e Expectation) string {
	if all := r.questions(e.Subject); strings.Contains(all, strings.Join(e.Rest, " ")) {
		return instead(all)
	}
	return ""
}

// mayGet: these items and no other, "无" for none.
func mayGet(r *Result, e Expectation) string {
	var want []models.ItemID
	for _, name := range e.Rest {
		if name == "无" || name == "none" {
			continue
		}
		what, err := item(r.catalogue, value{text: name, place: e.Place})
		if err != nil {
			return err.Error()
		}
		want = append(want, what.ID)
	}
	got := slices.Clone(r.Needs[e.Subject].Items)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return instead(got)
	}
	return ""
}

func ceiling(r *Result, e Expectation) string {
	return same(strconv.Itoa(r.Needs[e.Subject].Ceiling), e.Rest[0])
}

func next(r *Result, e Expectation) string {
	want, err := moment(value{text: strings.Join(e.Rest, " "), place: e.Place}, r.Case.Pool.Now)
	if err != nil {
		return err.Error()
	}
	at := r.Plan.Open[e.Subject].NextAt
	if at == nil {
		return "没有下一步 / nothing is next"
	}
	return same(at.In(models.Shanghai).Format("2006-01-02 15:04:05"), want.In(models.Shanghai).Format("2006-01-02 15:04:05"))
}

// widensTo: "扩到 本片", "扩到 无".
func widensTo(r *Result, e Expectation) string {
	got := "无"
	for _, w := range r.Plan.Widen {
		if w.NeedID == e.Subject {
			got = w.ToGridID
		}
	}
	want := e.Rest[0]
	if want == "none" {
		want = "无"
	}
	if to, err := grid(value{text: want}, ""); err == nil {
		want = to.ID
	}
	return same(got, want)
}

// asks: "问邻居 3" how many, "问邻居 李家 王家" whom, in any order.
func asks(r *Result, e Expectation) string {
	var got []string
	for _, a := range r.Plan.Asks {
		if a.NeedID == e.Subject {
			got = append(got, a.PersonID)
		}
	}
	if n, err := strconv.Atoi(e.Rest[0]); err == nil && len(e.Rest) == 1 {
		if n != len(got) {
			return instead(got)
		}
		return ""
	}
	want := slices.Clone(e.Rest)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return instead(got)
	}
	return ""
}

// windowUntil: "开窗到 14:01", "开窗到 无": a window stands and is still open.
func windowUntil(r *Result, e Expectation) string {
	what, err := item(r.catalogue, value{text: e.Subject, place: e.Place})
	if err != nil {
		return err.Error()
	}
	got := "无"
	for _, w := range r.Plan.Windows {
		if w.ItemID == what.ID && w.Open(r.Case.Pool.Now) {
			got = w.ClosesAt.In(models.Shanghai).Format("15:04:05")
		}
	}
	want := e.Rest[0]
	if at, err := moment(value{text: want}, r.Case.Pool.Now); err == nil {
		want = at.In(models.Shanghai).Format("15:04:05")
	}
	return same(got, want)
}

// neverGets: anything at all, an item, or units of a lot.
func neverGets(r *Result, e Expectation) string {
	for _, p := range r.matches(e.Subject) {
		if len(e.Rest) == 0 || p.LotID == e.Rest[0] || e.item != "" && r.lot(p.LotID).ItemID == e.item {
			return instead(p.LotID)
		}
	}
	return ""
}

// neverMore: all units of this plan for the home together.
func neverMore(r *Result, e Expectation) string {
	most, err := strconv.Atoi(e.Rest[0])
	sum := 0
	for _, p := range r.Plan.Matches {
		if r.need(p.NeedID).HouseholdID == e.Subject {
			sum += p.Units
		}
	}
	if err != nil || sum > most {
		return instead(sum)
	}
	return ""
}

func neverGiven(r *Result, e Expectation) string {
	for _, p := range r.Plan.Matches {
		if p.LotID == e.Subject {
			return instead(p.NeedID)
		}
	}
	return ""
}

func neverAsked(r *Result, e Expectation) string {
	if slices.ContainsFunc(r.Plan.Asks, func(a models.Ask) bool { return a.HouseholdID == e.Subject }) {
		return "问了 / asked"
	}
	return ""
}

// neverTells: no reason of a match with those words reaches giver or neighbours.
func neverTells(r *Result, e Expectation) string {
	open := matching.Proposal{Reasons: r.Plan.Open[e.Subject].Why}
	for _, p := range append(r.matches(e.Subject), open) {
		if found := said(models.ReasonsFor(p.Reasons, "giver"), e.Rest); len(found) > 0 {
			return instead(tell(found))
		}
	}
	return ""
}
