package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Hit is an item that a search found; Near says that nothing fits well and
// these are only the nearest.
type Hit struct {
	Item    Item
	Matched string // the name or alias that fitted
	Near    bool
}

// maxQuery bounds the cost of a search.
const maxQuery = 64

// entry is one searchable name.
type entry struct {
	key, name string
	item      ID
	canonical bool
}

// Normalise folds what people write differently: width, case, spaces, marks.
func Normalise(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

func (c *Catalogue) index() {
	for _, item := range c.items {
		c.searches = append(c.searches, entry{Normalise(item.Name), item.Name, item.ID, true},
			entry{Normalise(item.NameEN), item.NameEN, item.ID, false})
		for _, alias := range item.Aliases {
			c.searches = append(c.searches, entry{Normalise(alias), alias, item.ID, false})
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

// Search finds items by name, brand, typo or pinyin alias, the best first. An
// unknown word gives the nearest three, marked Near.
func (c *Catalogue) Search(query string, limit int) []Hit {
	if utf8.RuneCountInString(query) > maxQuery {
		query = string([]rune(query)[:maxQuery])
	}
	key := Normalise(query)
	if key == "" || limit < 1 {
		return nil
	}
	type scored struct {
		entry
		fit, distance int
	}
	best := map[ID]scored{}
	for _, e := range c.searches {
		fit, distance := fits(key, e.key)
		s := scored{e, fit, distance}
		if known, ok := best[e.item]; !ok || cmp.Or(cmp.Compare(fit, known.fit), cmp.Compare(distance, known.distance)) < 0 {
			best[e.item] = s
		}
	}
	var found []scored
	for _, s := range best {
		if s.fit != fitsNot {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(a.distance, b.distance), cmp.Compare(a.item, b.item))
	})
	near := len(found) > 0 && found[0].fit == fitsNear
	if near {
		limit = min(limit, 3)
	}
	hits := []Hit{}
	for _, s := range found {
		if len(hits) == limit || s.fit == fitsNear && !near {
			break
		}
		hits = append(hits, Hit{Item: c.byID[s.item], Matched: s.name, Near: near})
	}
	return hits
}

// fits says how a searched key fits a name, and how far off it is.
func fits(key, name string) (fit, distance int) {
	extra := utf8.RuneCountInString(name) - utf8.RuneCountInString(key)
	switch {
	case key == name:
		return fitsWhole, 0
	case strings.HasPrefix(name, key):
		return fitsFront, extra
	case strings.Contains(name, key):
		return fitsInside, extra
	case utf8.RuneCountInString(name) > 1 && strings.Contains(key, name):
		return fitsInside, -extra
	}
	if d := edits([]rune(key), []rune(name)); d <= max(1, utf8.RuneCountInString(key)/2) {
		return fitsNear, d
	}
	return fitsNot, 0
}

// edits is the Levenshtein distance; both are at most maxQuery long.
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
