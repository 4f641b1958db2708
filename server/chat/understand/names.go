package understand

import (
	"fmt"
	"slices"
	"strings"

	"linli/matching/catalogue"
)

// name is one way to write an item.
type name struct {
	id    catalogue.ID // "" means: only looks like an item
	word  string       // folded
	bare  string       // person-dependent: 布洛芬, 退烧药, 泰诺林
	loose bool         // another product that people call by this: ask which
}

// names finds items: as they are written, by sound, by initials, and with one
// slip of the pen.
type names struct {
	items   map[catalogue.ID]catalogue.Item
	all     []name
	exact   *trie // on folded runes
	sound   *trie // on letters, of names in characters
	shorted *trie // some characters as their initials: bl芬, 连花qw
	tails   *trie // what follows the first character of such a name
	slips   *trie // longer names of medicines, for one wrong character
}

// The names whose meaning depends on who is ill.
const (
	bareIbuprofen   = "布洛芬"
	bareFever       = "退烧药"
	bareParacetamol = "泰诺林"
)

func (b *book) readNames(c *catalogue.Catalogue) (*names, error) {
	n := &names{items: map[catalogue.ID]catalogue.Item{}, exact: newTrie(), sound: newTrie(), shorted: newTrie(), slips: newTrie(), tails: newTrie()}
	byName := map[string]catalogue.ID{}
	for _, it := range c.Items() {
		n.items[it.ID] = it
		byName[it.Name] = it.ID
	}
	// The table first: it may correct what the catalogue says.
	for _, r := range open("names.tsv", "item", "written", "example", "expect") {
		to, loose := strings.CutSuffix(r.cells[0], "?")
		id, ok := byName[to]
		if !ok && to != "-" {
			return nil, fmt.Errorf("%s: %s is not in the catalogue", r.line, to)
		}
		for _, w := range split(r.cells[1]) {
			n.add(b, name{id: id, word: w, loose: loose})
		}
	}
	for _, it := range c.Items() {
		for _, w := range append([]string{it.Name}, it.Aliases...) {
			for _, w := range spellings(w) {
				n.add(b, name{id: it.ID, word: w})
			}
		}
		for _, w := range englishNames(it.NameEN) {
			n.add(b, name{id: it.ID, word: w})
		}
	}
	n.addShorted(b)
	for _, t := range []*trie{n.exact, n.sound, n.shorted, n.slips, n.tails} {
		t.freeze()
	}
	return n, nil
}

// spellings drops a remark in brackets: 小快克(旧方).
func spellings(w string) []string {
	if at := strings.IndexAny(w, "(（"); at >= 0 {
		return nil // with the remark it is another thing than without
	}
	return []string{w}
}

// englishNames are the generic names in an English name: "Paracetamol /
// acetaminophen (adult solid)". Single words only; the rest describes.
func englishNames(text string) []string {
	text, remark, _ := strings.Cut(text, "(")
	var found []string
	for _, part := range append(strings.Split(text, "/"), strings.TrimSuffix(strings.TrimSpace(remark), ")")) {
		part = strings.TrimSpace(part)
		if len(part) >= 7 && !strings.ContainsAny(part, " -,+.") && !slices.Contains([]string{"unspecified", "tincture", "compound", "controlled"}, strings.ToLower(part)) {
			found = append(found, part)
		}
	}
	return found
}

func (n *names) add(b *book, nm name) {
	var word []rune
	for _, r := range nm.word {
		if f := b.foldRune(r); f != 0 && f != ' ' {
			word = append(word, f)
		}
	}
	nm.word = string(word)
	number := int32(len(n.all))
	if len(word) == 0 || n.exact.add(word, number) != number {
		return // the table, or an earlier row, has it already
	}
	if it := n.items[nm.id]; it.Name == bareIbuprofen && (strings.HasSuffix(nm.word, "芬") && !strings.HasPrefix(nm.word, "大人") || b.han.sound(word[0]) == "bu" || nm.word == "blf" || nm.word == "ibuprofen") && !strings.ContainsAny(nm.word, "片胶") {
		nm.bare = bareIbuprofen
	} else if it.Name == bareFever {
		nm.bare = bareFever
	} else if it.Name == "对乙酰氨基酚" && (strings.HasPrefix(nm.word, "泰") && !strings.HasSuffix(nm.word, "片") || nm.word == "tylenol") {
		nm.bare = bareParacetamol
	}
	n.all = append(n.all, nm)
	if nm.id == "" || !allHan(word) {
		return
	}
	if letters := b.letters(word); letters != nil && len(word) >= 2 {
		n.sound.add(letters, number)
	}
	if it := n.items[nm.id]; len(word) >= 4 && (it.Kind == catalogue.KindDrug || len(word) >= 5 && it.Kind != catalogue.KindClass) {
		n.slips.add(word, number)
		if owner := n.tails.add(word[1:], number); n.all[owner].id != nm.id {
			n.tails.ends[n.tails.find(word[1:])] = -1 // two items end so
		}
	}
}

// letters is how a word sounds, syllables joined; nil when one is unknown.
func (b *book) letters(word []rune) []rune {
	var letters []rune
	for _, r := range word {
		s := b.han.sound(r)
		if s == "" {
			return nil
		}
		letters = append(letters, []rune(s)...)
	}
	return letters
}

// addShorted adds names of which one run of characters is written as initials,
// where that leads to one item only: bl芬, 连花qw, lhqw.
func (n *names) addShorted(b *book) {
	type owner struct {
		number int32
		shared bool
	}
	owners := map[string]owner{}
	for number, nm := range n.all {
		word := []rune(nm.word)
		if nm.id == "" || !allHan(word) || len(word) < 3 || len(word) > 8 || b.letters(word) == nil {
			continue
		}
		for from := range word {
			for to := from + 1; to <= len(word); to++ {
				if kept := len(word) - (to - from); kept == 0 && len(word) < 4 {
					continue // three initials alone may be anything
				}
				short := slices.Clone(word)
				for i := from; i < to; i++ {
					short[i] = rune(b.han.sound(word[i])[0])
				}
				key := string(short)
				o, known := owners[key]
				switch {
				case !known:
					owners[key] = owner{int32(number), false}
				case n.all[o.number].id != nm.id:
					owners[key] = owner{o.number, true}
				}
			}
		}
	}
	for key, o := range owners {
		if !o.shared {
			n.shorted.add([]rune(key), o.number)
		}
	}
}

func allHan(word []rune) bool {
	for _, r := range word {
		if !isHan(r) {
			return false
		}
	}
	return len(word) > 0
}
