package understand

import (
	"slices"
	"strings"
)

// A trait is something about a message that speaks for an answer to a question.
type trait struct{ kind, name string }

// What kinds of traits there are.
const (
	phrase = "phrase" // up to phraseRunes runes that follow upon each other in the skeleton
	cue    = "cue"    // something of cues.tsv was said
	fact   = "fact"
)

// phraseRunes is how long a phrase is at most: three find what four find.
const phraseRunes = 3

// The facts.
const (
	asks   = "question"
	paid   = "money"
	urgent = "urgent"
	liquid = "liquid" // it cannot be vouched for once it was opened
	half   = "half"   // of a bottle
)

// traits are those of one message. Its phrases are all that lie in text, the
// skeleton with B for each word of a person: 给老人用 and 给娃用 are one phrase.
type traits struct {
	text   []rune
	others []trait // cues and facts
}

// A table knows no space at the edge of a cell.
var spaced, unspaced = strings.NewReplacer(" ", "␣"), strings.NewReplacer("␣", " ")

// traits finds those of a message. What was said counts as it stands; what it means is
// not known yet.
func (h *heard) traits() traits {
	b, l, s := h.book, h.line, h.said
	t := traits{text: make([]rune, 0, len(s.skeleton))}
	for i := 0; i < len(s.skeleton); {
		end := i
		b.people.walk(s.skeleton, i, func(_ int32, to int) { end = to })
		if end > i {
			t.text = append(t.text, 'B')
			i = end
			continue
		}
		t.text = append(t.text, s.skeleton[i])
		i++
	}
	for m := range s.by {
		t.others = append(t.others, trait{cue, m})
	}
	note := func(name string, holds bool) {
		if holds {
			t.others = append(t.others, trait{fact, name})
		}
	}
	note(asks, s.question())
	note(paid, l.paid())
	note(urgent, h.urgent)
	note(liquid, slices.ContainsFunc(h.names, func(m mention) bool { return isLiquid(b.names.items[b.names.all[m.name].id]) }))
	note(half, slices.ContainsFunc(h.quantities, func(q quantity) bool { return q.half }))
	return t
}

// each gives every trait once, for who learns: the same that weigh looks up.
func (t traits) each() map[trait]bool {
	all := map[trait]bool{}
	for i := range t.text {
		for n := 1; n <= phraseRunes && i+n <= len(t.text); n++ {
			all[trait{phrase, spaced.Replace(string(t.text[i : i+n]))}] = true
		}
	}
	for _, x := range t.others {
		all[x] = true
	}
	return all
}
