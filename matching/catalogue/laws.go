package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The laws of the tables. An overlay, signed or not, keeps them too.

var idPattern = regexp.MustCompile(`^M\d{3,5}$`)

// wrong names the first column of an item that cannot be, or "".
func wrong(item Item, lend string) string {
	for _, check := range []struct {
		column string
		ok     bool
	}{
		{"id", idPattern.MatchString(item.ID)},
		{"canonical", Normalise(item.Name) != ""},
		{"name_en", Normalise(item.NameEN) != ""},
		{"kind", slices.Contains([]string{KindDrug, KindDevice, KindSupply, KindClass}, item.Kind)},
		{"aliases", distinct(item.Aliases, Normalise) && !slices.ContainsFunc(item.Aliases, func(a string) bool { return Normalise(a) == Normalise(item.Name) })},
		{"min_age_months", item.MinAgeMonths >= 0 && item.MinAgeMonths <= youngest[Elder]},
		{"avoid", distinct(item.Avoid, same) && within(item.Avoid, Conditions)},
		{"audience", item.Audience != "" && strings.Trim(item.Audience, "ICAE") == "" && distinct(strings.Split(item.Audience, ""), same)},
		{"rx_class", known(rxClasses, item.RxClass)},
		{"class_conf", slices.Contains([]string{"h", "m", "l"}, item.Confidence)},
		{"share", slices.Contains([]string{ShareYes, ShareDoctor, ShareNever, ShareWorker}, item.Share)},
		// What the law gives on prescription only, or not at all, no neighbour gives.
		{"share", item.Share != ShareYes || !rxClasses[item.RxClass]},
		{"share_reason", item.ShareReason != ""},
		{"evidence", slices.Contains([]string{EvidenceSeal, EvidenceOTC, EvidenceNone}, item.Evidence)},
		{"evidence", item.Evidence != EvidenceNone || item.Share != ShareYes || item.Kind != KindDrug && item.Kind != KindClass},
		{"lend", lend == "yes" && item.Kind == KindDevice || lend == "no"},
		{"units", distinct(item.Units, same)},
		{"base", slices.Contains(item.Units, item.BaseUnit)},
		{"pack", distinct(item.Packs, func(p Pack) string { return p.Unit }) && !slices.ContainsFunc(item.Packs, func(p Pack) bool {
			return p.Unit == item.BaseUnit || !slices.Contains(item.Units, p.Unit)
		})},
		{"dup_group", distinct(item.DupGroups, same) && within(item.DupGroups, dupCodes())},
	} {
		if !check.ok {
			return check.column
		}
	}
	return ""
}

// check holds the laws between rows.
func (c *Catalogue) check() error {
	names := map[string]Item{}
	for _, e := range c.searches {
		if known, ok := names[e.key]; ok && known.ID != e.item {
			return fmt.Errorf("the name %q leads to %s and %s", e.name, known.ID, e.item)
		}
		names[e.key] = c.byID[e.item]
	}
	for _, m := range c.members {
		if why := c.wrongMember(c.byID[m.class], c.byID[m.item], m.who); why != "" {
			return fmt.Errorf("%s: %s of %s: %s", m.line, m.item, m.class, why)
		}
	}
	for _, p := range c.pairs {
		if why := wrongPair(c.byID[p.from], c.byID[p.To], p.who); why != "" {
			return fmt.Errorf("%s: %s instead of %s: %s", p.line, p.To, p.from, why)
		}
	}
	return nil
}

// A class row holds only what all its members share, and a member is counted
// in the class's unit: three bags asked are never three tablets given.
func (c *Catalogue) wrongMember(class, item Item, who []string) string {
	switch {
	case class.Kind != KindClass:
		return "that is no class"
	case item.Kind == KindClass:
		return "a class cannot be a member"
	case class.Share == ShareYes && item.Share != ShareYes:
		return "it is not shared"
	case !countedAlike(class, item):
		return "it is counted in another unit"
	case !within(class.Avoid, item.Avoid):
		return "the class asks what the member does not"
	}
	return wrongAges(item, who)
}

func wrongPair(from, to Item, who []string) string {
	medicine := from.Kind == KindDrug || to.Kind == KindDrug
	switch {
	case from.ID == to.ID || from.Kind == KindClass || to.Kind == KindClass || from.Kind != to.Kind:
		return "a pair is two named things of one kind"
	case from.Share != ShareYes || to.Share != ShareYes:
		return "it is not shared"
	case !countedAlike(from, to):
		return "it is counted in another unit"
	case medicine && (slices.Contains(who, Infant) || slices.Contains(who, Child)):
		return "children get the same medicine or a doctor"
	}
	return wrongAges(to, who)
}

func wrongAges(item Item, who []string) string {
	for _, group := range who {
		if youngest[group] < item.MinAgeMonths {
			return "too young for it: " + group
		}
	}
	return ""
}

// countedAlike: the same base unit, or one that is another word for it.
func countedAlike(a, b Item) bool {
	return a.BaseUnit == b.BaseUnit || slices.Contains(a.Packs, Pack{b.BaseUnit, 1}) || slices.Contains(b.Packs, Pack{a.BaseUnit, 1})
}

func dupCodes() []string {
	codes := make([]string, len(DupGroups))
	for i, g := range DupGroups {
		codes[i] = g.Code
	}
	return codes
}

func same(s string) string { return s }

// distinct: no key is empty and none stands twice.
func distinct[T any](all []T, key func(T) string) bool {
	seen := map[string]bool{"": true}
	for _, x := range all {
		if seen[key(x)] {
			return false
		}
		seen[key(x)] = true
	}
	return true
}

func within(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}

func known[V any](all map[string]V, word string) bool {
	_, ok := all[word]
	return ok
}
