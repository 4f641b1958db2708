package cases

import (
	"slices"
	"strings"

	"linli/matching"
	"linli/matching/catalogue"
)

// Expectation is one sentence about the plan: 应 (must) or 绝不 (never), of whom
// or what, a verb, and the rest. A never holds however urgent, confirmed, long
// waited or far widened the needs are (press.go): it is for what is unsafe, not
// for whose turn it is.
type Expectation struct {
	Never   bool
	Subject string
	Verb    string
	Rest    []string
	Place   string
	Text    string // as it was written

	item catalogue.ID // what Rest names, for "绝不 … 得 布洛芬"
}

// verb is what can be said: its words, of what, and whether it is borne out.
type verb struct {
	zh, en  string
	of      subject
	atLeast int // words behind it
	check   func(r *Result, e Expectation) string
}

type subject int

const (
	ofNeed subject = iota
	ofHome
	ofLine // a need or, where there is none of that name, a lot
	ofLot
	ofItem
)

var musts = []verb{
	{"得", "gets", ofNeed, 1, gets},
	{"共得", "gets-in-all", ofHome, 1, homeGets},
	{"分成", "in-parcels", ofNeed, 1, parcels},
	{"先问换", "substitute", ofNeed, 0, substitute},
	{"先问借", "to-agree", ofNeed, 0, toAgree},
	{"说好", "agreed", ofNeed, 0, agreed},
	{"经", "by", ofNeed, 1, by},
	{"结论", "verdict", ofLine, 1, outcome},
	{"若给", "with", ofNeed, 2, pair},
	{"因为", "because", ofLine, 1, because},
	{"没提", "not-because", ofLine, 1, notBecause},
	{"只对她说", "tells-her-only", ofNeed, 1, herOnly},
	{"对大家说", "tells-all", ofNeed, 1, tellsAll},
	{"要先问", "is-asked", ofLine, 1, isAsked},
	{"不用问", "is-not-asked", ofLine, 1, isNotAsked},
	{"可配", "may-get", ofNeed, 1, mayGet},
	{"上限", "ceiling", ofNeed, 1, ceiling},
	{"下一步", "next", ofNeed, 1, next},
	{"扩到", "widens-to", ofNeed, 1, widensTo},
	{"问邻居", "asks", ofNeed, 1, asks},
	{"开窗到", "window-until", ofItem, 1, windowUntil},
}

var nevers = []verb{
	{"得", "gets", ofNeed, 0, neverGets},
	{"超过", "more-than", ofHome, 1, neverMore},
	{"给出", "given", ofLot, 0, neverGiven},
	{"被问", "asked", ofHome, 0, neverAsked},
	{"对人说", "tells-others", ofNeed, 1, neverTells},
}

// expectation reads one and refuses names and verbs that the case does not have.
func expectation(c *catalogue.Catalogue, pool matching.Pool, v value) (Expectation, error) {
	said := strings.Fields(v.text)
	if len(said) < 3 {
		return Expectation{}, flaw(v.place, "要写：应（或绝不）谁 怎样", "want: must (or never) who what")
	}
	e := Expectation{Subject: said[1], Verb: said[2], Rest: said[3:], Place: v.place, Text: v.text}
	verbs := musts
	switch said[0] {
	case "应", "must":
	case "绝不", "never":
		e.Never, verbs = true, nevers
	default:
		return e, flaw(v.place, "要以“应”或“绝不”开头", "must begin with must or never")
	}
	at := slices.IndexFunc(verbs, func(k verb) bool { return k.zh == e.Verb || k.en == e.Verb })
	if at < 0 {
		return e, flaw(v.place, "不认得“%s”，可以写：%s", "%q is no verb here: %s", e.Verb, verbNames(verbs))
	}
	e.Verb = verbs[at].zh
	if len(e.Rest) < verbs[at].atLeast {
		return e, flaw(v.place, "“%s”后面还要写", "%q wants more words", e.Verb)
	}
	if !knows(c, pool, verbs[at].of, e.Subject) {
		return e, flaw(v.place, "这个案例里没有“%s”", "the case has no %q", e.Subject)
	}
	if e.Never && verbs[at].of == ofNeed && e.Verb == "得" && len(e.Rest) > 0 && !isLot(pool, e.Rest[0]) {
		what, err := item(c, value{text: e.Rest[0], place: v.place})
		if err != nil {
			return e, err
		}
		e.item = what.ID
	}
	return e, nil
}

func verbNames(verbs []verb) string {
	names := make([]string, 0, 2*len(verbs))
	for _, k := range verbs {
		names = append(names, k.zh+"/"+k.en)
	}
	return strings.Join(names, " ")
}

func knows(c *catalogue.Catalogue, pool matching.Pool, of subject, name string) bool {
	switch of {
	case ofNeed:
		return isNeed(pool, name)
	case ofLine:
		return isNeed(pool, name) || isLot(pool, name)
	case ofLot:
		return isLot(pool, name)
	case ofHome:
		for _, h := range pool.Households {
			if h.ID == name {
				return true
			}
		}
		return false
	}
	_, err := item(c, value{text: name})
	return err == nil
}

func isNeed(pool matching.Pool, name string) bool {
	for _, n := range pool.Needs {
		if n.ID == name {
			return true
		}
	}
	return false
}

func isLot(pool matching.Pool, name string) bool {
	for _, l := range pool.Lots {
		if l.ID == name {
			return true
		}
	}
	return false
}
