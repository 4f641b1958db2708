// Package cases reads cases that people write by hand: a small pool of homes,
// needs and lots with what should come of it, for `linli plan`, for the book of
// reviewed cases (book/) and for the examples of the format (examples/).
//
// Text flows in, Markdown for reviewers or JSON for machines, both with the
// same fields and the same words (fields.go); a Pool with short ids and its
// expectations flow out, and after a plan the expectations that it breaks.
// docs/plan-format.md is the manual. Nothing here decides who gets what, opens
// a file, reads a clock or guesses: what it does not understand it refuses,
// naming the place.
package cases

import (
	"fmt"
	"strings"

	"linli/matching"
	"linli/matching/catalogue"
	"linli/models/words"
)

// MaxBytes is the longest text that is read, MaxRows the most rows of a case:
// far beyond what a hand writes.
const (
	MaxBytes = 1 << 20
	MaxRows  = 2000
)

// Case is one pool with what should come of it. Ids are the names that were
// written: a need and a lot are called like their home, the second of a home
// with a 2 behind.
type Case struct {
	Title  string
	Why    string // the comment: explanation and source
	Place  string // where it stands in its file
	Pool   matching.Pool
	Expect []Expectation
}

// Flaw says what is wrong with a text, and where.
type Flaw struct{ Place, ZH, EN string }

func (f *Flaw) Error() string { return f.In(words.EN) }

// In says it in that language.
func (f *Flaw) In(lang words.Lang) string {
	text := f.EN
	if lang == words.ZH {
		text = f.ZH
	}
	if f.Place == "" {
		return text
	}
	return f.Place + ": " + text
}

// flaw writes the same arguments into both sentences.
func flaw(place, zh, en string, args ...any) error {
	return &Flaw{Place: place, ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// Read reads all cases of a text: one if it is JSON, else Markdown.
func Read(c *catalogue.Catalogue, text string) ([]Case, error) {
	if len(text) > MaxBytes {
		return nil, flaw("", "太长了：最多 %d 字节", "too long: %d bytes at most", MaxBytes)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	sheets, err := readMarkdown, error(nil)
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		sheets = readJSON
	}
	written, err := sheets(text)
	if err != nil {
		return nil, err
	}
	all := make([]Case, 0, len(written))
	titles := map[string]bool{}
	for _, s := range written {
		if s.title != "" && titles[s.title] {
			return nil, flaw(s.place, "两个案例同名：%s", "two cases are called %s", s.title)
		}
		titles[s.title] = true
		built, err := build(c, s)
		if err != nil {
			return nil, err
		}
		all = append(all, built)
	}
	return all, nil
}

// sheet is a case as it was written.
type sheet struct {
	title, why, place string
	now, scope        value
	records           []record
	expect            []value
}

// record is one thing: a line, or an object of a JSON list.
type record struct {
	kind   *kind
	place  string
	fields map[string]value // by the field's key
}

// value is what stands in a field, and where.
type value struct {
	text  string
	list  []string // where a list was written
	place string
}

// many gives the parts of a list, written as one or parted by commas.
func (v value) many() []string {
	if v.list != nil {
		return v.list
	}
	return strings.FieldsFunc(v.text, func(r rune) bool { return strings.ContainsRune(",，、", r) })
}
