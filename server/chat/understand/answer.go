package understand

import (
	"slices"
	"strconv"
	"strings"

	"linli/matching/catalogue"
	"linli/models/words"
)

// missing is the code of the one question without which a post would be a
// guess; "" where nothing is missing, or nothing is to be posted.
func (m *message) missing(u *Understanding) string {
	switch {
	case len(u.Danger) > 0 || u.Policy != OK:
		return ""
	case m.unsure:
		return "chat.ask_intent"
	}
	switch u.Intent {
	case Request:
		return m.missingNeed(u)
	case Offer:
		return m.missingLot(u)
	case Cancel:
		if len(u.Items) == 0 {
			return "chat.ask_cancel"
		}
	case Chatter:
		if len(m.names) > 0 && !m.said.has("talk") && !m.said.has("thanks") {
			return "chat.ask_intent"
		}
	}
	return ""
}

func (m *message) missingNeed(u *Understanding) string {
	if len(u.Items) == 0 {
		return "chat.ask_item"
	}
	for _, it := range u.Items {
		row := m.book.names.items[it.ID]
		switch {
		case it.Unsure:
			return "chat.ask_name"
		case isMedicine(row) && u.Audience == nil:
			return "question.age"
		case row.Kind == catalogue.KindClass && u.Audience != nil && *u.Audience == Infant:
			return "which_one"
		}
	}
	if slices.ContainsFunc(u.Items, func(it Item) bool { return it.Qty == nil }) {
		return "chat.ask_qty"
	}
	return ""
}

func (m *message) missingLot(u *Understanding) string {
	if len(u.Items) == 0 {
		return "chat.ask_offer"
	}
	for _, it := range u.Items {
		row := m.book.names.items[it.ID]
		switch {
		case it.Unsure:
			return "chat.ask_name"
		case row.Kind == catalogue.KindClass:
			return "name_it"
		case it.Qty == nil:
			return "chat.ask_offer_qty"
		case isMedicine(row) && u.Expiry == nil:
			return "chat.ask_expiry"
		}
	}
	return ""
}

func isMedicine(it catalogue.Item) bool {
	return it.Kind == catalogue.KindDrug || it.Kind == catalogue.KindClass
}

// Answer is what may be said to a message, a sentence a line; "" where nothing
// need be said. A danger sign is answered with 120 and nothing else. It never
// names a dose, and never says that two medicines go together.
func (r *Reader) Answer(u Understanding, lang words.Lang) string {
	var lines []string
	say := func(code string, args map[string]string) { lines = append(lines, words.Say(lang, code, args)) }
	switch {
	case len(u.Danger) > 0:
		say("call_120", nil)
	case u.Intent == Query:
		lines = r.facts(u, lang)
	case u.Intent == Sell && u.Policy == Sale:
		say("chat.no_sale", nil)
	case u.Policy == Sale:
		say("chat.no_payment", nil)
		r.sayItems(u, lang, say)
	case u.Policy == Forbidden:
		say("never_shared", nil)
	case u.Policy == Rx:
		say("ask_doctor", nil)
	case u.Policy == Expired && u.Intent != Fulfilled:
		say("expired", nil)
	default:
		if u.Barter {
			say("chat.no_barter", nil)
		}
		if u.Ask != "" {
			say(u.Ask, map[string]string{"item": r.asked(u)})
		} else {
			r.sayItems(u, lang, say)
		}
	}
	return strings.Join(lines, "\n")
}

func (r *Reader) sayItems(u Understanding, lang words.Lang, say func(string, map[string]string)) {
	switch {
	case u.Intent == Fulfilled:
		say("chat.fulfilled", nil)
	case u.Intent == Cancel:
		say("chat.cancelled", nil)
	case len(u.Items) > 0 && (u.Intent == Request || u.Intent == Offer):
		var named []string
		for _, it := range u.Items {
			args := map[string]string{"item": r.named(it, lang)}
			code := "chat.some"
			if it.Qty != nil && it.Unit != nil {
				code = "chat.counted"
				args["qty"], args["unit"] = strconv.FormatFloat(*it.Qty, 'f', -1, 64), *it.Unit
			}
			named = append(named, words.Say(lang, code, args))
		}
		say("chat."+u.Intent, map[string]string{"items": joinWords(named, lang)})
	}
}

// asked is the item that the question is about.
func (r *Reader) asked(u Understanding) string {
	for _, it := range u.Items {
		if it.Unsure {
			return it.Said
		}
	}
	for _, it := range u.Items {
		if it.Qty == nil && u.Ask != "chat.ask_expiry" || u.Ask == "chat.ask_expiry" {
			return it.Canonical
		}
	}
	return ""
}

func (r *Reader) named(it Item, lang words.Lang) string {
	if lang == words.EN {
		return r.book.names.items[it.ID].NameEN
	}
	return it.Canonical
}

// facts answers a question about medicines: which ingredients that must not be
// doubled each holds, which they share, and who may say more.
func (r *Reader) facts(u Understanding, lang words.Lang) []string {
	var lines []string
	shared := map[string][]string{}
	medicine := false
	for _, it := range u.Items {
		row := r.book.names.items[it.ID]
		if !isMedicine(row) {
			continue
		}
		medicine = true
		name := r.named(it, lang)
		if len(row.DupGroups) == 0 {
			if len(u.Items) > 1 {
				lines = append(lines, words.Say(lang, "chat.no_facts", map[string]string{"item": name}))
			}
			continue
		}
		lines = append(lines, words.Say(lang, "chat.holds", map[string]string{"item": name, "groups": groupNames(row.DupGroups, lang)}))
		for _, g := range row.DupGroups {
			shared[g] = append(shared[g], name)
		}
	}
	for _, g := range catalogue.DupGroups {
		if names := shared[g.Code]; len(names) > 1 {
			lines = append(lines, words.Say(lang, "chat.doubles", map[string]string{"items": joinWords(names, lang), "groups": groupNames([]string{g.Code}, lang)}))
		}
	}
	if !medicine {
		return []string{words.Say(lang, "chat.ask_worker", nil)}
	}
	return append(lines, words.Say(lang, "chat.ask_pharmacist", nil))
}

func groupNames(codes []string, lang words.Lang) string {
	var names []string
	for _, g := range catalogue.DupGroups {
		if slices.Contains(codes, g.Code) {
			if lang == words.EN {
				names = append(names, g.EN)
			} else {
				names = append(names, g.ZH)
			}
		}
	}
	return joinWords(names, lang)
}

func joinWords(all []string, lang words.Lang) string {
	if lang == words.EN {
		return strings.Join(all, ", ")
	}
	return strings.Join(all, "、")
}
