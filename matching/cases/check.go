package cases

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linli/matching"
	"linli/models"
	"linli/models/words"
)

// A check says what happened instead, "" where the expectation came true.

func instead(got any) string { return fmt.Sprintf("得到的是 / got %v", got) }

// gets: "得 6", "得 6片 从 王家"; the units of the need in all, or of one lot.
func gets(r *Result, e Expectation) string {
	what, _ := r.catalogue.Item(r.need(e.Subject).ItemID)
	want, err := units(what, value{text: e.Rest[0], place: e.Place})
	if err != nil {
		return err.Error()
	}
	from := ""
	if len(e.Rest) == 3 && (e.Rest[1] == "从" || e.Rest[1] == "from") {
		from = e.Rest[2]
	} else if len(e.Rest) != 1 {
		return "want: 得 N [从 LOT]"
	}
	got := map[models.ID]int{}
	sum := 0
	for _, p := range r.matches(e.Subject) {
		if from == "" || p.LotID == from {
			sum += p.Units
		}
		got[p.LotID] += p.Units
	}
	if sum != want {
		return instead(got)
	}
	return ""
}

func homeGets(r *Result, e Expectation) string {
	sum := 0
	for _, p := range r.Plan.Matches {
		if r.need(p.NeedID).HouseholdID == e.Subject {
			sum += p.Units
		}
	}
	return same(strconv.Itoa(sum), e.Rest[0])
}

func same(got, want string) string {
	if got == want {
		return ""
	}
	return instead(got)
}

func parcels(r *Result, e Expectation) string {
	return same(strconv.Itoa(len(r.matches(e.Subject))), e.Rest[0])
}

// every: there is a match, and all are so.
func every(r *Result, e Expectation, is func(p matching.Proposal) bool) string {
	all := r.matches(e.Subject)
	if len(all) == 0 {
		return "没配上 / no match"
	}
	for _, p := range all {
		if !is(p) {
			return instead(fmt.Sprintf("substitute %v, agreed %v, relay %v", p.Substitute, p.Agreed, relayOf(p)))
		}
	}
	return ""
}

func substitute(r *Result, e Expectation) string {
	return every(r, e, func(p matching.Proposal) bool { return p.Substitute && !p.Agreed })
}

func toAgree(r *Result, e Expectation) string {
	return every(r, e, func(p matching.Proposal) bool { return !p.Substitute && !p.Agreed })
}

func agreed(r *Result, e Expectation) string {
	return every(r, e, func(p matching.Proposal) bool { return p.Agreed && !p.Substitute })
}

func by(r *Result, e Expectation) string {
	return every(r, e, func(p matching.Proposal) bool { return relayOf(p) == e.Rest[0] })
}

func relayOf(p matching.Proposal) models.ID {
	if p.RelayID == nil {
		return "网格员"
	}
	return *p.RelayID
}

func (r *Result) verdict(name models.ID) matching.Verdict {
	if v, ok := r.Needs[name]; ok {
		return v
	}
	return r.Lots[name]
}

// outcomes as people say them, and where to go instead.
var outcomes = map[string]string{"打120": "danger", "看医生": "doctor", "不行": "refused", "先问": "ask", "可以": "ok"}
var places = map[string]string{"医生": "doctor", "回收点": "recovery", "网格员": "worker", "120": "emergency"}

// outcome: "结论 不行", "结论 不行 去 回收点".
func outcome(r *Result, e Expectation) string {
	v := r.verdict(e.Subject)
	if want := orSame(outcomes, e.Rest[0]); want != string(v.Outcome) {
		return instead(string(v.Outcome) + " " + tell(v.Reasons))
	}
	if len(e.Rest) == 3 {
		return same(v.Go, orSame(places, e.Rest[2]))
	}
	return ""
}

// pair: "若给 王家 不行": what Screen says of the need together with that lot, as
// at the hand-over.
func pair(r *Result, e Expectation) string {
	lot := r.lot(e.Rest[0])
	line := matching.NeedLine(r.need(e.Subject))
	line.Lot = &lot
	v := matching.New(r.catalogue).Screen(line, models.DateOf(r.Case.Pool.Now))
	if lot.ID == "" || orSame(outcomes, e.Rest[1]) != string(v.Outcome) {
		return instead(string(v.Outcome) + " " + tell(v.Reasons))
	}
	return ""
}

func orSame(words map[string]string, word string) string {
	if code, ok := words[word]; ok {
		return code
	}
	return word
}

// reasons are all that is said of a line: of its matches, why not yet, and of
// the line by itself.
func (r *Result) reasons(name models.ID) []models.Reason {
	var all []models.Reason
	for _, p := range r.matches(name) {
		all = append(all, p.Reasons...)
	}
	all = append(all, r.Plan.Open[name].Why...)
	v := r.verdict(name)
	return append(append(all, v.Reasons...), v.Warnings...)
}

// said finds the reasons with that code, or with those words in either language.
func said(reasons []models.Reason, words []string) []models.Reason {
	text := strings.Join(words, " ")
	var found []models.Reason
	for _, x := range reasons {
		if x.Code == text || strings.Contains(Say("zh", x), text) || strings.Contains(Say("en", x), text) {
			found = append(found, x)
		}
	}
	return found
}

// Say is the sentence of a reason.
func Say(lang words.Lang, x models.Reason) string { return words.Say(lang, x.Code, x.Args) }

func tell(reasons []models.Reason) string {
	var all []string
	for _, x := range reasons {
		all = append(all, Say(words.ZH, x))
	}
	return strings.Join(all, "；")
}

func because(r *Result, e Expectation) string {
	if all := r.reasons(e.Subject); len(said(all, e.Rest)) == 0 {
		return instead(tell(all))
	}
	return ""
}

func notBecause(r *Result, e Expectation) string {
	if all := r.reasons(e.Subject); len(said(all, e.Rest)) > 0 {
		return instead(tell(all))
	}
	return ""
}

// herOnly: it is said to her and her worker, and nobody else may read it.
func herOnly(r *Result, e Expectation) string {
	found := said(r.reasons(e.Subject), e.Rest)
	for _, x := range found {
		if !x.ReadableBy(models.ReaderReceiver) || !x.ReadableBy(models.ReaderWorker) || x.ReadableBy("giver") {
			return instead(x.Readers)
		}
	}
	if len(found) == 0 {
		return instead(tell(r.reasons(e.Subject)))
	}
	return ""
}

func tellsAll(r *Result, e Expectation) string {
	found := said(r.reasons(e.Subject), e.Rest)
	if !slices.ContainsFunc(found, func(x models.Reason) bool { return x.ReadableBy("giver") }) {
		return instead(tell(r.reasons(e.Subject)))
	}
	return ""
}
