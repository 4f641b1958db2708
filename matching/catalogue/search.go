package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Hit is an item that a search found.
type Hit struct {
	Item    Item
	Matched string // the name or alias that fitted
	Whole   bool   // that name is what was written, not a part of it
	Near    bool   // nothing fits; one of the nearest three, never a guess
}

// maxQuery bounds the cost of a search, in runes.
const maxQuery = 64

// entry is one searchable name.
type entry struct {
	key, name string
	runes     []rune
	item      ID
	rank      int // 0 the name of a class, 1 of an item, 2 another name
}

// Normalise folds what people write differently: width, case, spaces, marks.
// Doing it twice changes nothing.
func Normalise(text string) string {
	return fold(fold(text)) // leaving a mark out may bring together what NFKC composes
}

func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) && r != utf8.RuneError || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

// cut shortens a text to so many runes without reading the rest.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}

func (c *Catalogue) index() {
	add := func(name string, item ID, rank int) {
		key := Normalise(name)
		c.searches = append(c.searches, entry{key, name, []rune(key), item, rank})
	}
	for _, item := range c.items {
		rank := 1
		if item.Kind == KindClass {
			rank = 0
		}
		add(item.Name, item.ID, rank)
		add(item.NameEN, item.ID, 2)
		for _, alias := range item.Aliases {
			add(alias, item.ID, 2)
		}
	}
}

// The ways in which a name fits, best first.
const (
	fitsWhole = iota
	fitsFront
	fitsInside
	fitsNear
	fitsNot
)

type scored struct {
	entry
	fit, distance int
}

func better(a, b scored) int {
	return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(a.distance, b.distance), cmp.Compare(a.rank, b.rank), cmp.Compare(a.item, b.item))
}

// Search finds items by name, brand, typo or pinyin alias: whole names first,
// then names that begin with what was written, then names that hold it or that
// it holds. A word that is nowhere gives the nearest three, marked Near.
func (c *Catalogue) Search(query string, limit int) []Hit {
	key := cut(Normalise(cut(query, maxQuery)), maxQuery)
	if key == "" || limit < 1 {
		return nil
	}
	runes := []rune(key)
	best := map[ID]scored{}
	for _, e := range c.searches {
		s := scored{entry: e}
		s.fit, s.distance = fits(key, len(runes), e)
		if known, ok := best[e.item]; s.fit < fitsNot && (!ok || better(s, known) < 0) {
			best[e.item] = s
		}
	}
	near := len(best) == 0
	if near {
		limit = min(limit, 3)
		for _, e := range c.searches {
			s := scored{entry: e, fit: fitsNear, distance: edits(runes, e.runes)}
			known, ok := best[e.item]
			if alike(s.distance, len(runes), len(e.runes)) && (!ok || better(s, known) < 0) {
				best[e.item] = s
			}
		}
	}
	found := make([]scored, 0, len(best))
	for _, s := range best {
		found = append(found, s)
	}
	slices.SortFunc(found, better)
	hits := make([]Hit, 0, min(limit, len(found)))
	for _, s := range found[:min(limit, len(found))] {
		hits = append(hits, Hit{Item: c.byID[s.item], Matched: s.name, Whole: s.fit == fitsWhole, Near: near})
	}
	return hits
}

// fits says how a searched key fits a name, and how many runes are over.
func fits(key string, length int, e entry) (fit, over int) {
	switch {
	case key == e.key:
		return fitsWhole, 0
	case strings.HasPrefix(e.key, key):
		return fitsFront, len(e.runes) - length
	case strings.Contains(e.key, key):
		return fitsInside, len(e.runes) - length
	case len(e.runes) > 1 && strings.Contains(key, e.key):
		return fitsInside, length - len(e.runes)
	}
	return fitsNot, 0
}

// alike: at least a third of the longer word is right.
func alike(distance, a, b int) bool { return 3*distance <= 2*max(a, b) }

// edits is the Levenshtein distance.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before := row[0]
		row[0] = i + 1
		for j := range b {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
